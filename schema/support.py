"""The support schema, for staff only: its two roots, and nothing else."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.approvals import ApprovalMutations, ApprovalQueries
from schema.assigning import AssigningMutations
from schema.audit import AuditQueries
from schema.company import CompanyQueries
from schema.compliance import ComplianceQueries
from schema.conversations import ConversationQueries
from schema.fulfil import FulfilMutations
from schema.grants import GrantMutations, GrantQueries
from schema.holds import HoldMutations, HoldQueries
from schema.office import StaffRequestMutations
from schema.policy_versions import PolicyVersionMutations, PolicyVersionQueries
from schema.record_work import RecordWorkMutations
from schema.records import RecordQueries
from schema.refusal import RefusedHandler
from schema.request_queue import StaffRequestQueries
from schema.reviews import ReviewMutations, ReviewQueries
from schema.scalars import SCALARS
from schema.searches import SearchQueries
from schema.staff import StaffMutations, StaffQueries
from schema.staff_coming_in import StaffComingInMutations
from schema.staff_complaints import StaffComplaintMutations, StaffComplaintQueries
from schema.staff_services import StaffServiceMutations
from schema.work import WorkQueries

SINGLE = frozenset(
    [
        "signIn", "completeSignIn", "signInWithPasskey", "stepUp", "acceptInvitation", "changePassword", "confirmTotp",
        "addPasskey", "inviteStaff", "setStaffRoles", "deactivateStaff",
        "openRecord", "reveal", "secureAccount", "fulfilRequest", "handOverCopy", "closeForTerms", "approve", "releaseHold",
        "publishPolicy",
    ]
)  # fmt: skip
"""Sensitive mutations: at most one of them in an operation."""


@strawberry.type(description="What staff can ask.")
class Query(
    CompanyQueries,
    StaffQueries,
    SearchQueries,
    RecordQueries,
    GrantQueries,
    WorkQueries,
    ConversationQueries,
    AuditQueries,
    StaffRequestQueries,
    ApprovalQueries,
    HoldQueries,
    ComplianceQueries,
    ReviewQueries,
    StaffComplaintQueries,
    PolicyVersionQueries,
):
    """What staff can ask."""


@strawberry.type(description="What staff can do. Every mutation answers its success type or a Refusal.")
class Mutation(
    StaffComingInMutations,
    StaffMutations,
    GrantMutations,
    RecordWorkMutations,
    StaffRequestMutations,
    FulfilMutations,
    ApprovalMutations,
    HoldMutations,
    AssigningMutations,
    StaffServiceMutations,
    StaffComplaintMutations,
    ReviewMutations,
    PolicyVersionMutations,
):
    """What staff can do. Every mutation answers its success type or a Refusal."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    exception_handlers=[RefusedHandler()],
    config=StrawberryConfig(scalar_map=SCALARS),
)

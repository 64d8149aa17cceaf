"""The support schema, for staff only: its two roots, and nothing else."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from schema.refusal import RefusedHandler
from schema.scalars import SCALARS
from schema.staff import StaffMutations, StaffQueries
from schema.staff_coming_in import StaffComingInMutations

SINGLE = frozenset(
    [
        "signIn", "completeSignIn", "signInWithPasskey", "stepUp", "acceptInvitation", "changePassword", "confirmTotp",
        "addPasskey", "inviteStaff", "setStaffRoles", "deactivateStaff",
    ]
)  # fmt: skip
"""Sensitive mutations: at most one of them in an operation."""


@strawberry.type(description="What staff can ask.")
class Query(StaffQueries):
    """What staff can ask."""


@strawberry.type(description="What staff can do. Every mutation answers its success type or a Refusal.")
class Mutation(
    StaffComingInMutations,
    StaffMutations,
):
    """What staff can do. Every mutation answers its success type or a Refusal."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    exception_handlers=[RefusedHandler()],
    config=StrawberryConfig(scalar_map=SCALARS),
)

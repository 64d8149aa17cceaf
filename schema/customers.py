"""The signed-in customer: what every page of the portal starts from."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import strawberry
from strawberry.types import Info

from models import tables
from models.actions.history import AT_MOST as OBLIGATIONS
from models.selections import NOW, Condition
from models.tables.events import EventKind
from schema.access import context
from schema.changes import Change, ChangeConnection
from schema.complaints import Complaint
from schema.complaints import complaints as load_complaints
from schema.deletion import DeletionPreview, deletion_preview
from schema.events import EventConnection
from schema.events import events as load_events
from schema.exports import Export
from schema.factors import Security
from schema.factors import security as load_security
from schema.messages import MessageConnection
from schema.messages import messages as load_messages
from schema.messages import unread_messages as load_unread_messages
from schema.nodes import Node, node_id
from schema.obligations import Obligation, obligations_wanted
from schema.payment_methods import TYPES as PAYMENT_TYPES
from schema.payment_methods import PaymentMethod
from schema.policy import PolicyAcceptance, PolicyStanding
from schema.policy import acceptances as load_acceptances
from schema.policy import policy_standing as load_policy_standing
from schema.preferences import Consent, ConsentConnection, Preferences
from schema.profile import Profile
from schema.related import one, page, rows, same_row
from schema.related_persons import RelatedPerson
from schema.report import ProfileReport
from schema.report import report as load_report
from schema.requests import RightsRequest, RightsRequestConnection, requests_wanted
from schema.services import Service
from schema.sign_ins import Session, SignIn, SignInConnection, open_sessions, sign_ins_wanted
from schema.sources import FromRow, column, derived


class CustomerState(StrEnum):
    """The contract's CustomerState; a closed account has no viewer."""

    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"


strawberry.enum(CustomerState, description="RESTRICTED: processing waits while a request about it is open.")


@strawberry.type(description="The signed-in customer.")
class Customer(Node, FromRow):
    """The contract's Customer. Its own row came with the session; each field below brings at most one statement."""

    id: strawberry.ID = node_id("Customer")
    number: str = column()
    state: CustomerState = derived(
        lambda _, row, __: CustomerState.RESTRICTED if row.restricted_at else CustomerState.ACTIVE,
        columns=("restricted_at",),
    )
    created_at: datetime = column()

    profile: Profile = same_row(lambda: Profile, description="Who the customer is.")

    sign_ins: SignInConnection = page(
        tables.SignIn, SignInConnection, SignIn, newest="at", where=sign_ins_wanted, description="Newest first."
    )

    @strawberry.field(description="Where the customer is signed in.")
    async def sessions(self, info: Info[Any, Any]) -> list[Session]:
        return list((await open_sessions(context(info))).values())

    @strawberry.field(description="How the account is protected.")
    async def security(self, info: Info[Any, Any]) -> Security:
        return await load_security(context(info))

    changes: ChangeConnection = page(
        tables.Change,
        ChangeConnection,
        Change,
        newest="changed_at",
        where=lambda: (Condition("restorable_until", ">", NOW),),
        description="Old values that can still be restored (4.1.4).",
    )

    @strawberry.field(description="What deleting would do if it were done now.")
    async def deletion_preview(self, info: Info[Any, Any]) -> DeletionPreview:
        return await deletion_preview(context(info))

    exports: list[Export] = rows(
        tables.Export, Export, order=("-requested_at", "-id"), at_most=20, description="Newest first."
    )
    payment_methods: list[PaymentMethod] = rows(
        tables.PaymentMethod,
        PaymentMethod,
        order=("added_at", "id"),
        kind="kind",
        types=PAYMENT_TYPES,
        description="Masked.",
    )
    preferences: Preferences = one(tables.Preferences, Preferences, description="How the customer wants to be treated.")
    consents: ConsentConnection = page(
        tables.Consent, ConsentConnection, Consent, newest="at", description="Every decision ever made, newest first."
    )

    @strawberry.field(description="The conversation, letters included. Newest first.")
    async def messages(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> MessageConnection:
        return await load_messages(context(info), first, after or None)

    @strawberry.field(description="Messages and letters not read yet.")
    async def unread_messages(self, info: Info[Any, Any]) -> int:
        return await load_unread_messages(context(info))

    obligations: list[Obligation] = rows(
        tables.Obligation,
        Obligation,
        order=("due_at", "id"),
        at_most=OBLIGATIONS,
        where=obligations_wanted,
        description="Every date the policy sets, soonest first.",
    )

    @strawberry.field(description="Which policy version governs, and which waits for an answer.")
    async def policy_standing(self, info: Info[Any, Any]) -> PolicyStanding:
        return await load_policy_standing(context(info))

    related_persons: list[RelatedPerson] = rows(
        tables.RelatedPerson,
        RelatedPerson,
        order=("added_at", "id"),
        description="People whose data the customer gave (4.1.5).",
    )
    services: list[Service] = rows(
        tables.Service,
        Service,
        order=("!ended_at", "-started_at", "-id"),
        description="Contracts: why the data is held (7).",
    )

    @strawberry.field(description="Everything that happened. Newest first.")
    async def events(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        kind: list[EventKind] | None = strawberry.UNSET,
    ) -> EventConnection:
        return await load_events(context(info), first, after or None, kind or None)

    requests: RightsRequestConnection = page(
        tables.RightsRequest,
        RightsRequestConnection,
        RightsRequest,
        newest="received_at",
        where=requests_wanted,
        description="Made at the office, by post or here. Newest first.",
    )

    @strawberry.field(description="Complaints made. Newest first.")
    async def complaints(self, info: Info[Any, Any]) -> list[Complaint]:
        return await load_complaints(context(info))

    @strawberry.field(description="Notified, viewed, accepted, declined, apart (10).")
    async def acceptances(self, info: Info[Any, Any]) -> list[PolicyAcceptance]:
        return await load_acceptances(context(info))

    @strawberry.field(description="Everything held about the viewer (3.1).")
    async def report(self, info: Info[Any, Any]) -> ProfileReport:
        return await load_report(context(info))

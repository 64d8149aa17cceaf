"""The signed-in customer: what every page of the portal starts from."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import tables
from models.actions.reading import changes_of, sign_ins_of
from models.tables.events import EventKind
from models.tables.sign_ins import SignInOutcome
from schema.access import context
from schema.complaints import Complaint
from schema.complaints import complaints as load_complaints
from schema.deletion import DeletionPreview, deletion_preview
from schema.events import EventConnection
from schema.events import events as load_events
from schema.exports import Export
from schema.exports import exports as load_exports
from schema.factors import Security
from schema.factors import security as load_security
from schema.loading import keys_of
from schema.messages import MessageConnection
from schema.messages import messages as load_messages
from schema.messages import unread_messages as load_unread_messages
from schema.nodes import Node, node_id
from schema.obligations import Obligation
from schema.obligations import obligations as load_obligations
from schema.payment_methods import PaymentMethod
from schema.payment_methods import payment_methods as load_payment_methods
from schema.policy import PolicyAcceptance, PolicyStanding
from schema.policy import acceptances as load_acceptances
from schema.policy import policy_standing as load_policy_standing
from schema.preferences import ConsentConnection, Preferences
from schema.preferences import consents as load_consents
from schema.preferences import preferences as load_preferences
from schema.profile import Change, ChangeConnection, Profile
from schema.related_persons import RelatedPerson
from schema.related_persons import related_persons as load_related_persons
from schema.report import ProfileReport
from schema.report import report as load_report
from schema.requests import RightsRequestConnection
from schema.requests import requests as load_requests
from schema.services import Service
from schema.services import services as load_services
from schema.sign_ins import Session, SignIn, SignInConnection, open_sessions
from schema.sources import FromRow, column, derived, related


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

    @strawberry.field(description="Who the customer is.")
    async def profile(self, info: Info[Any, Any]) -> Profile:
        ctx = context(info)
        return Profile.of(ctx, self.row, self.row.opened(await keys_of(ctx)))

    @related(tables.SignIn, order="at", paged=True, description="Newest first.")
    async def sign_ins(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        outcome: SignInOutcome | None = strawberry.UNSET,
        from_: Annotated[datetime | None, strawberry.argument(name="from")] = strawberry.UNSET,
        to: datetime | None = strawberry.UNSET,
    ) -> SignInConnection:
        ctx = context(info)
        page = await sign_ins_of(
            self.row, first, after or None, outcome=outcome or None, since=from_ or None, until=to or None
        )
        keys = await keys_of(ctx)
        return SignInConnection.of(page, lambda row: SignIn.of(ctx, row, row.opened(keys)))

    @related(tables.Session, order="last_seen_at", description="Where the customer is signed in.")
    async def sessions(self, info: Info[Any, Any]) -> list[Session]:
        return list((await open_sessions(context(info))).values())

    @strawberry.field(description="How the account is protected.")
    async def security(self, info: Info[Any, Any]) -> Security:
        return await load_security(context(info))

    @related(
        tables.Change, order="changed_at", paged=True, description="Old values that can still be restored (4.1.4)."
    )
    async def changes(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> ChangeConnection:
        ctx = context(info)
        page = await changes_of(self.row, ctx.world.now(), first, after or None)
        keys = await keys_of(ctx)
        return ChangeConnection.of(page, lambda row: Change.of(ctx, row, row.opened(keys)))

    @strawberry.field(description="What deleting would do if it were done now.")
    async def deletion_preview(self, info: Info[Any, Any]) -> DeletionPreview:
        return await deletion_preview(context(info))

    @related(tables.Export, order="requested_at", description="Newest first.")
    async def exports(self, info: Info[Any, Any]) -> list[Export]:
        return await load_exports(context(info))

    @related(tables.PaymentMethod, order="added_at", description="Masked.")
    async def payment_methods(self, info: Info[Any, Any]) -> list[PaymentMethod]:
        return await load_payment_methods(context(info))

    @related(tables.Preferences, order="id", description="How the customer wants to be treated.")
    async def preferences(self, info: Info[Any, Any]) -> Preferences:
        return await load_preferences(context(info))

    @related(tables.Consent, order="at", paged=True, description="Every decision ever made, newest first.")
    async def consents(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> ConsentConnection:
        return await load_consents(context(info), first, after or None)

    @related(tables.Message, order="at", paged=True, description="The conversation, letters included. Newest first.")
    async def messages(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> MessageConnection:
        return await load_messages(context(info), first, after or None)

    @strawberry.field(description="Messages and letters not read yet.")
    async def unread_messages(self, info: Info[Any, Any]) -> int:
        return await load_unread_messages(context(info))

    @related(tables.Obligation, order="due_at", description="Every date the policy sets, soonest first.")
    async def obligations(self, info: Info[Any, Any], open: bool | None = True) -> list[Obligation]:
        return await load_obligations(context(info), open)

    @strawberry.field(description="Which policy version governs, and which waits for an answer.")
    async def policy_standing(self, info: Info[Any, Any]) -> PolicyStanding:
        return await load_policy_standing(context(info))

    @related(tables.RelatedPerson, order="added_at", description="People whose data the customer gave (4.1.5).")
    async def related_persons(self, info: Info[Any, Any]) -> list[RelatedPerson]:
        return await load_related_persons(context(info))

    @related(tables.Service, order="started_at", description="Contracts: why the data is held (7).")
    async def services(self, info: Info[Any, Any]) -> list[Service]:
        return await load_services(context(info))

    @related(tables.Event, by="alias", order="at", paged=True, description="Everything that happened. Newest first.")
    async def events(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        kind: list[EventKind] | None = strawberry.UNSET,
    ) -> EventConnection:
        return await load_events(context(info), first, after or None, kind or None)

    @related(
        tables.RightsRequest,
        order="received_at",
        paged=True,
        description="Made at the office, by post or here. Newest first.",
    )
    async def requests(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        open: bool | None = strawberry.UNSET,
    ) -> RightsRequestConnection:
        return await load_requests(context(info), first, after or None, open)

    @strawberry.field(description="Complaints made. Newest first.")
    async def complaints(self, info: Info[Any, Any]) -> list[Complaint]:
        return await load_complaints(context(info))

    @related(tables.PolicyAcceptance, order="at", description="Notified, viewed, accepted, declined, apart (10).")
    async def acceptances(self, info: Info[Any, Any]) -> list[PolicyAcceptance]:
        return await load_acceptances(context(info))

    @strawberry.field(description="Everything held about the viewer (3.1).")
    async def report(self, info: Info[Any, Any]) -> ProfileReport:
        return await load_report(context(info))

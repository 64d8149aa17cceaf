"""A customer's record, as long as it is open: each of its sections costs at most a statement, and names of colleagues one more."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions import record_reading as reading
from models.actions.audit import events_of_record
from models.actions.open_record import Record, granted
from models.actions.preferences import preferences_of
from models.actions.searches import AccountState, Hit, account_state
from models.refused import Reason, Refused
from models.tables.accounts import ClosureContents
from models.tables.obligations import ObligationContents
from schema.access import Context, context, staff
from schema.audit import AuditEntryConnection, audit_entries
from schema.customer_hits import HIT, CustomerHit
from schema.grants import AccessGrant, access_grant
from schema.holds import Hold, holds_on
from schema.nodes import Node, decode, encode
from schema.obligations import Obligation
from schema.record_parts import (
    AccessState,
    MaskedChange,
    MaskedPaymentMethod,
    MaskedProfile,
    MaskedRelatedPerson,
    MaskedService,
    MaskedSignIn,
    MaskedSignInConnection,
    Note,
    StaffClosure,
    StaffMessage,
    StaffMessageConnection,
    StaffPreferences,
)
from schema.staff_complaints import StaffComplaint, complaints_of_customer
from schema.staff_names import named
from schema.staff_requests import StaffRequest, requests_of_customer


@strawberry.type(
    description="Personal values are masked; what is shown depends on the role; reveal shows one, and is recorded."
)
class CustomerRecord(Node):
    """The contract's CustomerRecord. Its id is the customer's, as in searches."""

    id: strawberry.ID
    number: str
    state: AccountState
    created_at: datetime
    governing_policy: str = strawberry.field(description="The version that binds this customer.")
    record: strawberry.Private[Record]

    @classmethod
    def of(cls, ctx: Context, record: Record) -> "CustomerRecord":
        row = record.customer
        return cls(
            id=encode(ctx, HIT, row.id),
            number=row.number,
            state=account_state(row.state, row.restricted_at),
            created_at=row.created_at,
            governing_policy=row.governed_by,
            record=record,
        )

    def _built(self, ctx: Context, rows: list[Any], type_: Any) -> list[Any]:
        return [type_.of(ctx, row, row.opened(self.record.keys)) for row in rows]

    @strawberry.field(description="The viewer's grant that opens it.")
    def grant(self, info: Info[Any, Any]) -> AccessGrant:
        ctx, hit = context(info), Hit(self.record.customer, self.record.keys[self.record.id])
        return access_grant(ctx, self.record.grant, CustomerHit.of(ctx, hit))

    @strawberry.field(description="Who the customer is, masked.")
    def profile(self, info: Info[Any, Any]) -> MaskedProfile:
        return MaskedProfile.of(context(info), self.record.customer, self.record.profile)

    @strawberry.field(description="Attempts to sign in, newest first.")
    async def sign_ins(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> MaskedSignInConnection:
        ctx, page = context(info), await reading.sign_ins_in(self.record, first, after or None)
        return MaskedSignInConnection.of(page, lambda row: MaskedSignIn.of(ctx, row, row.opened(self.record.keys)))

    @strawberry.field(description="How the account is reached now.")
    async def access(self) -> AccessState:
        found = await reading.access_state(self.record)
        return AccessState(
            sessions=found.sessions,
            second_factor=found.second_factor,
            last_sign_in_at=found.last_sign_in_at,
            secured_at=found.secured_at,
        )

    @strawberry.field(description="People whose data the customer gave (clause 4.1.5).")
    async def related_persons(self, info: Info[Any, Any]) -> list[MaskedRelatedPerson]:
        return self._built(context(info), await reading.related_persons_in(self.record), MaskedRelatedPerson)

    @strawberry.field(description="The conversation, letters included, newest first.")
    async def messages(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> StaffMessageConnection:
        ctx, page = context(info), await reading.messages_in(self.record, first, after or None)
        await named(ctx, [row.author_id for row in page.rows if row.author_id != self.record.id])
        return StaffMessageConnection.of(
            page, lambda row: StaffMessage.of(ctx, row, reading.message_in(self.record, row))
        )

    @strawberry.field(description="Everything that happened to the account, newest first.")
    async def events(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> AuditEntryConnection:
        return await audit_entries(context(info), await events_of_record(self.record, first, after or None))

    @strawberry.field(description="Every date the policy sets, soonest first; those met, too.")
    async def obligations(self, info: Info[Any, Any]) -> list[Obligation]:
        ctx, rows, keys = context(info), await reading.obligations_in(self.record), self.record.keys
        told = self.record.reads("obligation", "moved_because")
        return [Obligation.of(ctx, row, row.opened(keys) if told else ObligationContents()) for row in rows]

    @strawberry.field(description="Ways to pay, masked.")
    async def payment_methods(self, info: Info[Any, Any]) -> list[MaskedPaymentMethod]:
        return self._built(context(info), await reading.payment_methods_in(self.record), MaskedPaymentMethod)

    @strawberry.field(description="NOT_PERMITTED, as an error, for a role that may not know them.")
    async def preferences(self, info: Info[Any, Any]) -> StaffPreferences:
        if not self.record.reads("preferences", "locale"):
            raise Refused(Reason.NOT_PERMITTED)
        return StaffPreferences.of(context(info), await preferences_of(self.record.id))

    @strawberry.field(description="Contracts: why the data is held (clause 7).")
    async def services(self, info: Info[Any, Any]) -> list[MaskedService]:
        return self._built(context(info), await reading.services_in(self.record), MaskedService)

    @strawberry.field(description="Requests of the customer's rights, newest first.")
    async def requests(self, info: Info[Any, Any]) -> list[StaffRequest]:
        return await requests_of_customer(context(info), self.record.id)

    @strawberry.field(description="Complaints, newest first.")
    async def complaints(self, info: Info[Any, Any]) -> list[StaffComplaint]:
        return await complaints_of_customer(context(info), self.record.id)

    @strawberry.field(description="Old values that can still be restored, newest first.")
    async def changes(self, info: Info[Any, Any]) -> list[MaskedChange]:
        return self._built(context(info), await reading.changes_in(self.record), MaskedChange)

    @strawberry.field(description="What is kept from erasure, newest first.")
    async def holds(self, info: Info[Any, Any]) -> list[Hold]:
        return await holds_on(context(info), self.record.id)

    @strawberry.field(description="How the account ended; null while it lives.")
    async def closure(self, info: Info[Any, Any]) -> StaffClosure | None:
        row = await reading.closure_in(self.record)
        if row is None:
            return None
        told = self.record.reads("closure", "reason")
        return StaffClosure.of(context(info), row, row.opened(self.record.keys) if told else ClosureContents())

    @strawberry.field(description="Notes of staff, newest first.")
    async def notes(self, info: Info[Any, Any]) -> list[Note]:
        ctx, rows = context(info), await reading.notes_in(self.record)
        await named(ctx, [row.author_id for row in rows])
        return self._built(ctx, rows, Note)


@strawberry.type
class RecordQueries:
    """A record that is open."""

    @strawberry.field(description="The record that an open grant of the viewer opens; null without one.")
    async def customer(self, info: Info[Any, Any], id: strawberry.ID) -> CustomerRecord | None:
        ctx, who, found = context(info), staff(info), decode(context(info), id, HIT, "CustomerRecord")
        try:
            return CustomerRecord.of(ctx, await granted(ctx.world, who, found[1])) if found else None
        except Refused as refused:
            if refused.reason is Reason.GRANT_REQUIRED:
                return None
            raise

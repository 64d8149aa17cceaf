"""The office desk: requests received, identified, carried out or refused, and the queue they stand in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import copies, fulfil, office, request_queue
from models.actions import requests as asking
from models.actions.approvals import Opened as OpenedApproval
from models.actions.edit_profile import ProfileChanges
from models.actions.fulfil import Doing
from models.actions.office import Received, Shown
from models.actions.request_queue import Beside, Wanted
from models.policy import Role
from models.tables import RightsRequest as Row
from models.tables.cases import IdentityDocument, RequestChannel, RequestKind, RequestStatus
from schema.access import Context, context, staff
from schema.approvals import Approval, ApprovalAwaited, awaited
from schema.audit_entries import AuditEntry
from schema.customer_hits import CustomerHit
from schema.nodes import Node, encode, given_id
from schema.pages import connection
from schema.profile import AddressInput, IdentityInput, identity
from schema.refusal import Refusal, result
from schema.requests import fulfilled_at
from schema.staff import StaffMember

READERS = (Role.OFFICE, Role.PRIVACY_OFFICER, Role.SUPPORT, Role.SENIOR_SUPPORT, Role.AUDITOR)


@strawberry.type(description="How the owner was identified at the office.")
class IdentityCheck:
    """The contract's IdentityCheck."""

    document: IdentityDocument
    last_four: str | None = strawberry.field(description="Null without an open grant.")
    office_id: strawberry.ID
    checked_by: str
    confirmed_by: str | None = strawberry.field(description="Who approved a deletion.")
    at: datetime


@strawberry.type(
    description="A customer's request with its deadline; the office's are due in two days, a copy in two weeks."
)
class StaffRequest(Node):
    """The contract's StaffRequest."""

    id: strawberry.ID
    number: str
    kind: RequestKind
    channel: RequestChannel
    status: RequestStatus
    received_at: datetime
    due_at: datetime
    overdue: bool
    customer: CustomerHit
    related_person_id: strawberry.ID | None = strawberry.field(description="Whose own request it is (clause 4.1.5).")
    text: str | None = strawberry.field(description="Null without an open grant.")
    identity_check: IdentityCheck | None
    assigned_to: StaffMember | None
    approval: Approval | None
    copy_ready_at: datetime | None = strawberry.field(description="When the worker finished it: stops the two weeks.")
    handed_over_at: datetime | None
    fulfilled_at: datetime | None
    explanation: str | None
    latest_event: AuditEntry | None
    clause: str


StaffRequestConnection, StaffRequestEdge = connection("StaffRequest", StaffRequest, counted=True)


async def staff_requests(ctx: Context, rows: Sequence[Row]) -> dict[Row, StaffRequest]:
    """Requests with all that stands beside them: as many statements for fifty as for one."""
    assert ctx.colleague is not None
    found = await request_queue.beside(ctx.world, ctx.colleague, rows)
    return {row: _request(ctx, row, found) for row in rows if row.customer_id in found.hits}


async def requests_of_customer(ctx: Context, customer_id: Any) -> list[StaffRequest]:
    """Those about one customer, newest first: for an open record."""
    return list((await staff_requests(ctx, await asking.requests_of_record(customer_id))).values())


def _request(ctx: Context, row: Row, found: Beside) -> StaffRequest:
    contents, hit = found.contents.get(row.id), CustomerHit.of(ctx, found.hits[row.customer_id])
    may_read = row.customer_id in found.readable and contents is not None
    assignee, proposal = (
        found.members.get(row.assigned_to) if row.assigned_to else None,
        found.approvals.get(str(row.id)),
    )
    latest = found.latest.get(row.number)
    return StaffRequest(
        id=encode(ctx, "StaffRequest", row.id),
        number=row.number,
        kind=row.kind,
        channel=row.channel,
        status=row.status,
        received_at=row.received_at,
        due_at=row.due_at,
        overdue=request_queue.is_overdue(row, ctx.world.now()),
        customer=hit,
        related_person_id=encode(ctx, "MaskedRelatedPerson", row.related_person_id) if row.related_person_id else None,
        text=contents.text if contents and may_read else None,
        identity_check=_check(row, contents.last_four if contents and may_read else None, found),
        assigned_to=StaffMember.of(ctx, *assignee) if assignee else None,
        approval=_approval(ctx, row, proposal, found) if proposal else None,
        copy_ready_at=row.copy_ready_at,
        handed_over_at=row.handed_over_at,
        fulfilled_at=fulfilled_at(ctx, row, contents),
        explanation=contents.explanation if contents else None,
        latest_event=AuditEntry.of(ctx, *latest, actor=_name(found, latest[0].actor_id), customer=hit)
        if latest
        else None,
        clause=row.clause,
    )


def _check(row: Row, last_four: str | None, found: Beside) -> IdentityCheck | None:
    if row.checked_at is None:
        return None
    return IdentityCheck(
        document=row.document,
        last_four=last_four,
        office_id=strawberry.ID(row.office_id or ""),
        checked_by=_name(found, row.checked_by) or "—",
        confirmed_by=_name(found, row.confirmed_by),
        at=row.checked_at,
    )


def _approval(ctx: Context, row: Row, proposal: OpenedApproval, found: Beside) -> Approval:
    proposer = found.members[proposal[0].proposed_by]
    return Approval.of(ctx, *proposal, hit=found.hits[row.customer_id], proposer=proposer)


def _name(found: Beside, member: Any) -> str | None:
    return found.members[member][1].name if member in found.members else None


# ---- inputs ---------------------------------------------------------------------------------------------------------
@strawberry.input(description="The document that was shown: its kind and last four signs, at which office.")
class IdentityCheckInput:
    """The contract's IdentityCheckInput."""

    document: IdentityDocument
    last_four: str
    office_id: strawberry.ID

    def shown(self) -> Shown:
        return Shown(document=self.document, last_four=self.last_four, office_id=self.office_id)


@strawberry.input(description="check is required for COPY, UPDATE, DELETE and RESTORE before they are carried out.")
class ReceiveRequestInput:
    """The contract's ReceiveRequestInput."""

    customer_id: strawberry.ID
    related_person_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The request is that person's own (clause 4.1.5)."
    )
    kind: RequestKind
    channel: RequestChannel
    received_at: datetime
    text: str | None = strawberry.UNSET
    check: IdentityCheckInput | None = strawberry.UNSET

    def received(self, ctx: Context) -> Received:
        person = self.related_person_id
        return Received(
            customer_id=given_id(ctx, self.customer_id, "Customer", "CustomerRecord"),
            related_person_id=given_id(ctx, person, "MaskedRelatedPerson", "RelatedPerson") if person else None,
            kind=self.kind,
            channel=self.channel,
            received_at=self.received_at,
            text=self.text or None,
            shown=self.check.shown() if self.check else None,
        )


@strawberry.input(description="New values; what is left out stays as it is.")
class ProfileChangesInput:
    """The contract's ProfileChangesInput."""

    given_name: str | None = strawberry.UNSET
    family_name: str | None = strawberry.UNSET
    identity: IdentityInput | None = strawberry.UNSET
    address: AddressInput | None = strawberry.UNSET
    phone_number: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET

    def changes(self) -> ProfileChanges:
        return ProfileChanges(
            revision=0,
            given_name=_set(self.given_name),
            family_name=_set(self.family_name),
            address=self.address.given() if self.address else None,
            phone_number=_set(self.phone_number),
            **identity(self.identity or None),
        )


@strawberry.input(description="How to carry it out: changes and restoreValues for UPDATE and RESTORE.")
class FulfilInput:
    """The contract's FulfilInput."""

    revision: int | None = strawberry.UNSET
    changes: ProfileChangesInput | None = strawberry.UNSET
    restore_values: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Ids of old values to bring back."
    )
    reset_access: bool = strawberry.field(
        default=False, description="Factors removed, sessions ended, a reset link mailed to the address given here."
    )
    explanation: str | None = strawberry.UNSET

    def doing(self, ctx: Context) -> Doing:
        return Doing(
            revision=None if self.revision is strawberry.UNSET else self.revision,
            changes=self.changes.changes() if self.changes else None,
            email=_set(self.changes.email) if self.changes else None,
            restore=tuple(given_id(ctx, one, "MaskedChange", "Change") for one in self.restore_values or ()),
            reset_access=self.reset_access,
            explanation=self.explanation or None,
        )


def _set(value: str | None) -> str | None:
    return None if value is strawberry.UNSET else value


# ---- results, query and mutations -----------------------------------------------------------------------------------
@strawberry.type(description="The request as it stands now.")
class RequestUpdated:
    """The contract's RequestUpdated."""

    request: StaffRequest


@strawberry.type(description="It is done, or (a copy) the worker does it now.")
class RequestFulfilled:
    """The contract's RequestFulfilled."""

    request: StaffRequest


@strawberry.type(description="The code is shown once: for the owner, who fetches the archive with it.")
class CopyHandedOver:
    """The contract's CopyHandedOver."""

    request: StaffRequest
    collection_code: str
    expires_at: datetime


RequestResult = Annotated[RequestUpdated | Refusal, result("RequestResult")]
FulfilResult = Annotated[RequestFulfilled | ApprovalAwaited | Refusal, result("FulfilResult")]
HandOverCopyResult = Annotated[CopyHandedOver | Refusal, result("HandOverCopyResult")]


async def _one(ctx: Context, row: Row) -> StaffRequest:
    return (await staff_requests(ctx, [row]))[row]


@strawberry.type
class StaffRequestQueries:
    """The queue."""

    @strawberry.field(description="Open work, earliest deadline first; number finds one.")
    async def requests(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        number: str | None = strawberry.UNSET,
        status: list[RequestStatus] | None = strawberry.UNSET,
        kind: list[RequestKind] | None = strawberry.UNSET,
        channel: list[RequestChannel] | None = strawberry.UNSET,
        overdue: bool | None = strawberry.UNSET,
        assigned_to: strawberry.ID | None = strawberry.UNSET,
    ) -> StaffRequestConnection:  # type: ignore[valid-type]
        ctx, _ = context(info), staff(info, *READERS)
        given = {"number": number, "status": status, "kind": kind, "channel": channel, "overdue": overdue}
        chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not strawberry.UNSET}
        wanted = Wanted(assigned_to=given_id(ctx, assigned_to, "StaffMember") if assigned_to else None, **chosen)
        return await _queue(ctx, wanted, first, after or None)


async def _queue(ctx: Context, wanted: Wanted, first: int, after: str | None) -> Any:
    page, total = await request_queue.queue(ctx.world, wanted, first, after)
    built = await staff_requests(ctx, page.rows)
    page.rows = [row for row in page.rows if row in built]
    return StaffRequestConnection.of(page, built.__getitem__, total)


@strawberry.type
class StaffRequestMutations:
    """What the office does with a request."""

    @strawberry.mutation(description="Starts the policy's clock at receivedAt, at the office or by post.")
    async def receive_request(self, info: Info[Any, Any], input: ReceiveRequestInput) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.receive(ctx.world, who, input.received(ctx))
        return RequestUpdated(request=await _one(ctx, row))

    @strawberry.mutation(description="The owner showed a document: its kind and last four signs, never a scan.")
    async def identify(
        self, info: Info[Any, Any], request_id: strawberry.ID, check: IdentityCheckInput
    ) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.identify(ctx.world, who, given_id(ctx, request_id, "StaffRequest"), check.shown())
        return RequestUpdated(request=await _one(ctx, row))

    @strawberry.mutation(
        description="Does what the kind says. DELETE waits for a second person, then runs within two days."
    )
    async def fulfil_request(
        self, info: Info[Any, Any], request_id: strawberry.ID, input: FulfilInput | None = strawberry.UNSET
    ) -> FulfilResult:
        ctx, who, given = context(info), staff(info), input or FulfilInput()
        request = given_id(ctx, request_id, "StaffRequest")
        (row, _), proposal = await fulfil.fulfil(ctx.world, who, request, given.doing(ctx))
        return await awaited(ctx, proposal) if proposal else RequestFulfilled(request=await _one(ctx, row))

    @strawberry.mutation(
        description="A one-time code for the owner, who fetches the archive with it: staff never see its bytes."
    )
    async def hand_over_copy(self, info: Info[Any, Any], request_id: strawberry.ID) -> HandOverCopyResult:
        ctx, who = context(info), staff(info)
        (row, _), code, expires = await copies.hand_over(ctx.world, who, given_id(ctx, request_id, "StaffRequest"))
        return CopyHandedOver(request=await _one(ctx, row), collection_code=code, expires_at=expires)

    @strawberry.mutation(description="Refuse it; a letter says why, and which authorities supervise us.")
    async def deny_request(self, info: Info[Any, Any], request_id: strawberry.ID, reason: str) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.deny(ctx.world, who, given_id(ctx, request_id, "StaffRequest"), reason)
        return RequestUpdated(request=await _one(ctx, row))

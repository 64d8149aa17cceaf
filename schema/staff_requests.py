"""The office desk: requests received, identified, carried out or refused, and the queue they stand in."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models import tables
from models.actions import copies, fulfil, office, request_queue
from models.actions import requests as asking
from models.actions.approvals import approvals_of, opened_approvals
from models.actions.edit_profile import ProfileChanges
from models.actions.fulfil import Doing
from models.actions.history import event_contents
from models.actions.latest_events import latest_events
from models.actions.office import Received, Shown
from models.actions.powers import MAY, Power
from models.actions.request_queue import OpenedMember, Wanted
from models.actions.searches import SHOWN, Hit, hits_among, hits_of
from models.columns import row_class
from models.selections import Condition, counted, found_page
from models.tables import RightsRequest as Row
from models.tables.cases import IdentityDocument, RequestChannel, RequestKind, RequestStatus, RightsRequestContents
from models.tables.events import EventContents, EventKind
from models.vault import Keys
from schema.access import Context, context, staff
from schema.approvals import Approval, ApprovalAwaited, awaited
from schema.audit_entries import AuditEntry
from schema.customer_hits import OF_ROW, CustomerHit
from schema.event_titles import event_title
from schema.loading import once
from schema.nodes import Node, encode, given_id, node_id, writer
from schema.pages import connection
from schema.profile import AddressInput, IdentityInput, identity
from schema.refusal import Refusal, result
from schema.related import beside
from schema.requests import fulfilled_at
from schema.sources import SOURCE, Column, FromRow, Known, Related, Told, column, derived, told
from schema.staff import StaffMember

READERS = MAY[Power.READ_REQUESTS]


@strawberry.type(description="How the owner was identified at the office.")
class IdentityCheck:
    """The contract's IdentityCheck."""

    document: IdentityDocument
    last_four: str | None = strawberry.field(description="Null without an open grant.")
    office_id: strawberry.ID
    checked_by: str
    confirmed_by: str | None = strawberry.field(description="Who approved a deletion.")
    at: datetime


HIT = ("customer.number", "customer.state", "customer.restricted_at", "customer.sealed")
JOINED = row_class("Customer", SHOWN)


async def _hits(ctx: Context, rows: Sequence[Any]) -> Mapping[UUID, Hit]:
    """Their customers, by id; a plan has joined them to the rows, otherwise one statement brings them for all that ask."""
    joined = hasattr(rows[0], "customer_number")
    known: dict[UUID, Hit] | None = ctx.loaded.get(("hits", id(rows)))
    if known is None and joined:
        people = {row.customer_id: _joined(row) for row in rows}
        known = ctx.loaded["hits", id(rows)] = await hits_among(ctx.world, people)
    if known is not None:
        return known
    return await once(ctx, f"hits {id(rows)}", lambda: hits_of(ctx.world, {row.customer_id for row in rows}))


def _joined(row: Any) -> Any:
    return JOINED(
        row.customer_id, row.customer_number, row.customer_state, row.customer_restricted_at, row.customer_sealed
    )


async def _customers(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, CustomerHit]:
    hits, write_id = await _hits(ctx, rows), writer(ctx)
    shown = {person: CustomerHit.of(ctx, hit, write_id) for person, hit in hits.items()}
    return {row.id: shown[row.customer_id] for row in rows if row.customer_id in shown}


def _events_gone(ctx: Context) -> datetime:
    """Events up to then are not kept, whether the worker has been there already or not."""
    return ctx.world.rule("EVENT").expired_before(ctx.world.now())


async def _latest(ctx: Context, rows: Sequence[Any], selected: frozenset[str] | None) -> Mapping[UUID, AuditEntry]:
    """The last event that names each request; its actor and its personal parts are read if they are selected."""
    hits = await _hits(ctx, rows)
    aliases = {person: alias for person, hit in hits.items() if (alias := hit.alias) is not None}
    found = await latest_events(rows, aliases, _events_gone(ctx))
    people = [event.actor_id for event in found.values()] if _of(selected, "actor") else []
    named = await request_queue.members(ctx.world, people)
    answer = {}
    for row in rows:
        event, hit = found.get(row.id), hits.get(row.customer_id)
        if event is not None and hit is not None and hit.key is not None:
            shown = CustomerHit.of(ctx, hit) if _of(selected, "customer") else None
            known = event_contents(event, hit.key) if _of(selected, "reason", "ticket") else EventContents()
            answer[row.id] = AuditEntry.of(ctx, event, known, actor=_name(named, event.actor_id), customer=shown)
    return answer


def _of(selected: frozenset[str] | None, *names: str) -> bool:
    return selected is None or not selected.isdisjoint(names)


LAST_ACTION = Known(
    {
        "at": Column("last_action_at"),
        "action": Column("last_action"),
        "title": Told(lambda ctx: partial(event_title, kind=EventKind.MODIFY, locale=ctx.locale), ("last_action",)),
    },
    at="last_action_at",
    since=_events_gone,
)


async def _texts(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, str | None]:
    return {row_id: contents.text for row_id, contents in (await _readable(ctx, rows)).items()}


async def _readable(ctx: Context, rows: Sequence[Any]) -> dict[UUID, RightsRequestContents]:
    """Those whose words may be read now: by role, and with the record open."""
    who, people = ctx.colleague, sorted({row.customer_id for row in rows})
    assert who is not None
    open_ones = await once(
        ctx,
        f"readable {people}",
        lambda: request_queue.readable(ctx.world, who, people, "rights_request", "text"),
    )
    keys = await ctx.world.vault.keys(open_ones)
    return {row.id: _contents(row, keys) for row in rows if row.customer_id in keys}


def _contents(row: Any, keys: Keys) -> RightsRequestContents:
    key = keys[row.customer_id]
    return key.open("rights_request", row.id, bytes(row.sealed), RightsRequestContents)


async def _checks(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, IdentityCheck]:
    readable, named = await _readable(ctx, rows), await _named(ctx, rows)
    return {
        row.id: IdentityCheck(
            document=row.document,
            last_four=readable[row.id].last_four if row.id in readable else None,
            office_id=strawberry.ID(row.office_id or ""),
            checked_by=_name(named, row.checked_by) or "—",
            confirmed_by=_name(named, row.confirmed_by),
            at=row.checked_at,
        )
        for row in rows
        if row.checked_at is not None
    }


async def _named(ctx: Context, rows: Sequence[Any]) -> Mapping[UUID, OpenedMember]:
    """The members of staff whom the rows name: one statement for all that asks for them."""
    people = {one for row in rows for one in (row.assigned_to, row.checked_by, row.confirmed_by)}
    return await once(ctx, f"named {sorted(map(str, people))}", lambda: request_queue.members(ctx.world, people))


async def _assignees(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, StaffMember]:
    found = await _named(ctx, rows)
    return {row.id: StaffMember.of(ctx, *found[row.assigned_to]) for row in rows if row.assigned_to in found}


async def _approvals(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, Approval]:
    opened = await opened_approvals(ctx.world, list((await approvals_of([row.id for row in rows])).values()))
    proposers, hits = (
        await request_queue.members(ctx.world, {one.proposed_by for one, _ in opened}),
        await _hits(ctx, rows),
    )
    found = {one.subject: (one, contents) for one, contents in opened}
    return {
        row.id: Approval.of(
            ctx, *found[str(row.id)], hit=hits[row.customer_id], proposer=proposers[found[str(row.id)][0].proposed_by]
        )
        for row in rows
        if str(row.id) in found
    }


def _name(found: Mapping[UUID, OpenedMember], member: Any) -> str | None:
    return found[member][1].name if member in found else None


def _about(ctx: Context, row: Any, _: Any) -> strawberry.ID | None:
    return encode(ctx, "MaskedRelatedPerson", row.related_person_id) if row.related_person_id else None


SEALED = ("id", "customer_id", "sealed")
NAMED = ("id", "assigned_to", "checked_by", "confirmed_by")
CHECKED = (*SEALED, *NAMED, "checked_at", "document", "office_id")


@strawberry.type(
    description="A customer's request with its deadline; the office's are due in two days, a copy in two weeks."
)
class StaffRequest(Node, FromRow):
    """The contract's StaffRequest."""

    id: strawberry.ID = node_id("StaffRequest")
    number: str = column()
    kind: RequestKind = column()
    channel: RequestChannel = column()
    status: RequestStatus = column()
    received_at: datetime = column()
    due_at: datetime = column()
    overdue: bool = told(
        lambda ctx: partial(request_queue.is_overdue, ctx.world.now()), "status", "copy_ready_at", "due_at"
    )
    customer: CustomerHit = beside(_customers, columns=("id", "customer_id"), joined=OF_ROW)
    related_person_id: strawberry.ID | None = derived(
        _about, columns=("related_person_id",), description="Whose own request it is (clause 4.1.5)."
    )
    text: str | None = beside(_texts, columns=SEALED, description="Null without an open grant.")
    identity_check: IdentityCheck | None = beside(_checks, columns=CHECKED)
    assigned_to: StaffMember | None = beside(_assignees, columns=NAMED)
    approval: Approval | None = beside(_approvals, columns=("id", "customer_id", *HIT))
    copy_ready_at: datetime | None = column(description="When the worker finished it: stops the two weeks.")
    handed_over_at: datetime | None = column()
    fulfilled_at: datetime | None = derived(fulfilled_at, columns=("ended_at", "status"))
    explanation: str | None = derived(
        lambda _, __, contents: contents.explanation if contents else None, sealed=("explanation",)
    )
    latest_event: AuditEntry | None = beside(
        _latest, columns=("id", "number", "customer_id", "recorded_at", *HIT), known=LAST_ACTION
    )
    clause: str = column()


StaffRequestConnection, StaffRequestEdge = connection("StaffRequest", StaffRequest, counted=True)


async def staff_requests(ctx: Context, rows: Sequence[Row]) -> dict[Row, StaffRequest]:
    """Requests; all that stands beside them costs as many statements for fifty as for one."""
    keys = await ctx.world.vault.keys({row.customer_id for row in rows})
    built = {}
    for row in rows:
        built[row] = StaffRequest.of(ctx, row, row.opened(keys) if row.customer_id in keys else None)
        built[row].rows = rows  # type: ignore[misc]  # of this list
    return built


async def requests_of_customer(ctx: Context, customer_id: Any) -> list[StaffRequest]:
    """Those about one customer, newest first: for an open record."""
    return list((await staff_requests(ctx, await asking.requests_of_record(customer_id))).values())


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


def _wanted(ctx: Context, assigned_to: Any = None, **given: Any) -> tuple[Condition, ...]:
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not strawberry.UNSET}
    whose = given_id(ctx, assigned_to, "StaffMember") if assigned_to else None
    return request_queue.conditions(Wanted(assigned_to=whose, **chosen))


QUEUE = Related(
    tables.RightsRequest, StaffRequest, ("due_at", "id"), "page", by=None, roles=READERS, personal=("assigned_to",),
    where=_wanted, connection=StaffRequestConnection,
)  # fmt: skip


@strawberry.type
class StaffRequestQueries:
    """The queue."""

    @strawberry.field(description="Open work, earliest deadline first; number finds one.", metadata={SOURCE: QUEUE})
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
        selection = QUEUE.selection(
            ctx, number=number, status=status, kind=kind, channel=channel, overdue=overdue, assigned_to=assigned_to
        )
        now = ctx.world.now()
        page, total = await found_page(selection, None, now, first, after or None), await counted(selection, now)
        return StaffRequestConnection.of(page, (await staff_requests(ctx, page.rows)).__getitem__, total)


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

"""The office's queue: open requests, the earliest deadline first, and what is shown beside them without a record opened.

However many requests a page has, what stands beside them costs one statement a table and one read of the keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.actions.approvals import Opened as OpenedApproval
from models.actions.approvals import approvals_of, opened_approvals
from models.actions.history import event_contents
from models.actions.origin import Colleague
from models.actions.requests import OPEN
from models.actions.searches import Hit, hits_of
from models.checks.identifiers import number_asked_for
from models.database import reader
from models.policy import Reading
from models.tables import AccessGrant, Event, RightsRequest, Staff
from models.tables.cases import RequestChannel, RequestKind, RequestStatus, RightsRequestContents
from models.tables.events import EventContents
from models.tables.paging import Page, page_of
from models.tables.staff import StaffContents
from models.world import World

OpenedMember = tuple[Staff, StaffContents]
OpenedEvent = tuple[Event, EventContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests; open ones unless a status or a number is named. Overdue: what was promised is not done yet."""

    number: str | None = None
    status: Sequence[RequestStatus] | None = None
    kind: Sequence[RequestKind] | None = None
    channel: Sequence[RequestChannel] | None = None
    overdue: bool | None = None
    assigned_to: UUID | None = None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside requests: customers, words readable under an open grant, members of staff, proposals, last events."""

    hits: dict[UUID, Hit]
    contents: dict[UUID, RightsRequestContents]
    readable: set[UUID]
    members: dict[UUID, OpenedMember]
    approvals: dict[str, OpenedApproval]
    latest: dict[str, OpenedEvent]


def is_overdue(request: RightsRequest, now: datetime) -> bool:
    """What was promised is not done: open past its date; a copy that is ready waits for its owner only."""
    return request.status in OPEN and request.copy_ready_at is None and request.due_at <= now


async def queue(world: World, wanted: Wanted, first: int, after: str | None) -> tuple[Page, int]:
    """A page of the queue and how many there are in all. Two statements. Raises Refused(INVALID_INPUT)."""
    found = _wanted(world, wanted).using_db(reader())
    return await page_of(found, "due_at", first, after, oldest_first=True), await found.count()


def _wanted(world: World, wanted: Wanted) -> QuerySet[RightsRequest]:
    found = RightsRequest.all()
    if wanted.number is not None:
        found = found.filter(number=number_asked_for(wanted.number))
    if wanted.status is not None or wanted.number is None:
        found = found.filter(status__in=list(OPEN if wanted.status is None else wanted.status))
    if wanted.kind is not None:
        found = found.filter(kind__in=list(wanted.kind))
    if wanted.channel is not None:
        found = found.filter(channel__in=list(wanted.channel))
    if wanted.assigned_to is not None:
        found = found.filter(assigned_to=wanted.assigned_to)
    if wanted.overdue is not None:
        late = Q(status__in=list(OPEN), copy_ready_at__isnull=True, due_at__lte=world.now())
        found = found.filter(late if wanted.overdue else ~late)
    return found


async def beside(world: World, colleague: Colleague, rows: Sequence[RightsRequest]) -> Beside:
    """For these requests, as this member of staff may see it. Five statements, two reads of keys."""
    people, customers = {row.customer_id for row in rows}, {row.number: row.customer_id for row in rows}
    hits = await hits_of(world, people)
    keys = await world.vault.keys(people)
    approvals = await opened_approvals(world, list((await approvals_of([row.id for row in rows])).values()))
    named = {one for row in rows for one in (row.assigned_to, row.checked_by, row.confirmed_by)}
    latest = await _latest(rows, hits)
    named |= {event.actor_id for event in latest.values()} | {one.proposed_by for one, _ in approvals}
    return Beside(
        hits=hits,
        contents={row.id: row.opened(keys) for row in rows if row.customer_id in keys},
        readable=await readable(world, colleague, people, "rights_request", "text"),
        members=await members(world, named),
        approvals={approval.subject: (approval, contents) for approval, contents in approvals},
        latest={number: (event, event_contents(event, keys[customers[number]])) for number, event in latest.items()},
    )


async def readable(world: World, colleague: Colleague, people: Iterable[UUID], table: str, field: str) -> set[UUID]:
    """Those of these customers of whom this member of staff may read a field now: by role, and with the record open (6.1.3)."""
    if world.policy.inventory.entity(table).field(field).for_roles(colleague.roles) is not Reading.FULL:
        return set()
    open_now = AccessGrant.filter(
        staff_id=colleague.staff.id, customer_id__in=list(people), closed_at=None, expires_at__gt=world.now()
    )
    return set(await open_now.using_db(reader()).values_list("customer_id", flat=True))  # type: ignore[arg-type]


async def members(world: World, ids: Iterable[UUID | None]) -> dict[UUID, OpenedMember]:
    """Members of staff by id, opened, former ones too. One statement, one read of the keys."""
    wanted = [one for one in ids if one is not None]
    rows = await Staff.filter(id__in=wanted).using_db(reader()) if wanted else []
    keys = await world.vault.keys([row.id for row in rows])
    return {row.id: (row, row.opened(keys)) for row in rows if row.id in keys}


async def _latest(rows: Sequence[RightsRequest], hits: dict[UUID, Hit]) -> dict[str, Event]:
    """The last event that names each request's number."""
    numbers = {row.number for row in rows}
    aliases = [hit.profile.alias for hit in hits.values() if hit.profile is not None]
    if not aliases:
        return {}
    since = min(row.recorded_at for row in rows)
    found = Event.filter(alias__in=aliases, action__startswith="request.", at__gte=since).using_db(reader())
    return {
        number: event
        for event in await found.order_by("at", "id")
        for number in event.fields_named
        if number in numbers
    }

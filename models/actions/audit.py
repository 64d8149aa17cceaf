"""The audit (clause 6.1.3): who did what and who looked, for AUDITOR and PRIVACY_OFFICER, and a record's own events.

Whose an event is stands only in the person's sealed profile. So the audit knows a customer in two ways: it was asked for this
one, or the member of staff who acted had this customer's record open then, and the alias is theirs. Otherwise nobody is named.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from models.actions.desk import permitted
from models.actions.history import event_contents
from models.actions.open_record import Record
from models.actions.origin import Colleague
from models.actions.searches import Hit, hits_of
from models.database import reader
from models.policy import Reading, Role
from models.tables import AccessGrant, Event
from models.tables.access import GrantReason
from models.tables.events import ActorKind, EventContents
from models.tables.paging import Page, page_of
from models.world import World

AUDITORS = (Role.AUDITOR, Role.PRIVACY_OFFICER)
LATEST_OF = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; None does not choose. ``since`` included, ``until`` not."""

    staff_id: UUID | None = None
    customer_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """An event as somebody may see it: whose it is if that may be known, and why."""

    id: UUID
    event: Event
    hit: Hit | None
    reason: str | None = None
    ticket: str | None = None

    @property
    def at(self) -> datetime:
        return self.event.at


async def audit(world: World, colleague: Colleague, wanted: Wanted, first: int, after: str | None) -> Page:
    """A page of entries, newest first. Two statements beside the page's. Raises Refused(NOT_PERMITTED, INVALID_INPUT)."""
    permitted(colleague, AUDITORS)
    found, known = Event.all().using_db(reader()), dict[UUID, Hit]()
    if wanted.customer_id is not None:
        known = await hits_of(world, [wanted.customer_id])
        hit = known.get(wanted.customer_id)
        found = found.filter(alias=hit.profile.alias if hit and hit.profile else b"")
    chosen: dict[str, Any] = {
        "actor_id": wanted.staff_id, "action": wanted.action, "at__gte": wanted.since, "at__lt": wanted.until,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in chosen.items() if value is not None})
    page = await page_of(found, "at", first, after)
    if wanted.customer_id is None:
        known = await _looked_at(world, page.rows)
    return await _entries(world, page, known.values(), colleague.roles)


async def events_of_record(record: Record, first: int, after: str | None) -> Page:
    """The events of an open record, newest first. Raises Refused(INVALID_INPUT)."""
    page = await page_of(Event.filter(alias=record.profile.alias).using_db(reader()), "at", first, after)
    return await _entries(record.world, page, [Hit(record.customer, record.profile)], record.colleague.roles)


async def latest_events(numbers: Collection[tuple[str, Hit]]) -> dict[str, Entry]:
    """The newest event about each numbered case of these customers, without its reason. One statement."""
    by_alias = {hit.profile.alias: hit for _, hit in numbers if hit.profile}
    about = Q(action__startswith="request.") | Q(action__startswith="complaint.")
    found = Event.filter(about, alias__in=list(by_alias)).using_db(reader()).order_by("-at", "-id")
    wanted, newest = {number for number, _ in numbers}, dict[str, Entry]()
    for row in await found.limit(LATEST_OF):
        for number in wanted.intersection(row.fields_named):
            newest.setdefault(number, Entry(row.id, row, by_alias.get(bytes(row.alias or b""))))
    return newest


async def _looked_at(world: World, events: Sequence[Event]) -> dict[UUID, Hit]:
    """The customers whose records these events' colleagues had open around them. Two statements."""
    by_staff = [event for event in events if event.actor_kind is ActorKind.STAFF and event.alias and event.actor_id]
    if not by_staff:
        return {}
    grants = AccessGrant.filter(
        staff_id__in=list({event.actor_id for event in by_staff}),
        opened_at__lte=max(event.at for event in by_staff),
        expires_at__gte=min(event.at for event in by_staff),
    )
    found = await grants.using_db(reader()).only("staff_id", "customer_id", "opened_at", "expires_at")
    around = {
        grant.customer_id
        for grant in found
        for event in by_staff
        if grant.staff_id == event.actor_id and grant.opened_at <= event.at <= grant.expires_at
    }
    return await hits_of(world, around)


async def _entries(world: World, page: Page, hits: Collection[Hit], roles: frozenset[Role]) -> Page:
    """The page's events as entries. One read of the keys."""
    keys = await world.vault.keys([hit.customer.id for hit in hits])
    by_alias = {hit.profile.alias: hit for hit in hits if hit.profile}
    full = world.policy.inventory.entity("event").field("reason").for_roles(roles) is Reading.FULL
    entries = []
    for row in page.rows:
        hit = by_alias.get(bytes(row.alias)) if row.alias else None
        known = hit is not None and hit.customer.id in keys
        contents = event_contents(row, keys[hit.customer.id]) if hit and known else EventContents()
        reason = contents.reason if full or contents.reason in GrantReason.__members__ else None
        entries.append(Entry(row.id, row, hit, reason, contents.ticket))
    page.rows = entries
    return page

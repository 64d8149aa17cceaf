"""The audit (clause 6.1.3): who did what and who looked, for AUDITOR and PRIVACY_OFFICER, and a record's own events.

Whose an event is stands only in the person's sealed profile. So the audit knows a customer in two ways: it was asked for this
one, or the member of staff who acted had this customer's record open then, and the alias is theirs. Otherwise nobody is named.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from models.actions.desk import permitted
from models.actions.history import event_contents
from models.actions.open_record import Record
from models.actions.origin import Colleague
from models.actions.searches import Hit, hits_of
from models.checks.identifiers import action_asked_for
from models.database import reader
from models.policy import Reading, Role
from models.tables import AccessGrant, Event
from models.tables.access import GrantReason
from models.tables.events import REQUESTED, ActorKind, EventContents
from models.tables.paging import Page, page_of
from models.world import World

AUDITORS = (Role.AUDITOR, Role.PRIVACY_OFFICER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events; None does not choose. ``since`` included, ``until`` not."""

    staff_id: UUID | None = None
    customer_id: UUID | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None


CODED: Final = frozenset((*GrantReason, REQUESTED))
"""Reasons that are words of ours, not of a person: whoever reads the audit may read them."""


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
        found = found.filter(alias=(hit.alias if hit else None) or b"")
    action = None if wanted.action is None else action_asked_for(wanted.action)
    chosen: dict[str, Any] = {
        "actor_id": wanted.staff_id, "action": action, "at__gte": wanted.since, "at__lt": wanted.until,
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in chosen.items() if value is not None})
    page = await page_of(found, "at", first, after)
    if wanted.customer_id is not None:
        return await _entries(world, page, {row.id: known.values() for row in page.rows}, colleague.roles)
    return await _entries(world, page, await _looked_at(world, page.rows), colleague.roles)


async def events_of_record(record: Record, first: int, after: str | None) -> Page:
    """The events of an open record, newest first. Raises Refused(INVALID_INPUT)."""
    page = await page_of(Event.filter(alias=record.profile.alias).using_db(reader()), "at", first, after)
    own = [Hit(record.customer, record.keys[record.id])]
    return await _entries(record.world, page, {row.id: own for row in page.rows}, record.colleague.roles)


async def _looked_at(world: World, events: Sequence[Event]) -> dict[UUID, list[Hit]]:
    """Event → the customers whose records the member of staff who acted had open then. Two statements."""
    by_staff = [event for event in events if event.actor_kind is ActorKind.STAFF and event.alias and event.actor_id]
    if not by_staff:
        return {}
    grants = AccessGrant.filter(
        staff_id__in=list({event.actor_id for event in by_staff}),
        opened_at__lte=max(event.at for event in by_staff),
        expires_at__gte=min(event.at for event in by_staff),
    )
    found = await grants.using_db(reader()).only(
        "id", "staff_id", "customer_id", "opened_at", "expires_at", "closed_at"
    )
    around = {event.id: {grant.customer_id for grant in found if _covers(grant, event)} for event in by_staff}
    hits = await hits_of(world, set().union(*around.values()))
    return {event: [hits[one] for one in people if one in hits] for event, people in around.items()}


def _covers(grant: AccessGrant, event: Event) -> bool:
    ended = grant.closed_at or grant.expires_at
    return grant.staff_id == event.actor_id and grant.opened_at <= event.at <= ended


async def _entries(
    world: World, page: Page, candidates: Mapping[UUID, Collection[Hit]], roles: frozenset[Role]
) -> Page:
    """The page's events as entries: of the candidate whose alias it is. One read of the keys."""
    keys = await world.vault.keys({hit.customer.id for hits in candidates.values() for hit in hits})
    full = world.policy.inventory.entity("event").field("reason").for_roles(roles) is Reading.FULL
    entries = []
    for row in page.rows:
        theirs = [
            hit for hit in candidates.get(row.id, ()) if hit.alias is not None and bytes(row.alias or b"") == hit.alias
        ]
        hit = theirs[0] if theirs else None
        known = hit is not None and hit.customer.id in keys
        contents = event_contents(row, keys[hit.customer.id]) if hit and known else EventContents()
        reason = contents.reason if full or contents.reason in CODED else None
        entries.append(Entry(row.id, row, hit, reason, contents.ticket))
    page.rows = entries
    return page

"""What happened to an account, and what the policy still demands of it: read by its owner."""

from collections.abc import Sequence
from uuid import UUID

from models.database import reader
from models.keys import Key
from models.tables import Event, Obligation
from models.tables.events import EventContents, EventKind
from models.tables.paging import Page, page_of

AT_MOST = 200


async def events_of(alias: bytes, first: int, after: str | None, kinds: Sequence[EventKind] | None) -> Page:
    """Events by the alias that stands in the customer's sealed profile, newest first. Raises Refused(INVALID_INPUT)."""
    found = Event.filter(alias=alias).using_db(reader())
    if kinds is not None:
        found = found.filter(kind__in=list(kinds))
    return await page_of(found, "at", first, after)


def event_contents(event: Event, key: Key) -> EventContents:
    """The personal parts of an event; empty when it had none, or they are gone."""
    if event.sealed is None:
        return EventContents()
    return key.open("event", event.id, bytes(event.sealed), EventContents)


async def obligations_of(customer_id: UUID, *, open: bool | None) -> list[Obligation]:
    """Dates the policy sets, soonest first: the open ones, the met ones, or (None) all. One statement."""
    found = Obligation.filter(customer_id=customer_id).using_db(reader())
    if open is not None:
        found = found.filter(done_at__isnull=open)
    return await found.order_by("due_at", "id").limit(AT_MOST)

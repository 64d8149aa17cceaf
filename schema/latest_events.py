"""The last thing that happened to each request of a list."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from models.actions import request_queue
from models.actions.history import event_contents
from models.actions.latest_events import latest_events
from models.archive.event_titles import event_title
from models.tables.events import EventContents, EventKind
from schema.access import Context
from schema.audit_entries import AuditEntry
from schema.beside_requests import name
from schema.customer_hits import CustomerHit
from schema.request_customers import hits
from schema.sources import Column, Known, Told


def _events_gone(ctx: Context) -> datetime:
    """Events up to then are not kept, whether the worker has been there already or not."""
    return ctx.world.rule("EVENT").expired_before(ctx.world.now())


async def latest(ctx: Context, rows: Sequence[Any], selected: frozenset[str] | None) -> Mapping[UUID, AuditEntry]:
    """The last event that names each request; its actor and its personal parts are read if they are selected."""
    whose = await hits(ctx, rows)
    aliases = {person: alias for person, hit in whose.items() if (alias := hit.alias) is not None}
    found = await latest_events(rows, aliases, _events_gone(ctx))
    people = [event.actor_id for event in found.values()] if _of(selected, "actor") else []
    named = await request_queue.members(ctx.world, people)
    answer = {}
    for row in rows:
        event, hit = found.get(row.id), whose.get(row.customer_id)
        if event is not None and hit is not None and hit.key is not None:
            shown = CustomerHit.of(ctx, hit) if _of(selected, "customer") else None
            known = event_contents(event, hit.key) if _of(selected, "reason", "ticket") else EventContents()
            answer[row.id] = AuditEntry.of(ctx, event, known, actor=name(named, event.actor_id), customer=shown)
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

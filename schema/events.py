"""Everything that happened to an account, staff reads included (clause 6.1.3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from models.actions.history import event_contents, events_of
from models.archive.event_titles import event_title
from models.tables.access import GrantReason
from models.tables.events import REQUESTED, EventKind
from schema.access import Context
from schema.actors import Actor
from schema.loading import customer_of, keys_of
from schema.nodes import Node, node_id
from schema.pages import connection
from schema.sign_ins import Place
from schema.sources import FromRow, column, derived, group, sealed
from schema.staff_names import member, named, roles_of

REASONS: dict[str, dict[str, str]] = {
    REQUESTED: {"EN": "A request of yours", "LV": "Jūsu pieprasījums"},
    GrantReason.CUSTOMER_CONTACT: {"EN": "You contacted us", "LV": "Jūs ar mums sazinājāties"},
    GrantReason.OFFICE_VISIT: {"EN": "You came to our office", "LV": "Jūs apmeklējāt mūsu biroju"},
    GrantReason.COMPLAINT: {"EN": "A complaint", "LV": "Sūdzība"},
    GrantReason.FRAUD: {"EN": "Suspected fraud", "LV": "Aizdomas par krāpšanu"},
    GrantReason.LEGAL: {"EN": "A legal obligation", "LV": "Juridisks pienākums"},
    GrantReason.QUALITY_REVIEW: {"EN": "A review of our service", "LV": "Apkalpošanas kvalitātes pārbaude"},
}


def _actor(ctx: Context, row: Any, _: Any) -> Actor:
    """A member of staff by name and role; ``actors_named`` had them read."""
    found = member(ctx, row.actor_id)
    return Actor(kind=row.actor_kind, name=found[1].name if found else None, role=roles_of(ctx, row.actor_id))


def _reason(ctx: Context, _: Any, contents: Any) -> str | None:
    """In the reader's language, where it is a reason to open a record or a request; otherwise as staff wrote it."""
    said = REASONS.get(contents.reason)
    return said[ctx.locale] if said else contents.reason


@strawberry.type(description="Something that happened to the account.")
class Event(Node, FromRow):
    """The contract's Event."""

    id: strawberry.ID = node_id("Event")
    at: datetime = column()
    kind: EventKind = column()
    action: str = column(description="The action's own name, such as email.changed.")
    title: str = derived(
        lambda ctx, row, _: event_title(row.action, row.kind, ctx.locale),
        columns=("action", "kind"),
        description="The action in the reader's language.",
    )
    actor: Actor = derived(_actor, columns=("actor_kind", "actor_id"))
    reason: str | None = derived(_reason, sealed=("reason",), description="Why a member of staff looked or acted.")
    ticket: str | None = sealed(description="The ticket that the record was opened for, as support names it.")
    fields: list[str] = column("fields_named", description="The names of the fields it was about.")
    ip: str | None = sealed()
    place: Place | None = group(lambda: Place, of=("country", "region", "city"))


EventConnection, EventEdge = connection("Event", Event)


async def events(ctx: Context, first: int, after: str | None, kind: Sequence[EventKind] | None = None) -> Any:
    """The viewer's, newest first, found by the alias in their sealed profile; an EventConnection."""
    customer, keys = customer_of(ctx), await keys_of(ctx)
    page = await events_of(customer.opened(keys).alias, first, after, kind)
    await actors_named(ctx, page.rows)
    return EventConnection.of(page, lambda row: Event.of(ctx, row, event_contents(row, keys[customer.id])))


async def actors_named(ctx: Context, rows: Sequence[Any]) -> None:
    """Have the names of the staff who acted in these events: one statement, if there were any."""
    await named(ctx, [row.actor_id for row in rows])

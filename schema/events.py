"""Everything that happened to an account, staff reads included (clause 6.1.3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import strawberry

from models.actions.history import event_contents, events_of
from models.tables.events import EventKind
from schema.access import Context
from schema.event_titles import event_title
from schema.loading import customer_of, keys_of
from schema.nodes import Node, node_id
from schema.pages import connection
from schema.profile import Actor
from schema.sign_ins import Place
from schema.sources import FromRow, column, derived, group, sealed

strawberry.enum(EventKind, description="What sort of thing happened.")


def _nowhere(_: Any, contents: Any) -> bool:
    return contents.country is None and contents.region is None and contents.city is None


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
    actor: Actor = derived(lambda _, row, __: Actor(kind=row.actor_kind), columns=("actor_kind",))
    reason: str | None = sealed(description="Why a member of staff looked or acted.")
    fields: list[str] = column("fields_named", description="The names of the fields it was about.")
    ip: str | None = sealed()
    place: Place | None = group(lambda: Place, empty=_nowhere)


EventConnection, EventEdge = connection("Event", Event)


async def events(ctx: Context, first: int, after: str | None, kind: Sequence[EventKind] | None = None) -> Any:
    """The viewer's, newest first, found by the alias in their sealed profile; an EventConnection."""
    customer, keys = customer_of(ctx), await keys_of(ctx)
    page = await events_of(customer.opened(keys).alias, first, after, kind)
    return EventConnection.of(page, lambda row: Event.of(ctx, row, event_contents(row, keys[customer.id])))

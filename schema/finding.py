"""Any object by its id, if it is the viewer's."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from models import tables
from models.actions.history import event_contents
from models.actions.reading import own_row
from schema import (
    changes,
    events,
    exports,
    factors,
    messages,
    obligations,
    preferences,
    related_persons,
    requests,
    services,
    sign_ins,
)
from schema.access import Context
from schema.customers import Customer
from schema.loading import keys_of
from schema.nodes import PAYMENT_KINDS, Node, decode
from schema.payment_methods import payment_method

TYPES: dict[str, tuple[Any, Any]] = {
    "SignIn": (tables.SignIn, sign_ins.SignIn),
    "Change": (tables.Change, changes.Change),
    "Consent": (tables.Consent, preferences.Consent),
    "RelatedPerson": (tables.RelatedPerson, related_persons.RelatedPerson),
    "Service": (tables.Service, services.Service),
    "Message": (tables.Message, messages.Message),
    "Obligation": (tables.Obligation, obligations.Obligation),
    "Export": (tables.Export, exports.Export),
    "Passkey": (tables.Passkey, factors.Passkey),
    "RightsRequest": (tables.RightsRequest, requests.RightsRequest),
}


async def find_node(ctx: Context, node_id: str) -> Node | None:
    """Somebody else's id, a made-up one and one of something gone are answered alike: with None, after one statement."""
    found = decode(ctx, node_id)
    if found is None or ctx.viewer is None:
        return None
    kind, row_id = found
    if kind == "Customer":
        return Customer.of(ctx, ctx.viewer.customer) if row_id == ctx.viewer.customer.id else None
    if kind == "Session":
        return (await sign_ins.open_sessions(ctx)).get(row_id)
    if kind == "Event":
        return await _event(ctx, row_id)
    if kind in PAYMENT_KINDS:
        return await _row(ctx, tables.PaymentMethod, row_id, payment_method)
    if kind in TYPES:
        table, type_ = TYPES[kind]
        return await _row(ctx, table, row_id, type_.of)
    return None


async def _row(ctx: Context, table: Any, row_id: UUID, build: Callable[..., Any]) -> Any:
    assert ctx.viewer is not None
    row = await own_row(table, row_id, ctx.viewer.customer.id)
    if row is None:
        return None
    contents = row.opened(await keys_of(ctx)) if isinstance(row, tables.sealed.SealedRow) else None
    return build(ctx, row, contents)


async def _event(ctx: Context, row_id: UUID) -> Node | None:
    assert ctx.viewer is not None
    keys = await keys_of(ctx)
    row = await tables.Event.filter(id=row_id).first()
    if row is None or row.alias != ctx.viewer.customer.opened(keys).alias:
        return None
    await events.actors_named(ctx, [row])
    return events.Event.of(ctx, row, event_contents(row, keys[ctx.viewer.customer.id]))

"""Whose the requests of a list are: their customers, as searches show them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from models.actions.searches import SHOWN, Hit, hits_among, hits_of
from models.columns import row_class
from schema.access import Context
from schema.customer_hits import CustomerHit
from schema.loading import once
from schema.nodes import writer

HIT = ("customer.number", "customer.state", "customer.restricted_at", "customer.sealed")
JOINED = row_class("Customer", SHOWN)


async def hits(ctx: Context, rows: Sequence[Any]) -> Mapping[UUID, Hit]:
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


async def customers(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, CustomerHit]:
    """As searches show them, by the request's id."""
    found, write_id = await hits(ctx, rows), writer(ctx)
    shown = {person: CustomerHit.of(ctx, hit, write_id) for person, hit in found.items()}
    return {row.id: shown[row.customer_id] for row in rows if row.customer_id in shown}

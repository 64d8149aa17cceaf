"""Names of the customer's own for a session, a passkey, a payment method."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import renaming
from models.actions.origin import Viewer
from schema.access import Context, context, viewer
from schema.factors import Passkey
from schema.nodes import PAYMENT_KINDS, Node, decode, given_id
from schema.payment_methods import payment_method
from schema.refusal import Refusal, result
from schema.sign_ins import Session


@strawberry.type(description="It has its new name.")
class Renamed:
    """The contract's Renamed."""

    node: Node


RenameResult = Annotated[Renamed | Refusal, result("RenameResult")]


async def _renamed(ctx: Context, who: Viewer, node_id: str, label: str) -> Node:
    """The session, passkey or payment method under its new name. Raises Refused(INVALID_INPUT, NOT_FOUND)."""
    keys = await ctx.world.vault.keys([who.customer.id])
    if decode(ctx, node_id, *PAYMENT_KINDS):
        row = await renaming.name_payment_method(ctx.world, who, given_id(ctx, node_id), label)
        return payment_method(ctx, row, row.opened(keys))
    if decode(ctx, node_id, "Passkey"):
        row = await renaming.name_passkey(ctx.world, who, given_id(ctx, node_id), label)
        return Passkey.of(ctx, row, row.opened(keys))
    row = await renaming.name_session(ctx.world, who, given_id(ctx, node_id, "Session"), label)
    return Session.of(ctx, row, row.opened(keys))


@strawberry.type
class RenameMutations:
    """One mutation for everything that has a name of the customer's own."""

    @strawberry.mutation(description="A session, a passkey or a payment method.")
    async def rename(self, info: Info[Any, Any], id: strawberry.ID, label: str) -> RenameResult:
        return Renamed(node=await _renamed(context(info), viewer(info), id, label))

"""What several fields of one request need is read once: the viewer's own rows, opened."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar, cast

from models.refused import Reason, Refused
from models.tables import Customer
from models.vault import Keys
from schema.access import Context

T = TypeVar("T")


def customer_of(ctx: Context) -> Customer:
    """Whose page it is. Raises Refused(NOT_SIGNED_IN)."""
    if ctx.viewer is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    return ctx.viewer.customer


async def keys_of(ctx: Context) -> Keys:
    """The viewer's key. Raises Refused(NOT_SIGNED_IN)."""
    return await ctx.world.vault.keys([customer_of(ctx).id])


async def once(ctx: Context, name: str, load: Callable[[], Awaitable[T]]) -> T:
    """What ``load`` brings, the first time it is asked for in this request."""
    if name not in ctx.loaded:
        ctx.loaded[name] = await load()
    return cast(T, ctx.loaded[name])


async def built(ctx: Context, rows: list[Any], build: Callable[[Any, Any], T]) -> list[T]:
    """Each row of the viewer's built with its opened struct."""
    keys = await keys_of(ctx)
    return [build(row, row.opened(keys)) for row in rows]

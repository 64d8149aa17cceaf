"""What several fields of one request need is read once: the viewer's own rows, opened."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from models.keys import Keys
from models.refused import Reason, Refused
from models.tables import Customer
from schema.access import Context

T = TypeVar("T")


def customer_of(ctx: Context) -> Customer:
    """Whose page it is. Raises Refused(NOT_SIGNED_IN)."""
    if ctx.viewer is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    return ctx.viewer.customer


async def keys_of(ctx: Context) -> Keys:
    """The viewer's key. Raises Refused(NOT_SIGNED_IN)."""
    person = customer_of(ctx).id
    return await once(ctx, "keys", lambda: ctx.world.vault.keys([person]))


async def once(ctx: Context, name: str, load: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``load`` brings, asked for once in this request, however many fields ask, one after another or together."""
    asked: asyncio.Task[T] | None = ctx.loaded.get(name)
    if asked is None:
        asked = ctx.loaded[name] = asyncio.create_task(load())
    elif asked.done():
        return asked.result()
    return await asyncio.shield(asked)  # a field that is given up takes nothing away from the others


async def built(ctx: Context, rows: list[Any], build: Callable[[Any, Any], T]) -> list[T]:
    """Each row of the viewer's built with its opened struct."""
    keys = await keys_of(ctx)
    return [build(row, row.opened(keys)) for row in rows]

"""Fields that bring rows of another table, declared: which rows, in which order, as what. The resolver follows from it.

``page``, ``rows`` and ``one`` make a field; ``where`` is a function that turns the field's arguments, which are its own, into
conditions on the rows. graphql-core's executor reads the rows as instances; ``schema.plan`` compiles the same
declaration to one statement for the columns that a document asks for.
"""

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import strawberry
from strawberry.types import Info

from models.refused import Reason, Refused
from models.selections import Condition, Op, found, found_page
from schema.access import Context, context
from schema.loading import customer_of, keys_of, once
from schema.sources import SOURCE, Beside, Joined, Known, Later, Related

Where = Callable[..., Sequence[Condition]]
SELF = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
INFO = inspect.Parameter("info", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Info[Any, Any])
FIRST = inspect.Parameter("first", inspect.Parameter.KEYWORD_ONLY, default=20, annotation=int)
AFTER = inspect.Parameter("after", inspect.Parameter.KEYWORD_ONLY, default=strawberry.UNSET, annotation=str | None)


def when(column: str, op: Op, value: Any) -> tuple[Condition, ...]:
    """A condition, unless the argument was left out or is null."""
    if value is None or value is strawberry.UNSET:
        return ()
    return (Condition(column, op, tuple(value) if isinstance(value, list) else value),)


# ---- declaring ---------------------------------------------------------------------------------------------------
def same_row(type: Callable[[], Any], *, description: str) -> Any:
    """An object made of the same row, opened only if it is asked for."""

    async def resolve(self: Any, info: Info[Any, Any]) -> Any:
        ctx = context(info)
        return type().of(ctx, self.row, self.row.opened(await keys_of(ctx)))

    return strawberry.field(resolver=resolve, description=description, metadata={SOURCE: Later(type)})


def page(table: Any, connection: Any, node: Any, *, newest: str, description: str, where: Where | None = None) -> Any:
    """A keyset page, newest first."""
    related = Related(table, node, (f"-{newest}", "-id"), "page", where=where, connection=connection)
    return _field(related, connection, description)


def rows(
    table: Any,
    node: Any,
    *,
    order: tuple[str, ...],
    description: str,
    at_most: int | None = None,
    where: Where | None = None,
    kind: str | None = None,
    types: Mapping[Any, Any] | None = None,
) -> Any:
    """A short list of rows."""
    related = Related(table, node, order, "list", at_most=at_most, where=where, kind=kind, types=types)
    return _field(related, list[node], description)


def one(table: Any, node: Any, *, description: str) -> Any:
    """The one row that the customer has in a table."""
    return _field(Related(table, node, ("id",), "one"), node, description)


def beside(
    load: Any,
    *,
    columns: tuple[str, ...],
    joined: Joined | None = None,
    known: Known | None = None,
    description: str | None = None,
) -> Any:
    """What stands beside the rows of a list, read once for all of them when it is asked for."""

    async def resolve(self: Any, info: Info[Any, Any]) -> Any:
        ctx, rows = context(info), self.rows
        found = await once(ctx, f"beside {id(load)} {id(rows)}", lambda: load(ctx, rows, None))
        return found.get(self.row.id)

    source = Beside(load, columns, joined, known)
    return strawberry.field(resolver=resolve, description=description, metadata={SOURCE: source})


# ---- resolving ---------------------------------------------------------------------------------------------------
def _field(related: Related, answers: Any, description: str) -> Any:
    given = [] if related.where is None else list(inspect.signature(related.where).parameters.values())
    given = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in given]
    paged = [FIRST, AFTER] if related.shape == "page" else []

    async def resolve(self: Any, info: Any, **arguments: Any) -> Any:
        ctx = context(info)
        if related.shape == "page":
            return await _page(ctx, related, **arguments)
        name = repr((related.table, sorted(arguments.items())))
        built = await once(ctx, name, lambda: _list(ctx, related, arguments))
        return built if related.shape == "list" else built[0]

    signature = inspect.Signature([SELF, INFO, *paged, *given], return_annotation=answers)
    resolve.__signature__ = signature  # type: ignore[attr-defined]
    resolve.__module__ = related.where.__module__ if related.where is not None else __name__
    return strawberry.field(resolver=resolve, description=description, metadata={SOURCE: related})


async def _page(ctx: Context, related: Related, first: int, after: Any = None, **given: Any) -> Any:
    found = await found_page(
        related.selection(ctx, **given), customer_of(ctx).id, ctx.world.now(), first, after or None
    )
    opened = await _opener(ctx, related)
    return related.connection.of(found, lambda row: related.build(ctx, row, opened(row)))


async def _list(ctx: Context, related: Related, given: Mapping[str, Any]) -> list[Any]:
    got = await found(related.selection(ctx, **given), customer_of(ctx).id, ctx.world.now())
    if not got and related.shape == "one":
        raise Refused(Reason.NOT_FOUND)
    opened = await _opener(ctx, related)
    return [related.build(ctx, row, opened(row)) for row in got]


async def _opener(ctx: Context, related: Related) -> Callable[[Any], Any]:
    if "sealed" not in related.table._meta.fields_map:
        return lambda _: None
    keys = await keys_of(ctx)
    return lambda row: row.opened(keys)

"""Rows by SQL: what a compiled document reads, column by column, without making an instance of anything.

A ``Selection`` says which rows of one table; ``text`` writes its statement once for a database, ``Reading`` carries an
operation's statements to it on one connection. ``found`` brings the same rows as instances, through Tortoise: whoever
needs those says it in the same words.
"""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.exceptions import DBConnectionError
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.database import Dialect, dialect, reader
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables.paging import LARGEST, Page, page_of, read_cursor

Op = Literal["=", "<", "<=", ">", ">=", "in", "not in", "is null", "is not null"]
SUFFIX = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", "in": "__in", "not in": "__not_in"}
NOW: Final = object()
"""A condition's value: the time at which it is asked."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row's column must be like. ``value`` may be ``NOW``."""

    column: str
    op: Op
    value: Any = None

    @property
    def has_value(self) -> bool:
        return not self.op.startswith("is ")


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of ``table`` whose column ``by`` is their owner's id, in this order: ``-at`` newest first, ``!ended_at`` nulls first."""

    table: type[Model]
    by: str
    order: tuple[str, ...]
    at_most: int | None = None
    conditions: tuple[Condition, ...] = field(default=())


# ---- as instances ------------------------------------------------------------------------------------------------
async def found(selection: Selection, owner: Any, now: datetime) -> list[Any]:
    """The rows as instances. One statement."""
    plain = [term for term in selection.order if not term.startswith("!")]
    rows = _chosen(selection, owner, now).order_by(*plain)
    got = await (rows.limit(selection.at_most) if selection.at_most else rows)
    for term in reversed([term[1:] for term in selection.order if term.startswith("!")]):
        got.sort(key=lambda row, name=term: getattr(row, name) is not None)  # type: ignore[misc]
    return got


async def found_page(selection: Selection, owner: Any, now: datetime, first: int, after: str | None) -> Page:
    """A page of the rows as instances. One statement. Raises Refused(INVALID_INPUT)."""
    term = selection.order[0]
    rows = _chosen(selection, owner, now)
    return await page_of(rows, term.lstrip("-"), first, after, oldest_first=not term.startswith("-"))


def _chosen(selection: Selection, owner: Any, now: datetime) -> QuerySet[Any]:
    wanted: dict[str, Any] = {selection.by: owner}
    for one in selection.conditions:
        if one.has_value:
            value: Any = now if one.value is NOW else one.value
            wanted[one.column + SUFFIX[one.op]] = list(value) if one.op.endswith("in") else value
        else:
            wanted[f"{one.column}__isnull"] = one.op == "is null"
    return selection.table.filter(**wanted).using_db(reader())


# ---- as SQL ------------------------------------------------------------------------------------------------------
def text(
    selection: Selection, columns: tuple[str, ...], database: Dialect, *, many: bool = False, after: bool = False
) -> str:
    """The statement; its values are the owner's id (``many``: a list of ids), those of ``values``, the limit if any.

    Columns and tables are the models' own names, nothing that anybody sent.
    """
    shape = tuple(
        Condition(one.column, one.op, (None,) * len(one.value) if one.op.endswith("in") else None)
        for one in selection.conditions
    )
    return _text(replace(selection, conditions=shape), columns, database, many, after)


@lru_cache(maxsize=4096)
def _text(selection: Selection, columns: tuple[str, ...], database: Dialect, many: bool, after: bool) -> str:
    marks = _Marks(database)
    mine = " = {}" if not many else " = any({})" if database == "postgres" else " in (select value from json_each({}))"
    where = [f'"{selection.by}"' + mine.format(marks())]
    for one in selection.conditions:
        if not one.has_value:
            where.append(f'"{one.column}" {one.op}')
        elif one.op.endswith("in"):
            where.append(f'"{one.column}" {one.op} ({", ".join(marks() for _ in one.value)})')
        else:
            where.append(f'"{one.column}" {one.op} {marks()}')
    if after:
        term = selection.order[0]
        side = "<" if term.startswith("-") else ">"
        where.append(f'("{term.lstrip("-")}", "id") {side} ({marks()}, {marks()})')
    order = ", ".join(_ordered(term) for term in selection.order)
    limit = f" limit {marks()}" if selection.at_most else ""
    what = ", ".join(f'"{name}"' for name in columns) or "1"
    return f'select {what} from "{selection.table._meta.db_table}" where {" and ".join(where)} order by {order}{limit}'  # noqa: S608


class _Marks:
    """The next place for a value: $1, $2, … or question marks."""

    def __init__(self, database: Dialect) -> None:
        self._numbered, self._count = database == "postgres", 0

    def __call__(self) -> str:
        self._count += 1
        return f"${self._count}" if self._numbered else "?"


def _ordered(term: str) -> str:
    if term.startswith("!"):
        return f'("{term[1:]}" is not null)'
    return f'"{term[1:]}" desc' if term.startswith("-") else f'"{term}"'


def values(selection: Selection, now: datetime, database: Dialect) -> list[Any]:
    """The values of a selection's conditions, as the driver takes them."""
    found: list[Any] = []
    for one in selection.conditions:
        if one.op.endswith("in"):
            found += one.value
        elif one.has_value:
            found.append(now if one.value is NOW else one.value)
    return [parameter(value, database) for value in found]


def parameter(value: Any, database: Dialect) -> Any:
    """A value as the driver takes it."""
    if database == "sqlite":
        if isinstance(value, UUID):
            return str(value)
        if isinstance(value, datetime):
            return value.isoformat(" ")
    return value


def page_start(first: int, after: str | None) -> tuple[datetime, UUID] | None:
    """Where a page begins, None for the first one. Raises Refused(INVALID_INPUT)."""
    if not 1 <= first <= LARGEST:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("first",), ProblemCode.NOT_ALLOWED, LARGEST)])
    return None if after is None else read_cursor(after)


# ---- columns -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A column: how its raw value becomes the model's (``convert``; None: it is already), an enum's class, and whether null."""

    convert: Callable[[Any], Any] | None
    enum: type | None
    nullable: bool
    kind: type


def column_kind(table: type[Model], name: str, database: Dialect) -> ColumnKind:
    """Of one column of a table. Raises KeyError for none of that name."""
    held = table._meta.fields_map[name]
    if isinstance(held, CharEnumFieldInstance):
        return ColumnKind(held.enum_type, held.enum_type, held.null, str)
    for field_type, kind in KINDS.items():
        if isinstance(held, field_type):
            return ColumnKind(CONVERT[database].get(kind), None, held.null, kind)
    raise KeyError(name)


def columns_of(table: type[Model]) -> tuple[str, ...]:
    """Every column of a table, by the model's names."""
    return tuple(table._meta.fields_db_projection)


KINDS: dict[type, type] = {
    fields.UUIDField: UUID,
    fields.DatetimeField: datetime,
    fields.BooleanField: bool,
    fields.BigIntField: object,
    fields.IntField: int,
    fields.FloatField: float,
    fields.JSONField: list,
    fields.BinaryField: bytes,
    fields.CharField: str,
    fields.TextField: str,
}
CONVERT: dict[Dialect, dict[type, Callable[[Any], Any]]] = {
    "postgres": {list: orjson.loads},
    "sqlite": {list: orjson.loads, UUID: UUID, datetime: datetime.fromisoformat, bool: bool},
}


# ---- asking ------------------------------------------------------------------------------------------------------
class Reading:
    """One operation's statements on the main database, on one connection of the pool, from the first one until ``rest``."""

    __slots__ = ("_client", "_lent")

    def __init__(self) -> None:
        self._client: Any = reader()
        self._lent: Any = None

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """Records, or tuples on SQLite, where a statement takes microseconds and no thread is asked."""
        if self._lent is None:
            self._lent = await self._client.lend()
        try:
            return await self._lent.fetch(statement, *values)
        except OSError as fault:
            raise DBConnectionError(f"PostgreSQL: {type(fault).__name__}: {fault}") from fault

    async def rest(self) -> None:
        """Give the connection back; the next statement takes one again."""
        lent, self._lent = self._lent, None
        if lent is not None:
            await self._client.give_back(lent)


class FileReading(Reading):
    """The same on SQLite."""

    __slots__ = ()

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        connection: sqlite3.Connection = self._client.direct()
        return connection.execute(statement, values).fetchall()

    async def rest(self) -> None:
        return None


def reading(database: Dialect | None = None) -> Reading:
    """For one operation; whoever takes it calls ``rest`` at its end."""
    return Reading() if (database or dialect()) == "postgres" else FileReading()

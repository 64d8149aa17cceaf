"""Rows by SQL: what a compiled document reads, column by column, without making an instance of anything.

A ``Selection`` says which rows of one table; ``text`` writes its statement once for a database, ``Reading`` carries an
operation's statements to it on one connection. ``found`` brings the same rows as instances, through Tortoise: whoever
needs those says it in the same words.
"""

import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache, partial
from typing import Any, ClassVar, Final, Literal, NamedTuple
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.context import require_context
from tortoise.exceptions import DBConnectionError
from tortoise.expressions import Q
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.database import Dialect, dialect, reader
from models.postgres_engine import Client, in_order
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables.paging import LARGEST, Page, page_of, read_cursor

Op = Literal["=", "<", "<=", ">", ">=", "in", "not in", "like", "is null", "is not null", "not all"]
SUFFIX = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", "in": "__in", "not in": "__not_in"}
PLACE = re.compile(r"\$(\d+)")
NOW: Final = object()
"""A condition's value: the time at which it is asked."""


@dataclass(frozen=True, slots=True)
class Condition:
    """What a row's column must be like. ``value`` may be ``NOW``; of ``not all`` it is conditions, which do not hold together."""

    column: str
    op: Op
    value: Any = None

    def values(self) -> tuple[Any, ...]:
        """What stands in the statement's places."""
        if self.op == "not all":
            return tuple(value for one in self.value for value in one.values())
        if self.op.endswith("in"):
            return tuple(self.value)
        return () if self.op.startswith("is ") else (self.value,)

    def shape(self) -> "Condition":
        """The same without its values: what its text depends on."""
        if self.op == "not all":
            return Condition(self.column, self.op, tuple(one.shape() for one in self.value))
        return Condition(self.column, self.op, (None,) * len(self.value) if self.op.endswith("in") else None)


@dataclass(frozen=True, slots=True)
class Selection:
    """Rows of ``table``, in this order: ``-at`` newest first, ``!ended_at`` nulls first. ``by``: the column that names their
    owner, None where nobody owns them."""

    table: type[Model]
    by: str | None
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


async def counted(selection: Selection, now: datetime) -> int:
    """How many rows there are. One statement."""
    return await _chosen(selection, None, now).count()


def _chosen(selection: Selection, owner: Any, now: datetime) -> QuerySet[Any]:
    rows = selection.table.filter(**{selection.by: owner}) if selection.by else selection.table.all()
    return rows.filter(*(_wanted(one, now) for one in selection.conditions)).using_db(reader())


def _wanted(one: Condition, now: datetime) -> Q:
    if one.op == "not all":
        return ~Q(*(_wanted(each, now) for each in one.value))
    if one.op.startswith("is "):
        null: dict[str, Any] = {f"{one.column}__isnull": one.op == "is null"}
        return Q(**null)
    value: Any = now if one.value is NOW else one.value
    like: dict[str, Any] = {one.column + SUFFIX[one.op]: list(value) if one.op.endswith("in") else value}
    return Q(**like)


# ---- as SQL ------------------------------------------------------------------------------------------------------
def text(
    selection: Selection, columns: tuple[str, ...], database: Dialect, *, many: int = 0, after: bool = False
) -> str:
    """The statement; its values are the owner's id (``many``: so many of them), those of ``values``, where a page begins, and
    the limit, each if there is one. Columns and tables are the models' own names, nothing that anybody sent;
    ``customer.number`` is a column of the row that ``customer_id`` names, which is joined.
    """
    shape = tuple(one.shape() for one in selection.conditions)
    limit = 1 if selection.at_most else None
    return _text(replace(selection, conditions=shape, at_most=limit), columns, database, many, after)


def counting(selection: Selection, database: Dialect) -> str:
    """The statement that counts them; its values are those of ``values``."""
    marks = _Marks(database)
    wanted = [_said(one.shape(), marks, "") for one in selection.conditions] or ["true"]
    return f'select count(*) from "{selection.table._meta.db_table}" where {" and ".join(wanted)}'  # noqa: S608


@lru_cache(maxsize=4096)
def _text(selection: Selection, columns: tuple[str, ...], database: Dialect, many: int, after: bool) -> str:
    marks, where, name = _Marks(database), list[str](), selection.table._meta.db_table
    joined = sorted({column.partition(".")[0] for column in columns if "." in column})
    own = f'"{name}".' if joined else ""
    if selection.by is not None:
        one_of = f"= any({marks()})" if many and database == "postgres" else None
        one_of = one_of or (f"in ({', '.join(marks() for _ in range(many))})" if many else f"= {marks()}")
        where.append(f'{own}"{selection.by}" {one_of}')
    where += [_said(one, marks, own) for one in selection.conditions]
    if after:
        term = selection.order[0]
        side = "<" if term.startswith("-") else ">"
        where.append(f'({own}"{term.lstrip("-")}", {own}"id") {side} ({marks()}, {marks()})')
    order = ", ".join([*_all_null(selection, own), *(_ordered(term, own) for term in selection.order)])
    limit = f" limit {marks()}" if selection.at_most else ""
    what, wanted = ", ".join(_shown(column, own) for column in columns) or "1", " and ".join(where) or "true"
    source = f'"{name}"' + "".join(f' join "{one}" on "{one}"."id" = {own}"{one}_id"' for one in joined)
    return f"select {what} from {source} where {wanted} order by {order}{limit}"  # noqa: S608


def _all_null(selection: Selection, own: str) -> list[str]:
    """The column of which the first condition says that it is null: named in the order, where it changes nothing, so that
    PostgreSQL finds that order in an index which begins with it."""
    first = selection.conditions[:1]
    return [f'{own}"{one.column}"' for one in first if one.op == "is null"]


def _shown(column: str, own: str) -> str:
    table, _, name = column.rpartition(".")
    return f'"{table}"."{name}"' if table else f'{own}"{name}"'


def _said(one: Condition, marks: "_Marks", own: str) -> str:
    if one.op == "not all":
        return f"not ({' and '.join(_said(each, marks, own) for each in one.value)})"
    if one.op.startswith("is "):
        return f'{own}"{one.column}" {one.op}'
    if one.op.endswith("in") and not one.value:
        return "false" if one.op == "in" else "true"
    places = ", ".join(marks() for _ in one.values())
    return f'{own}"{one.column}" {one.op} ' + (f"({places})" if one.op.endswith("in") else places)


class _Marks:
    """The next place for a value: $1, $2, … or question marks."""

    def __init__(self, database: Dialect) -> None:
        self._numbered, self._count = database == "postgres", 0

    def __call__(self) -> str:
        self._count += 1
        return f"${self._count}" if self._numbered else "?"


def _ordered(term: str, own: str) -> str:
    if term.startswith("!"):
        return f'({own}"{term[1:]}" is not null)'
    return f'{own}"{term[1:]}" desc' if term.startswith("-") else f'{own}"{term}"'


def values(selection: Selection, now: datetime, database: Dialect) -> list[Any]:
    """The values of a selection's conditions, as the driver takes them."""
    found = [value for one in selection.conditions for value in one.values()]
    return [parameter(now if value is NOW else value, database) for value in found]


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


class Carried(NamedTuple):
    """Rows that come along with a statement which brings their owner: the text that asks for them alone, and its values after
    the owner's; not ``owned``: rows of anybody's, whose text names no owner."""

    text: str
    values: tuple[Any, ...]
    owned: bool = True


def carrying(carried: Sequence[tuple[str, bool]], owner: str, taken: int) -> list[str]:
    """The texts as columns of the owner's statement on PostgreSQL, each a record of one array for each of its columns.

    ``owner``: what stands there for their owner's id; ``taken``: how many values come before theirs. One trip to the server
    costs more than what it brings: four statements in one take half the time. (An array of records, whose types are told and
    looked up at every value, would take a third more than these arrays.)
    """
    columns = []
    for one, owned in carried:
        what, _, rest = one.removeprefix("select ").partition(" from ")
        own = PLACE.sub(partial(_renumbered, owner if owned else None, taken), rest)
        names = [f"c{n}" for n in range(len(what.split(", ")))]
        named = ", ".join(f"{column} as {name}" for column, name in zip(what.split(", "), names, strict=True))
        arrays = ", ".join(f"array_agg({name})" for name in names)
        columns.append(f"(select row({arrays}) from (select {named} from {own}) as found)")  # noqa: S608  texts of ``text``
        taken += len(PLACE.findall(one)) - owned
    return columns


def carried_rows(arrays: Sequence[list[Any] | None]) -> list[Any]:
    """The rows that such a column brought."""
    return list(zip(*filter(None, arrays), strict=True))  # of no rows, each array is null


def _renumbered(owner: str | None, taken: int, place: "re.Match[str]") -> str:
    if owner is None:
        return f"${taken + int(place[1])}"
    return owner if place[1] == "1" else f"${taken + int(place[1]) - 1}"


# ---- columns -----------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A column: how its raw value becomes the model's (``convert``; None: it is already), an enum's class, and whether null."""

    convert: Callable[[Any], Any] | None
    enum: type | None
    nullable: bool
    kind: type


def column_kind(table: type[Model], name: str, database: Dialect) -> ColumnKind:
    """Of one column of a table, or of a row that it names (``customer.number``). Raises KeyError for none of that name."""
    joined, _, name = name.rpartition(".")
    if joined:
        table = table._meta.fields_map[joined].related_model  # type: ignore[attr-defined]
    held = table._meta.fields_map[name]
    if isinstance(held, CharEnumFieldInstance):
        return ColumnKind(member_of(held.enum_type), held.enum_type, held.null, str)
    for field_type, kind in KINDS.items():
        if isinstance(held, field_type):
            return ColumnKind(CONVERT[database].get(kind), None, held.null, kind)
    raise KeyError(name)


@cache
def member_of(kind: type[Enum]) -> Callable[[Any], Any]:
    """A stored value → the enum's member; quicker than to call the enum."""
    return {one.value: one for one in kind}.__getitem__


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

    __slots__ = ("_client", "_in_order", "_lent", "brought", "carry")
    database: ClassVar[Dialect] = "postgres"

    def __init__(self, client: Any) -> None:
        self._client = client
        self.carry: Sequence[Carried] = ()  # what the statement that brings the owner is to bring along
        self.brought: dict[tuple[Any, ...], list[Any]] = {}  # that, by the statement and values that ask for it alone
        self._lent: Any = None
        self._in_order = True

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        """Records, or tuples on SQLite, where a statement takes microseconds and no thread is asked."""
        if self.brought and (here := self.brought.pop((statement, *values), None)) is not None:
            return here
        lent = self._lent
        if lent is None:
            lent = self._lent = self._client.ready() or await self._client.lend()
        try:
            return await lent.rows(statement, *values)
        except BaseException as fault:
            self._in_order = False
            if isinstance(fault, OSError) or (isinstance(fault, AttributeError) and not in_order(lent)):
                raise DBConnectionError(f"PostgreSQL: {type(fault).__name__}: {fault}") from fault
            raise

    async def rest(self) -> None:
        """Give the connection back; the next statement takes one again."""
        lent, self._lent = self._lent, None
        if lent is not None and not (self._in_order and self._client.shelve(lent)):
            self._in_order = True
            await self._client.give_back(lent)


class FileReading(Reading):
    """The same on SQLite."""

    __slots__ = ()
    database = "sqlite"

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        connection: sqlite3.Connection = self._client.direct()
        return connection.execute(statement, values).fetchall()


class _Inside(Reading):
    """The same within a transaction: on its connection, which sees what it has written."""

    __slots__ = ("database",)

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.database = dialect()  # type: ignore[misc]  # of this one

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        return list((await self._client.execute_query(statement, list(values)))[1])


def reading() -> Reading:
    """For one operation; whoever takes it calls ``rest`` at its end."""
    client: Any = require_context().connections.get("default")  # what get_connection does, which imports at every call
    if isinstance(client, TransactionalDBClient):
        return _Inside(client)
    return Reading(client) if isinstance(client, Client) else FileReading(get_connection("reader"))


# ---- light rows --------------------------------------------------------------------------------------------------
async def light(
    selection: Selection, columns: tuple[str, ...], now: datetime, *, owners: Sequence[Any] = ()
) -> list[Any]:
    """Rows with these columns as attributes, of many owners. One statement, on a connection of its own."""
    db = reading()
    database = db.database
    make = maker(selection.table, columns, database)
    statement = text(selection, columns, database, many=len(owners))
    ids = [parameter(one, database) for one in owners]
    given = ([ids] if database == "postgres" else ids) if owners else []
    try:
        return [make(row) for row in await db.rows(statement, *given, *values(selection, now, database))]
    finally:
        await db.rest()


def row_class(name: str, columns: tuple[str, ...]) -> Any:
    """A light class with these attributes."""
    return NamedTuple(name, [(column, Any) for column in columns])


@lru_cache(maxsize=256)
def maker(table: type[Model], columns: tuple[str, ...], database: Dialect) -> Callable[[Any], Any]:
    """Makes light rows of records."""
    made = row_class(table.__name__, columns)
    kinds = (column_kind(table, column, database) for column in columns)
    converts = [(place, kind.convert) for place, kind in enumerate(kinds) if kind.convert is not None]

    def make(row: Any) -> Any:
        values = list(row)
        for place, convert in converts:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return made(*values)

    return make

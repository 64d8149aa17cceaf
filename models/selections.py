"""Which rows of one table: said once, and asked for as instances through Tortoise or as SQL for the columns that are wanted."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, Literal
from uuid import UUID

from tortoise.expressions import Q
from tortoise.models import Model
from tortoise.queryset import QuerySet

from models.database import Dialect, reader
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables.paging import LARGEST, Page, page_of, read_cursor

Op = Literal["=", "<", "<=", ">", ">=", "in", "not in", "like", "is null", "is not null", "not all"]
SUFFIX = {"=": "", "<": "__lt", "<=": "__lte", ">": "__gt", ">=": "__gte", "in": "__in", "not in": "__not_in"}
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
    ``customer.number`` is a column of the row that ``customer_id`` names, which is joined; ``id:bytes`` (PostgreSQL) an id's bytes.
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
    name, _, as_bytes = name.partition(":")
    shown = f'"{table}"."{name}"' if table else f'{own}"{name}"'
    return f"uuid_send({shown})" if as_bytes else shown


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

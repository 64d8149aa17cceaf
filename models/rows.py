"""Rows by SQL: what a compiled document reads, column by column, without making an instance of anything.

``Reading`` carries an operation's statements to a database on one connection; ``Carried`` is what comes along with another one.
"""

import re
import sqlite3
from collections.abc import Awaitable, Sequence
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, ClassVar, NamedTuple

import msgspec
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.context import TortoiseContext, get_current_context, require_context
from tortoise.exceptions import DBConnectionError
from tortoise.models import Model

from models.columns import column_kind, maker
from models.database import Dialect, dialect
from models.postgres_engine import Client, is_lost
from models.selections import Selection, parameter, text, values
from models.together import Brought

PLACE = re.compile(r"\$(\d+)")
TIMES = list[datetime | None]


class Brings(NamedTuple):
    """Rows that come along with a statement which brings their owner: the text that asks for them alone; which of its columns are
    times; not ``owned``: rows of anybody's, whose text names no owner."""

    text: str
    times: tuple[int, ...]
    owned: bool = True


class Carried(NamedTuple):
    """The same with the text's values, after the owner's."""

    what: Brings
    values: tuple[Any, ...]


@lru_cache(maxsize=1024)
def times_of(table: type[Model], columns: tuple[str, ...]) -> tuple[int, ...]:
    """Which of these columns of a table are times."""
    kinds = (column_kind(table, column.partition(":")[0], "postgres").kind for column in columns)
    return tuple(at for at, kind in enumerate(kinds) if kind is datetime)


def carrying(carried: Sequence[Brings], owner: str, taken: int) -> list[str]:
    """The texts as columns of the owner's statement on PostgreSQL, each a record of one array for each of its columns.

    ``owner``: what stands there for their owner's id; ``taken``: how many values come before theirs. One trip to the server
    costs more than what it brings: four statements in one take half the time. (An array of records, whose types are told and
    looked up at every value, would take a third more than these arrays.) What nobody owns comes once, with the first record.
    Times come as seconds since 1970: a driver makes its times one by one, which takes four times as long as ``carried_rows``.
    """
    columns = []
    for one, times, owned in carried:
        what, _, rest = one.removeprefix("select ").partition(" from ")
        own = PLACE.sub(partial(_renumbered, owner if owned else None, taken), rest)
        names = [f"c{n}" for n in range(len(what.split(", ")))]
        named = ", ".join(f"{column} as {name}" for column, name in zip(what.split(", "), names, strict=True))
        shown = [f"date_part('epoch', {name})" if n in times else name for n, name in enumerate(names)]
        arrays = ", ".join(f"array_agg({name})" for name in shown)
        rows = f"(select row({arrays}) from (select {named} from {own}) as found)"  # noqa: S608  texts of ``text``
        columns.append(rows if owned else f"case when row_number() over () = 1 then {rows} end")
        taken += len(PLACE.findall(one)) - owned
    return columns


def carried_rows(times: tuple[int, ...], arrays: Sequence[list[Any] | None]) -> list[Any]:
    """The rows that such a column brought, with times in UTC, to the microsecond (until 2106, where a float becomes coarser)."""
    columns = list(arrays)
    if columns[0] is None:  # of no rows, each array is null
        return []
    for at in times:
        columns[at] = msgspec.convert(columns[at], TIMES, strict=False)
    return list(zip(*columns, strict=True))


def _renumbered(owner: str | None, taken: int, place: "re.Match[str]") -> str:
    if owner is None:
        return f"${taken + int(place[1])}"
    return owner if place[1] == "1" else f"${taken + int(place[1]) - 1}"


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
            if is_lost(lent, fault):
                raise DBConnectionError(f"PostgreSQL: {type(fault).__name__}: {fault}") from fault
            raise

    def together(self, statement: str, key: bytes, values: tuple[Any, ...], most: int) -> Awaitable[Brought]:
        """The records of this key, by a statement whose first value is many keys (one on SQLite): it is asked together with whoever
        asks the same now, ``most`` at once, on a connection that is theirs."""
        found: Awaitable[Brought] = self._client.together(statement, key, values, most)
        return found

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

    async def together(self, statement: str, key: bytes, values: tuple[Any, ...], most: int) -> Brought:
        return Brought(await self.rows(statement, key, *values))


class _Inside(Reading):
    """The same within a transaction: on its connection, which sees what it has written."""

    __slots__ = ("database",)

    def __init__(self, client: Any) -> None:
        super().__init__(client)
        self.database = dialect()  # type: ignore[misc]  # of this one

    async def rows(self, statement: str, *values: Any) -> list[Any]:
        return list((await self._client.execute_query(statement, list(values)))[1])

    async def together(self, statement: str, key: bytes, values: tuple[Any, ...], most: int) -> Brought:
        return Brought(await self.rows(statement, [key] if self.database == "postgres" else key, *values))


def reading_if_open() -> Reading | None:
    """``reading``; None where there is no database to be asked."""
    context = get_current_context()
    return _reading(context) if context is not None and context.inited else None


def reading() -> Reading:
    """For one operation; whoever takes it calls ``rest`` at its end."""
    return _reading(require_context())


def _reading(context: TortoiseContext) -> Reading:
    client: Any = context.connections.get("default")  # what get_connection does, which imports at every call
    if isinstance(client, Client):
        return Reading(client)
    return _Inside(client) if isinstance(client, TransactionalDBClient) else FileReading(get_connection("reader"))


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

"""PostgreSQL for many tasks of one process: the engine Tortoise is told to use.

Tortoise's own waits for ever for a free connection, and loses one to the pool whenever BEGIN fails or is cancelled. And a
pool's lending costs more than most statements here: so a connection that comes back in order lies ready on a shelf, and
only what is not there is asked of the pool.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any, cast

import asyncpg
from tortoise.backends.asyncpg.client import AsyncpgDBClient, TransactionWrapper
from tortoise.backends.base.client import (
    NestedTransactionContext,
    PoolConnectionWrapper,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import DBConnectionError

from models.together import Brought, Together

CONNECTING = 5.0  # seconds until a connection is made, or one of the pool is free
KINDS = 200  # of look-ups that are kept ready
ALIKE = 10
"""Keys of a look-up, the first of them again and again if there are fewer: for so long PostgreSQL takes an array that it does not
know, and to one that it knows to be shorter it would make another plan each time, which takes as long as the look-up."""
SHELVED = 60.0  # seconds after which the shelf is emptied into the pool, which closes what nobody needs
TYPES = ("uuid", "timestamptz", "varchar", "text", "bytea", "bool", "int4", "int8", "float8", "jsonb")
"""Of the columns that tables have."""
LOST = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)


@contextmanager
def _reaching(*faults: type[Exception]) -> Iterator[None]:
    try:
        yield
    except faults as fault:
        raise DBConnectionError(f"PostgreSQL: {type(fault).__name__}: {fault}") from fault


class _Statements:
    async def _translate_exceptions(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        with _reaching(OSError):  # timeouts are OSErrors, too
            return await super()._translate_exceptions(func, *args, **kwargs)  # type: ignore[misc]


class Connection(asyncpg.Connection):
    """Comes back to the pool as it left: nothing of ours locks, listens or sets for a session, so there is nothing to reset.

    (What is open is still rolled back.) Resetting would be a second trip to the server after every statement. What a pool lends
    looks at each call whether it is still lent; names of ours, which it does not know, it passes on as they are.
    """

    rows = asyncpg.Connection.fetch

    def get_reset_query(self) -> str:
        return ""

    def is_in_order(self) -> bool:
        return not (self.is_closed() or self.is_in_transaction())


def in_order(lent: Any) -> bool:
    """Whether a connection that was lent can be asked, with nothing open on it."""
    try:
        return bool(lent.is_in_order())
    except AttributeError:  # the server closed it, and the pool took it back already
        return False


def is_lost(lent: Any, fault: BaseException) -> bool:
    """Whether what was asked failed because the connection is gone."""
    return isinstance(fault, OSError) or (isinstance(fault, AttributeError) and not in_order(lent))


async def _acquainted(connection: Any) -> None:
    """What arrays of these types are, asyncpg asks once on each connection: now, for within a record it could not any more."""
    await connection.fetch(f"SELECT {', '.join(f'NULL::{one}[]' for one in TYPES)}")


class Client(_Statements, AsyncpgDBClient):
    """A pool and its shelf. A connection that the server closed is replaced when it is next asked for."""

    connection_class = Connection

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shelf: list[Any] = []
        self._together: dict[tuple[str, tuple[Any, ...]], Together] = {}
        self._waiting = 0  # lenders who found neither the shelf nor the pool with one
        self._clearing: asyncio.TimerHandle | None = None

    def _check_loop(self) -> bool:
        return True  # a process has one event loop; asking which is a system call at every statement

    async def create_pool(self, **kwargs: Any) -> asyncpg.Pool:
        return await super().create_pool(init=_acquainted, **kwargs)

    async def create_connection(self, with_db: bool) -> None:
        with _reaching(*LOST):
            await super().create_connection(with_db)

    async def _close(self) -> None:
        await self._clear_shelf()
        await super()._close()

    def ready(self) -> Any:
        """A connection of the shelf; None when one has to be waited for (``lend``)."""
        while self._shelf:
            lent = self._shelf.pop()
            if in_order(lent):
                return lent
            self._release_soon(lent)
        return None

    async def lend(self) -> Any:
        """A connection of the shelf or the pool. Raises DBConnectionError, also when none is free in time."""
        if (lent := self.ready()) is not None:
            return lent
        if self._pool is None:
            async with self._pool_init_lock:
                if self._pool is None:
                    await self.create_connection(with_db=True)
        pool = cast(asyncpg.Pool, self._pool)
        self._waiting += 1
        try:
            with _reaching(*LOST):  # watching the time costs more than a connection that is free
                return await pool.acquire(timeout=None if pool.get_idle_size() else CONNECTING)
        finally:
            self._waiting -= 1

    def together(self, statement: str, key: bytes, values: tuple[Any, ...], most: int) -> "asyncio.Future[Brought]":
        """A key's records, looked up together with those of others, ``most`` at once; the statement's first value is their keys.

        Raises DBConnectionError.
        """
        asked = self._together.get((statement, values))
        if asked is None:
            if len(self._together) >= KINDS:
                self._together = {what: one for what, one in self._together.items() if not one.is_idle}
            asked = self._together[statement, values] = Together(partial(self._records, statement, values), most)
        return asked(key)

    async def _records(self, statement: str, values: tuple[Any, ...], keys: list[bytes]) -> list[Any]:
        lent = await self.lend()
        try:
            alike = keys + keys[:1] * (ALIKE - len(keys))
            found: list[Any] = await lent.rows(statement, alike, *values)
        except BaseException as fault:
            await self.give_back(lent)
            if is_lost(lent, fault):
                raise DBConnectionError(f"PostgreSQL: {type(fault).__name__}: {fault}") from fault
            raise
        if not self.shelve(lent):
            await self.give_back(lent)
        return found

    def shelve(self, lent: Any) -> bool:
        """Take back a connection that ``lend`` brought and that is in order; False: it has to be given back."""
        if self._waiting or not in_order(lent):
            return False
        self._shelf.append(lent)
        if self._clearing is None:
            self._clearing = asyncio.get_running_loop().call_later(SHELVED, self._clear_later)
        return True

    async def give_back(self, lent: Any) -> None:
        """A connection that ``lend`` brought, in whatever state: the pool rolls back, and drops what cannot be used."""
        is_sound = in_order(lent)
        with suppress(*LOST):
            await cast(asyncpg.Pool, self._pool).release(lent)
        if not is_sound:  # what ended it may have ended others: the loop reads so before anybody is lent one
            await asyncio.sleep(0)

    def _release_soon(self, lent: Any) -> None:
        asyncio.get_running_loop().create_task(self.give_back(lent))

    def _clear_later(self) -> None:
        self._clearing = None
        while self._shelf:
            self._release_soon(self._shelf.pop())

    async def _clear_shelf(self) -> None:
        if self._clearing is not None:
            self._clearing.cancel()
            self._clearing = None
        while self._shelf:
            await self.give_back(self._shelf.pop())

    def acquire_connection(self) -> PoolConnectionWrapper[Any]:
        return _Lent(self, self._pool_init_lock)

    def _in_transaction(self) -> TransactionContext:
        return _Context(Transaction(self), self._pool_init_lock)


class Transaction(_Statements, TransactionWrapper):
    """A connection of the pool while a task has it for a transaction."""

    _parent: Any

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class _Lent(PoolConnectionWrapper[Any]):
    client: Client

    async def __aenter__(self) -> Any:
        self.connection = await self.client.lend()
        return self.connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        if exc_type is not None or not self.client.shelve(self.connection):
            await self.client.give_back(self.connection)


class _Context(TransactionContextPooled):
    client: Transaction

    async def __aenter__(self) -> TransactionalDBClient:
        self.client._connection = await self.client._parent.lend()
        try:
            await self.client.begin()
            self.token = get_connections().set(self.connection_name, self.client)
        except BaseException:
            await self._give_back()
            raise
        return self.client

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if self.client._finalized:
                pass
            elif exc_type:
                with suppress(*LOST):  # the fault that is on its way up says more
                    await self.client.rollback()
            else:
                with _reaching(OSError):
                    await self.client.commit()
        finally:
            get_connections().reset(self.token)
            await self._give_back()

    async def _give_back(self) -> None:
        """To the pool, not the shelf: a task that outlives its transaction finds the connection taken away from it."""
        await self.client._parent.give_back(self.client._connection)


client_class = Client

"""SQLite for several tasks and several processes: the engine Tortoise is told to use (its name must contain 'sqlite').

Tortoise's own begins deferred transactions, which fail as soon as two processes write; keeps its lock when BEGIN or
opening fails; and leaves a transaction open when a task is cancelled at the wrong moment. Here each step is one
function run in the connection's thread. That thread works off a queue: a cancelled step still runs, and the rollback
queued behind it runs before anything of the next task.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import Any, TypeVar

import aiosqlite
from tortoise.backends.base.client import NestedTransactionContext, TransactionalDBClient, TransactionContext
from tortoise.backends.sqlite.client import SqliteClient, SqliteTransactionContext, SqliteTransactionWrapper
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

PATIENCE = 5.0  # seconds to wait for another process's transaction, and for our own to end when closing
PRAGMAS = {
    "busy_timeout": int(PATIENCE * 1000),  # first: the next one may have to wait
    "journal_mode": "WAL",  # readers and the writer do not wait for each other
    "synchronous": "FULL",  # what was committed survives a power cut
    "foreign_keys": "ON",
    "secure_delete": "ON",  # deleted text is overwritten with zeros
    "temp_store": "MEMORY",  # sorting leaves no copy in a temporary file
    "journal_size_limit": 1_048_576,
}


class _Statements:
    """What Tortoise asks of a connection, each one trip to the thread; ``_run`` says under which lock."""

    async def _run(self, work: Work[T]) -> T:
        raise NotImplementedError

    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        return await self._run(partial(_fetch, query=query, values=values))

    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        return [dict(row) for row in (await self.execute_query(query, values))[1]]

    async def execute_insert(self, query: str, values: list[Any]) -> int | None:
        return await self._run(partial(_insert, query=query, values=values))

    async def execute_script(self, query: str) -> None:
        """Statement by statement, so that it stays inside a transaction (sqlite3's own executescript commits first)."""
        await self._run(partial(_script, script=query))


class Client(_Statements, SqliteClient):
    """One connection, shared by all tasks of a process. ``query_only="ON"`` makes it a reader."""

    def __init__(self, file_path: str, **options: Any) -> None:
        super().__init__(file_path, **(PRAGMAS | options))
        self._direct: sqlite3.Connection | None = None

    @property
    def begin_with(self) -> str:
        return "BEGIN" if "query_only" in self.pragmas else "BEGIN IMMEDIATE"

    async def create_connection(self, with_db: bool) -> None:
        await self._connected()

    async def _connected(self) -> aiosqlite.Connection:
        if self._connection is None:
            connection = aiosqlite.Connection(self._open, iter_chunk_size=64)
            connection._thread.daemon = True  # a process that fails before closing must not wait for it for ever
            self._connection = await connection
            await self._post_connect()
        return self._connection

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.filename, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            for name, value in self.pragmas.items():
                _patiently(connection, f"PRAGMA {name}={value}")
        except BaseException:
            connection.close()
            raise
        return connection

    def direct(self) -> sqlite3.Connection:
        """A connection of the event loop's own, for reads of microseconds: no trip to the thread, rows are tuples."""
        if self._direct is None:
            self._direct = self._open()
            self._direct.row_factory = None
        return self._direct

    async def close(self) -> None:
        """Close once no transaction is open, or after a few seconds anyway."""
        if self._direct is not None:
            self._direct.close()
            self._direct = None
        try:
            await asyncio.wait_for(self._lock.acquire(), PATIENCE)
        except TimeoutError:
            await super().close()
        else:
            try:
                await super().close()
            finally:
                self._lock.release()

    async def _run(self, work: Work[T]) -> T:
        async with self._lock:
            return await self._do(work)

    async def _do(self, work: Work[T]) -> T:
        try:
            return await _in_thread(await self._connected(), work)
        except sqlite3.IntegrityError as fault:
            raise IntegrityError(fault) from fault
        except sqlite3.OperationalError as fault:
            raise OperationalError(fault) from fault

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await self._run(partial(_many_at_once, query=query, values=values, begin=self.begin_with))

    def _in_transaction(self) -> TransactionContext:
        return _Context(Transaction(self), self._lock)


class Transaction(_Statements, SqliteTransactionWrapper):
    """The shared connection while one task has it for a transaction; afterwards it refuses to be used."""

    _parent: Any

    async def _run(self, work: Work[T]) -> T:
        async with self._lock:  # tasks of one transaction take turns
            if self._finalized:
                raise TransactionManagementError("This transaction is over: a task has outlived it.")
            return await self._do(partial(_inside, work=work))

    async def _do(self, work: Work[T]) -> T:
        # A nested transaction's parent is a Transaction as well; at the end of the line stands the Client.
        done: T = await self._parent._do(work)
        return done

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        await self._run(partial(_many, query=query, values=values))

    async def begin(self) -> None:
        try:
            await self._do(partial(_begin, begin=self._parent.begin_with))
        except BaseException:
            with suppress(OperationalError, asyncio.CancelledError):
                await self._do(_rollback)  # queued behind a BEGIN that is still on its way
            raise

    async def commit(self) -> None:
        await self._finish(_commit)

    async def rollback(self) -> None:
        await self._finish(_rollback)

    async def _finish(self, work: Work[None]) -> None:
        if self._finalized:
            raise TransactionManagementError("Transaction already finalised")
        self._finalized = True
        await self._do(work)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(Transaction(self))


class _Context(SqliteTransactionContext):
    """From BEGIN to COMMIT or ROLLBACK, holding the connection's lock."""

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await self.connection.begin()
            self.connection._connection = self.connection._parent._connection
            self.token = get_connections().set(self.connection_name, self.connection)
        except BaseException:
            self._trxlock.release()
            raise
        connection: TransactionalDBClient = self.connection
        return connection

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        try:
            if self.connection._finalized:
                pass
            elif exc_type:
                with suppress(OperationalError):  # the fault that is on its way up says more
                    await self.connection.rollback()
            else:
                await self.connection.commit()
        finally:
            self._trxlock.release()
            get_connections().reset(self.token)


client_class = Client


def statements(script: str) -> Iterator[str]:
    """The statements of a script, each ending with ';' at the end of a line."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement


# ---- in the connection's thread ----------------------------------------------------------------------------------


async def _in_thread(connection: aiosqlite.Connection, work: Work[T]) -> T:
    """Queue ``work``, which happens before this first waits: even if cancelled at once, it runs in its turn."""
    execute: Any = connection._execute
    done: T = await execute(work, connection._conn)
    return done


def _patiently(connection: sqlite3.Connection, statement: str) -> None:
    """Changing to WAL does not wait for the other processes that do the same: try again."""
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            connection.execute(statement).fetchall()
        except sqlite3.OperationalError as fault:
            if fault.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return


def _fetch(connection: sqlite3.Connection, query: str, values: list[Any] | None) -> tuple[int, Sequence[Any]]:
    before = connection.total_changes
    rows = connection.execute(query.replace("\x00", "'||CHAR(0)||'"), values or ()).fetchall()
    return (connection.total_changes - before) or len(rows), rows


def _insert(connection: sqlite3.Connection, query: str, values: list[Any]) -> int | None:
    cursor = connection.execute(query, values)
    cursor.fetchall()
    return cursor.lastrowid


def _script(connection: sqlite3.Connection, script: str) -> None:
    for statement in statements(script):
        connection.execute(statement).fetchall()


def _many(connection: sqlite3.Connection, query: str, values: list[list[Any]]) -> None:
    connection.executemany(query, values)


def _many_at_once(connection: sqlite3.Connection, query: str, values: list[list[Any]], begin: str) -> None:
    _begin(connection, begin)
    try:
        _many(connection, query, values)
    except BaseException:
        _rollback(connection)
        raise
    _commit(connection)


def _inside(connection: sqlite3.Connection, work: Work[T]) -> T:
    """SQLite rolls back by itself when the disk is full, say; what follows must not be committed one by one."""
    if not connection.in_transaction:
        raise sqlite3.OperationalError("the transaction was rolled back")
    return work(connection)


def _begin(connection: sqlite3.Connection, begin: str) -> None:
    connection.rollback()
    connection.execute(begin)


def _commit(connection: sqlite3.Connection) -> None:
    try:
        _inside(connection, lambda inside: inside.execute("COMMIT"))
    except BaseException:
        connection.rollback()
        raise


def _rollback(connection: sqlite3.Connection) -> None:
    connection.rollback()

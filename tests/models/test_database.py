"""The two databases as the rest of the software sees them, on SQLite and on PostgreSQL."""

import asyncio
import contextvars
import os
import signal
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, closing, suppress
from itertools import count
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tortoise.backends.base.client import TransactionalDBClient
from tortoise.connection import get_connection
from tortoise.exceptions import DBConnectionError, IntegrityError, OperationalError, TransactionManagementError

from models.database import (
    WrongDatabaseURL,
    close_databases,
    dialect,
    is_database_down,
    open_databases,
    reader,
    transaction,
    truncate_wal,
)
from models.keystore import KeystoreMark
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
NOTE = "CREATE TABLE note (id INT NOT NULL PRIMARY KEY, text VARCHAR(99));"
NUMBERS = count()
Urls = tuple[str, str]


@pytest.fixture
def sqlite_urls(tmp_path: Path) -> Urls:
    return f"sqlite:///{tmp_path}/main.sqlite", f"sqlite:///{tmp_path}/keystore.sqlite"


@pytest.fixture
def postgres_urls(postgres: Postgres) -> Iterator[Urls]:
    names = [f"database_{next(NUMBERS)}" for _ in range(2)]
    for name in names:
        postgres.create_database(name)
    yield postgres.url(names[0]), postgres.url(names[1])
    for name in names:
        postgres.drop_database(name)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest) -> Urls:
    return request.getfixturevalue(f"{request.param}_urls")


@asynccontextmanager
async def opened(urls: Urls) -> AsyncIterator[None]:
    await open_databases(*urls)
    try:
        for name in ("default", "keystore"):
            await get_connection(name).execute_script(NOTE)
        yield
    finally:
        await close_databases()


@pytest.fixture
async def databases(urls: Urls) -> AsyncIterator[None]:
    async with opened(urls):
        yield


@pytest.fixture
async def on_sqlite(sqlite_urls: Urls) -> AsyncIterator[None]:
    async with opened(sqlite_urls):
        yield


async def insert(number: int, *, into: Any = None) -> None:
    await (into or get_connection("default")).execute_query(f"INSERT INTO note VALUES ({number}, 'text')")


async def notes(connection: Any = None) -> list[int]:
    rows = await (connection or get_connection("default")).execute_query_dict("SELECT id FROM note ORDER BY id")
    return [row["id"] for row in rows]


def raw(connection: str = "default") -> sqlite3.Connection:
    """The connection under Tortoise's; only attributes may be asked from this thread."""
    return get_connection(connection)._connection._conn  # type: ignore[attr-defined,no-any-return]


# ---- URLs ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "octopus.sqlite",
        "mysql://user:s3cret@host/db",
        "sqlite://main.sqlite",
        "sqlite:///",
        "sqlite:///:memory:",
        "sqlite:///main.sqlite?journal_mode=DELETE",
        "postgres://user:s3cret@host",
        "postgres://user:s3cret@host:port/db",
        "postgres://user:s3cret#@host/db",
        "postgres://user:s3cret@host/db?minsize=5&maxsize=2",
        "postgres://user:s3cret@host/db?maxsize=many",
        "postgres://user:s3cret@host/db?colour=red",
        "postgres://user:s3cret@host/db?sslmode=maybe",
    ],
)
async def test_a_wrong_url_is_refused_in_one_sentence(url: str) -> None:
    """It says what is wrong and never shows the password."""
    with pytest.raises(WrongDatabaseURL) as refused:
        await open_databases(url, "sqlite:///keystore.sqlite")
    assert "s3cret" not in str(refused.value)
    assert "\n" not in str(refused.value)
    assert isinstance(refused.value, ValueError)


@pytest.mark.asvs("15.2.5")
async def test_the_keystore_is_a_database_of_its_own() -> None:
    """The same URL twice would put the keys where the rows are."""
    with pytest.raises(WrongDatabaseURL):
        await open_databases("sqlite:///one.sqlite", "sqlite:///one.sqlite")


async def test_urls_may_be_percent_encoded(tmp_path: Path) -> None:
    """A password with every sign, a folder with a blank."""
    (tmp_path / "my data").mkdir()
    await open_databases(
        f"sqlite:///{tmp_path}/my%20data/main.sqlite", "postgres://a%40b:p%2Fw%3A%23@[::1]:5433/db?minsize=2&maxsize=3"
    )
    assert (await get_connection("default").execute_query_dict("SELECT 1 AS one"))[0]["one"] == 1
    assert (tmp_path / "my data" / "main.sqlite").exists()
    keystore: Any = get_connection("keystore")
    assert (keystore.user, keystore.password, keystore.host, keystore.port) == ("a@b", "p/w:#", "::1", 5433)
    assert (keystore.database, keystore.pool_minsize, keystore.pool_maxsize) == ("db", 2, 3)
    assert (dialect(), dialect("keystore")) == ("sqlite", "postgres")
    await close_databases()


async def test_a_relative_path_is_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slashes: from the working folder."""
    monkeypatch.chdir(tmp_path)
    await open_databases("sqlite:///main.sqlite", "sqlite:///keystore.sqlite")
    await get_connection("default").execute_query("SELECT 1")
    await close_databases()
    assert (tmp_path / "main.sqlite").exists()


# ---- opening, closing, sharing -------------------------------------------------------------------------------------


async def test_other_tasks_see_the_databases(urls: Urls) -> None:
    """A server's requests are not children of the task that opened them."""
    await open_databases(*urls, global_fallback=True)

    async def request() -> Any:
        async with transaction() as connection:
            return (await connection.execute_query_dict("SELECT 41 + 1 AS answer"))[0]["answer"]

    stranger = asyncio.create_task(request(), context=contextvars.Context())
    assert await stranger == 42
    await asyncio.create_task(close_databases(), context=contextvars.Context())
    await open_databases(*urls, global_fallback=True)
    assert await request() == 42
    await close_databases()


@pytest.mark.postgres
async def test_one_database_after_the_other_in_one_process(sqlite_urls: Urls, postgres_urls: Urls) -> None:
    """Statements remembered for SQLite are not said to PostgreSQL, nor the other way round."""
    for urls in (sqlite_urls, postgres_urls, sqlite_urls, postgres_urls):
        await open_databases(*urls)
        keystore = get_connection("keystore")
        await keystore.execute_script("DROP TABLE IF EXISTS keystore_mark;")
        binary = "BYTEA" if dialect("keystore") == "postgres" else "BLOB"
        await keystore.execute_script(f"CREATE TABLE keystore_mark (id INT PRIMARY KEY, mark {binary} NOT NULL);")
        await KeystoreMark.create(id=1, mark=b"1")
        await KeystoreMark.filter(id=1).update(mark=b"2")
        assert bytes((await KeystoreMark.get(id=1)).mark) == b"2"
        await close_databases()


async def test_closing_twice_or_unopened_is_nothing() -> None:
    """A failed start may close what it never opened."""
    await close_databases()
    await close_databases()


async def test_closing_waits_for_an_open_transaction(urls: Urls) -> None:
    """What was begun is committed."""
    await open_databases(*urls)
    await get_connection("default").execute_script(NOTE)
    begun = asyncio.Event()

    async def write() -> None:
        async with transaction() as connection:
            begun.set()
            await asyncio.sleep(0.1)
            await insert(1, into=connection)

    writing = asyncio.create_task(write())
    await begun.wait()
    await close_databases()
    await writing
    await open_databases(*urls)
    assert await notes() == [1]
    await close_databases()


# ---- transactions --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("databases")
async def test_a_transaction_is_whole_or_not_at_all() -> None:
    """A savepoint inside it can fail by itself."""
    with pytest.raises(ZeroDivisionError):  # noqa: PT012
        async with transaction() as connection:
            await insert(1, into=connection)
            raise ZeroDivisionError
    async with transaction() as connection:
        await insert(2)
        with pytest.raises(IntegrityError):  # noqa: PT012
            async with transaction():
                await insert(3)
                await insert(2)
        async with transaction() as inner:
            await insert(4, into=inner)
        assert await notes(connection) == [2, 4]
    assert await notes() == [2, 4]


@pytest.mark.parametrize(("outer", "inner"), [("default", "keystore"), ("keystore", "default")])
@pytest.mark.usefixtures("databases")
async def test_the_two_databases_transactions_are_never_nested(outer: Any, inner: Any) -> None:
    """Neither order survives a crash between the commits."""
    async with transaction(outer):
        with pytest.raises(RuntimeError, match="commit that one first"):
            async with transaction(inner):
                pass
    async with transaction(inner):
        pass


@pytest.mark.usefixtures("databases")
async def test_reads_inside_a_transaction_see_what_it_wrote() -> None:
    """Outside, they have a connection that cannot write (SQLite) or the pool (PostgreSQL)."""
    async with transaction() as connection:
        await insert(1, into=connection)
        assert reader() is connection
        assert await notes(reader()) == [1]
    assert not isinstance(reader(), TransactionalDBClient)
    assert await notes(reader()) == [1]
    if dialect() == "sqlite":
        with pytest.raises(OperationalError, match="readonly") as refused:
            await insert(2, into=reader())
        assert not is_database_down(refused.value)


@pytest.mark.usefixtures("databases")
async def test_a_reader_does_not_wait_for_a_writer() -> None:
    """An open transaction holds nobody up who only reads."""
    await insert(1)
    begun, finish = asyncio.Event(), asyncio.Event()

    async def write() -> None:
        async with transaction() as connection:
            await insert(2, into=connection)
            begun.set()
            await finish.wait()

    writing = asyncio.create_task(write())
    await begun.wait()
    assert await asyncio.wait_for(notes(reader()), 1) == [1]
    finish.set()
    await writing
    assert await notes(reader()) == [1, 2]


@pytest.mark.usefixtures("databases")
async def test_a_task_that_outlives_its_transaction_is_refused() -> None:
    """It must not write into the next one."""
    ended = asyncio.Event()

    async def late() -> None:
        await ended.wait()
        await insert(1)

    async with transaction():
        straggler = asyncio.create_task(late())
    async with transaction():
        ended.set()
        with pytest.raises((TransactionManagementError, asyncpg.InterfaceError)) as refused:
            await straggler
    assert not is_database_down(refused.value)
    assert await notes() == []


@pytest.mark.usefixtures("databases")
async def test_many_rows_at_once_are_whole_or_not_at_all() -> None:
    """Both outside a transaction and inside one."""
    placeholders = "$1, $2" if dialect() == "postgres" else "?, ?"
    statement, rows = f"INSERT INTO note VALUES ({placeholders})", [[1, "a"], [2, "b"], [1, "c"]]
    with pytest.raises(IntegrityError):
        await get_connection("default").execute_many(statement, rows)
    with pytest.raises(IntegrityError):
        async with transaction() as connection:
            await connection.execute_many(statement, rows)
    assert await notes() == []
    await get_connection("default").execute_many(statement, rows[:2])
    assert await notes() == [1, 2]


# ---- cancelled anywhere --------------------------------------------------------------------------------------------


async def _write_pair(number: int) -> None:
    async with transaction() as connection:
        await insert(number, into=connection)
        async with transaction():
            await insert(number + 1)


async def _write_many(number: int) -> None:
    placeholders = "$1, $2" if dialect() == "postgres" else "?, ?"
    statement = f"INSERT INTO note VALUES ({placeholders})"
    await get_connection("default").execute_many(statement, [[number, "a"], [number + 1, "b"]])


@pytest.mark.parametrize("write", [_write_pair, _write_many])
async def test_cancelled_anywhere_nothing_stays_open(write: Callable[[int], Awaitable[None]], urls: Urls) -> None:
    """At each await: the next transaction begins at once, and a pair of rows is there or is not."""
    if urls[0].startswith("postgres"):
        urls = (f"{urls[0]}?maxsize=1", urls[1])
    async with opened(urls):
        await insert(-1)  # connected
        cancelled = 0
        for pause in range(120):
            task = asyncio.ensure_future(write(10 * pause))
            for _ in range(pause % 60):
                await asyncio.sleep(0.0002 if pause >= 60 else 0)
            task.cancel()
            if pause % 3 == 0:
                await asyncio.sleep(0)
                task.cancel()  # while it cleans up
            with suppress(asyncio.CancelledError):
                await task
            cancelled += task.cancelled()
            async with asyncio.timeout(5):
                await insert(10 * pause + 5)
            if dialect() == "sqlite":
                assert not raw().in_transaction
        there = set(await notes())
        for pause in range(120):
            assert 10 * pause + 5 in there
            assert (10 * pause in there) == (10 * pause + 1 in there)
        assert cancelled >= 3  # how many are caught in the middle depends on how fast a write is


async def test_a_cancelled_begin_leaves_no_transaction(on_sqlite: None, sqlite_urls: Urls) -> None:
    """The BEGIN that waits for another process runs in its turn, and is rolled back before anything else."""
    await insert(1)
    with closing(sqlite3.connect(sqlite_urls[0].removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        waiting = asyncio.create_task(_write_pair(2))
        await asyncio.sleep(0.1)
        for _ in range(2):
            waiting.cancel()
            await asyncio.sleep(0)
        behind = asyncio.create_task(insert(9))
        await asyncio.sleep(0.1)
        other.execute("COMMIT")
    await asyncio.wait_for(behind, 2)
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await notes() == [1, 9]
    assert not raw().in_transaction


async def test_a_failed_begin_releases_its_lock(on_sqlite: None, sqlite_urls: Urls) -> None:
    """While another process writes for too long, each request fails alone; afterwards all is well."""
    await get_connection("default").execute_query("PRAGMA busy_timeout=50")
    with closing(sqlite3.connect(sqlite_urls[0].removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        for _ in range(3):
            async with asyncio.timeout(2):
                with pytest.raises(OperationalError, match="locked") as refused:
                    await _write_pair(1)
                assert is_database_down(refused.value)
                with pytest.raises(OperationalError, match="locked"):
                    await _write_many(1)
        other.execute("ROLLBACK")
    await asyncio.wait_for(_write_pair(1), 2)
    assert await notes() == [1, 2]


async def test_a_file_that_cannot_be_opened_is_tried_again(tmp_path: Path) -> None:
    """The lock is free afterwards, and the first request that can open it does."""
    urls = f"sqlite:///{tmp_path}/gone/main.sqlite", f"sqlite:///{tmp_path}/gone/keystore.sqlite"
    await open_databases(*urls)
    for _ in range(2):
        async with asyncio.timeout(2):
            with pytest.raises(OperationalError) as refused:
                await get_connection("default").execute_query("SELECT 1")
            assert is_database_down(refused.value)
            with pytest.raises(OperationalError):
                await _write_pair(1)
    (tmp_path / "gone").mkdir()
    async with asyncio.timeout(2):
        await get_connection("default").execute_script(NOTE)
        await _write_pair(1)
    assert await notes(reader()) == [1, 2]
    await close_databases()


@pytest.mark.usefixtures("on_sqlite")
async def test_a_transaction_that_sqlite_rolled_back_is_not_committed_in_part() -> None:
    """SQLite ends a transaction by itself when the disk is full, say."""
    with pytest.raises(OperationalError, match="was rolled back") as refused:  # noqa: PT012
        async with transaction() as connection:
            await insert(1, into=connection)
            await connection.execute_query("ROLLBACK")
            await insert(2, into=connection)
    assert is_database_down(refused.value)
    with pytest.raises(OperationalError, match="was rolled back"):  # noqa: PT012
        async with transaction() as connection:
            await insert(3, into=connection)
            await connection.execute_query("ROLLBACK")
    assert await notes() == []


# ---- several processes, and what is left in the file ---------------------------------------------------------------

WRITER = """
import asyncio, sys
from models.database import open_databases, close_databases, transaction

async def main():
    await open_databases(sys.argv[1], sys.argv[2])
    async with transaction() as c:
        await c.execute_query("CREATE TABLE IF NOT EXISTS counter (n INT)")
        if not (await c.execute_query("SELECT n FROM counter"))[0]:
            await c.execute_query("INSERT INTO counter VALUES (0)")
    for _ in range(400):
        async with transaction() as c:
            n = (await c.execute_query_dict("SELECT n FROM counter"))[0]["n"]
            await c.execute_query("UPDATE counter SET n = ?", [n + 1])
    await close_databases()

asyncio.run(main())
"""


@pytest.mark.slow
async def test_three_processes_share_a_file(sqlite_urls: Urls) -> None:
    """They open a new file at the same moment, and none of their 1,200 read-modify-writes is lost or refused."""
    command = [sys.executable, "-c", WRITER, *sqlite_urls]
    pipe = asyncio.subprocess.PIPE
    writers = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=pipe) for _ in range(3)]
    for writer in writers:
        _, errors = await writer.communicate()
        assert writer.returncode == 0, errors.decode()
    await open_databases(*sqlite_urls)
    assert await get_connection("default").execute_query_dict("SELECT n FROM counter") == [{"n": 1200}]
    await close_databases()


FAILS = """
import asyncio, sys
from models.database import open_databases, transaction

async def main():
    await open_databases(sys.argv[1], sys.argv[2])
    async with transaction():
        raise SystemExit(7)

asyncio.run(main())
"""


async def test_a_process_that_fails_before_closing_ends(urls: Urls) -> None:
    """It does not hang on its connection's thread."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", FAILS, *urls, cwd=ROOT)
    assert await asyncio.wait_for(process.wait(), 20) == 7


async def test_deleted_text_is_gone_from_the_files(on_sqlite: None, sqlite_urls: Urls) -> None:
    """Zeros in the file, and an empty write-ahead log, once nobody reads."""
    file = Path(sqlite_urls[0].removeprefix("sqlite:///"))
    log = file.with_name(file.name + "-wal")
    text = "Anna Bērziņa, Brīvības iela 1"
    await get_connection("default").execute_query("INSERT INTO note VALUES (1, ?)", [text])
    assert len(await notes(reader())) == 1
    await get_connection("default").execute_query("DELETE FROM note")
    assert await notes(reader()) == []
    assert text.encode() in log.read_bytes()
    assert await truncate_wal("default")
    assert log.stat().st_size == 0
    assert text.encode() not in file.read_bytes()
    assert await truncate_wal("keystore")


async def test_a_log_that_somebody_reads_is_not_empty(on_sqlite: None, sqlite_urls: Urls) -> None:
    """Then the answer is False, and later True."""
    await get_connection("default").execute_query("PRAGMA busy_timeout=50")
    await insert(1)
    with closing(sqlite3.connect(sqlite_urls[0].removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM note").fetchall()
        await insert(2)
        assert not await truncate_wal("default")
        other.execute("COMMIT")
        assert await truncate_wal("default")


@pytest.mark.usefixtures("databases")
async def test_truncating_is_no_part_of_a_transaction() -> None:
    """PostgreSQL has nothing of the kind to do."""
    assert await truncate_wal("default")
    if dialect() == "sqlite":
        async with transaction():
            with pytest.raises(RuntimeError):
                await truncate_wal("default")


@pytest.mark.usefixtures("on_sqlite")
async def test_the_pragmas_are_in_force() -> None:
    """On all three connections; only the reader cannot write."""
    for name in ("default", "reader", "keystore"):

        async def ask(pragma: str, name: str = name) -> Any:
            return next(iter((await get_connection(name).execute_query_dict(f"PRAGMA {pragma}"))[0].values()))

        assert await ask("journal_mode") == "wal"
        wanted = {"foreign_keys": 1, "secure_delete": 1, "synchronous": 2, "busy_timeout": 5000, "temp_store": 2}
        wanted |= {"journal_size_limit": 1_048_576, "query_only": int(name == "reader")}
        assert {pragma: await ask(pragma) for pragma in wanted} == wanted


# ---- down ----------------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.slow
async def test_connections_come_back_after_the_server_did(postgres: Postgres, postgres_urls: Urls) -> None:
    """Killed and started again: every fault meanwhile says 'down', and the first request afterwards is served."""
    async with opened((f"{postgres_urls[0]}?minsize=3&maxsize=3", postgres_urls[1])):
        await insert(1)
        postgres.kill()
        try:
            for ask in (lambda: insert(2), lambda: _write_pair(3), lambda: notes(reader()), lambda: insert(4)):
                async with asyncio.timeout(8):
                    with pytest.raises(Exception) as refused:  # noqa: PT011
                        await ask()
                assert is_database_down(refused.value), repr(refused.value)
        finally:
            postgres.start()
        await asyncio.gather(*(_write_pair(number) for number in range(10, 100, 10)))
        assert len(await notes()) == 19
        assert await notes(get_connection("keystore")) == []

        with pytest.raises(Exception) as refused:  # noqa: PT011, PT012
            async with transaction() as connection:
                await insert(200, into=connection)
                postgres.kill()
                postgres.start()
                await insert(201, into=connection)
        assert is_database_down(refused.value), repr(refused.value)
        assert len(await notes()) == 19


@pytest.mark.postgres
async def test_connections_whose_server_process_died_with_another_are_not_lent(
    postgres: Postgres, postgres_urls: Urls
) -> None:
    """One is killed, so PostgreSQL ends them all: to the others it says so first, and only then closes them."""
    async with opened((f"{postgres_urls[0]}?minsize=3&maxsize=3", postgres_urls[1])):
        await asyncio.gather(*(insert(number) for number in range(3)))
        for number in range(10, 15):
            with pytest.raises(Exception) as refused:  # noqa: PT011, PT012
                async with transaction() as connection:
                    [process] = await connection.execute_query_dict("SELECT pg_backend_pid() AS id")
                    os.kill(process["id"], signal.SIGKILL)
                    time.sleep(0.5)  # noqa: ASYNC251  # what the server says meanwhile, nobody has read
                    await insert(number, into=connection)
            assert is_database_down(refused.value), repr(refused.value)
            assert len(await notes()) == 3


@pytest.mark.postgres
async def test_a_server_that_is_not_there_says_so(postgres: Postgres) -> None:
    """Opening asks nobody; the first statement fails, and so does each later one, at once."""
    for url in ("postgres://octopus@127.0.0.1:1/nowhere", postgres.url("no_such_database")):
        await open_databases(url, "sqlite:///unused.sqlite")
        for _ in range(2):
            with pytest.raises(DBConnectionError) as refused:
                await asyncio.wait_for(get_connection("default").execute_query("SELECT 1"), 5)
            assert is_database_down(refused.value)
        await close_databases()


@pytest.mark.asvs("13.2.6")
@pytest.mark.postgres
async def test_no_free_connection_is_down(postgres_urls: Urls, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request waits for a connection of the pool, but not for ever; then the pool is whole again."""
    monkeypatch.setattr("models.database.CONNECTING", 0.2)
    begun, finish = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            begun.set()
            await finish.wait()

    async with opened((f"{postgres_urls[0]}?minsize=0&maxsize=1", postgres_urls[1])):
        holding = asyncio.create_task(hold())
        await begun.wait()
        for ask in (notes, lambda: _write_pair(1)):
            with pytest.raises(DBConnectionError) as refused:
                await ask()
            assert is_database_down(refused.value)
        finish.set()
        await holding
        await _write_pair(1)
        assert await notes() == [1, 2]


def _caused(outer: Exception, inner: Exception) -> Exception:
    outer.__cause__ = inner
    return outer


@pytest.mark.parametrize(
    ("fault", "down"),
    [
        (asyncpg.ConnectionDoesNotExistError(), True),
        (asyncpg.CannotConnectNowError(), True),
        (asyncpg.AdminShutdownError(), True),
        (asyncpg.DiskFullError(), True),
        (asyncpg.TooManyConnectionsError(), True),
        (asyncpg.InterfaceError("connection is closed"), True),
        (asyncpg.InterfaceError("pool is closing"), True),
        (DBConnectionError("PostgreSQL: ConnectionRefusedError"), True),
        (OperationalError(sqlite3.OperationalError("database is locked")), True),
        (sqlite3.OperationalError("unable to open database file"), True),
        (sqlite3.OperationalError("disk I/O error"), True),
        (sqlite3.OperationalError("database or disk is full"), True),
        (sqlite3.DatabaseError("file is not a database"), True),
        (_caused(LookupError("vault"), asyncpg.AdminShutdownError()), True),
        (ExceptionGroup("tasks", [KeyError(), asyncpg.AdminShutdownError()]), True),
        (OperationalError(sqlite3.OperationalError("no such table: customer")), False),
        (sqlite3.OperationalError("database table is locked"), False),
        (IntegrityError("UNIQUE constraint failed"), False),
        (asyncpg.UndefinedTableError(), False),
        (asyncpg.InterfaceError("cannot perform operation: another operation is in progress"), False),
        (ConnectionRefusedError("the mail server's"), False),
        (FileNotFoundError("an archive"), False),
        (ValueError("database is locked"), False),
        (KeyError("default"), False),
    ],
)
def test_down_is_told_from_a_mistake(fault: Exception, down: bool) -> None:
    """503 and try later, or a fault of ours."""
    assert is_database_down(fault) is down


def test_a_ring_of_causes_ends() -> None:
    """Whatever somebody chained."""
    one, two = KeyError(), ValueError()
    one.__context__, two.__context__ = two, one
    assert not is_database_down(one)

"""The two databases: opened, closed, asked, and told apart from a mistake of ours when they are down.

``default`` is the main database, ``keystore`` the second one. The main one has other connections beside: ``reader`` (SQLite
only) cannot write, ``eraser`` (PostgreSQL only) asks no foreign key. SQLite is one file per database; PostgreSQL has a pool per
database and process.
"""

import logging
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any, Literal
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

import asyncpg
from tortoise import Tortoise
from tortoise.backends.base.client import BaseDBAsyncClient, TransactionalDBClient
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.connection import get_connection, get_connections
from tortoise.context import get_current_context
from tortoise.exceptions import DBConnectionError
from tortoise.transactions import in_transaction

from models.postgres_engine import CONNECTING

Name = Literal["default", "keystore"]
Dialect = Literal["sqlite", "postgres"]

SHAPES = "sqlite:///path/of/file or postgres://user:password@host:port/database?minsize=1&maxsize=16"
APPS = {
    "models": {"models": ["models.tables"], "default_connection": "default"},
    "keystore": {"models": ["models.keystore"], "default_connection": "keystore"},
}
STATEMENTS = 400  # prepared on each connection: about one for each trusted document
ANSWERING = 10.0  # seconds until a statement is given up; the server ends it a second before
SERVER = {
    "application_name": "octopus",
    "statement_timeout": "9000",
    "idle_in_transaction_session_timeout": "60000",
    "timezone": "UTC",
}
ERASING = {"session_replication_role": "replica", "enable_seqscan": "off"}
"""No foreign key asks, and what goes is found by indexes, whatever was counted when the tables were smaller."""
SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")


class WrongDatabaseURL(ValueError):
    """A database URL that cannot be used; the message says why, and never the password."""


# ---- opening and closing -----------------------------------------------------------------------------------------


async def open_databases(main_url: str, keystore_url: str, *, global_fallback: bool = False) -> None:
    """Make both databases known to the models; each is connected to when first asked, again whenever it was lost.

    URLs: ``sqlite:///relative/path``, ``sqlite:////absolute/path`` or
    ``postgres://user:password@host:port/database?minsize=1&maxsize=16&sslmode=prefer``, percent-encoded where needed.
    ``global_fallback``: tasks that this one did not start see them as well (a server's requests); once per process.
    Raises WrongDatabaseURL.
    """
    if main_url == keystore_url:
        raise WrongDatabaseURL("The keystore must be a database of its own, not the main one.")
    main = _configuration(main_url)
    connections = {"default": main, "keystore": _configuration(keystore_url)}
    if main["engine"] == "models.sqlite_engine":
        reading = {**main["credentials"], "query_only": "ON"}
        connections["reader"] = {"engine": main["engine"], "credentials": reading}
    else:
        erasing = {"server_settings": SERVER | ERASING, "minsize": 0, "maxsize": 1}
        connections["eraser"] = {"engine": main["engine"], "credentials": main["credentials"] | erasing}
    for library in ("tortoise", "asyncpg", "aiosqlite"):
        logging.getLogger(library).setLevel(logging.INFO)  # at DEBUG they write every value
    EXECUTOR_CACHE.clear()  # its statements are of whichever dialect was open before
    config = {"connections": connections, "apps": APPS}
    await Tortoise.init(config=config, _enable_global_fallback=global_fallback)


async def close_databases() -> None:
    """Close every connection; waits a few seconds for transactions that are still open."""
    context = get_current_context()
    if context is not None:
        try:
            await context.close_connections()
        finally:
            EXECUTOR_CACHE.clear()


def _configuration(url: str) -> dict[str, Any]:
    """A URL as Tortoise's engine and credentials."""
    try:
        parts = urlsplit(url)
        options = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise WrongDatabaseURL(f"A database URL must look like {SHAPES}; percent-encode a password's signs.") from None
    if parts.scheme == "sqlite":
        return {"engine": "models.sqlite_engine", "credentials": {"file_path": _file(parts)}}
    if parts.scheme not in ("postgres", "postgresql"):
        raise WrongDatabaseURL(f"A database URL must look like {SHAPES}; this one begins with '{parts.scheme}:'.")
    database = unquote(parts.path.removeprefix("/"))
    if not parts.hostname or not database or "/" in database or parts.fragment:
        raise WrongDatabaseURL(f"A PostgreSQL URL names host and database, as in {SHAPES}.")
    credentials = {
        "host": unquote(parts.hostname),
        "port": port or 5432,
        "user": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
        "database": database,
    }
    return {"engine": "models.postgres_engine", "credentials": credentials | _pool(options)}


def _file(parts: SplitResult) -> str:
    path = unquote(parts.path.removeprefix("/"))
    if parts.netloc or not path or path == ":memory:" or parts.query or parts.fragment:
        raise WrongDatabaseURL("A SQLite URL names one file: sqlite:///relative/path or sqlite:////absolute/path.")
    return path


def _pool(options: dict[str, str]) -> dict[str, Any]:
    known = {"minsize": "1", "maxsize": "16", "sslmode": "prefer"}
    if unknown := sorted(options.keys() - known):
        raise WrongDatabaseURL(f"A PostgreSQL URL takes {', '.join(known)}, but not {', '.join(unknown)}.")
    minsize, maxsize, ssl = (known | options).values()
    if not (minsize.isdecimal() and maxsize.isdecimal() and int(minsize) <= int(maxsize) and int(maxsize)):
        raise WrongDatabaseURL("A PostgreSQL URL's minsize and maxsize are whole numbers, minsize not above maxsize.")
    if ssl not in SSL_MODES:
        raise WrongDatabaseURL(f"A PostgreSQL URL's sslmode is one of {', '.join(SSL_MODES)}.")
    return {
        "minsize": int(minsize),
        "maxsize": int(maxsize),
        "ssl": ssl,
        "timeout": CONNECTING,
        "command_timeout": ANSWERING,
        "statement_cache_size": STATEMENTS,
        "server_settings": SERVER,
    }


# ---- asking ------------------------------------------------------------------------------------------------------


@asynccontextmanager
async def transaction(name: Name | Literal["eraser"] = "default") -> AsyncIterator[BaseDBAsyncClient]:
    """One transaction; inside another of the same database, a savepoint. The two databases' are never nested."""
    other: Name = "default" if name == "keystore" else "keystore"
    if isinstance(get_connection(other), TransactionalDBClient):
        raise RuntimeError(f"A transaction of '{name}' inside one of '{other}': commit that one first.")
    async with in_transaction(name) as connection:
        yield connection


def reader() -> BaseDBAsyncClient:
    """The connection to read the main database with, as in ``.using_db(reader())``; inside a transaction, that one."""
    current = get_connection("default")
    if isinstance(current, TransactionalDBClient) or dialect() == "postgres":
        return current
    return get_connection("reader")


def dialect(name: Name = "default") -> Dialect:
    """Which of the two a database is."""
    return "postgres" if get_connection(name).capabilities.dialect == "postgres" else "sqlite"


@asynccontextmanager
async def own_connection(name: Name) -> AsyncIterator[BaseDBAsyncClient]:
    """A connection beside the shared ones, without time limits and, on SQLite, without foreign keys: for migrations."""
    connections = get_connections()
    info = connections.db_config[name]
    options: dict[str, Any] = {"busy_timeout": 3_600_000, "foreign_keys": "OFF"}
    if dialect(name) == "postgres":
        settings = SERVER | {"statement_timeout": "0", "idle_in_transaction_session_timeout": "0"}
        options = {"command_timeout": None, "server_settings": settings, "minsize": 0, "maxsize": 1}
    client = connections._discover_client_class(info)(
        **{**info["credentials"], **options, "connection_name": f"{name}, alone"}
    )
    try:
        yield client
    finally:
        await client.close()


async def truncate_wal(name: Name) -> bool:
    """Empty SQLite's write-ahead log, which still holds deleted text. False if a reader kept it: try again later."""
    if dialect(name) == "postgres":
        return True
    connection = get_connection(name)
    if isinstance(connection, TransactionalDBClient):
        raise RuntimeError("The write-ahead log cannot be emptied inside a transaction.")
    rows = await connection.execute_query_dict("PRAGMA wal_checkpoint(TRUNCATE)")
    return bool(rows[0]["busy"] == 0)


# ---- down, or a mistake of ours? ---------------------------------------------------------------------------------

DOWN = (
    DBConnectionError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shutting down, starting up, statement timed out
    asyncpg.InsufficientResourcesError,  # disk full, out of memory, too many connections
    asyncpg.PostgresSystemError,  # its disk fails
    asyncpg.ReadOnlySQLTransactionError,  # it has become the standby
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InternalClientError,  # killed in the middle of an answer
)
DOWN_IN_WORDS = re.compile(
    r"(connection|pool) is clos|unable to open database file|database is locked|locking protocol|disk I/O error"
    r"|database or disk is full|database disk image is malformed|file is not a database|^out of memory"
    r"|^the transaction was rolled back"
)
SPEAKERS = ("asyncpg", "sqlite3", "tortoise")


def is_database_down(exc: BaseException) -> bool:
    """Whether a database cannot be reached or cannot work (answer 503, try later), rather than being used wrongly."""
    return any(isinstance(fault, DOWN) or _says_down(fault) for fault in _behind(exc, set()))


def _says_down(fault: BaseException) -> bool:
    words = " ".join(map(str, fault.args))
    return type(fault).__module__.startswith(SPEAKERS) and DOWN_IN_WORDS.search(words) is not None


def _behind(exc: BaseException | None, seen: set[int]) -> Iterator[BaseException]:
    """The exception and all that led to it."""
    if exc is not None and id(exc) not in seen:
        seen.add(id(exc))
        yield exc
        yield from _behind(exc.__cause__, seen)
        yield from _behind(exc.__context__, seen)
        if isinstance(exc, BaseExceptionGroup):
            for part in exc.exceptions:
                yield from _behind(part, seen)

"""Apply what is pending, one run at a time; killed anywhere, nothing is half done and the next run goes on."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import get_args

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection

from models.database import Dialect, Name, dialect, own_connection

HERE = Path(__file__).parent
FOLDERS: dict[Name, str] = {"default": "main", "keystore": "keystore"}
LOCK = 0x6F63_746F_7075_7331  # 'octopus1'
MARKS = {
    "sqlite": "CREATE TABLE IF NOT EXISTS schema_migration "
    "(name VARCHAR(80) NOT NULL PRIMARY KEY, sha256 CHAR(64) NOT NULL, applied_at TIMESTAMP NOT NULL)",
    "postgres": "CREATE TABLE IF NOT EXISTS schema_migration "
    "(name VARCHAR(80) NOT NULL PRIMARY KEY, sha256 CHAR(64) NOT NULL, applied_at TIMESTAMPTZ NOT NULL)",
}
HAS_MARKS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE name = 'schema_migration'",
    "postgres": "SELECT 1 WHERE to_regclass('schema_migration') IS NOT NULL",
}


class SchemaTooNew(Exception):
    """The database has a migration that this version does not know: a newer version has been here."""


class MigrationChanged(Exception):
    """A migration that was applied is not the one at hand, or one was slipped in before it."""


class ReferencesBroken(Exception):
    """A migration left rows that refer to nothing; it was rolled back."""


@dataclass(frozen=True)
class Migration:
    """One file. ``name`` is its folder and name without the dialect: ``main/0001_initial``."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.sql.encode()).hexdigest()


async def migrate(now: datetime, progress: Callable[[str], None] | None = None, *, folder: Path = HERE) -> list[str]:
    """Bring both databases up to date; the names applied, each told to ``progress`` before it begins.

    Raises SchemaTooNew, MigrationChanged, ReferencesBroken; what was applied before stays.
    """
    applied = []
    for database in get_args(Name):
        async with own_connection(database) as connection:
            while name := await _step(connection, database, now, progress, folder):
                applied.append(name)
    return applied


async def pending(*, folder: Path = HERE) -> list[str]:
    """What ``migrate`` would apply; changes nothing. Raises SchemaTooNew, MigrationChanged."""
    waiting = []
    for database in get_args(Name):
        kind = dialect(database)
        connection = get_connection(database)
        has_marks, _ = await connection.execute_query(HAS_MARKS[kind])
        marks = await _marks(connection) if has_marks else {}
        waiting += [migration.name for migration in _remaining(_shipped(database, kind, folder), marks)]
    return waiting


async def _step(
    alone: BaseDBAsyncClient,
    database: Name,
    now: datetime,
    progress: Callable[[str], None] | None,
    folder: Path,
) -> str | None:
    """Apply the next migration and mark it, in one transaction that no other run can enter; None if there is none."""
    kind = dialect(database)
    async with alone._in_transaction() as connection:
        if kind == "postgres":  # SQLite's BEGIN IMMEDIATE has the lock already
            await connection.execute_query("SELECT pg_advisory_xact_lock($1)", [LOCK])
        await connection.execute_query(MARKS[kind])
        remaining = _remaining(_shipped(database, kind, folder), await _marks(connection))
        if not remaining:
            return None
        migration = remaining[0]
        if progress:
            progress(migration.name)
        await connection.execute_script(migration.sql)
        if kind == "sqlite":
            broken, rows = await connection.execute_query("PRAGMA foreign_key_check")
            if broken:
                tables = ", ".join(sorted({row["table"] for row in rows}))
                raise ReferencesBroken(f"{migration.name} leaves rows of {tables} that refer to nothing.")
        places = "?, ?, ?" if kind == "sqlite" else "$1, $2, $3"
        await connection.execute_query(
            f"INSERT INTO schema_migration (name, sha256, applied_at) VALUES ({places})",  # noqa: S608
            [migration.name, migration.sha256, now.isoformat(" ") if kind == "sqlite" else now],
        )
    return migration.name


def _shipped(database: Name, kind: Dialect, folder: Path) -> list[Migration]:
    room = FOLDERS[database]
    files = sorted((folder / room).glob(f"*.{kind}.sql"))
    return [Migration(f"{room}/{file.name.split('.')[0]}", file.read_text(encoding="utf-8")) for file in files]


async def _marks(connection: BaseDBAsyncClient) -> dict[str, str]:
    rows = await connection.execute_query_dict("SELECT name, sha256 FROM schema_migration ORDER BY name")
    return {row["name"]: row["sha256"] for row in rows}


def _remaining(shipped: list[Migration], marks: dict[str, str]) -> list[Migration]:
    """What is still to do after what was done."""
    if newer := sorted(marks.keys() - {migration.name for migration in shipped}):
        raise SchemaTooNew(f"The database was migrated by a newer version: {', '.join(newer)} is unknown here.")
    for migration, (name, sha256) in zip(shipped, sorted(marks.items()), strict=False):
        if migration.name != name:
            raise MigrationChanged(f"{migration.name} was added before {name}, which is applied already.")
        if migration.sha256 != sha256:
            raise MigrationChanged(f"{name} was applied and has changed since: put it back, and write a new one.")
    return shipped[len(marks) :]

"""Two migrated, empty databases for each test, without migrating anew: a copied file, or a pair that is emptied again.

Making and dropping a PostgreSQL database writes hundreds of files; emptying one that a test has used takes milliseconds.
A pair whose schema a test has changed is replaced by a copy of the template.
"""

import asyncio
from pathlib import Path

import asyncpg

from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from tests.factories import START
from tests.postgres import Postgres

NAMES = ("main", "keystore")
FILES = ("octopus.db", "keystore.db")

EMPTY = """DO $$ DECLARE one regclass; BEGIN
PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid();
PERFORM set_config('session_replication_role', 'replica', true); -- references are of no concern when all rows go
FOR one IN SELECT oid FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'schema_migration'
LOOP
    IF pg_relation_size(one) > 65536 THEN EXECUTE format('TRUNCATE %s CASCADE', one);
    ELSIF pg_relation_size(one) > 0 THEN EXECUTE format('DELETE FROM %s', one);
    END IF;
END LOOP;
FOR one IN SELECT oid FROM pg_class WHERE relkind = 'S' AND relnamespace = 'public'::regnamespace LOOP
    PERFORM setval(one, 1, false);
END LOOP;
END $$"""

# What a migration, a restore or a test's own statement changes, and emptying does not.
SHAPE = """SELECT concat_ws(' ',
    (SELECT md5(string_agg(concat(oid, relname, relkind, relnatts, relchecks, relhastriggers), ',' ORDER BY oid))
        FROM pg_class WHERE relnamespace = 'public'::regnamespace),
    (SELECT md5(string_agg(schema_migration::text, ',' ORDER BY name)) FROM schema_migration),
    (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger), (SELECT count(*) FROM pg_proc),
    (SELECT count(*) FROM pg_namespace), (SELECT setconfig::text FROM pg_db_role_setting
        JOIN pg_database ON pg_database.oid = setdatabase WHERE datname = current_database()))"""


class SqliteTemplate:
    """Both files as migration leaves them; ``copy`` writes them into a test's folder."""

    def __init__(self, folder: Path) -> None:
        self.files = [folder / name for name in FILES]
        self.contents: list[bytes] = []

    async def copy(self, folder: Path) -> tuple[str, str]:
        """The URLs of main database and keystore."""
        if not self.contents:
            await _migrated(*(f"sqlite:///{file}" for file in self.files))
            self.contents = [file.read_bytes() for file in self.files]
        for name, content in zip(FILES, self.contents, strict=True):
            (folder / name).write_bytes(content)
        return f"sqlite:///{folder}/{FILES[0]}", f"sqlite:///{folder}/{FILES[1]}"


class PostgresPair:
    """One pair of databases that the tests of this process use one after the other."""

    def __init__(self, server: Postgres) -> None:
        self.server = server
        self.shapes: dict[str, str] = {}

    async def emptied(self) -> tuple[str, str]:
        """The URLs of main database and keystore, whatever the test before has done to them."""
        if not self.shapes:
            for name in NAMES:
                self.server.create_database(f"template_{name}")
            await _migrated(*(self.server.url(f"template_{name}") for name in NAMES))
        for name in NAMES:
            if name not in self.shapes or not await self._empty(name):
                self.shapes.pop(name, None)
                self.server.drop_database(name)
                self.server.template(name, f"template_{name}")
                assert await self._empty(name)
        return self.server.url(NAMES[0]), self.server.url(NAMES[1])

    async def _empty(self, name: str) -> bool:
        """False if the database is not what the migrations made it."""
        try:
            connection = await asyncpg.connect(self.server.url(name), statement_cache_size=0, command_timeout=60)
        except asyncpg.InvalidCatalogNameError:
            return False
        try:
            await connection.execute(EMPTY)
            shape = await connection.fetchval(SHAPE)
        except asyncpg.UndefinedTableError:
            return False
        finally:
            await connection.close()
        return shape == self.shapes.setdefault(name, shape)


async def _migrated(*urls: str) -> None:
    """In a task of its own: the databases that are open in this one stay what they are."""
    await asyncio.create_task(_migrate(*urls))


async def _migrate(*urls: str) -> None:
    await open_databases(*urls)
    try:
        await migrate(START)
    finally:
        await close_databases()

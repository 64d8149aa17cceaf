"""Migrations, from every released schema with a row in every table, on SQLite and on PostgreSQL."""

import asyncio
import re
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError
from tortoise.utils import generate_schema_for_client

from models.database import close_databases, dialect, open_databases
from models.migrations import MigrationChanged, ReferencesBroken, SchemaTooNew, migrate, pending, schema_of
from models.migrations.runner import HERE
from models.postgres_engine import TYPES
from tests.postgres import Postgres

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)
NUMBERS = count()
INITIAL = ["main/0001_initial", "keystore/0001_initial"]
RELEASED = {
    "keystore/0001_initial.postgres.sql": "ac20a77f4ab9bb5285e8e0cce0f2bf081cb6cfac928629d5a264633cdc010abe",
    "keystore/0001_initial.sqlite.sql": "0c145404fc7c481c66a6e74cd7646133ed13f47ac009cc895df706a303a5c785",
    "main/0001_initial.postgres.sql": "7f82ef41c011ca626b7b73c0b3e444808d44b749cf0201450a0a4b47d3247cff",
    "main/0001_initial.sqlite.sql": "f00c5d608c7a2eac894f642c9385c0970929f7d739ff20573d308d4702b71d40",
    "main/0002_open_requests.postgres.sql": "36d4787eb86a2f2c7643d865a18dc8d22121320dbf465c3bf88606f7d594ac92",
    "main/0002_open_requests.sqlite.sql": "36d4787eb86a2f2c7643d865a18dc8d22121320dbf465c3bf88606f7d594ac92",
}
DATABASES = ("default", "keystore")
Urls = tuple[str, str]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def new_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Any]:
    """A function that gives two new, empty databases."""
    made: list[str] = []
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgres" else None

    def new() -> Urls:
        number = next(NUMBERS)
        if server is None:
            return f"sqlite:///{tmp_path}/{number}-main.sqlite", f"sqlite:///{tmp_path}/{number}-keystore.sqlite"
        names = [f"migration_{number}_{what}" for what in ("main", "keystore")]
        for name in names:
            server.create_database(name)
        made.extend(names)
        return server.url(names[0]), server.url(names[1])

    yield new
    for name in made:
        assert server
        server.drop_database(name)


@asynccontextmanager
async def opened(urls: Urls) -> AsyncIterator[None]:
    await open_databases(*urls)
    try:
        yield
    finally:
        await close_databases()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the first migrations, to add to."""
    for room in ("main", "keystore"):
        (tmp_path / "steps" / room).mkdir(parents=True)
        for file in (HERE / room).glob("0001_initial.*.sql"):
            shutil.copy(file, tmp_path / "steps" / room)
    return tmp_path / "steps"


def add(folder: Path, name: str, sql: str) -> None:
    """One step for both dialects."""
    for kind in ("sqlite", "postgres"):
        (folder / f"{name}.{kind}.sql").write_text(sql)


async def schemas() -> dict[str, Any]:
    return {name: await schema_of(get_connection(name)) for name in DATABASES}


async def rows(name: str) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table."""
    connection = get_connection(name)
    tables = await schema_of(connection)
    return {table: await connection.execute_query_dict(f'SELECT * FROM "{table}"') for table in tables}


# ---- a new database ------------------------------------------------------------------------------------------------


def test_a_released_file_never_changes() -> None:
    """Databases that applied it would refuse to start; a further step is a new file, and gets its line here."""
    assert {name: sha256((HERE / name).read_bytes()).hexdigest() for name in RELEASED} == RELEASED


async def test_a_migrated_database_is_what_the_models_generate(new_urls: Any) -> None:
    """Columns, indexes and foreign keys, whatever the steps were."""
    async with opened(new_urls()):
        for name in DATABASES:
            await generate_schema_for_client(get_connection(name), safe=False)
        generated = await schemas()
    async with opened(new_urls()):
        told: list[str] = []
        expected = await pending()
        assert await migrate(NOW, told.append) == told == expected
        assert await schemas() == generated
        assert await pending() == []
        assert await migrate(NOW, told.append) == []
        marks = await get_connection("default").execute_query_dict("SELECT applied_at FROM schema_migration")
        assert str(marks[0]["applied_at"]) == "2026-11-22 12:30:00+00:00"


async def test_the_schema_holds_what_the_models_mean(new_urls: Any) -> None:
    """Spot checks of what Tortoise is known to get wrong."""
    async with opened(new_urls()):
        await migrate(NOW)
        main = (await schemas())["default"]
        kind = dialect()
    assert main["customer"]["columns"]["id"] == ("uuid" if kind == "postgres" else "CHAR(36)", False, True, None)
    assert main["customer"]["columns"]["sealed"][1] is True
    assert main["event"]["columns"]["fields_named"][0] == ("jsonb" if kind == "postgres" else "JSON")
    assert (None, "position", True, None) in main["event"]["indexes"]
    assert main["event"]["columns"]["position"][1] is True
    assert (None, "customer_id,idempotency", True, None) in main["message"]["indexes"]
    for name, table in main.items():
        indexed = {columns.split(",")[0] for _, columns, _, _ in table["indexes"]}
        for key in table["foreign_keys"]:
            column = re.match(r"FOREIGN KEY \((\w+)\)", key)
            assert key.endswith("ON DELETE RESTRICT"), name
            assert column, name
            assert column[1] in indexed, f"{name} has no index for {key}"
        if "customer_id" in table["columns"]:
            assert table["foreign_keys"] == ["FOREIGN KEY (customer_id) REFERENCES customer(id) ON DELETE RESTRICT"]


@pytest.mark.postgres
async def test_connections_know_arrays_of_every_column(postgres: Postgres) -> None:
    """What comes along with a session comes as arrays, whose types each connection has to have asked for."""
    postgres.create_database("types_main")
    postgres.create_database("types_keys")
    async with opened((postgres.url("types_main"), postgres.url("types_keys"))):
        await migrate(NOW)
        found = await get_connection("default").execute_query_dict(
            "SELECT DISTINCT udt_name FROM information_schema.columns WHERE table_schema = 'public'"
        )
    assert {row["udt_name"] for row in found} - {"bpchar"} <= set(TYPES)  # a mark's checksum


def test_every_step_is_written_for_both_dialects() -> None:
    """And numbered without a gap."""
    for room in ("main", "keystore"):
        names = {kind: sorted(file.name[: -len(f".{kind}.sql")] for file in (HERE / room).glob(f"*.{kind}.sql"))
                 for kind in ("sqlite", "postgres")}  # fmt: skip
        assert names["sqlite"] == names["postgres"]
        assert [int(name[:4]) for name in names["sqlite"]] == list(range(1, len(names["sqlite"]) + 1))


# ---- an older database with rows -----------------------------------------------------------------------------------


async def fill(connection: BaseDBAsyncClient) -> None:
    """One row in every table, parents first, each column filled."""
    tables = await schema_of(connection)
    keys: dict[str, Any] = {}
    while tables:
        name = next(
            name for name, table in tables.items() if all(_parent(key) in keys for key in table["foreign_keys"])
        )
        table = tables.pop(name)
        parents = {_column(key): keys[_parent(key)] for key in table["foreign_keys"]}
        values = {
            column: parents.get(column, _value(kind, dialect())) for column, (kind, *_) in table["columns"].items()
        }
        keys[name] = values.get("id")
        columns = ", ".join(f'"{column}"' for column in values)
        marks = ", ".join(f"${n}" if dialect() == "postgres" else "?" for n in range(1, len(values) + 1))
        await connection.execute_query(f'INSERT INTO "{name}" ({columns}) VALUES ({marks})', list(values.values()))


def _parent(key: str) -> str:
    return key.split("REFERENCES ")[1].split("(")[0]


def _column(key: str) -> str:
    return key.split("(")[1].split(")")[0]


def _value(kind: str, database: str) -> Any:
    kind = kind.lower()
    number = next(NUMBERS) + 1
    if kind == "uuid":
        return uuid4()
    if kind == "char(36)":
        return str(uuid4())
    if kind.startswith("timestamp"):
        return NOW if database == "postgres" else NOW.isoformat(" ")
    if "int" in kind:
        return number
    if kind.startswith("bool"):
        return True
    if kind in ("real", "double precision"):
        return number / 2
    if kind in ("blob", "bytea"):
        return number.to_bytes(32, "big")
    if kind in ("json", "jsonb"):
        return '["ē", 1]'
    assert kind == "text" or "char" in kind, kind
    return str(number % 100)


def rebuilt(folder: Path) -> None:
    """Step 2: ``customer`` gets a column and an index; SQLite rebuilds the table, which every other refers to."""
    sqlite = (folder / "main" / "0001_initial.sqlite.sql").read_text()
    create = re.search(r'CREATE TABLE "customer" \(.*?\n\);', sqlite, re.DOTALL)
    assert create
    columns = re.findall(r'^    ("\w+") ', create[0], re.MULTILINE)
    new = (
        create[0]
        .replace('"customer"', '"customer_new"')
        .replace("\n);", ",\n    \"nickname\" VARCHAR(40) DEFAULT ';'\n);")
    )
    indexes = re.findall(r'^CREATE INDEX .* ON "customer" .*;$', sqlite, re.MULTILINE)
    assert indexes
    more = 'CREATE INDEX "idx_customer_nickname" ON "customer" ("nickname", "id");'
    listed = ", ".join(columns)
    steps = [
        "-- A comment; with a semicolon.",
        new,
        f'INSERT INTO "customer_new" ({listed})\n    SELECT {listed} FROM "customer";',
        'DROP TABLE "customer";',
        'ALTER TABLE "customer_new" RENAME TO "customer";',
        *indexes,
        more,
    ]
    (folder / "main" / "0002_nickname.sqlite.sql").write_text("\n".join(steps) + "\n")
    alter = "ALTER TABLE customer ADD COLUMN nickname VARCHAR(40) DEFAULT ';';\n"
    (folder / "main" / "0002_nickname.postgres.sql").write_text(alter + more + "\n")


def rewritten(folder: Path) -> Path:
    """The same end in one step: what a new database of the newer version has."""
    fresh = folder.parent / "fresh"
    shutil.copytree(folder, fresh)
    for file in (fresh / "main").glob("0002_*.sql"):
        file.unlink()
    for file in (fresh / "main").glob("0001_*.sql"):
        table = re.search(r'CREATE TABLE "customer" \(.*?\n\);', file.read_text(), re.DOTALL)
        assert table
        more = ",\n    \"nickname\" VARCHAR(40) DEFAULT ';'\n);"
        more += '\nCREATE INDEX "idx_customer_nickname" ON "customer" ("nickname", "id");'
        file.write_text(file.read_text().replace(table[0], table[0].replace("\n);", more)))
    return fresh


async def test_an_older_database_keeps_every_row(new_urls: Any, folder: Path) -> None:
    """One row in every table, the parent of all of them rebuilt: nothing is lost, and all is as in a new database."""
    async with opened(new_urls()):
        await migrate(NOW, folder=folder)
        for name in DATABASES:
            await fill(get_connection(name))
        before = {name: await rows(name) for name in DATABASES}
        assert all(len(found) == 1 for name in DATABASES for found in before[name].values())
        rebuilt(folder)
        assert await pending(folder=folder) == ["main/0002_nickname"]
        assert await migrate(NOW, folder=folder) == ["main/0002_nickname"]
        assert await pending(folder=folder) == []
        after = {name: await rows(name) for name in DATABASES}
        assert after["default"]["customer"][0].pop("nickname") == ";"
        assert after == before
        migrated = await schemas()
        if dialect() == "sqlite":
            keys = await get_connection("default").execute_query_dict("PRAGMA foreign_keys")
            assert keys == [{"foreign_keys": 1}]
            assert await get_connection("default").execute_query_dict("PRAGMA integrity_check") == [
                {"integrity_check": "ok"}
            ]
        with pytest.raises(Exception, match=r"(?i)foreign key|violates"):
            await get_connection("default").execute_query("DELETE FROM customer")
    async with opened(new_urls()):
        await migrate(NOW, folder=rewritten(folder))
        assert await schemas() == migrated


async def test_a_request_learns_what_was_done_last_with_it(new_urls: Any, folder: Path) -> None:
    """Of the events that name its number the latest, if it is about requests; nothing where there is none."""
    for file in (HERE / "main").glob("0002_*.sql"):
        shutil.copy(file, folder / "main")
    async with opened(new_urls()):
        await migrate(NOW, folder=folder)
        connection = get_connection("default")
        await fill(connection)
        await connection.execute_query("UPDATE rights_request SET number = 'RR-1'")
        for action, number, minutes in (
            ("request.received", "RR-1", 1), ("request.identified", "RR-1", 2), ("record.opened", "RR-1", 3),
            ("request.denied", "RR-2", 4),
        ):  # fmt: skip
            at = NOW + timedelta(minutes=minutes)
            given = [uuid4(), at, "MODIFY", action, "STAFF", f'["{number}"]']
            if dialect() == "sqlite":
                given[:2] = [str(given[0]), at.isoformat(" ")]
            marks = ", ".join(f"${n}" if dialect() == "postgres" else "?" for n in range(1, 7))
            await connection.execute_query(
                f"INSERT INTO event (id, at, kind, action, actor_kind, fields_named) VALUES ({marks})", given
            )
        for file in (HERE / "main").glob("0003_*.sql"):
            shutil.copy(file, folder / "main")
        await migrate(NOW, folder=folder)
        [row] = await connection.execute_query_dict("SELECT last_action, last_action_at FROM rights_request")
        assert (row["last_action"], str(row["last_action_at"])) == (
            "request.identified",
            str(NOW + timedelta(minutes=2)),
        )


# ---- what may go wrong ---------------------------------------------------------------------------------------------


async def test_two_runs_at_once_apply_each_step_once(new_urls: Any, folder: Path) -> None:
    """The second waits for the first, and finds nothing left."""
    for number in range(2, 6):
        add(folder, f"main/000{number}_more", f"CREATE TABLE more_{number} (id INT PRIMARY KEY);\n")
    async with opened(new_urls()):
        runs = await asyncio.gather(*(migrate(NOW, folder=folder) for _ in range(3)))
        applied = [name for run in runs for name in run]
        assert len(applied) == len(set(applied)) == 6
        assert await pending(folder=folder) == []


async def test_a_failing_step_leaves_nothing(new_urls: Any, folder: Path) -> None:
    """Its tables and its mark are gone; what was applied before stays; repaired, it is applied."""
    add(folder, "main/0002_good", "CREATE TABLE good (id INT PRIMARY KEY);\n")
    add(folder, "main/0003_bad", "CREATE TABLE bad (id INT PRIMARY KEY);\nINSERT INTO nowhere VALUES (1);\n")
    async with opened(new_urls()):
        with pytest.raises(OperationalError, match="nowhere"):
            await migrate(NOW, folder=folder)
        tables = (await schemas())["default"]
        assert "good" in tables
        assert "bad" not in tables
        assert await pending(folder=folder) == ["main/0003_bad", "keystore/0001_initial"]
        add(folder, "main/0003_bad", "CREATE TABLE bad (id INT PRIMARY KEY);\n")
        assert await migrate(NOW, folder=folder) == ["main/0003_bad", "keystore/0001_initial"]


RUN = """
import asyncio, os, sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from models.database import open_databases
from models.migrations import migrate
from tortoise.backends.base.client import BaseDBAsyncClient
import models.migrations.runner as runner

async def main():
    await open_databases(sys.argv[1], sys.argv[2])
    own_marks, steps = runner._marks, []
    async def marks(connection):
        script = connection.execute_script
        async def killed(sql):
            await script(sql)
            if "the_last" in sql:
                os._exit(9)  # applied, not yet marked
        connection.execute_script = killed
        return await own_marks(connection)
    runner._marks = marks
    await migrate(datetime.now(UTC), folder=Path(sys.argv[3]))

asyncio.run(main())
"""


@pytest.mark.slow
async def test_a_killed_run_leaves_nothing_half_done(new_urls: Any, folder: Path) -> None:
    """Killed between a step's last statement and its mark; the next run finishes."""
    rebuilt(folder)
    add(
        folder,
        "main/0003_next",
        "ALTER TABLE customer ADD COLUMN age INT;\nCREATE TABLE the_last (id INT PRIMARY KEY);\n",
    )
    urls = new_urls()
    command = [sys.executable, "-c", RUN, *urls, str(folder)]
    run = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await run.wait() == 9
    async with opened(urls):
        tables = (await schemas())["default"]
        assert "nickname" in tables["customer"]["columns"]
        assert "age" not in tables["customer"]["columns"]
        assert "the_last" not in tables
        left = ["main/0003_next", "keystore/0001_initial"]
        assert await pending(folder=folder) == left
        assert await asyncio.wait_for(migrate(NOW, folder=folder), 10) == left
        assert "the_last" in (await schemas())["default"]


async def test_a_changed_step_is_refused(new_urls: Any, folder: Path) -> None:
    """So is one that was slipped in before one that is applied."""
    add(folder, "main/0003_later", "CREATE TABLE later (id INT PRIMARY KEY);\n")
    async with opened(new_urls()):
        await migrate(NOW, folder=folder)
        add(folder, "main/0002_slipped_in", "CREATE TABLE slipped_in (id INT PRIMARY KEY);\n")
        for ask in (migrate(NOW, folder=folder), pending(folder=folder)):
            with pytest.raises(MigrationChanged, match="0002_slipped_in was added before"):
                await ask
        for file in folder.glob("main/0002_*"):
            file.unlink()
        add(folder, "main/0003_later", "CREATE TABLE latest (id INT PRIMARY KEY);\n")
        for ask in (migrate(NOW, folder=folder), pending(folder=folder)):
            with pytest.raises(MigrationChanged, match="0003_later was applied and has changed"):
                await ask


async def test_a_database_of_a_newer_version_is_refused(new_urls: Any, folder: Path) -> None:
    """Going back is not possible, and must not be tried."""
    add(folder, "keystore/0002_newer", "CREATE TABLE newer (id INT PRIMARY KEY);\n")
    async with opened(new_urls()):
        await migrate(NOW, folder=folder)
        for file in folder.glob("keystore/0002_*"):
            file.unlink()
        for ask in (migrate(NOW, folder=folder), pending(folder=folder)):
            with pytest.raises(SchemaTooNew, match="keystore/0002_newer"):
                await ask


async def test_rows_without_their_parent_are_refused(tmp_path: Path, folder: Path) -> None:
    """SQLite's foreign keys are off while it migrates, so they are checked before the commit."""
    orphan = "CREATE TABLE child (id INT PRIMARY KEY, customer_id CHAR(36) REFERENCES customer (id));\n"
    add(folder, "main/0002_orphan", orphan + "INSERT INTO child VALUES (1, 'nobody');\n")
    async with opened((f"sqlite:///{tmp_path}/main.sqlite", f"sqlite:///{tmp_path}/keystore.sqlite")):
        with pytest.raises(ReferencesBroken, match=r"main/0002_orphan leaves rows of child"):
            await migrate(NOW, folder=folder)
        assert "child" not in (await schemas())["default"]

"""The PostgreSQL the other tests stand on starts, is made of templates, survives a crash and dies with its parent."""

import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from tests.postgres import Postgres

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[Postgres]:
    """One of our own: this file kills it."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


async def ask(server: Postgres, database: str, question: str) -> object:
    connection = await asyncpg.connect(server.url(database))
    try:
        return await connection.fetchval(question)
    finally:
        await connection.close()


async def test_it_answers_under_its_url(server: Postgres) -> None:
    """Asyncpg takes the URL as it is."""
    server.create_database("greeting")

    assert await ask(server, "greeting", "SELECT current_database()") == "greeting"


async def test_a_database_is_copied_from_a_template(server: Postgres) -> None:
    """Each test can have a database of its own in milliseconds."""
    server.create_database("original")
    server.sql("CREATE TABLE arms AS SELECT generate_series(1, 8)", "original")

    server.template("copy", from_="original")

    assert await ask(server, "copy", "SELECT count(*) FROM arms") == 8


async def test_a_dropped_database_is_gone(server: Postgres) -> None:
    """Dropping works while somebody is connected, and twice."""
    server.create_database("doomed")
    connection = await asyncpg.connect(server.url("doomed"))

    server.drop_database("doomed")
    server.drop_database("doomed")

    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await asyncpg.connect(server.url("doomed"))
    connection.terminate()


async def test_what_was_committed_survives_a_crash(server: Postgres) -> None:
    """After SIGKILL the same URL works again, with every committed row."""
    server.create_database("ledger")
    connection = await asyncpg.connect(server.url("ledger"))
    await connection.execute("CREATE TABLE kept AS SELECT 1 AS row")

    server.kill()
    with pytest.raises(ConnectionRefusedError):
        await asyncpg.connect(server.url("ledger"))
    server.start()

    assert await ask(server, "ledger", "SELECT row FROM kept") == 1
    connection.terminate()


def test_it_dies_with_the_tests_that_started_it() -> None:
    """A crashed test run leaves no server running."""
    crash = "import os\nfrom tests.postgres import Postgres\nserver = Postgres()\nserver.start()\n"
    crash += "print(server.server.pid, flush=True)\nos.kill(os.getpid(), 9)"

    crashed = subprocess.run([sys.executable, "-c", crash], capture_output=True, text=True, check=False)

    assert _gone(int(crashed.stdout)), "the server outlived the process that started it"


def _gone(pid: int) -> bool:
    """Gone within ten seconds; a zombie that nobody has collected yet is gone too."""
    for _ in range(200):
        status = Path(f"/proc/{pid}/status")
        if not status.exists() or "State:\tZ" in status.read_text():
            return True
        time.sleep(0.05)
    return False

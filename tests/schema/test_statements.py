"""The number of SQL statements of the operations that every page is made of: whoever adds an N+1 is told here.

Counted below everything of ours, in the drivers, so that no layer can slip past: asyncpg's query loggers, sqlite3's trace.
"""

import sqlite3
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import asyncpg
import pytest

import schema
from models import sqlite_engine
from models.policy import Role
from models.tables import Customer
from tests.bench.operations import OPERATIONS
from tests.bench.people import move_in
from tests.factories import Client, House
from tests.schema.desk import received

SPEAKS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
RESET = "pg_advisory_unlock_all"  # what a pool says when a connection comes back
KEYS = "person_key"
QUEUE = (Path(schema.__file__).parent / "documents" / "support" / "queue.graphql").read_text()
WITH_SESSIONS = "{viewer {signIns(first: 50) {nodes {id session {id isCurrent}}}}}"
CASES = [
    *(pytest.param(OPERATIONS[name], most, id=name) for name, most in (("A", 0), ("B", 3), ("C", 1))),
    pytest.param(WITH_SESSIONS, 2, id="C with sessions"),
]


@dataclass
class Statements:
    """What was said to both databases since the last ``clear``."""

    said: list[str] = field(default_factory=list)

    def note(self, statement: str) -> None:
        if statement.lstrip().upper().startswith(SPEAKS) and RESET not in statement:
            self.said.append(statement)

    def clear(self) -> None:
        self.said.clear()

    @property
    def main(self) -> list[str]:
        return [one for one in self.said if KEYS not in one]

    @property
    def keystore(self) -> list[str]:
        return [one for one in self.said if KEYS in one]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Listens to every connection that is opened from here on."""
    heard = Statements()
    begin, open_file = asyncpg.Connection.__init__, sqlite_engine.Client._open

    def connected(self: asyncpg.Connection, *args: object, **options: object) -> None:
        begin(self, *args, **options)
        self.add_query_logger(lambda record: heard.note(record.query))

    def opened(self: sqlite_engine.Client) -> sqlite3.Connection:
        connection = open_file(self)
        connection.set_trace_callback(heard.note)
        return connection

    monkeypatch.setattr(asyncpg.Connection, "__init__", connected)
    monkeypatch.setattr(sqlite_engine.Client, "_open", opened)
    return heard


@pytest.fixture
async def person(statements: Statements, house: House) -> Client:
    """Somebody with 60 sign-ins, three ways to pay and two open sessions; everything is warm."""
    person = await house.customer()
    await person.sign_in()
    [customer] = await Customer.all()
    await move_in(house.world, [customer.id], sign_ins=60)
    return person


async def asked(statements: Statements, person: Client, query: str) -> Statements:
    """One operation, and what it said."""
    statements.clear()
    await person.ok(query)
    return statements


@pytest.mark.parametrize(("query", "most"), CASES)
async def test_an_operation_says_few_statements(statements: Statements, person: Client, query: str, most: int) -> None:
    """Beside the session's one; the keystore is not asked for keys that are at hand."""
    await person.ok(query)
    heard = await asked(statements, person, query)
    assert len(heard.main) <= most + 1, heard.main
    assert not heard.keystore


@pytest.mark.parametrize(("query", "most"), CASES)
async def test_absent_keys_are_read_at_once(
    statements: Statements, house: House, person: Client, query: str, most: int
) -> None:
    """One batched read of the keystore, however many fields need the key at the same time."""
    await person.ok(query)
    house.world.vault._cache.clear()
    heard = await asked(statements, person, query)
    assert len(heard.keystore) <= 1, heard.keystore
    assert len(heard.main) <= most + 1, heard.main


async def test_the_queue_says_three(statements: Statements, house: House) -> None:
    """The requests, their customers and their last events; and the session's one."""
    clerk = await house.colleague(Role.OFFICE)
    for _ in range(2):
        await received(clerk, await house.customer(), "UPDATE")
    for _ in range(2):
        await clerk.ok(QUEUE)
    heard = await asked(statements, clerk, QUEUE)
    assert len(heard.main) == 3 + 1, heard.main
    assert not heard.keystore


async def test_a_visit_is_noted_once_a_minute(statements: Statements, house: House, person: Client) -> None:
    """The one statement more, and not again."""
    house.clock.advance(minutes=2)
    writes = [len(await _writes(statements, person)) for _ in range(3)]
    assert writes == [1, 0, 0]
    house.clock.now += timedelta(minutes=1)
    assert len(await _writes(statements, person)) == 1


async def _writes(statements: Statements, person: Client) -> list[str]:
    heard = await asked(statements, person, OPERATIONS["A"])
    return [one for one in heard.main if not one.lstrip().upper().startswith(("SELECT", "WITH"))]

"""The number of SQL statements of the operations that every page is made of: whoever adds an N+1 is told here."""

from datetime import timedelta
from pathlib import Path

import pytest

import schema
from models.database import dialect
from models.policy import Role
from models.tables import Customer
from tests.bench.operations import OPERATIONS
from tests.bench.people import move_in
from tests.factories import Client, House
from tests.schema.desk import received
from tests.statements import Statements

QUEUE = (Path(schema.__file__).parent / "documents" / "support" / "queue.graphql").read_text()
WITH_SESSIONS = "{viewer {signIns(first: 50) {nodes {id session {id isCurrent}}}}}"
CASES = [  # at most, beside the session's: on SQLite, and on PostgreSQL, where the session brings along what it can
    *(
        pytest.param(OPERATIONS[name], {"sqlite": most, "postgres": 0}, id=name)
        for name, most in (("A", 0), ("B", 3), ("C", 1))
    ),
    pytest.param(WITH_SESSIONS, {"sqlite": 2, "postgres": 1}, id="C with sessions"),
]


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
async def test_an_operation_says_few_statements(
    statements: Statements, person: Client, query: str, most: dict[str, int]
) -> None:
    """Beside the session's one; the keystore is not asked for keys that are at hand."""
    await person.ok(query)
    heard = await asked(statements, person, query)
    assert len(heard.main) <= most[dialect()] + 1, heard.main
    assert not heard.keystore


@pytest.mark.parametrize(("query", "most"), CASES)
async def test_absent_keys_are_read_at_once(
    statements: Statements, house: House, person: Client, query: str, most: dict[str, int]
) -> None:
    """One batched read of the keystore, however many fields need the key at the same time."""
    await person.ok(query)
    house.world.vault._cache.clear()
    heard = await asked(statements, person, query)
    assert len(heard.keystore) <= 1, heard.keystore
    assert len(heard.main) <= most[dialect()] + 1, heard.main


async def test_the_queue_says_one_or_none(statements: Statements, house: House) -> None:
    """The requests with their customers and what was done last, which come with the session on PostgreSQL."""
    clerk = await house.colleague(Role.OFFICE)
    for _ in range(2):
        await received(clerk, await house.customer(), "UPDATE")
    for _ in range(2):
        await clerk.ok(QUEUE)
    heard = await asked(statements, clerk, QUEUE)
    assert len(heard.main) == {"sqlite": 1, "postgres": 0}[dialect()] + 1, heard.main
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
    return heard.writes

"""Sessions of requests that come at the same time are looked up together."""

import asyncio

from models.actions.sessions import open_session
from models.database import dialect
from models.tables.credentials import SessionKind
from models.together import MANY
from tests.factories import House
from tests.statements import Statements


async def test_sessions_are_looked_up_together(house: House, statements: Statements) -> None:
    """On PostgreSQL as many as go at once by one statement, on SQLite by calls that wait for nothing: everybody's own, and a
    stranger's nobody."""
    clients = [await house.customer() for _ in range(3)]
    for client in clients:
        await client.sign_in()
    tokens = [client.http.cookies["session"] for client in clients]
    statements.clear()
    asked = [*tokens, "a stranger's", tokens[0]] * (MANY // 5)
    viewers = await asyncio.gather(*(open_session(house.world, token, SessionKind.BROWSER) for token in asked))
    assert len(statements.said) == (1 if dialect() == "postgres" else MANY)
    people = [await client.ok("{viewer {number}}") for client in clients]
    assert [one and {"number": one.customer.number} for one in viewers] == [*people, None, people[0]] * (MANY // 5)

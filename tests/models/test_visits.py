"""Visits: noted together on a server, never of a session that has ended, and never in anybody's way."""

import asyncio
from datetime import datetime, timedelta

from models.database import close_databases, dialect, transaction
from models.tables import Session
from models.visits import Visits
from tests.factories import House

LATER = timedelta(hours=1)


async def _of_one(house: House) -> tuple[Session, datetime]:
    """Somebody's session, and a later moment."""
    client = await house.customer()
    await client.sign_in()
    session = await Session.all().order_by("-created_at").first()
    assert session is not None
    return session, session.last_seen_at + LATER


async def _seen(session: Session) -> datetime:
    return (await Session.get(id=session.id)).last_seen_at


async def test_a_visit_is_written_at_once_or_together_with_others(house: House) -> None:
    """Without gathering at once; otherwise when it is time, or when the server stops; of one session the latest."""
    session, at = await _of_one(house)
    await Visits().note(Session, session.id, at, at + LATER)
    assert (await _seen(session), (await Session.get(id=session.id)).idle_until) == (at, at + LATER)

    gathered = Visits(60)
    await gathered.note(Session, session.id, at + LATER, at + 2 * LATER)
    await gathered.note(Session, session.id, at + 2 * LATER, at + 3 * LATER)
    assert await _seen(session) == at
    await gathered.write()
    assert await _seen(session) == at + 2 * LATER

    soon = Visits(0.001)
    await soon.note(Session, session.id, at + 3 * LATER, at + 4 * LATER)
    await asyncio.sleep(0.05)
    await soon.write()  # or what is left of it
    assert await _seen(session) == at + 3 * LATER


async def test_a_session_that_ended_or_is_being_changed_is_left_alone(house: House) -> None:
    """What ended meanwhile stays as it was; whoever holds the row is not waited for."""
    session, at = await _of_one(house)
    gathered = Visits(60)
    await gathered.note(Session, session.id, at, at + LATER)
    if dialect() == "postgres":
        held = asyncio.Event()

        async def beside() -> None:
            await held.wait()
            await gathered.write()

        writing = asyncio.create_task(beside())  # begun before the transaction, and so not in it
        async with transaction() as tx:
            await Session.filter(id=session.id).using_db(tx).select_for_update().first()
            held.set()
            await writing
        assert await _seen(session) == session.last_seen_at
        await gathered.note(Session, session.id, at, at + LATER)
    await Session.filter(id=session.id).update(ended_at=at)
    await gathered.write()
    assert await _seen(session) == session.last_seen_at


async def test_a_database_that_is_gone_takes_no_answer_with_it(house: House) -> None:
    """The notes are lost, and nothing else happens."""
    session, at = await _of_one(house)
    gathered = Visits(60)
    await gathered.note(Session, session.id, at, at + LATER)
    await close_databases()
    await gathered.write()

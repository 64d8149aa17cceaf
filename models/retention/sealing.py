"""The event chain grows in batches, and ends where its events expire (clause 6.1.3).

An action inserts its event without a position, in its own transaction; one duty numbers what was committed. Between an event and
its number lies up to one round of the worker: the documented window in which the chain does not cover it yet.
"""

from datetime import datetime, timedelta

from tortoise.backends.base.client import BaseDBAsyncClient

from models.database import dialect, transaction
from models.retention.guards import locked
from models.retention.statements import NOTHING, Said, Statement, as_row, of_row, read, sign
from models.tables import Checkpoint, Event
from models.world import World

BATCH = 1_000
"""Events under one checkpoint, at most: where the chain can be cut when they expire."""
LEASE = "seal-events"


class ChainBehind(Exception):
    """The file outside the database knows a later state of the chain: the database is an older copy, or was shortened."""


async def seal_events(world: World, limit: int) -> int:
    """Number the events committed since, in the order (at, id), and sign a checkpoint over them; how many. One worker at a time.

    The file follows the commit; what a killed worker owes it is added by the next. Raises ChainBehind.
    """
    filed = await last_filed(world)
    async with transaction() as tx:
        if not await locked(world, LEASE, tx, wait=False):
            return 0
        head = await newest(tx)
        if filed is not None and is_behind(filed, head):
            raise ChainBehind
        events = await Event.filter(position=None).using_db(tx).order_by("at", "id").limit(BATCH)
        if events:
            events = [event for event in events if event.at < events[0].at + _slack(world) / 4]
            await _store(_numbered(events, head), tx)
            last = events[-1]
            assert last.position is not None
            assert last.hash is not None
            head = as_row(sign(world, Said.CHECKPOINT, last.position, last.hash, world.now()))
            await head.save(force_create=True, using_db=tx)
    if head is not None and (filed is None or filed.position < head.position):
        owed = await Checkpoint.filter(position__gt=filed.position if filed else 0).order_by("position")
        await world.checkpoints.append(of_row(row).line for row in owed)
    return len(events)


def is_behind(filed: Statement, head: Checkpoint | None) -> bool:
    """The file's newest statement is about a state that the database has not reached, or reached otherwise."""
    position, hash_ = (head.position, bytes(head.hash)) if head else (0, NOTHING)
    return filed.position > position or (filed.position == position and filed.hash != hash_.hex())


async def last_filed(world: World) -> Statement | None:
    """The file's newest statement. Raises msgspec.DecodeError for a line that is none."""
    line = await world.checkpoints.last()
    return read(line) if line is not None else None


async def newest(tx: BaseDBAsyncClient | None = None) -> Checkpoint | None:
    """The state of the chain in the database."""
    return await Checkpoint.all().using_db(tx).order_by("-position").first()


def _numbered(events: list[Event], head: Checkpoint | None) -> list[Event]:
    position, previous = (head.position, bytes(head.hash)) if head else (0, NOTHING)
    for event in events:
        event.position = position = position + 1
        event.digest = event.digested()
        event.hash = previous = event.linked(previous)
    return events


async def _store(events: list[Event], tx: BaseDBAsyncClient) -> None:
    """These three columns only: the sealed part may be nulled by an erasure meanwhile."""
    postgres = dialect() == "postgres"
    marks = ("$1", "$2", "$3", "$4") if postgres else ("?", "?", "?", "?")
    query = "update event set position = {}, digest = {}, hash = {} where id = {}".format(*marks)  # noqa: S608
    rows = [[event.position, event.digest, event.hash, event.id if postgres else str(event.id)] for event in events]
    await tx.execute_many(query, rows)


async def expire_events(world: World, limit: int) -> int:
    """Delete the oldest events that are due, up to a checkpoint, which becomes the anchor: the chain begins there. How many.

    One that is not due yet (a clock that was ahead) holds up those behind it, but never so long that their ceiling is missed.
    """
    expired = world.rule("EVENT").expired_before(world.now())
    if not await Event.filter(position__isnull=False, at__lte=expired).exists():
        return 0
    async with transaction() as tx:
        if not await locked(world, LEASE, tx, wait=False):
            return 0
        first = await Event.filter(position__isnull=False).using_db(tx).order_by("position").first()
        assert first is not None
        assert first.position is not None
        until = min(await _expired(world, expired), first.position + BATCH - 1)
        fit = Checkpoint.filter(position__gte=first.position, position__lte=until).using_db(tx)
        anchor = await fit.order_by("-position").first()
        if anchor is None:
            return 0
        gone = await Event.filter(position__lte=anchor.position).using_db(tx).count()
        await Event.filter(position__lte=anchor.position).using_db(tx).delete()
        await Checkpoint.filter(position__lte=anchor.position).using_db(tx).delete()
        signed = sign(world, Said.ANCHOR, anchor.position, bytes(anchor.hash), anchor.at)
        await as_row(signed).save(force_create=True, using_db=tx)
    return gone


async def _expired(world: World, expired: datetime) -> int:
    """Up to which position events may go: before the first that is not due; those late by half the slack must go anyway."""
    kept = await Event.filter(position__isnull=False, at__gt=expired).order_by("position").first()
    late = Event.filter(position__isnull=False, at__lte=expired - _slack(world) / 2)
    if kept is None:
        last = await Event.filter(position__isnull=False).order_by("-position").first()
    else:
        last = await late.order_by("-position").first()
    return max(kept.position - 1 if kept and kept.position else 0, last.position if last and last.position else 0)


def _slack(world: World) -> timedelta:
    """From when an event is due until its ceiling. A quarter of it bounds a batch, so that none is kept for another's sake."""
    rule = world.rule("EVENT")
    assert rule.ceiling is not None
    return rule.ceiling - rule.span

"""Is the event chain whole? Numbers without gaps, hashes, signed checkpoints, the file outside the database (clause 6.1.3).

What cannot be seen: events changed before they were numbered (one round of the worker), a `sealed` part nulled without an erasure
(``emptied`` counts them), and an end cut off in the database and in the file alike: keep copies of the file elsewhere.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from math import inf

import msgspec

from models.retention.sealing import newest
from models.retention.statements import NOTHING, Said, Statement, of_row, read
from models.tables import Checkpoint, Event
from models.world import World

BATCH = 1_000
MOST_TOLD = 50
TIMES = 3
IN_WORDS = f'"{Said.RESTORED}"'


@dataclass(slots=True)
class ChainVerdict:
    """What was found. Positions go from ``first`` to ``last``; ``pending`` events have no number yet; ``emptied`` ones have lost
    their sealed part (erased people's); ``unfiled`` checkpoints are not in the file yet; ``restored``: restores on record."""

    problems: list[str] = field(default_factory=list)
    untold: int = 0
    events: int = 0
    first: int = 0
    last: int = 0
    checkpoints: int = 0
    emptied: int = 0
    pending: int = 0
    unfiled: int = 0
    restored: int = 0

    @property
    def ok(self) -> bool:
        return not self.problems

    def say(self, problem: str) -> None:
        """Note a problem; after the first fifty they are only counted."""
        if len(self.problems) < MOST_TOLD:
            self.problems.append(problem)
        else:
            self.untold += 1


async def verify_chain(world: World) -> ChainVerdict:
    """Look at all of it, some at a time, while it grows. Where it begins may move meanwhile: then again."""
    for _ in range(TIMES):
        begins = await _oldest()
        verdict = await _verify(world, begins)
        if await _oldest() == begins:
            break
    return verdict


async def _oldest() -> Checkpoint | None:
    return await Checkpoint.all().order_by("position").first()


async def _verify(world: World, begins: Checkpoint | None) -> ChainVerdict:
    verdict, end = ChainVerdict(), await newest()
    anchor = begins if begins is not None and begins.is_anchor else None
    start, top = anchor.position if anchor else 0, end.position if end else 0
    if anchor is not None and not of_row(anchor).stands(world):
        verdict.say(f"the anchor at {start} is not signed as it stands")
    await _events(world, verdict, start, bytes(anchor.hash) if anchor else NOTHING, top)
    if await Event.filter(position__lte=start).exists():
        verdict.say(f"there are events before the chain's beginning, {start + 1}")
    last = await Event.filter(position__isnull=False).order_by("-position").first()
    end = await newest()
    if last is not None and last.position and last.position > (end.position if end else 0):
        verdict.say(f"events up to {last.position} are numbered, but no checkpoint covers them")
    await _file(world, verdict, start)
    verdict.pending = await Event.filter(position=None).count()
    return verdict


# ---- in the database ---------------------------------------------------------------------------------------------
async def _events(world: World, verdict: ChainVerdict, start: int, begins: bytes, top: int) -> None:
    """Every event after ``start`` up to ``top``, and every checkpoint among them."""
    position, previous = start, begins
    verdict.first = start + 1
    unsure = False  # after a gap the next event's hash cannot be worked out
    async for events in _batches(start, top):
        upto = events[-1].position
        rows = await Checkpoint.filter(position__gt=position, position__lte=upto)
        checkpoints = {row.position: of_row(row) for row in rows}
        for event in events:
            assert event.position is not None
            if event.position != position + 1:
                verdict.say(_gap(position + 1, event.position - 1))
                unsure = True
            position = event.position
            previous, unsure = _event(verdict, event, None if unsure else previous), False
            if (statement := checkpoints.pop(position, None)) is not None:
                _checkpoint(world, verdict, statement, previous)
        for stray in sorted(checkpoints):
            verdict.say(f"the checkpoint at {stray} has no event")
        verdict.events += len(events)
    verdict.last = position
    if position < top:
        verdict.say(_gap(position + 1, top))


async def _batches(after: int, top: int) -> AsyncIterator[list[Event]]:
    while some := await Event.filter(position__gt=after, position__lte=top).order_by("position").limit(BATCH):
        yield some
        assert some[-1].position is not None
        after = some[-1].position


def _event(verdict: ChainVerdict, event: Event, previous: bytes | None) -> bytes:
    """Check one event after ``previous`` (None: unknown); its own hash, as it stands, so that one change is told once."""
    if event.digest is None or event.hash is None:
        verdict.say(f"event {event.position} has a number, but no hash")
        return NOTHING
    if previous is not None and event.linked(previous) != bytes(event.hash):
        verdict.say(f"event {event.position} is not what was sealed")
    if event.sealed is None:
        verdict.emptied += event.digested() != bytes(event.digest)
    elif event.digested() != bytes(event.digest):
        verdict.say(f"the sealed part of event {event.position} is not what was sealed")
    return bytes(event.hash)


def _checkpoint(world: World, verdict: ChainVerdict, statement: Statement, hash_: bytes) -> None:
    verdict.checkpoints += 1
    if statement.said is not Said.CHECKPOINT or not statement.stands(world):
        verdict.say(f"the checkpoint at {statement.position} is not signed as it stands")
    elif statement.hash != hash_.hex():
        verdict.say(f"the checkpoint at {statement.position} is about another event")


def _gap(first: int, last: int) -> str:
    return f"event {first} is missing" if first == last else f"events {first} to {last} are missing"


# ---- in the file -------------------------------------------------------------------------------------------------
async def _file(world: World, verdict: ChainVerdict, start: int) -> None:
    """Every line of the file that no restore has made void says what the database says."""
    restores = await _restores(world, verdict)
    number, reached = 0, 0
    async for lines in world.checkpoints.stream():
        valid: list[tuple[int, Statement]] = []
        for line in lines:
            number += 1
            try:
                one = read(line)
            except msgspec.DecodeError:
                verdict.say(f"line {number} of the file of checkpoints is not one of ours")
            else:
                if one.position < restores.after(number):
                    valid.append((number, one))
        held = {row.position: row for row in await Checkpoint.filter(position__in=[one.position for _, one in valid])}
        for at, one in valid:
            reached = max(reached, one.position)
            if one.position >= start and one.position > 0:
                _filed(world, verdict, at, one, held)
    verdict.unfiled = await Checkpoint.filter(position__gt=reached, is_anchor=False).count()
    if verdict.unfiled > 1:
        verdict.say(f"the file of checkpoints ends at {reached}: {verdict.unfiled} are missing")


def _filed(world: World, verdict: ChainVerdict, line: int, one: Statement, held: Mapping[int, Checkpoint]) -> None:
    row = held.get(one.position)
    if row is None:
        verdict.say(f"line {line} of the file of checkpoints: {one.position} is not in the database")
    elif one.hash != bytes(row.hash).hex():
        verdict.say(f"line {line} of the file of checkpoints: {one.position} stands otherwise in the database")
    elif one != of_row(row) and not one.stands(world):
        verdict.say(f"line {line} of the file of checkpoints is not signed as it stands")


@dataclass(slots=True)
class _Restores:
    """The signed restores of the file: line and position, in order."""

    found: list[tuple[int, int]] = field(default_factory=list)

    def after(self, line: int) -> float:
        """From which position on a line says nothing any more: a restore that was written down later went back before it."""
        return min((position + 1 for at, position in self.found if at > line), default=inf)


async def _restores(world: World, verdict: ChainVerdict) -> _Restores:
    restores, number = _Restores(), 0
    async for lines in world.checkpoints.stream():
        for line in lines:
            number += 1
            if IN_WORDS in line:
                one = read(line)
                if one.said is Said.RESTORED and one.stands(world):
                    restores.found.append((number, one.position))
                    verdict.restored += 1
                else:
                    verdict.say(f"line {number} of the file of checkpoints is not signed as it stands")
    return restores

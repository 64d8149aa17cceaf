"""Customers brought in from a file: in batches, each one stored whole or not at all, safe to run again.

A customer is known by the reference of where they come from (a blind index that only one person can claim). For each
batch the keys are committed in the keystore first, then all rows in one transaction: killed in between, a duty removes
the keys.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models.actions.import_columns import Bad, Line
from models.actions.import_lines import Newcomer, newcomers
from models.actions.import_rows import Known, Rows, known
from models.database import transaction
from models.refused import ProblemCode
from models.sets import of_ids
from models.world import World

BATCH = 1_000
CHECKED_AHEAD, STORED_AT_ONCE = 2, 2  # batches under way: while the database stores one, the rows of the next are made
TRIES = 3  # of one batch, when somebody else imports or signs up the same people meanwhile

T = TypeVar("T")
Checked = Newcomer | list[Bad]
Checker = Callable[[Sequence[Line], datetime], Awaitable[Sequence[Checked]]]
"""Checks lines, as ``newcomers`` does: here, or in as many processes as there are."""


@dataclass(frozen=True, slots=True)
class Summary:
    """How many lines became customers, were customers already, or were refused."""

    lines: int = 0
    imported: int = 0
    already_there: int = 0
    refused: int = 0


@dataclass(slots=True)
class _Seen:
    """What earlier lines of the file have claimed."""

    digests: set[bytes]
    names: set[tuple[str, str]]


async def check_here(lines: Sequence[Line], now: datetime) -> list[Checked]:
    """The lines of a batch, one after the other."""
    return newcomers(lines, now)


async def import_customers(
    world: World,
    lines: Iterable[Line | Bad],
    *,
    check: bool = False,
    welcome: bool = False,
    checker: Checker = check_here,
    on_bad: Callable[[Bad], None] = lambda _: None,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Import the lines of a file; ``check`` does everything but store. ``welcome``: each gets a letter about choosing a
    password. ``on_bad`` hears every reason, ``progress`` the sums after each batch. Raises WrongFile, KeystoreDown.
    """
    summary = Summary()
    async with (
        aclosing(_in_order(_checking(world, lines, checker), CHECKED_AHEAD)) as checked,
        aclosing(_in_order(_storing(world, checked, check=check, welcome=welcome), STORED_AT_ONCE)) as stored,
    ):
        async for size, imported, there, bad in stored:
            for one in sorted(bad, key=lambda one: one.number):
                on_bad(one)
            summary = Summary(
                summary.lines + size,
                summary.imported + imported,
                summary.already_there + there,
                summary.refused + len({one.number for one in bad}),
            )
            progress(summary)
    return summary


async def _in_order(work: AsyncIterator[Awaitable[T]], most: int) -> AsyncGenerator[T, None]:
    """What comes of each, one after the other, while up to so many are under way."""
    under_way = deque[asyncio.Future[T]]()
    try:
        async for one in work:
            under_way.append(asyncio.ensure_future(one))
            if len(under_way) == most:
                yield await under_way[0]
                under_way.popleft()
        while under_way:
            yield await under_way[0]
            under_way.popleft()
    finally:
        for future in under_way:
            future.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


async def _checking(
    world: World, lines: Iterable[Line | Bad], checker: Checker
) -> AsyncIterator[Awaitable[tuple[list[Line | Bad], Sequence[Checked]]]]:
    """The file in batches; each is being checked."""

    async def checked(batch: list[Line | Bad]) -> tuple[list[Line | Bad], Sequence[Checked]]:
        return batch, await checker([line for line in batch if isinstance(line, Line)], world.now())

    rest = iter(lines)
    while batch := list(islice(rest, BATCH)):
        yield checked(batch)


async def _storing(
    world: World, batches: AsyncIterator[tuple[list[Line | Bad], Sequence[Checked]]], *, check: bool, welcome: bool
) -> AsyncIterator[Awaitable[tuple[int, int, int, list[Bad]]]]:
    """Each batch is being stored: how many lines, imported, already there, what is wrong.

    Who is in an earlier one is known here, stored or not yet.
    """
    seen = _Seen(set(), set())

    async def stored(size: int, fresh: list[Known], there: int, bad: list[Bad]) -> tuple[int, int, int, list[Bad]]:
        if not check:
            fresh, more = await _store(world, fresh, bad, welcome=welcome)
            there += more
        return size, len(fresh), there, bad

    async for batch, checked in batches:
        bad, people = [line for line in batch if isinstance(line, Bad)], []
        for found in checked:
            if isinstance(found, Newcomer):
                people.append(known(world, found))
            else:
                bad += found
        fresh, there = await _new_ones(people, seen, bad)
        yield stored(len(batch), fresh, there, bad)


async def _new_ones(people: list[Known], seen: _Seen, bad: list[Bad]) -> tuple[list[Known], int]:
    """Those who are nobody yet, and how many are customers already; doubles are bad lines."""
    taken, numbers, services = await _taken(people)
    fresh, there = [], 0
    for who in people:
        one = who.newcomer
        if who.reference in taken and who.reference not in seen.digests:
            there += 1
            seen.digests.add(who.reference)
            continue
        own = [service.reference for service in one.services]
        again = {
            "reference": who.reference in seen.digests,
            "email": who.email in taken or who.email in seen.digests,
            "number": one.number is not None and (one.number in numbers or ("number", one.number) in seen.names),
            "service_reference": len(set(own)) < len(own)
            or any(name in services or ("service", name) in seen.names for name in own),
        }
        if any(again.values()):
            bad += [Bad(one.line, column, ProblemCode.DUPLICATE) for column, is_double in again.items() if is_double]
            continue
        seen.digests |= {who.reference, who.email}
        seen.names |= {("service", name) for name in own}
        if one.number is not None:
            seen.names.add(("number", one.number))
        fresh.append(who)
    return fresh, there


async def _taken(people: list[Known]) -> tuple[set[bytes], set[str], set[str]]:
    """What of these is claimed in the database: digests, customer numbers, services' references."""
    digests = [digest for who in people for digest in (who.reference, who.email)]
    numbers = [who.newcomer.number for who in people if who.newcomer.number is not None]
    references = [service.reference for who in people for service in who.newcomer.services]
    claims = await _found('SELECT "claim" FROM "index_entry" WHERE "claim" {ids}', digests)
    held = await _found('SELECT "number" FROM "customer" WHERE "number" {ids}', numbers)
    services = await _found('SELECT "reference" FROM "service" WHERE "reference" {ids}', references)
    return set(map(bytes, claims)), set(held), set(services)


async def _found(query: str, among: Sequence[bytes] | Sequence[str]) -> list[Any]:
    return [row[0] for row in (await of_ids(get_connection("default"), query, among))[1]] if among else []


async def _store(world: World, people: list[Known], bad: list[Bad], *, welcome: bool) -> tuple[list[Known], int]:
    """Keys first, then all rows in one transaction; again when somebody else was faster with one of them.

    Keys of a try that failed are left to the duty that removes keys without a customer: a commit may have been heard.
    """
    there = 0
    for tries_left in range(TRIES, 0, -1):
        keys = await world.vault.create([world.new_id() for _ in people])
        rows = Rows(world, welcome=welcome)
        for person, one in zip(keys, people, strict=True):
            rows.add(keys[person], one)
        try:
            async with transaction() as tx:
                await rows.insert(tx)
            break
        except IntegrityError:
            if tries_left == 1:
                raise
            people, more = await _new_ones(people, _Seen(set(), set()), bad)
            there += more
    return people, there

"""Customers brought in from a file: in batches, each one stored whole or not at all, safe to run again.

A customer is known by the reference of where they come from (a blind index that only one person can claim). For each batch the
keys are committed in the keystore first, then all rows in one transaction: killed in between, a duty removes the keys.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from tortoise.exceptions import IntegrityError

from models.actions.import_columns import Bad, Line
from models.actions.import_lines import Newcomer, newcomer
from models.actions.import_rows import Rows
from models.database import transaction
from models.refused import ProblemCode
from models.tables import Customer, IndexEntry, Service
from models.world import World

BATCH = 1_000
TRIES = 3  # of one batch, when somebody else imports or signs up the same people meanwhile


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
    names: set[str]


async def import_customers(
    world: World,
    lines: Iterable[Line | Bad],
    *,
    check: bool = False,
    welcome: bool = False,
    on_bad: Callable[[Bad], None] = lambda _: None,
    progress: Callable[[Summary], None] = lambda _: None,
) -> Summary:
    """Import the lines of a file; ``check`` does everything but store. ``welcome``: each gets a letter about choosing a
    password. ``on_bad`` hears every reason, ``progress`` the sums after each batch. Raises WrongFile, KeystoreDown.
    """
    summary, seen, rest = Summary(), _Seen(set(), set()), iter(lines)
    while batch := list(islice(rest, BATCH)):
        bad: list[Bad] = []
        people = _checked(world, batch, bad)
        fresh, there = await _new_ones(people, seen, bad)
        if not check:
            fresh, more = await _store(world, fresh, bad, welcome=welcome)
            there += more
        for one in sorted(bad, key=lambda one: one.number):
            on_bad(one)
        summary = Summary(
            summary.lines + len(batch),
            summary.imported + len(fresh),
            summary.already_there + there,
            summary.refused + len({one.number for one in bad}),
        )
        progress(summary)
    return summary


def _checked(world: World, batch: list[Line | Bad], bad: list[Bad]) -> list[Newcomer]:
    now, people = world.now(), []
    for line in batch:
        found = [line] if isinstance(line, Bad) else newcomer(world, line, now)
        if isinstance(found, Newcomer):
            people.append(found)
        else:
            bad += found
    return people


async def _new_ones(people: list[Newcomer], seen: _Seen, bad: list[Bad]) -> tuple[list[Newcomer], int]:
    """Those who are nobody yet, and how many are customers already; doubles are bad lines."""
    taken, numbers, services = await _taken(people)
    fresh, there = [], 0
    for one in people:
        doubles = []
        if one.reference_digest in seen.digests:
            doubles.append("reference")
        elif one.reference_digest in taken:
            there += 1
            seen.digests.add(one.reference_digest)
            continue
        if one.email_digest in taken or one.email_digest in seen.digests:
            doubles.append("email")
        if one.number is not None and (one.number in numbers or "number " + one.number in seen.names):
            doubles.append("number")
        own = [service.reference for service in one.services]
        if len(set(own)) < len(own) or any(name in services or "service " + name in seen.names for name in own):
            doubles.append("service_reference")
        if doubles:
            bad += [Bad(one.line, column, ProblemCode.DUPLICATE) for column in doubles]
            continue
        seen.digests |= {one.reference_digest, one.email_digest}
        seen.names |= {"service " + name for name in own} | ({"number " + one.number} if one.number else set())
        fresh.append(one)
    return fresh, there


async def _taken(people: list[Newcomer]) -> tuple[set[bytes], set[str], set[str]]:
    """What of these is claimed in the database: digests, customer numbers, services' references."""
    digests = [digest for one in people for digest in (one.reference_digest, one.email_digest)]
    numbers = [one.number for one in people if one.number is not None]
    references = [service.reference for one in people for service in one.services]
    claims = await IndexEntry.filter(claim__in=digests).values_list("claim", flat=True) if digests else []
    held = await Customer.filter(number__in=numbers).values_list("number", flat=True) if numbers else []
    services = await Service.filter(reference__in=references).values_list("reference", flat=True) if references else []
    return {bytes(claim) for claim in claims}, set(map(str, held)), set(map(str, services))  # type: ignore[arg-type]


async def _store(world: World, people: list[Newcomer], bad: list[Bad], *, welcome: bool) -> tuple[list[Newcomer], int]:
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

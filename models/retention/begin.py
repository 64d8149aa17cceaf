"""Where an erasure begins (clauses 4.1.3, 5, 5.1, 5.2 and 6.1.3): a tombstone, in one transaction with what makes it final."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from models.actions.holds import standing_holds
from models.database import dialect, transaction
from models.retention.ageing import governing
from models.retention.guards import may_claim
from models.retention.pace import Pace
from models.sets import Row, as_uuid, insert, of_ids
from models.tables import Customer, IndexEntry, Letter, Staff, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import World

BEGUN_AT_ONCE = 50
"""So many erasures begin in one transaction, at first; then as many as stay locked for milliseconds."""
OFFICE = "OFFICE"
"""Who closed an account that the office erases at once (clause 5)."""
CLOSED_UNDER = ("4.1.3", "5", "5.1", "5.2")
"""Clauses under which a closed account goes, as ``_clause`` says."""
DUE = """SELECT "id", "customer_id", "closed_at", "closed_by", "terms_clause", "erase_by", "code_digest" FROM "closure"
    WHERE "erase_at" <= {0} AND NOT ("customer_id" {ids})
        AND (SELECT "state" = {1} FROM "customer" WHERE "customer"."id" = "closure"."customer_id")
    ORDER BY "erase_at" LIMIT {2}"""
"""Closures in their order, and of each whether its customer waits for it. A join would be planned by what was closed before, and
go through all of them for each customer; so would a comparison outside the subquery, whose answers are taken to be rare."""


class Due(NamedTuple):
    """An account to be erased, as the database brings its closure: SQLite keeps times as text."""

    id: UUID
    customer_id: UUID
    closed_at: datetime | str
    closed_by: str
    terms_clause: str | None
    erase_by: datetime | str
    code_digest: bytes


async def begin_erasures(world: World, limit: int) -> int:
    """What is due becomes a tombstone in place of its closure, in one transaction with the customer's state: from here on nobody
    restores it, and nobody asks again whether it is due.

    Whoever has a hold waits (clause 4.2); the office's erasures go when the letters that tell of them were tried once.
    """
    return len(await begin(world, limit))


async def begin(world: World, limit: int, claim: Row | None = None) -> list[Row]:
    """Up to so many of those who are due; their tombstones. ``claim``: columns that make them a worker's own; then they are no more
    than may lose their keys in this hour."""
    stones: list[Row] = []
    held = [hold.customer_id for hold in await standing_holds()]
    pace = Pace(BEGUN_AT_ONCE)
    while len(stones) < limit:
        asked = min(pace.size, limit - len(stones))
        with pace.kept(asked):
            async with transaction() as tx:
                most = await may_claim(world, tx, asked) if claim else asked
                some = await _begin(world, tx, most, held, claim or {}) if most else []
        stones += some
        if len(some) < asked:
            break
    return stones


async def _begin(world: World, tx: BaseDBAsyncClient, limit: int, held: Sequence[UUID], claim: Row) -> list[Row]:
    """``held``: who has a hold as far as is known; the others are looked at again under their lock."""
    now, locking = world.now(), " FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""
    rows = (await of_ids(tx, DUE + locking, held, now, State.CLOSED, limit))[1]
    closures = [Due(as_uuid(row), as_uuid(person), *rest) for row, person, *rest in rows]
    untold = await _untold([closure.customer_id for closure in closures if closure.closed_by == OFFICE], now)
    ready = [closure.customer_id for closure in closures if closure.customer_id not in untold]
    ids = await _claim_customers(tx, ready, State.CLOSED)
    stones = [
        tombstone(closure.customer_id, _clause(closure), closure.closed_at, closure.erase_by, now, closure.code_digest)
        | claim for closure in closures if closure.customer_id in ids
    ]  # fmt: skip
    if stones:
        await insert(tx, "tombstone", stones)
        begun = [closure.id for closure in closures if closure.customer_id in ids]
        await of_ids(tx, 'DELETE FROM "closure" WHERE "id" {ids}', begun)  # by id: known to be one row each
    return stones


def _clause(closure: Due) -> str:
    """Under which clause an account goes."""
    if closure.closed_by == OFFICE:
        return "5"
    if closure.closed_by == "SYSTEM":
        return "4.1.3"
    return "5.2" if closure.terms_clause else "5.1"


async def _untold(people: Sequence[UUID], now: datetime) -> set[UUID]:
    """Those of these people to whom a letter waits that nobody has tried to post, or that is just being posted.

    No letter follows an erasure, and a claim counts as a try from its beginning.
    """
    if not people:
        return set()
    untried = Q(tries=0) | Q(leased_until__gt=now)
    waiting = Letter.filter(untried, customer_id__in=list(people), posted_at=None, dead_at=None)
    return set(await waiting.values_list("customer_id", flat=True))  # type: ignore[arg-type]


async def begin_unconfirmed(world: World, limit: int) -> int:
    """Sign-ups whose address was never confirmed go the same way."""
    done = 0
    for version in await governing(world):
        rule, now = world.rule("UNCONFIRMED", version), world.now()
        async with transaction() as tx:
            due = Customer.filter(
                state=State.UNCONFIRMED, created_at__lte=rule.expired_before(now), governed_by=version
            )
            rows = {row.id: row for row in await due.using_db(tx).limit(limit)}
            ids = await _claim_customers(tx, list(rows), State.UNCONFIRMED)
            stones = [
                tombstone(one, rule.clause, rows[one].created_at, rule.promised_at(rows[one].created_at), now,
                           world.vault.digest(world.new_secret()))
                for one in ids
            ]  # fmt: skip
            if stones:
                await insert(tx, "tombstone", stones)
        done += len(stones)
    return done


async def begin_former_staff(world: World, limit: int) -> int:
    """Members of staff who left three years ago are erased the same way, keys of their own included (clause 6.1.3).

    They lose their address first: whoever invites them from here on invites somebody new.
    """
    rule, now = world.rule("STAFF"), world.now()
    async with transaction() as tx:
        due = Staff.filter(deactivated_at__lte=rule.expired_before(now)).using_db(tx).order_by("id").limit(limit)
        rows = await (due.select_for_update() if dialect() == "postgres" else due)
        begun = Tombstone.filter(id__in=[row.id for row in rows]).using_db(tx)
        there = set(await begun.values_list("id", flat=True))
        stones = [
            tombstone(row.id, rule.clause, left, rule.promised_at(left), now, world.vault.digest(world.new_secret()))
            for row in rows if row.id not in there and (left := row.deactivated_at)
        ]  # fmt: skip
        if stones:
            ids = [stone["id"] for stone in stones]
            await IndexEntry.filter(person_id__in=ids).using_db(tx).delete()
            await insert(tx, "tombstone", stones)
    return len(stones)


async def _claim_customers(tx: BaseDBAsyncClient, ids: Sequence[UUID], state: State) -> set[UUID]:
    """One atomic claim decides between an erasure and whatever else wants these customers."""
    locking = " FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""
    # Asked by id alone: an index of states is chosen by what they were before.
    query = 'SELECT "id", "state" FROM "customer" WHERE "id" {ids}' + locking  # noqa: S608  our own words
    free = {as_uuid(person) for person, now in (await of_ids(tx, query, ids))[1] if now == state}
    # Holds are looked at under the lock that placing one takes, too.
    query = 'SELECT "customer_id" FROM "hold" WHERE "customer_id" {ids} AND "released_at" IS NULL'
    found = free - {as_uuid(row[0]) for row in (await of_ids(tx, query, list(free)))[1]}
    if found:
        await of_ids(tx, 'UPDATE "customer" SET "state" = {0} WHERE "id" {ids}', list(found), State.ERASING)
    return found


def tombstone(
    person: UUID, clause: str, closed_at: datetime | str, erase_by: datetime | str, now: datetime, code_digest: bytes
) -> Row:
    """A tombstone's row."""
    return {
        "id": person, "stage": ErasureStage.ERASING, "clause": clause, "closed_at": closed_at, "erase_by": erase_by,
        "begun_at": now, "code_digest": code_digest, "tries": 0,
    }  # fmt: skip

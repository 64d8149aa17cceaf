"""Erasing a person (clauses 5, 5.1 and 5.2): closed → due → erasing → key destroyed → rows gone → verified → certified.

The order over the two databases: tombstone and state (main) → ledger, fsynced → key (keystore) → rows (main). Each step is one
commit, each can be repeated, and whoever is killed in between leaves work that any worker resumes. Any other order loses data or
leaves a living key.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.expressions import Q

from models.actions.holds import standing_holds
from models.database import dialect, transaction
from models.policy.entities import Entity
from models.retention.ageing import governing
from models.retention.claims import Lot, claim_lot, together
from models.retention.guards import alarm_too_fast, counted
from models.retention.probe import Probe, known_values, make_probes, probes_of
from models.sets import Row, as_uuid, insert, of_ids
from models.tables import Customer, IndexEntry, Letter, Staff, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import World

LEASE = timedelta(minutes=5)
BEGUN_AT_ONCE, REMOVED_AT_ONCE = 100, 25
"""So many erasures begin in one transaction; of so many people the rows go by one statement. More would stay locked for longer."""
OFFICE = "OFFICE"
"""Who closed an account that the office erases at once (clause 5)."""
DUE = """SELECT "customer_id", "closed_at", "closed_by", "terms_clause", "erase_by", "code_digest" FROM "closure"
    WHERE "erase_at" <= {0} AND NOT ("customer_id" {ids})
        AND (SELECT "state" = {1} FROM "customer" WHERE "customer"."id" = "closure"."customer_id")
    ORDER BY "erase_at" LIMIT {2}"""
"""Closures in their order, and of each whether its customer waits for it. A join would be planned by what was closed before, and
go through all of them for each customer; so would a comparison outside the subquery, whose answers are taken to be rare."""
BURIED = 'SELECT "id", "clause", "closed_at", "erase_by", "begun_at", "code_digest" FROM "tombstone" WHERE "id" {ids}'
OF_STAFF = (
    'DELETE FROM "letter" WHERE "person_id" {ids}',
    'DELETE FROM "approval" WHERE "proposed_by" {ids} AND "customer_id" IS NULL',
)
"""What belongs to a member of staff and names no customer: letters to them, proposals sealed under their key."""
NEXT = """UPDATE "tombstone" SET "leased_by" = NULL, "leased_until" = NULL, "tries" = 0, "retry_at" = NULL,
    "trouble" = NULL, "stage" = {1}, """
OF = """ WHERE "id" {ids} AND "stage" || '' = {0}"""
"""Found by id: an index is not used for what is made of its column, and that of stages holds all who wait."""
EMPTIED = 'UPDATE "event" SET "sealed" = NULL WHERE "alias" {ids} AND "sealed" IS NOT NULL'


class Due(NamedTuple):
    """An account to be erased, as the database brings its closure: SQLite keeps times as text."""

    customer_id: UUID
    closed_at: datetime | str
    closed_by: str
    terms_clause: str | None
    erase_by: datetime | str
    code_digest: bytes


async def begin_erasures(world: World, limit: int) -> int:
    """What is due becomes a tombstone, in one transaction with the customer's state: from here on nobody restores it.

    Whoever has a hold waits (clause 4.2); the office's erasures go when the letters that tell of them were tried once.
    """
    done = 0
    while done < limit:
        asked = min(BEGUN_AT_ONCE, limit - done)
        done += (some := await _begin(world, asked))
        if some < asked:
            break
    return done


async def _begin(world: World, limit: int) -> int:
    now, locking = world.now(), " FOR UPDATE SKIP LOCKED" if dialect() == "postgres" else ""
    held = [hold.customer_id for hold in await standing_holds()]
    async with transaction() as tx:
        rows = (await of_ids(tx, DUE + locking, held, now, State.CLOSED, limit))[1]
        closures = [Due(as_uuid(person), *rest) for person, *rest in rows]
        untold = await _untold([closure.customer_id for closure in closures if closure.closed_by == OFFICE], now)
        ready = [closure.customer_id for closure in closures if closure.customer_id not in untold]
        ids = await _claim_customers(tx, ready, State.CLOSED)
        stones = [
            tombstone(closure.customer_id, _clause(closure), closure.closed_at, closure.erase_by, now, closure.code_digest)
            for closure in closures if closure.customer_id in ids
        ]  # fmt: skip
        if stones:
            await insert(tx, "tombstone", stones)
    return len(stones)


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


async def destroy_keys(world: World, limit: int) -> int:
    """Probe sealed, ledger written, own files gone; then the key: now nothing of theirs opens, in no copy anywhere.

    So many in an hour that it must be a mistake are not destroyed: that stops, and alarms (models/retention/guards.py).
    """
    lot: Lot[Tombstone] | None = None
    async with counted(world, limit) as most:
        if most:
            due = Q(stage=ErasureStage.ERASING)
            lot = await claim_lot(
                world, Tombstone, due, most, lease=LEASE, worker=str(world.new_id()), order="begun_at"
            )
    if not most:
        await alarm_too_fast(world)
    if lot is None or not lot.ids:
        return 0
    async with together(world, lot):
        return await _destroy(world, lot.ids)


async def _destroy(world: World, ids: Sequence[UUID]) -> int:
    main, keys = get_connection("default"), await world.vault.keys(ids)
    known = await known_values(world, ids, keys)
    await make_probes(world, known)
    stones = (await of_ids(main, BURIED, ids))[1]
    await world.ledger.append(ledger_line(*stone) for stone in stones)
    addresses = {address for person in known.values() for address in person.addresses}
    await world.post.forget(addresses)
    for (archive,) in (await of_ids(main, 'SELECT "id" FROM "export" WHERE "customer_id" {ids}', ids))[1]:
        await world.shelf.remove(UUID(str(archive)))
    await world.vault.destroy(ids)
    now, kek = world.now(), world.vault.ring.current  # asked last: a rotation may have wrapped the keys anew until then
    done = '"in_ledger_at" = {2}, "key_destroyed_at" = {2}, "kek_id" = {3}'
    await of_ids(main, NEXT + done + OF, ids, ErasureStage.ERASING, ErasureStage.KEY_DESTROYED, now, kek)
    return len(ids)


def ledger_line(
    person: UUID | str,
    clause: str,
    closed_at: datetime | str,
    erase_by: datetime | str,
    begun_at: datetime | str,
    code: bytes,
) -> str:
    """The tombstone outside the database: no personal data, enough to erase again after a restore from backup, and to certify it
    under the same code (its digest). From a tombstone's columns as the database brings them."""
    moments = {"closed_at": closed_at, "erase_by": erase_by, "begun_at": begun_at}
    times = {name: at.replace(" ", "T") if isinstance(at, str) else at for name, at in moments.items()}
    line = {"id": str(person), "clause": clause, **times, "code": code.hex()}
    return msgspec.json.encode(line).decode()


async def remove_rows(world: World, limit: int) -> int:
    """Every row of theirs, in the inventory's order, so many people in one transaction that it locks for no more than milliseconds;
    events lose their personal parts and point at nobody."""
    due = Q(stage=ErasureStage.KEY_DESTROYED)
    lot = await claim_lot(world, Tombstone, due, limit, lease=LEASE, worker=str(world.new_id()), order="begun_at")
    if not lot.ids:
        return 0
    async with together(world, lot):
        probes = await probes_of(world, lot.ids)
        for start in range(0, len(lot.ids), REMOVED_AT_ONCE):
            await _remove(world, lot.ids[start : start + REMOVED_AT_ONCE], probes)
    return len(lot.ids)


async def _remove(world: World, ids: Sequence[UUID], probes: Mapping[UUID, Probe]) -> None:
    """PostgreSQL does it in one statement, after which alone it looks at what refers to what: nothing stays locked while this
    process does something else."""
    aliases = [alias for person in ids if person in probes for alias in probes[person].aliases]
    aliases += [person.bytes for person in ids]  # how a member of staff's own events name them
    deleted = _deleted(world.policy.inventory.erased_with_anybody)
    done, stages = NEXT + '"rows_gone_at" = {2}' + OF, (ErasureStage.KEY_DESTROYED, ErasureStage.ROWS_GONE, world.now())
    if dialect() == "postgres":
        parts = (*deleted, EMPTIED.replace("{ids}", "= ANY({3})"), done)
        named = ", ".join(f"gone_{number} AS ({part})" for number, part in enumerate(parts))
        await of_ids(get_connection("default"), f"WITH {named} SELECT 1", ids, *stages, aliases)
        return
    async with transaction() as tx:
        await of_ids(tx, EMPTIED, aliases)
        for part in deleted:
            await of_ids(tx, part, ids)
        await of_ids(tx, done, ids, *stages)


def _deleted(entities: Sequence[Entity]) -> list[str]:
    """A statement for each of these tables."""
    each = [f'DELETE FROM "{one.table}" WHERE "{one.person or "id"}" {{ids}}' for one in entities]  # noqa: S608  our own names
    return [*OF_STAFF, *each]

"""Erasing a person (clauses 5, 5.1 and 5.2): closed → due → erasing → key destroyed → rows gone → verified → certified.

The order over the two databases: tombstone and state (main) → ledger, fsynced → key (keystore) → rows (main). Each step is one
commit, each can be repeated, and whoever is killed in between leaves work that any worker resumes. Any other order loses data or
leaves a living key.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from models.actions.holds import standing_holds
from models.database import dialect, transaction
from models.retention.ageing import governing
from models.retention.claims import claim, together
from models.retention.guards import alarm_too_fast, counted
from models.retention.probe import known_values, make_probes, probes_of
from models.tables import Approval, Closure, Customer, Event, Export, Hold, IndexEntry, Letter, Staff, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import World

LEASE = timedelta(minutes=5)
OFFICE = "OFFICE"
"""Who closed an account that the office erases at once (clause 5)."""
STEP = {"leased_by": None, "leased_until": None, "tries": 0, "retry_at": None, "trouble": None}


async def begin_erasures(world: World, limit: int) -> int:
    """What is due becomes a tombstone, in one transaction with the customer's state: from here on nobody restores it.

    Whoever has a hold waits (clause 4.2); the office's erasures go when the letters that tell of them were tried once.
    """
    now = world.now()
    held = [hold.customer_id for hold in await standing_holds()]
    async with transaction() as tx:
        due = Closure.filter(erase_at__lte=now, customer__state=State.CLOSED).exclude(customer_id__in=held).using_db(tx)
        due = due.order_by("erase_at", "id").limit(limit)
        closures = await (due.select_for_update(skip_locked=True, of=("closure",)) if dialect() == "postgres" else due)
        untold = await _untold([closure.customer_id for closure in closures if closure.closed_by == OFFICE])
        ready = [closure.customer_id for closure in closures if closure.customer_id not in untold]
        ids = await _claim_customers(ready, State.CLOSED)
        stones = [
            _tombstone(closure.customer_id, _clause(closure), closure.closed_at, closure.erase_by, now,
                       bytes(closure.code_digest))
            for closure in closures if closure.customer_id in ids
        ]  # fmt: skip
        if stones:
            await Tombstone.bulk_create(stones, using_db=tx)
    return len(stones)


def _clause(closure: Closure) -> str:
    """Under which clause an account goes."""
    if closure.closed_by == OFFICE:
        return "5"
    if closure.closed_by == "SYSTEM":
        return "4.1.3"
    return "5.2" if closure.terms_clause else "5.1"


async def _untold(people: Sequence[UUID]) -> set[UUID]:
    """Those of these people to whom a letter waits that nobody has tried to post: no letter follows an erasure."""
    if not people:
        return set()
    waiting = Letter.filter(customer_id__in=list(people), posted_at=None, dead_at=None, tries=0)
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
            ids = await _claim_customers(list(rows), State.UNCONFIRMED)
            stones = [
                _tombstone(one, rule.clause, rows[one].created_at, rule.promised_at(rows[one].created_at), now,
                           world.vault.digest(world.new_secret()))
                for one in ids
            ]  # fmt: skip
            if stones:
                await Tombstone.bulk_create(stones, using_db=tx)
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
            _tombstone(row.id, rule.clause, left, rule.promised_at(left), now, world.vault.digest(world.new_secret()))
            for row in rows if row.id not in there and (left := row.deactivated_at)
        ]  # fmt: skip
        if stones:
            ids = [stone.id for stone in stones]
            await IndexEntry.filter(person_id__in=ids).using_db(tx).delete()
            await Tombstone.bulk_create(stones, using_db=tx)
    return len(stones)


async def _claim_customers(ids: Sequence[UUID], state: State) -> list[UUID]:
    """One atomic claim decides between an erasure and whatever else wants these customers; in the caller's transaction."""
    wanted = Customer.filter(id__in=list(ids), state=state)
    rows = await (wanted.select_for_update(skip_locked=True) if dialect() == "postgres" else wanted)
    held = set(
        await Hold.filter(customer_id__in=[row.id for row in rows], released_at=None).values_list(
            "customer_id", flat=True
        )
    )
    found = [row.id for row in rows if row.id not in held]  # looked at under the lock that placing a hold takes, too
    if found:
        await Customer.filter(id__in=found).update(state=State.ERASING)
    return found


def _tombstone(
    person: UUID, clause: str, closed_at: datetime, erase_by: datetime, now: datetime, code_digest: bytes
) -> Tombstone:
    return Tombstone(
        id=person, stage=ErasureStage.ERASING, clause=clause, closed_at=closed_at, erase_by=erase_by, begun_at=now,
        code_digest=code_digest,
    )  # fmt: skip


async def destroy_keys(world: World, limit: int) -> int:
    """Probe sealed, ledger written, own files gone; then the key: now nothing of theirs opens, in no copy anywhere.

    So many in an hour that it must be a mistake are not destroyed: that stops, and alarms (models/retention/guards.py).
    """
    stones: list[Tombstone] = []
    async with counted(world, limit) as most:
        if most:
            due = Q(stage=ErasureStage.ERASING)
            stones = await claim(world, Tombstone, due, most, lease=LEASE, worker=str(world.new_id()))
    if not stones:
        if not most:
            await alarm_too_fast(world)
        return 0
    async with together(world, stones):
        return await _destroy(world, stones)


async def _destroy(world: World, stones: Sequence[Tombstone]) -> int:
    ids = [stone.id for stone in stones]
    keys = await world.vault.keys(ids)
    known = await known_values(world, ids, keys)
    await make_probes(world, known)
    await world.ledger.append(ledger_line(stone) for stone in stones)
    addresses = {address for person in known.values() for address in person.addresses}
    await world.post.forget(addresses)
    for archive in await Export.filter(customer_id__in=ids).values_list("id", flat=True):
        await world.shelf.remove(archive)  # type: ignore[arg-type]
    await world.vault.destroy(ids)
    now, kek = world.now(), world.vault.ring.current  # asked last: a rotation may have wrapped the keys anew until then
    await Tombstone.filter(id__in=ids, stage=ErasureStage.ERASING).update(
        stage=ErasureStage.KEY_DESTROYED, in_ledger_at=now, key_destroyed_at=now, kek_id=kek, **STEP
    )
    return len(ids)


def ledger_line(stone: Tombstone) -> str:
    """The tombstone outside the database: no personal data, enough to erase again after a restore from backup, and to certify it
    under the same code (its digest)."""
    line = {"id": str(stone.id), "clause": stone.clause, "closed_at": stone.closed_at.isoformat(),
            "erase_by": stone.erase_by.isoformat(), "begun_at": stone.begun_at.isoformat(),
            "code": bytes(stone.code_digest).hex()}  # fmt: skip
    return json.dumps(line)


async def remove_rows(world: World, limit: int) -> int:
    """Every row of theirs, in the inventory's order, in one transaction; events lose their personal parts and point at nobody."""
    stones = await claim(
        world, Tombstone, Q(stage=ErasureStage.KEY_DESTROYED), limit, lease=LEASE, worker=str(world.new_id())
    )
    if not stones:
        return 0
    async with together(world, stones):
        return await _remove(world, [stone.id for stone in stones])


async def _delete(tx: BaseDBAsyncClient, table: str, column: str, ids: Sequence[UUID]) -> None:
    """One statement, prepared once whatever the number of ids: written anew by Tortoise it would take longer than it runs."""
    if dialect() == "postgres":
        await tx.execute_query(f'DELETE FROM "{table}" WHERE "{column}" = ANY($1)', [list(ids)])  # noqa: S608  our own names
    else:
        marks = ", ".join("?" * len(ids))
        await tx.execute_query(f'DELETE FROM "{table}" WHERE "{column}" IN ({marks})', [str(one) for one in ids])  # noqa: S608


async def _remove(world: World, ids: Sequence[UUID]) -> int:
    aliases = [alias for probe in (await probes_of(world, ids)).values() for alias in probe.aliases]
    aliases += [person.bytes for person in ids]  # how a member of staff's own events name them
    async with transaction() as tx:
        if aliases:
            await Event.filter(alias__in=aliases).using_db(tx).update(sealed=None)
        await Letter.filter(person_id__in=ids).using_db(tx).delete()  # to a member of staff, who is no customer
        await (
            Approval.filter(proposed_by__in=ids, customer_id=None).using_db(tx).delete()
        )  # sealed under the proposer's key
        for entity in world.policy.inventory.erased_with_anybody:
            await _delete(tx, entity.table, entity.person or "id", ids)
        await (
            Tombstone.filter(id__in=ids, stage=ErasureStage.KEY_DESTROYED)
            .using_db(tx)
            .update(stage=ErasureStage.ROWS_GONE, rows_gone_at=world.now(), **STEP)
        )
    return len(ids)

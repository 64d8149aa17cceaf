"""Erasing a person (clauses 5, 5.1 and 5.2): closed → due → erasing → key destroyed → rows gone → verified → certified.

The order over the two databases: tombstone and state (main) → ledger, fsynced → key (keystore) → rows (main). Each step is one
commit, each can be repeated, and whoever is killed in between leaves work that any worker resumes. Any other order loses data or
leaves a living key.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Any
from uuid import UUID

import msgspec
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.expressions import Q

from models.database import dialect, transaction
from models.policy.entities import Entity
from models.retention.begin import begin
from models.retention.claims import Lot, claim_lot, together
from models.retention.guards import alarm_too_fast, may_claim
from models.retention.pace import Pace
from models.retention.probe import Known, known_values, make_probes, probes_of
from models.sets import of_ids
from models.tables import Tombstone
from models.tables.accounts import ErasureStage
from models.world import World

LEASE = timedelta(minutes=5)
REMOVED_AT_ONCE = 25
"""Of so many people the rows go by one statement, at first; then of as many as stay locked for milliseconds."""
BURIED = ("id", "clause", "closed_at", "erase_by", "begun_at", "code_digest")
"""A tombstone's columns that the ledger takes."""
OF_STAFF = (
    'DELETE FROM "letter" WHERE "person_id" {ids}',
    'DELETE FROM "approval" WHERE "proposed_by" {ids} AND "customer_id" IS NULL',
)
"""What belongs to a member of staff and names no customer: letters to them, proposals sealed under their key."""
KEEPING = 'UPDATE "tombstone" SET "stage" = {1}, '
RELEASING = KEEPING + '"leased_by" = NULL, "leased_until" = NULL, "tries" = 0, "retry_at" = NULL, "trouble" = NULL, '
OF = """ WHERE "id" {ids} AND "stage" || '' = {0}"""
"""Found by id: an index is not used for what is made of its column, and that of stages holds all who wait."""
LOCKED = " UNION ALL ".join(
    f'SELECT count(*) FROM (SELECT FROM "{table}" WHERE "id" {{ids}} FOR UPDATE) AS locked'  # noqa: S608  our own names
    for table in ("customer", "staff")
)
"""Nothing that refers to them is added from here on, and what was is seen: to add it asks for their row first."""
UNASKED = """SELECT has_parameter_privilege('session_replication_role', 'SET') AND NOT EXISTS (
    SELECT FROM pg_constraint AS key
        JOIN pg_class AS parent ON parent.oid = key.confrelid
        JOIN pg_class AS child ON child.oid = key.conrelid
        JOIN pg_attribute AS field ON field.attrelid = child.oid AND field.attnum = ANY(key.conkey)
    WHERE key.contype = 'f' AND pg_table_is_visible(parent.oid) AND parent.relname {ids}
        AND NOT (pg_table_is_visible(child.oid) AND child.relname || '.' || field.attname = ANY({0})))"""
EMPTIED = 'UPDATE "event" SET "sealed" = NULL WHERE "alias" {ids} AND "sealed" IS NOT NULL'
DONE = RELEASING + '"rows_gone_at" = {2}' + OF
REMOVING = (ErasureStage.KEY_DESTROYED, ErasureStage.ROWS_GONE)


async def erase_people(world: World, limit: int) -> int:
    """Those who are due, all the way under one claim: no step asks again for what another knows.

    Whom it leaves (more than an hour may have, killed in between, failed) the duties of one step each take further.
    """
    worker = str(world.new_id())
    stones = await begin(world, limit, {"leased_by": worker, "leased_until": world.now() + LEASE, "tries": 1})
    lot = Lot(Tombstone, worker, [stone["id"] for stone in stones])
    if lot.ids:
        async with together(world, lot):
            known = await _destroy(world, [itemgetter(*BURIED)(stone) for stone in stones], KEEPING)
            aliases = {person: one.aliases for person, one in known.items()}
            aliases |= await _aliases(world, [person for person in lot.ids if person not in known])
            await _remove(world, lot.ids, aliases)
    return len(lot.ids)


async def destroy_keys(world: World, limit: int) -> int:
    """Probe sealed, ledger written, own files gone; then the key: now nothing of theirs opens, in no copy anywhere.

    So many in an hour that it must be a mistake are not destroyed: that stops, and alarms (models/retention/guards.py).
    """
    lot: Lot[Tombstone] | None = None
    async with transaction() as tx:
        if most := await may_claim(world, tx, limit):
            due = Q(stage=ErasureStage.ERASING)
            lot = await claim_lot(
                world, Tombstone, due, most, lease=LEASE, worker=str(world.new_id()), order="begun_at"
            )
    if not most:
        await alarm_too_fast(world)
    if lot is None or not lot.ids:
        return 0
    async with together(world, lot):
        await _destroy(world, await Tombstone.filter(id__in=lot.ids).values_list(*BURIED), RELEASING)
    return len(lot.ids)


async def _destroy(world: World, stones: Sequence[tuple[Any, ...]], step: str) -> dict[UUID, Known]:
    """What was known of them. ``stones``: BURIED of each; ``step``: whether the claim on them ends."""
    ids = [stone[0] for stone in stones]
    main, keys = get_connection("default"), await world.vault.keys(ids)
    known = await known_values(world, ids, keys)
    await make_probes(world, known)
    await world.ledger.append(ledger_line(*stone) for stone in stones)
    addresses = {address for person in known.values() for address in person.addresses}
    await world.post.forget(addresses)
    for (archive,) in (await of_ids(main, 'SELECT "id" FROM "export" WHERE "customer_id" {ids}', ids))[1]:
        await world.shelf.remove(UUID(str(archive)))
    await world.vault.destroy(ids)
    now, kek = world.now(), world.vault.ring.current  # asked last: a rotation may have wrapped the keys anew until then
    done = '"in_ledger_at" = {2}, "key_destroyed_at" = {2}, "kek_id" = {3}'
    await of_ids(main, step + done + OF, ids, ErasureStage.ERASING, ErasureStage.KEY_DESTROYED, now, kek)
    return known


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
    if lot.ids:
        async with together(world, lot):
            await _remove(world, lot.ids, await _aliases(world, lot.ids))
    return len(lot.ids)


async def _aliases(world: World, ids: Sequence[UUID]) -> dict[UUID, list[bytes]]:
    """How events name these people, as their probes say; a member of staff's own, by their id."""
    probes = await probes_of(world, ids) if ids else {}
    return {person: [person.bytes, *(probes[person].aliases if person in probes else ())] for person in ids}


async def _remove(world: World, ids: Sequence[UUID], aliases: Mapping[UUID, Iterable[bytes]]) -> None:
    entities = world.policy.inventory.erased_with_anybody
    unasked = dialect() == "postgres" and await _takes_all_that_refers(entities)
    pace, gone = Pace(REMOVED_AT_ONCE), 0
    while some := ids[gone : gone + pace.size]:
        named = [alias for person in some for alias in aliases[person]]
        with pace.kept(len(some)):
            if dialect() == "sqlite":
                await _remove_from_sqlite(world, entities, some, named)
            elif unasked:
                async with transaction("eraser") as tx:
                    await of_ids(tx, LOCKED, some)
                    await _remove_at_once(world, tx, entities, some, named)
            else:
                await _remove_at_once(world, get_connection("default"), entities, some, named)
        gone += len(some)


async def _takes_all_that_refers(entities: Sequence[Entity]) -> bool:
    """Whether no foreign key has to ask about each row: the role may open such a session, and whatever refers to a row that goes
    is removed by the same person.

    Asked once a lot, of the database itself; 29 questions about each person would take as long as their removal.
    """
    named = [f"{one.table}.{one.person or 'id'}" for one in entities]
    rows = (await of_ids(get_connection("default"), UNASKED, [one.table for one in entities], named))[1]
    return bool(rows[0][0])


async def _remove_at_once(
    world: World,
    connection: BaseDBAsyncClient,
    entities: Sequence[Entity],
    ids: Sequence[UUID],
    aliases: Sequence[bytes],
) -> None:
    """One statement: nothing stays locked while this process does something else."""
    parts = (*_deleted(entities), EMPTIED.replace("{ids}", "= ANY({3})"), DONE)
    named = ", ".join(f"gone_{number} AS ({part})" for number, part in enumerate(parts))
    await of_ids(connection, f"WITH {named} SELECT 1", ids, *REMOVING, world.now(), aliases)


async def _remove_from_sqlite(
    world: World, entities: Sequence[Entity], ids: Sequence[UUID], aliases: Sequence[bytes]
) -> None:
    async with transaction() as tx:
        await of_ids(tx, EMPTIED, aliases)
        for part in _deleted(entities):
            await of_ids(tx, part, ids)
        await of_ids(tx, DONE, ids, *REMOVING, world.now())


def _deleted(entities: Sequence[Entity]) -> list[str]:
    """A statement for each of these tables."""
    each = [f'DELETE FROM "{one.table}" WHERE "{one.person or "id"}" {{ids}}' for one in entities]  # noqa: S608  our own names
    return [*OF_STAFF, *each]

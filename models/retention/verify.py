"""Erased means verified: a verifier that is not the eraser looks for what must not be there any more.

One scan for a whole batch: no row by id in any table (blind indexes too), no known value in any file we own nor, on SQLite, in
the database files as bytes. A scan that does not find the value planted for it is no proof. PostgreSQL's files are not claimed:
there the retired key-encryption key is the proof.
"""

from collections.abc import Sequence
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.expressions import Q

from models.database import dialect, truncate_wal
from models.keystore import keystore
from models.retention.claims import Lot, claim_lot, release_after, together
from models.retention.erase import LEASE, OF, RELEASING
from models.retention.guards import once_in
from models.retention.probe import Probe, probes_of
from models.sets import of_ids
from models.tables import Lease, Tombstone
from models.tables.accounts import ErasureStage
from models.world import World

SCAN = "verify-erasures"


async def verify_erasures(world: World, limit: int) -> int:
    """Verify whose rows are gone and whose key-encryption key is retired; how many were.

    One worker at a time: another's scan would take away what was planted for this one.
    """
    due = Q(stage=ErasureStage.ROWS_GONE) & ~Q(kek_id__in=world.vault.ring.ids())
    if not await Tombstone.filter(due).exists() or not await once_in(world, SCAN, LEASE):
        return 0
    try:
        lot = await claim_lot(world, Tombstone, due, limit, lease=LEASE, worker=str(world.new_id()))
        async with together(world, lot):
            return await _verify(world, lot) if lot.ids else 0
    finally:
        await Lease.filter(name=SCAN).update(until=world.now())


async def _verify(world: World, lot: Lot[Tombstone]) -> int:
    ids, probes = lot.ids, await probes_of(world, lot.ids)
    if len(probes) < len(ids):  # it outlived its day: rows and keys are still counted, but no file can be searched
        world.log("erasure.unprobed", level="error", count=len(ids) - len(probes))
    trouble = await find_traces(world, ids, list(probes.values()))
    if trouble:
        world.log("erasure.traces-found", level="error", places=trouble, count=len(ids))
        for stone in await lot.rows():
            await release_after(world, stone, "traces found")
        return 0
    now, done = world.now(), RELEASING + '"verified_at" = {2}' + OF
    await of_ids(get_connection("default"), done, ids, ErasureStage.ROWS_GONE, ErasureStage.VERIFIED, now)
    return len(ids)


async def find_traces(world: World, ids: Sequence[UUID], probes: Sequence[Probe]) -> list[str]:
    """Where anything is still to be found: names of tables and files; empty when the people are gone."""
    found = await _rows_left(world, ids)
    with keystore():
        if (
            await of_ids(get_connection("keystore"), 'SELECT 1 FROM "person_key" WHERE "person_id" {ids} LIMIT 1', ids)
        )[1]:
            found.append("person_key")
    on_files = dialect() == "sqlite"
    if on_files and not (await truncate_wal("default") and await truncate_wal("keystore")):
        return [*found, "write-ahead log"]
    return [*found, *await _files_left(world, probes, databases=on_files)]


async def _rows_left(world: World, ids: Sequence[UUID]) -> list[str]:
    """Tables of the inventory that still hold a row of theirs; one statement asks each of them."""
    each = [
        f'SELECT \'{one.table}\' WHERE EXISTS (SELECT 1 FROM "{one.table}" WHERE "{one.person}" {{ids}})'  # noqa: S608  our own names
        for one in world.policy.inventory.erased_with_anybody
    ]
    return [str(row[0]) for row in (await of_ids(get_connection("default"), " UNION ALL ".join(each), ids))[1]]


async def _files_left(world: World, probes: Sequence[Probe], *, databases: bool) -> list[str]:
    """Files that hold a known value, after the scan has found the one planted for it."""
    planted = world.new_secret().encode()
    needles = [needle for probe in probes for needle in probe.needles]
    await world.traces.plant(planted)
    try:
        if len(await world.traces.search([planted], databases=databases)) != 1:
            return ["a scan that does not find what was planted for it"]
        return await world.traces.search(needles, databases=databases) if needles else []
    finally:
        await world.traces.pluck()

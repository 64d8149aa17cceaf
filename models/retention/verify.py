"""Erased means verified: a verifier that is not the eraser looks for what must not be there any more.

One scan for a whole batch: no row by id in any table (blind indexes too), no known value in any file we own nor, on SQLite, in
the database files as bytes. A scan that does not find the value planted for it is no proof. PostgreSQL's files are not claimed:
there the retired key-encryption key is the proof.
"""

from collections.abc import Sequence
from uuid import UUID

from tortoise.expressions import Q

from models.database import dialect, truncate_wal
from models.keystore import PersonKey
from models.retention.ageing import TABLES
from models.retention.claims import claim, release_after, together
from models.retention.erase import LEASE, STEP
from models.retention.guards import once_in
from models.retention.probe import Probe, probes_of
from models.tables import Lease, Tombstone
from models.tables.accounts import ErasureStage
from models.vault import keystore
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
        stones = await claim(world, Tombstone, due, limit, lease=LEASE, worker=str(world.new_id()))
        async with together(world, stones):
            return await _verify(world, stones) if stones else 0
    finally:
        await Lease.filter(name=SCAN).update(until=world.now())


async def _verify(world: World, stones: Sequence[Tombstone]) -> int:
    ids = [stone.id for stone in stones]
    probes = await probes_of(world, ids)
    if len(probes) < len(ids):  # it outlived its day: rows and keys are still counted, but no file can be searched
        world.log("erasure.unprobed", level="error", count=len(ids) - len(probes))
    trouble = await find_traces(world, ids, list(probes.values()))
    if trouble:
        world.log("erasure.traces-found", level="error", places=trouble, count=len(stones))
        for stone in stones:
            await release_after(world, stone, "traces found")
        return 0
    rows_gone = Tombstone.filter(id__in=ids, stage=ErasureStage.ROWS_GONE)
    await rows_gone.update(stage=ErasureStage.VERIFIED, verified_at=world.now(), **STEP)
    return len(ids)


async def find_traces(world: World, ids: Sequence[UUID], probes: Sequence[Probe]) -> list[str]:
    """Where anything is still to be found: names of tables and files; empty when the people are gone."""
    found = await _rows_left(world, ids)
    with keystore():
        if await PersonKey.filter(person_id__in=list(ids)).exists():
            found.append("person_key")
    on_files = dialect() == "sqlite"
    if on_files and not (await truncate_wal("default") and await truncate_wal("keystore")):
        return [*found, "write-ahead log"]
    return [*found, *await _files_left(world, probes, databases=on_files)]


async def _rows_left(world: World, ids: Sequence[UUID]) -> list[str]:
    """Tables of the inventory that still hold a row of theirs."""
    entities = world.policy.inventory.erased_with_anybody
    return [
        entity.table
        for entity in entities
        if await TABLES[entity.table].filter(**{f"{entity.person}__in": list(ids)}).exists()
    ]


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

"""Exports are built when asked for; erased when collected, when over, when the account closes (clause 4)."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from uuid import UUID

from tortoise.expressions import Q

from models.actions.account import SYSTEM, changing
from models.actions.copies import copy_built, is_for_office, office_copies_of_closed
from models.archive.build import Archive
from models.archive.collect import Nobody, collect
from models.archive.sealed_file import SALT, seal
from models.database import transaction
from models.keys import KeyAbsent
from models.refused import Refused
from models.retention.claims import claim, each, finish, hold
from models.tables import Customer, Export, Obligation
from models.tables.accounts import State
from models.tables.events import EventKind
from models.tables.exports import ExportContents, ExportStatus
from models.world import World

LEASE = timedelta(minutes=15)
OWED = ("EXPORT_BUILD", "EXPORT", "COLLECTED")
SHELF_BATCH = 500


async def build_exports(world: World, limit: int) -> int:
    """Build what was requested, one after the other. Killed anywhere, the same archive is built again."""
    worker, done = str(world.new_id()), 0
    due = Q(status=ExportStatus.REQUESTED)
    while done < limit and (rows := await claim(world, Export, due, 1, lease=LEASE, worker=worker)):
        done += await each(world, rows, lambda export: _build(world, export))
    return done


async def _build(world: World, export: Export) -> None:
    try:
        keys = await world.vault.keys([export.customer_id])
        held = await collect(world, export.customer_id)
        if held.customer.is_closed and not await is_for_office(export.id):
            return await _expire(world, export)
        contents = export.opened(keys)
    except (Nobody, KeyAbsent):  # erased meanwhile
        return await _expire(world, export)
    archive = Archive(world.policy, world.vault, held, now=world.now(), subject=world.post.subject)
    salt = world.vault.random(SALT)
    sealed = seal(archive.chunks(), key=contents.archive_key, salt=salt, about=export.id.bytes)
    await hold(world, export, LEASE)  # nobody else writes this file while it is written
    await world.shelf.put(export.id, sealed)
    try:
        await _ready(world, export, contents, archive)
    except Refused:  # closed while it was built
        await _expire(world, export)


async def _ready(world: World, export: Export, contents: ExportContents, archive: Archive) -> None:
    """One transaction, guarded by the claim: the export is ready, and its owner is told. Raises Refused, ClaimLost."""
    office = await is_for_office(export.id)
    async with changing(world, export.customer_id, by=SYSTEM, closed_too=office) as account:
        expires_at = account.until("EXPORT")
        export.seal(account.keys, ExportContents(archive_key=contents.archive_key, sha256=archive.sha256))
        await finish(
            export,
            status=ExportStatus.READY,
            bytes=archive.bytes,
            sealed=export.sealed,
            ready_at=account.now,
            expires_at=expires_at,
        )
        await Obligation.filter(subject_id=export.id, done_at=None).update(done_at=account.now)
        await account.owe("EXPORT", subject=export.id)
        if await copy_built(account, export):
            return
        await account.letter("export-ready", portal_link=f"{world.base_url}/privacy/exports", expires_at=expires_at)
        await account.event(EventKind.ACCESS, "export.ready")


async def erase_exports(world: World, limit: int) -> int:
    """Erase archives that were collected or are over, those of closed accounts, and files that belong to none."""
    over = Q(status__in=[ExportStatus.DOWNLOADED, ExportStatus.EXPIRED]) | Q(
        status=ExportStatus.READY, expires_at__lte=world.now()
    )
    closed = await _of_closed_accounts(limit)
    due = Q(erased_at=None) & (over | Q(id__in=closed) if closed else over)
    rows = await claim(world, Export, due, limit, lease=LEASE, worker=str(world.new_id()))
    return await each(world, rows, lambda export: _expire(world, export)) + await _sweep(world)


async def _of_closed_accounts(limit: int) -> list[UUID]:
    theirs = Export.filter(erased_at=None, customer__state__in=[State.CLOSED, State.ERASING])
    ids: list[UUID] = list(await theirs.limit(limit).values_list("id", flat=True))  # type: ignore[arg-type]
    kept = await office_copies_of_closed(ids) if ids else set()
    return [one for one in ids if one not in kept]


async def _expire(world: World, export: Export) -> None:
    """The file goes first, then its key and the mark that it is gone. Raises ClaimLost."""
    await world.shelf.remove(export.id)
    keys = await world.vault.keys([export.customer_id])
    sealed = None
    if export.customer_id in keys:
        export.seal(keys, ExportContents(sha256=export.opened(keys).sha256))
        sealed = export.sealed
    now = world.now()
    collected = export.status is ExportStatus.DOWNLOADED
    async with transaction():
        alive = await Customer.filter(id=export.customer_id).exclude(state=State.ERASING).exists()
        await finish(
            export,
            status=ExportStatus.DOWNLOADED if collected else ExportStatus.EXPIRED,
            sealed=sealed if alive else None,
            erased_at=now,
        )
        await Obligation.filter(subject_id=export.id, rule__in=OWED, done_at=None).update(done_at=now)


async def _sweep(world: World) -> int:
    """Remove files whose export is erased or was never known (a crash, a restore from backup)."""
    orphans = 0
    for ids in _batches(sorted(await world.shelf.ids())):
        known = set(await Export.filter(id__in=ids, erased_at=None).values_list("id", flat=True))
        for orphan in (each_id for each_id in ids if each_id not in known):
            await world.shelf.remove(orphan)
            orphans += 1
    return orphans


def _batches(ids: list[UUID]) -> Iterator[Iterable[UUID]]:
    for start in range(0, len(ids), SHELF_BATCH):
        yield ids[start : start + SHELF_BATCH]

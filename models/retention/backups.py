"""Backups: registered when taken, destroyed when their time is over, counted until nobody erased is in any (clauses 4, 5.1).

The main database is copied first, the keystore after it: a keystore older than the main database loses customers. Of the
keystore only the newest copy is kept, so that a destroyed key is in none. A rotation of the key-encryption key makes that copy
useless; the duty that rotates takes a new one before the old key retires (models/retention/keys.py).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tortoise.expressions import Q

from models.retention.guards import once_in
from models.tables import Backup, Export, Letter, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import BackupFailed, Store, Taken, World

ALARMED, APART = "backup-out-of-reach", timedelta(hours=1)
UNPROVED = (ErasureStage.KEY_DESTROYED, ErasureStage.ROWS_GONE)


async def back_up(world: World, folder: str | None = None) -> list[Backup]:
    """Both databases, in the order that loses nobody. Raises BackupFailed, OSError."""
    return [await _take(world, "main", folder), await back_up_keystore(world, folder)]


async def back_up_keystore(world: World, folder: str | None = None) -> Backup:
    """The keystore; what there was of it is destroyed once the new copy is registered. Raises BackupFailed, OSError."""
    taken = await _take(world, "keystore", folder)
    for old in await Backup.filter(store="keystore", destroyed_at=None).exclude(id=taken.id):
        await _destroy(world, old)
    return taken


async def refresh_keystore_backup(world: World) -> None:
    """A new copy of the keystore where there is one that becomes useless now. Raises BackupFailed, OSError."""
    last = await Backup.filter(store="keystore", destroyed_at=None).order_by("-taken_at").first()
    if last is not None:
        await back_up_keystore(world, last.place.rpartition("/")[0] or None)


async def _take(world: World, store: Store, folder: str | None) -> Backup:
    return await _register(world, await world.backups.take(store, folder))


async def _register(world: World, taken: Taken) -> Backup:
    return await Backup.create(
        id=world.new_id(),
        store=taken.store,
        place=taken.place,
        taken_at=taken.taken_at,
        sha256=taken.sha256,
        bytes=taken.bytes,
    )


async def register_found(world: World) -> int:
    """What lies in the folders of backups and is not in the register (it was restored from an older one); how many."""
    known: set[Any] = set(await Backup.filter(destroyed_at=None).values_list("place", flat=True))
    unknown = [one for one in await world.backups.found(str(place) for place in known) if one.place not in known]
    for taken in unknown:
        await _register(world, taken)
    return len(unknown)


# ---- until they are gone -----------------------------------------------------------------------------------------
async def destroy_backups(world: World, limit: int) -> int:
    """Destroy copies of the main database that are due (clause 5.1), and of the keystore all but the newest; how many.

    One that cannot be reached is tried again in every round, and alarms once an hour.
    """
    due = Q(store="main", taken_at__lte=world.rule("BACKUP").expired_before(world.now()))
    newest = await Backup.filter(store="keystore", destroyed_at=None).order_by("-taken_at").first()
    if newest is not None:
        due |= Q(store="keystore", taken_at__lt=newest.taken_at)
    rows = await Backup.filter(due, destroyed_at=None).order_by("taken_at").limit(limit)
    return sum([await _destroy(world, row) for row in rows])


async def _destroy(world: World, backup: Backup) -> bool:
    try:
        await world.backups.destroy(backup.place)
    except (BackupFailed, OSError) as fault:
        if await once_in(world, ALARMED, APART):
            world.log("backup.out-of-reach", level="error", kind=backup.store, name=str(backup.id), exc_info=fault)
        return False
    return bool(await Backup.filter(id=backup.id, destroyed_at=None).update(destroyed_at=world.now()))


@dataclass(frozen=True, slots=True)
class Age:
    """When the oldest and the newest copy of one database were begun; ``count`` of them exist."""

    store: Store
    oldest: datetime
    newest: datetime
    count: int


async def ages() -> list[Age]:
    """What there is of each database; nothing of one that has no backup."""
    found: dict[Store, list[datetime]] = {}
    for store, taken_at in await Backup.filter(destroyed_at=None).values_list("store", "taken_at"):
        found.setdefault(store, []).append(taken_at)
    return [Age(store, min(taken), max(taken), len(taken)) for store, taken in sorted(found.items())]


async def redundant_copies(world: World) -> dict[str, int]:
    """What still holds anything of people who are erased or being erased, by kind; all zero once nothing does.

    ``exports``: archives on the shelf that are nobody's or of such people · ``letters``: their letters that wait ·
    ``write_ahead_log``: those whose rows or key may still stand in a database's log (SQLite's is not emptied, PostgreSQL's
    key-encryption key not retired) · ``backups``: copies of the main database from before an erasure; in them only plain columns
    and blind indexes can be read · ``keystore_backups``: copies from before the destruction of a key.
    """
    shelved = await world.shelf.ids()
    living = Export.filter(id__in=list(shelved), erased_at=None).exclude(customer__state=State.ERASING)
    last_erased = await Tombstone.exclude(rows_gone_at=None).order_by("-rows_gone_at").first()
    last_key = await Tombstone.exclude(key_destroyed_at=None).order_by("-key_destroyed_at").first()
    return {
        "exports": len(shelved) - (await living.count() if shelved else 0),
        "letters": await Letter.filter(posted_at=None, customer__state=State.ERASING).count(),
        "write_ahead_log": await Tombstone.filter(stage__in=UNPROVED).count(),
        "backups": await _older("main", last_erased.rows_gone_at if last_erased else None),
        "keystore_backups": await _older("keystore", last_key.key_destroyed_at if last_key else None),
    }


async def _older(store: Store, than: datetime | None) -> int:
    return 0 if than is None else await Backup.filter(store=store, destroyed_at=None, taken_at__lt=than).count()

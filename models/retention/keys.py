"""Key-encryption keys rotate after every destruction: a deleted row lives on in logs, but not the key that could open it."""

from datetime import UTC, datetime, timedelta
from typing import Any

from models.database import transaction
from models.keystore import ErasureProbe, PersonKey, keystore
from models.retention.backups import refresh_keystore_backup
from models.retention.guards import spend
from models.retention.probe import is_beside, sweep_probe_keys
from models.tables import Complaint, Customer, Lease, Staff, Tombstone
from models.tables.accounts import ErasureStage
from models.world import World

WAITING = (ErasureStage.KEY_DESTROYED, ErasureStage.ROWS_GONE)
LEASE = "rotate-keys"
APART = timedelta(hours=1)
LASTS = timedelta(minutes=10)
SWEPT, EPOCH = "keys-swept", datetime(1970, 1, 1, tzinfo=UTC)


async def rotate_keys(world: World, limit: int) -> int:
    """Wrap every key anew and retire the key-encryption keys that a destroyed key was wrapped with; at most once an hour.

    Answers how many keys moved or retired; 0 when nothing waits. One worker at a time. Where the keystore has a backup, the old
    key-encryption keys retire only after a new one was taken: no backup could be opened otherwise. Raises BackupFailed.
    """
    ring = world.vault.ring
    waiting: set[Any] = set(await Tombstone.filter(stage__in=WAITING).distinct().values_list("kek_id", flat=True))
    if not waiting & set(ring.ids()) or not await _leads(world):
        return 0
    if ring.current in waiting:
        ring.add()
    moved = await world.vault.rewrap(max(limit, 2_000))
    if moved:
        return moved
    await refresh_keystore_backup(world)
    retired = await world.vault.retire([kek for kek in ring.ids() if kek != ring.current and not is_beside(kek)])
    if not waiting & set(ring.ids()):
        await Lease.filter(name=LEASE).update(until=world.now() + APART, holder="")
    return retired


async def rotate_now(world: World) -> int:
    """A new key-encryption key, every key wrapped with it, the others retired: on a schedule, or when one has leaked.

    How many keys were wrapped anew. Safe to repeat after a crash. Raises BackupFailed, KeyFileUnusable for a ring held elsewhere.
    """
    ring, moved = world.vault.ring, 0
    ring.add()
    while some := await world.vault.rewrap(2_000):
        moved += some
    await refresh_keystore_backup(world)
    await world.vault.retire([kek for kek in ring.ids() if kek != ring.current and not is_beside(kek)])
    return moved


async def _leads(world: World) -> bool:
    """This worker rotates now. A rotation that is over keeps the next away for an hour; one under way goes on."""
    now = world.now()
    async with transaction() as tx:
        lease = await Lease.filter(name=LEASE).using_db(tx).first()
        if lease is not None and lease.until > now and lease.holder == "":
            return False
        if lease is None:
            first = Lease(name=LEASE, holder="rotating", until=now + LASTS)
            await Lease.bulk_create([first], using_db=tx, ignore_conflicts=True)
        else:
            await Lease.filter(name=LEASE).using_db(tx).update(holder="rotating", until=now + LASTS)
    return True


async def sweep_keystore(world: World, limit: int) -> int:
    """Keys that never got their customer go after a day, probes that outlived their verification too; how many.

    A mark remembers up to when keys were looked at, so that the cost follows the new ones. So many in an hour that it must be a
    mistake (a main database older than the keystore) are not removed: that stops, and alarms.
    """
    now = world.now()
    mark = await Lease.filter(name=SWEPT).first()
    since, until = (mark.until if mark else EPOCH), world.rule("ORPHAN_KEY").expired_before(now)
    with keystore():
        gone = await ErasureProbe.filter(made_at__lte=world.rule("PROBE").expired_before(now)).delete()
        young = PersonKey.filter(created_at__gt=since, created_at__lte=until).order_by("created_at").limit(limit)
        made = dict(await young.values_list("person_id", "created_at"))
        if len(made) == limit:  # keys of one batch have one time: all of them now, or the mark would pass some by
            until = max(made.values())
            rest = PersonKey.filter(created_at__gt=since, created_at__lte=until)
            made = dict(await rest.values_list("person_id", "created_at"))
    gone += await sweep_probe_keys(world)
    owned = set(await Customer.filter(id__in=list(made)).values_list("id", flat=True))
    owned |= set(await Staff.filter(id__in=list(made)).values_list("id", flat=True))
    owned |= set(await Complaint.filter(person_id__in=list(made)).values_list("person_id", flat=True))
    orphans = [person for person in made if person not in owned]
    swept = orphans[: await spend(world, len(orphans))]
    if swept:
        gone += await world.vault.destroy(swept)
    reached = until if len(swept) == len(orphans) else since
    if not await Lease.filter(name=SWEPT).update(until=reached):
        await Lease.bulk_create([Lease(name=SWEPT, holder="", until=reached)], ignore_conflicts=True)
    return gone

"""Guards over what cannot be undone: keys destroyed too fast, keys that are missing. What they find stops and alarms."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from cryptography.exceptions import InvalidTag
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import Q

from models.database import dialect, transaction
from models.keys import KeyAbsent
from models.keystore import PersonKey, keystore
from models.policy import limits
from models.tables import Backup, Customer, Lease, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import World

LIMIT = limits.most("keys destroyed")
FEW, SHARE, WITHIN = LIMIT.most, LIMIT.share or 0.0, LIMIT.within
"""So many keys may be destroyed in so long a time, or that share of all customers."""
DAILY, AGAIN = timedelta(days=1), timedelta(minutes=10)
BATCH, SAMPLE = 1_000, 50
COUNT, SWEPT, ALARMED, CHECKED, MISSING = (
    "destroyed-keys",
    "swept-keys",
    "destroyed-keys-alarm",
    "check-keystore",
    "keys-missing",
)


# ---- one worker at a time, once in a while -----------------------------------------------------------------------
async def locked(world: World, name: str, tx: BaseDBAsyncClient, *, wait: bool) -> bool:
    """This transaction has the lease's row for itself; False if another has it and this one shall not wait.

    On SQLite every transaction is alone anyway.
    """
    if dialect() == "sqlite":
        return True
    row = Lease.filter(name=name).using_db(tx)
    if not await row.exists():
        await Lease.bulk_create([Lease(name=name, holder="", until=world.now())], using_db=tx, ignore_conflicts=True)
    return await row.select_for_update(skip_locked=not wait).first() is not None


async def once_in(world: World, name: str, apart: timedelta) -> bool:
    """True for one caller in so long a time, whichever worker that is."""
    now = world.now()
    async with transaction() as tx:
        if not await Lease.filter(name=name).using_db(tx).exists():  # two workers may both find none
            await Lease.bulk_create([Lease(name=name, holder="", until=now)], using_db=tx, ignore_conflicts=True)
        return bool(await Lease.filter(name=name, until__lte=now).using_db(tx).update(until=now + apart))


# ---- keys destroyed too fast -------------------------------------------------------------------------------------
async def may_claim(world: World, tx: BaseDBAsyncClient, limit: int) -> int:
    """Up to how many erasures this transaction may claim to destroy their keys; 0 when the hour has had enough."""
    if not world.guarded:
        return limit
    await locked(world, COUNT, tx, wait=True)
    now = world.now()
    destroyed = Q(key_destroyed_at__gt=now - WITHIN)
    under_way = Q(stage=ErasureStage.ERASING, leased_until__gt=now)
    spent = await Tombstone.filter(destroyed | under_way).using_db(tx).count()
    return max(0, min(limit, await _most(tx, spent + limit) - spent))


async def spend(world: World, wanted: int) -> int:
    """How many of so many keys without a customer may be removed now; they count in an hour of their own."""
    if not wanted or not world.guarded:
        return wanted
    now = world.now()
    async with transaction() as tx:
        await locked(world, SWEPT, tx, wait=True)
        hour = await Lease.filter(name=SWEPT, until__gt=now, holder__not="").using_db(tx).first()
        spent, until = (int(hour.holder), hour.until) if hour else (0, now + WITHIN)
        allowed = max(0, min(wanted, await _most(tx, spent + wanted) - spent))
        await Lease.filter(name=SWEPT).using_db(tx).delete()
        await Lease.create(name=SWEPT, holder=str(spent + allowed), until=until, using_db=tx)
    if allowed < wanted and await once_in(world, ALARMED, WITHIN):
        world.log("keys.destroyed-too-fast", level="error", rule="sweep-keystore")
    return allowed


async def _most(tx: BaseDBAsyncClient, wanted: int) -> int:
    """The customers are counted only when it depends on them: there may be a million."""
    return FEW if wanted <= FEW else max(FEW, int(await Customer.all().using_db(tx).count() * SHARE))


async def alarm_too_fast(world: World) -> None:
    """Keys wait to be destroyed, but the hour has had enough: said once in that hour."""
    waiting = await Tombstone.filter(stage=ErasureStage.ERASING, leased_until=None, dead_at=None).exists()
    if waiting and await once_in(world, ALARMED, WITHIN):
        world.log("keys.destroyed-too-fast", level="error", rule="destroy-keys")


# ---- keys that are missing ---------------------------------------------------------------------------------------
def unless_stopped(run: Callable[[World, int], Awaitable[int]]) -> Callable[[World, int], Awaitable[int]]:
    """The duty, at rest while customers are without their keys: whatever it destroyed now might be the only copy."""

    async def guarded(world: World, limit: int) -> int:
        return 0 if await is_stopped() else await run(world, limit)

    return guarded


async def is_stopped() -> bool:
    """Destructive duties rest: a keystore older than the main database was found, and not yet put right."""
    return await Lease.filter(name=MISSING).exists()


async def missing_keys(world: World, *, newest: int | None = None) -> int:
    """Customers without a key whom nobody is erasing: of all, or of the newest, who are lost with an old keystore first."""
    missing, after, left = 0, None, newest
    while left is None or left > 0:
        rows = Customer.exclude(state=State.ERASING).order_by("-created_at", "-id")
        if after is not None:
            rows = rows.filter(Q(created_at__lt=after[0]) | Q(created_at=after[0], id__lt=after[1]))
        some = await rows.limit(min(BATCH, left or BATCH)).values_list("created_at", "id")
        if not some:
            break
        after, left = some[-1], None if left is None else left - len(some)
        ids = [person for _, person in some]
        with keystore():
            there = set(await PersonKey.filter(person_id__in=ids).values_list("person_id", flat=True))
        absent = [person for person in ids if person not in there]
        if absent:  # perhaps erased between the two questions
            missing += await Customer.filter(id__in=absent).exclude(state=State.ERASING).count()
    return missing


async def watch_keys(world: World, *, newest: int | None = None) -> int:
    """Count customers without a key, and stop or release what destroys accordingly; how many. Looking at the newest stops only."""
    missing = await missing_keys(world, newest=newest)
    if missing:
        world.log("keystore.keys-missing", level="error", count=missing)
        if not await is_stopped():
            await Lease.bulk_create([Lease(name=MISSING, holder="", until=world.now())], ignore_conflicts=True)
    elif newest is None:
        await Lease.filter(name=MISSING).delete()
    return missing


async def check_keystore(world: World, limit: int) -> int:
    """Once a day (and every ten minutes while something is wrong): every customer has a key, a sample of them opens what it
    should, and a backup of the keystore is younger than a day where backups are expected. Losing it loses everybody."""
    if not await once_in(world, CHECKED, DAILY):
        return 0
    trouble = await watch_keys(world) > 0
    trouble = not await _sample_opens(world) or trouble
    fresh = await Backup.filter(store="keystore", destroyed_at=None, taken_at__gt=world.now() - DAILY).exists()
    if world.backups.expected and not fresh and await Customer.exists():
        world.log("keystore.no-fresh-backup", level="error")
        trouble = True
    if trouble:
        await Lease.filter(name=CHECKED).update(until=world.now() + AGAIN)
    return 0


async def _sample_opens(world: World) -> bool:
    """The oldest and the newest customers' profiles open."""
    alive = Customer.exclude(state=State.ERASING)
    some = [*await alive.order_by("created_at").limit(SAMPLE), *await alive.order_by("-created_at").limit(SAMPLE)]
    broken = 0
    for row in {row.id: row for row in some}.values():
        try:
            row.opened(await world.vault.keys([row.id]))
        except KeyAbsent:  # counted as missing, or erased just now
            continue
        except (InvalidTag, KeyError):  # not its key, or wrapped by a key-encryption key that is gone
            broken += 1
    if broken:
        world.log("keystore.keys-open-nothing", level="error", count=broken)
    return not broken

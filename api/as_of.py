"""Work as of another date, which development and the demonstration may set: one process does it, and workers wait meanwhile."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from api.settings import Settings
from api.worker import AS_OF, BATCH, Duty, all_duties, name_of_this_worker
from api.world import clock
from models.database import is_database_down
from models.keystore import KeystoreDown
from models.tables import Beat, Lease
from models.world import World

LASTS = timedelta(minutes=1)  # the lease, unless its holder says that it goes on
SEEN = timedelta(minutes=1)  # a worker whose last sign is not older may be at work


class NotHere(Exception):
    """Somebody else is at work as of another date; the text is one sentence."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a run as of a date did, by duty, and which duties failed."""

    counts: dict[str, int]
    failed: tuple[str, ...]


async def run_until_done(world: World, settings: Settings, duties: Sequence[Duty] | None = None) -> Done:
    """Run every duty with this world's clock until nothing is due; workers that run meanwhile wait.

    No clock guard, no erasure share, no heartbeat. Raises NotHere, and when a database is down.
    """
    duties = all_duties() if duties is None else duties
    counts, failed = dict.fromkeys((duty.name for duty in duties), 0), set[str]()
    async with alone(replace(world, now=clock(settings))) as go_on:
        done = 1
        while done:
            done = 0
            for duty in duties:
                await go_on()
                if duty.name not in failed:
                    try:
                        step = await duty.run(world, BATCH)
                    except Exception as fault:
                        if is_database_down(fault) or isinstance(fault, KeystoreDown):
                            raise
                        world.log("duty.failed", level="error", duty=duty.name, exc_info=fault)
                        failed.add(duty.name)
                        continue
                    counts[duty.name] += step
                    done += step
    return Done(counts, tuple(sorted(failed)))


@asynccontextmanager
async def alone(world: World) -> AsyncIterator[Callable[[], Awaitable[None]]]:
    """Workers wait meanwhile: what happens as of another date is not for their clock, which is ``world``'s, to judge.

    Yields what is to be said once a minute at least, that it goes on. Raises NotHere.
    """
    holder = name_of_this_worker()

    def until() -> datetime:
        return world.now() + LASTS

    async def go_on() -> None:
        await Lease.filter(name=AS_OF, holder=holder).update(until=until())

    await Lease.filter(name=AS_OF, until__lte=world.now()).delete()
    _, taken = await Lease.get_or_create(name=AS_OF, defaults={"holder": holder, "until": until()})
    if not taken:
        raise NotHere("somebody else is at work as of another date: try again when that is done")
    try:
        if await Beat.filter(at__gt=world.now() - SEEN).exists():
            await world.pause(max(duty.seconds for duty in all_duties()))  # for a round that has begun
        yield go_on
    finally:
        await Lease.filter(name=AS_OF, holder=holder).delete()

"""What passes by itself: minutes, days and months, the worker's rounds, a clock that jumps, backups and the day one comes back."""

import asyncio
import random
from datetime import timedelta

from api.settings import Settings
from api.worker import Worker
from models.retention.duties import DUTIES
from models.tables import Tombstone
from models.tables.accounts import ErasureStage
from tests.simulation.customers import immigrate
from tests.simulation.invariants import check_vanished, everything, lateness_is_told, learn, quiet, rows_of
from tests.simulation.moves import move
from tests.simulation.staff import serve_one
from tests.simulation.town import Town, check

LONGEST = timedelta(hours=20)
"""Between two rounds of a worker that is in time: due dates stand at least a day before their ceiling."""


async def work(town: Town) -> int:
    """Every duty until nothing is due; whatever vanishes in it was due."""
    total, done, before = 0, 1, await rows_of(town)
    while done:
        done = sum([await run(town, duty.name, look=False) for duty in DUTIES])
        if done:
            before = await check_vanished(town, before)
        total += done
    town.worked_at = town.now
    return total


async def run(town: Town, name: str, *, look: bool = True) -> int:
    """One duty. What it erases was due and not on hold (``look``: that is looked at here)."""
    [duty] = [one for one in DUTIES if one.name == name]
    before = await rows_of(town) if look and name in DELETES else None
    done = await duty.run(town.world, 100)
    if before is not None:
        await check_vanished(town, before)
    if done and name.startswith(("begin-", "close-", "apply-")):
        await learn(town)
    return done


DELETES = ("erase-people", "remove-rows", "expire-complaints", "age-rows", "cut-addresses", "free-index-entries")
"""The duties that delete rows of a customer."""


async def settle(town: Town) -> None:
    """The worker goes on until every erasure is certified: keys rotate once an hour, what died is tried again later."""
    for _ in range(14):
        await work(town)
        open_ones = await Tombstone.exclude(stage=ErasureStage.CERTIFIED).count()
        if not open_ones and await quiet(town):
            return
        town.clock.advance(minutes=61)
    waiting = await Tombstone.exclude(stage=ErasureStage.CERTIFIED).values_list("stage", "tries", "trouble", "dead_at")
    check(not waiting, "erasures that never end", waiting, town.alarms[-3:])


@move(8)
async def minutes(town: Town, rng: random.Random) -> None:
    """A while."""
    town.clock.advance(minutes=rng.randrange(1, 90))


@move(6)
async def a_duty(town: Town, rng: random.Random) -> None:
    """Any one duty, at any time."""
    await run(town, rng.choice(DUTIES).name)


@move(8)
async def a_round(town: Town, rng: random.Random) -> None:
    """All of them."""
    await work(town)


@move(5)
async def a_day(town: Town, rng: random.Random) -> None:
    """Less than a day, and the worker's round."""
    town.clock.advance(hours=rng.randrange(5, 20))
    await work(town)


@move(4)
async def days(town: Town, rng: random.Random) -> None:
    """Some weeks of a worker that is in time, and of staff that are; now and then a backup."""
    for _ in range(rng.randrange(2, 30)):
        town.clock.now += LONGEST
        for _ in range(3):
            await serve_one(town, rng)
        await work(town)
    await settle(town)
    town.late = False
    await everything(town)


@move(1)
async def months_asleep(town: Town, rng: random.Random) -> None:
    """No worker for months; then it does what is due, and nothing else."""
    town.late = True
    town.clock.advance(days=rng.randrange(20, 150))
    town.excused_until = town.now + timedelta(days=367)
    await lateness_is_told(town)
    await settle(town)
    await everything(town)


@move(1, mortal=False)
async def the_clock_jumps(town: Town, rng: random.Random) -> None:
    """By years: nothing is destroyed until two observations agree, and by then it is right again."""
    worker = Worker(town.world, Settings(data_dir=town.house.folder), asyncio.Event(), DUTIES)
    await worker.round()
    await learn(town)
    here, before = town.clock.now, await rows_of(town)
    stones = set(await Tombstone.all().values_list("id", flat=True))
    town.clock.advance(days=rng.choice([2, 100, 4_000]))
    await worker.round()
    check(set(await Tombstone.all().values_list("id", flat=True)) == stones, "a clock that jumped erases people")
    after = await rows_of(town)
    for table, rows in before.items():
        lost = rows.keys() - after[table].keys()
        check(not lost, "a clock that jumped erases rows of", table)
    town.clock.now = here
    await worker.leave()


@move(2)
async def back_up(town: Town, rng: random.Random) -> None:
    """Both databases."""
    if rng.random() < 0.5:
        await run(town, "seal-events")
    await town.back_up()
    del town.kept[:-3]


@move(1, mortal=False)
async def restore(town: Town, rng: random.Random) -> None:
    """The main database of an earlier day comes back."""
    kept = [one for one in town.kept if one.files["main"].exists()]
    if not kept:
        return
    await town.restore(rng.choice(kept))
    await settle(town)
    await everything(town)


@move(1, mortal=False)
async def immigration(town: Town, rng: random.Random) -> None:
    """A billing panel's customers."""
    await immigrate(town, rng, rng.randrange(5, 25))


@move(1, mortal=False)
async def the_post_is_down(town: Town, rng: random.Random) -> None:
    """Letters wait."""
    town.house.world.post.down.append("no route")  # type: ignore[attr-defined]
    await town.house.work(only="post-letters")
    town.clock.advance(hours=3)
    town.house.world.post.down.clear()  # type: ignore[attr-defined]

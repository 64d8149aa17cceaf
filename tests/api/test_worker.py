"""The worker runs every duty, doubts a clock that jumps, outlives what fails, and stops when it is told to."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import pytest
from tortoise import Tortoise

from api import as_of
from api import worker as the_worker
from api.as_of import NotHere, run_until_done
from api.settings import Settings
from api.worker import AS_OF, BATCH, ClockGuard, Worker, work
from models.database import close_databases, open_databases
from models.keystore import KeystoreDown
from models.tables import Beat, Customer, Lease
from models.world import World

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@dataclass
class Clocks:
    """A wall clock that anybody may set, and the real seconds beside it."""

    now: datetime = NOW
    real: float = 1000.0

    def go(self, seconds: float, jump: timedelta = timedelta()) -> None:
        self.real += seconds
        self.now += timedelta(seconds=seconds) + jump


@dataclass
class Chore:
    """A duty with so much to do."""

    name: str
    due: int = 0
    destructive: bool = False
    erases: str | None = None
    seconds: float = 2.0
    fails: list[Exception] = field(default_factory=list)
    asked: list[int] = field(default_factory=list)
    saw: list[datetime] = field(default_factory=list)

    async def run(self, world: World, limit: int) -> int:
        self.asked.append(limit)
        self.saw.append(world.now())
        if self.fails:
            raise self.fails.pop(0)
        done = min(limit, self.due)
        self.due -= done
        return done


@pytest.fixture
def clocks(monkeypatch: pytest.MonkeyPatch) -> Clocks:
    clocks = Clocks()
    monkeypatch.setattr(the_worker, "steady", lambda: clocks.real)
    monkeypatch.setattr(as_of, "clock", lambda settings: lambda: clocks.now)
    return clocks


@pytest.fixture
def said() -> list[tuple[str, dict[str, Any]]]:
    return []


@pytest.fixture
def world(clocks: Clocks, said: list[tuple[str, dict[str, Any]]]) -> World:
    """Of the World, the worker uses the clock and the log, and who is alone waits."""

    def log(event: str, **keys: Any) -> None:
        said.append((event, keys))

    async def pause(seconds: float) -> None:
        clocks.go(seconds)

    nothing = cast("Any", None)
    return World(
        now=lambda: clocks.now, log=log, base_url="", new_id=nothing, new_request_id=nothing, new_secret=nothing, passwords=nothing,
        locate=nothing, vault=nothing, policy=nothing, post=nothing, shelf=nothing, ledger=nothing, traces=nothing,
        checkpoints=nothing, backups=nothing,
        pause=pause,
    )  # fmt: skip


@pytest.fixture
async def databases(tmp_path: Path) -> AsyncIterator[None]:
    await open_databases(f"sqlite:///{tmp_path}/main.db", f"sqlite:///{tmp_path}/keystore.db")
    await Tortoise.generate_schemas()
    yield
    await close_databases()


@pytest.fixture
def hire(world: World, databases: None) -> Callable[..., Worker]:
    """A worker with these duties."""

    def hire(*duties: Chore, **settings: Any) -> Worker:
        return Worker(world, Settings(**settings), asyncio.Event(), duties)

    return hire


def test_a_steady_clock_is_trusted() -> None:
    """However long a round takes, and if the machine slept."""
    clocks, guard = Clocks(), ClockGuard()

    for seconds in (0, 1, 86400, 1):
        clocks.go(seconds)
        assert guard.trusts(clocks.now, clocks.real)


@pytest.mark.asvs("16.2.2")
@pytest.mark.parametrize("jump", [timedelta(days=400), -timedelta(days=400)])
def test_a_clock_that_jumps_is_doubted_until_two_observations_agree(jump: timedelta) -> None:
    """They stand a minute apart; an hour is forgiven."""
    clocks, guard = Clocks(), ClockGuard()
    guard.trusts(clocks.now, clocks.real)

    clocks.go(1, timedelta(minutes=59))
    assert guard.trusts(clocks.now, clocks.real)
    clocks.go(1, jump)
    assert not guard.trusts(clocks.now, clocks.real)
    clocks.go(30)
    assert not guard.trusts(clocks.now, clocks.real)
    clocks.go(30)
    assert guard.trusts(clocks.now, clocks.real)


async def test_each_duty_runs_until_nothing_is_due(hire: Callable[..., Worker]) -> None:
    """In small batches."""
    worker = hire(one := Chore("one", due=250), other := Chore("other"))

    assert await worker.round() == 250
    assert one.asked == [BATCH] * 4
    assert other.asked == [BATCH]


@pytest.mark.asvs("15.4.4")
async def test_a_busy_duty_leaves_room_for_the_others(hire: Callable[..., Worker], clocks: Clocks) -> None:
    """Two seconds a round are its share, unless it says more."""

    class Slow(Chore):
        async def run(self, world: World, limit: int) -> int:
            clocks.go(1)
            return await super().run(world, limit)

    worker = hire(
        slow := Slow("slow", due=10_000), long := Slow("long", due=10_000, seconds=6.0), other := Chore("other", due=1)
    )

    await worker.round()

    assert (len(slow.asked), len(long.asked)) == (2, 6)
    assert other.due == 0


@pytest.mark.asvs("16.5.2")
async def test_a_failing_duty_stops_no_other_and_is_tried_again(
    hire: Callable[..., Worker], clocks: Clocks, said: list[tuple[str, dict[str, Any]]]
) -> None:
    """After one second, then two; the log names it."""
    worker = hire(broken := Chore("broken", fails=[ValueError(), ValueError()]), other := Chore("other"))

    for seconds, tries in ((0, 1), (0.5, 1), (0.5, 2), (1, 2), (1, 3), (0.1, 4)):
        clocks.go(seconds)
        await worker.round()
        assert len(broken.asked) == tries

    assert len(other.asked) == 6
    assert [keys["duty"] for event, keys in said if event == "duty.failed"] == ["broken", "broken"]


async def test_destructive_duties_wait_while_the_clock_is_doubted(hire: Callable[..., Worker], clocks: Clocks) -> None:
    """A letter may leave; nobody is erased because a clock is wrong."""
    worker = hire(erase := Chore("erase", due=1, destructive=True), post := Chore("post", due=1))
    await worker.round()
    erase.due = post.due = 1

    clocks.go(1, timedelta(days=400))
    await worker.round()
    assert (erase.due, post.due) == (1, 0)

    clocks.go(60)
    await worker.round()
    assert erase.due == 0


async def test_a_clock_that_jumped_while_the_worker_was_down_is_doubted(
    hire: Callable[..., Worker], clocks: Clocks
) -> None:
    """The heartbeat remembers what the last one saw."""
    await hire().round()
    clocks.go(600, timedelta(days=400))

    worker = hire(erase := Chore("erase", due=1, destructive=True))
    await worker.round()

    assert erase.due == 1


async def test_one_round_erases_no_more_than_its_share(hire: Callable[..., Worker], clocks: Clocks) -> None:
    """A tenth of thirty customers, then the next tenth; of one customer, one."""
    for number in range(30):
        await Customer.create(
            id=UUID(int=number), number=str(number), state="ACTIVE", created_at=NOW, updated_at=NOW, governed_by="1"
        )
    worker = hire(erase := Chore("erase", due=30, erases="closed"), erasure_share=0.1)

    await worker.round()
    assert erase.due == 27
    await Customer.all().delete()
    clocks.go(60)
    await worker.round()
    assert erase.due == 26


async def test_duties_with_the_same_share_erase_no_more_than_it(hire: Callable[..., Worker]) -> None:
    """What one takes is not there for the next; what it leaves is."""
    for number in range(30):
        await Customer.create(
            id=UUID(int=number), number=str(number), state="ACTIVE", created_at=NOW, updated_at=NOW, governed_by="1"
        )

    many, few = Chore("many", due=30, erases="closed"), Chore("few", due=2, erases="closed")
    rest, other = Chore("rest", due=30, erases="closed"), Chore("other", due=30, erases="dormant")

    await hire(many, rest, other, erasure_share=0.1).round()
    assert (many.due, rest.due, other.due) == (27, 30, 27)
    await hire(few, rest, erasure_share=0.1).round()
    assert (few.due, rest.due) == (0, 29)


async def test_a_worker_shows_signs_of_life_and_takes_them_along(hire: Callable[..., Worker], clocks: Clocks) -> None:
    """At most every ten seconds; one that left on purpose is not missed."""
    worker = hire()
    for _ in range(11):
        await worker.round()
        clocks.go(1)

    beat = await Beat.get(worker=worker.name)
    assert (beat.at, beat.started_at, beat.steady) == (NOW + timedelta(seconds=10), NOW, 1010)
    await worker.leave()
    assert not await Beat.exists()


async def test_it_works_until_it_is_stopped(world: World, databases: None) -> None:
    """What is begun is finished."""
    stop = asyncio.Event()

    class Last(Chore):
        async def run(self, world: World, limit: int) -> int:
            stop.set()
            await asyncio.sleep(0)
            return await super().run(world, limit)

    last, never = Last("last", due=1000), Chore("never")
    await asyncio.wait_for(work(world, Settings(), stop=stop, duties=[last, never]), 5)

    assert (last.due, never.asked) == (1000 - BATCH, [])
    assert not await Beat.exists()


@pytest.mark.parametrize("fault", [KeystoreDown(), ConnectionRefusedError()])
async def test_it_outlives_a_database_that_is_down(
    fault: Exception, world: World, databases: None, monkeypatch: pytest.MonkeyPatch, said: list[tuple[str, Any]]
) -> None:
    """It waits a little longer each time, and goes on when the database is back."""
    monkeypatch.setattr(the_worker, "SLOWEST", 0.01)
    monkeypatch.setattr(the_worker, "is_database_down", lambda fault: isinstance(fault, OSError))
    stop = asyncio.Event()

    class Recovers(Chore):
        async def run(self, world: World, limit: int) -> int:
            done = await super().run(world, limit)
            stop.set()
            return done

    await asyncio.wait_for(work(world, Settings(), stop=stop, duties=[Recovers("one", fails=[fault, fault])]), 5)

    assert [event for event, _ in said].count("worker.waits") == 2


async def test_as_of_a_date_all_is_done_at_once(world: World, databases: None, clocks: Clocks) -> None:
    """No share, no guard, no heartbeat; a duty that makes work for an earlier one is followed."""
    first, erase = Chore("first"), Chore("erase", due=250, destructive=True, erases="closed")

    class Causes(Chore):
        async def run(self, world: World, limit: int) -> int:
            first.due += self.due
            return await super().run(world, limit)

    later = replace(world, now=lambda: clocks.now + timedelta(days=400))
    done = await run_until_done(later, Settings(), [first, erase, Causes("causes", due=3)])

    assert done.counts == {"first": 3, "erase": 250, "causes": 3}
    assert done.failed == ()
    assert erase.saw[0] == NOW + timedelta(days=400)
    assert not await Beat.exists()
    assert not await Lease.exists()


async def test_as_of_a_date_a_failing_duty_is_named(world: World, databases: None) -> None:
    """The others are done, and it is not tried for ever."""
    broken, other = Chore("broken", fails=[ValueError()] * 9), Chore("other", due=1)

    done = await run_until_done(world, Settings(), [broken, other])

    assert (done.failed, other.due, len(broken.asked)) == (("broken",), 0, 1)


async def test_workers_yield_to_one_that_runs_as_of_a_date(
    hire: Callable[..., Worker], world: World, clocks: Clocks
) -> None:
    """And only one does; if it was killed, they go on after a minute."""
    await Lease.create(name=AS_OF, holder="somebody", until=clocks.now + timedelta(minutes=1))
    worker = hire(chore := Chore("chore", due=1))

    assert await worker.round() == 0
    assert not await Beat.exists()
    with pytest.raises(NotHere):
        await run_until_done(world, Settings(), [])

    clocks.go(61)
    assert await worker.round() == 1
    assert (await run_until_done(world, Settings(), [chore])).counts == {"chore": 0}

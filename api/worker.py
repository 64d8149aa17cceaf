"""The worker's loop: round after round it runs each duty of models/retention/duties.py. No rule inside."""

import asyncio
import math
import os
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from api.settings import Settings
from api.world import steady
from models.database import is_database_down
from models.keystore import KeystoreDown
from models.tables import Beat, Customer, Lease
from models.world import World

BATCH = 100
BEAT_EVERY = 10.0
COUNT_EVERY = 60.0
JUMP = timedelta(hours=1)
SETTLED = 60.0  # seconds between the two observations that agree
SLOWEST = 60.0  # seconds until a failing duty, or a database that is down, is tried again at the latest
AS_OF = "as-of"  # the lease whose holder is at work as of another date (api/as_of.py): rounds do nothing meanwhile
FORGOTTEN = timedelta(days=7)  # a worker without a sign for so long was killed, or its machine is gone


class Duty(Protocol):
    """What the loop knows of a duty. ``destructive``: waits for a trusted clock; ``erases``: whose share of a round its customers
    count against; ``batch``: so much at once; ``seconds``: so long of a round at most."""

    @property
    def name(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def run(self) -> Callable[[World, int], Awaitable[int]]:
        """Does at most so many pieces of what is due; answers how many, 0 when there is nothing left."""


@dataclass(slots=True)
class ClockGuard:
    """Doubts a clock that moved by more than an hour beside real time, until two observations a minute apart agree."""

    seen: tuple[datetime, float] | None = None
    doubted_since: float | None = None

    def trusts(self, now: datetime, real: float) -> bool:
        """Observe the clock, beside the machine's seconds of real time."""
        if self.seen is not None:
            beyond = now - self.seen[0] - timedelta(seconds=real - self.seen[1])
            if abs(beyond) > JUMP:
                self.doubted_since = real
            elif self.doubted_since is not None and real - self.doubted_since >= SETTLED:
                self.doubted_since = None
        self.seen = (now, real)
        return self.doubted_since is None


@dataclass(slots=True)
class Patience:
    """When to try again what failed: after 1, 2, 4 … seconds."""

    failures: int = 0
    until: float = 0.0

    def fail(self, real: float) -> float:
        wait = min(SLOWEST, 2.0**self.failures)
        self.failures, self.until = self.failures + 1, real + wait
        return wait


async def work(world: World, settings: Settings, *, stop: asyncio.Event, duties: Sequence[Duty] | None = None) -> None:
    """Run until ``stop`` is set; what is begun is finished. A database down or a duty that fails ends nothing."""
    worker = Worker(world, settings, stop, all_duties() if duties is None else duties)
    world.log("worker.started", worker=worker.name)
    down = Patience()
    while not stop.is_set():
        wait = settings.worker_every
        try:
            await worker.round()
            down = Patience()
        except Exception as fault:
            wait = down.fail(steady())
            world.log("worker.waits", level="error", seconds=wait, exc_info=fault)
        with suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), wait)
    await worker.leave()
    world.log("worker.stopped", worker=worker.name)


def all_duties() -> Sequence[Duty]:
    """What there is to do."""
    from models.retention.duties import DUTIES

    return DUTIES


def name_of_this_worker() -> str:
    """Machine and process, at most 40 characters."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}"


@dataclass(slots=True)
class Worker:
    """One process's worker, and what it remembers between two rounds."""

    world: World
    settings: Settings
    stop: asyncio.Event
    duties: Sequence[Duty]
    name: str = field(default_factory=name_of_this_worker)
    guard: ClockGuard = field(default_factory=ClockGuard)
    patience: dict[str, Patience] = field(default_factory=dict)
    started_at: datetime | None = None
    beaten: float = -math.inf
    customers: int = 0
    counted: float = -math.inf
    looked: bool = False
    trusted: bool = True

    async def round(self) -> int:
        """Each duty until nothing is due or its share of time is over; the count. Raises if a database is down."""
        if await Lease.filter(name=AS_OF, until__gt=self.world.now()).exists():
            return 0
        await self._look_at_the_clock()
        room: dict[str, int] = {}
        return sum([await self._run(duty, room) for duty in self.duties if not self.stop.is_set()])

    async def leave(self) -> None:
        """This worker is gone on purpose."""
        with suppress(Exception):
            await Beat.filter(worker=self.name).delete()

    async def _look_at_the_clock(self) -> None:
        now, real = self.world.now(), steady()
        if not self.looked:
            last = await Beat.all().order_by("-at").first()
            if last is not None and not self.settings.clock_offset:  # development's jump is announced
                self.guard.seen = (last.at, last.steady)
            self.looked = True
        trusted = self.guard.trusts(now, real)
        if trusted != self.trusted:
            self.world.log("worker.clock-trusted" if trusted else "worker.clock-doubted", level="warning")
        self.trusted = trusted
        if trusted and real - self.beaten >= BEAT_EVERY:  # a doubted time is no sign for the next worker to go by
            if self.started_at is None:
                await Beat.filter(at__lt=now - FORGOTTEN).delete()
                await Beat.filter(at__gt=now + JUMP).delete()
                self.started_at = now
            sign: dict[str, Any] = {"at": now, "started_at": self.started_at, "steady": real}
            if not await Beat.filter(worker=self.name).update(**sign):
                await Beat.create(worker=self.name, **sign)
            self.beaten = real

    async def _run(self, duty: Duty, room: dict[str, int]) -> int:
        """A duty, until it finds nothing or its share of the round's time is over."""
        until, share, done = steady() + duty.seconds, getattr(duty, "erases", None), 0
        if share and share not in room:
            room[share] = await self._share()
        while not self.stop.is_set() and steady() < until and (step := await self._try(duty, room)):
            done += step
            if share:
                room[share] -= step
        return done

    async def _try(self, duty: Duty, room: dict[str, int]) -> int:
        """One batch of a duty, of so many at most as there is room for; nothing while it waits after a fault."""
        patience, share = self.patience.get(duty.name), getattr(duty, "erases", None) or ""
        most = min(getattr(duty, "batch", BATCH), room.get(share, sys.maxsize))
        if most <= 0 or (patience is not None and patience.until > steady()):
            return 0
        if not self.trusted and getattr(duty, "destructive", True):
            return 0
        try:
            done = await duty.run(self.world, most)
        except Exception as fault:
            if is_database_down(fault) or isinstance(fault, KeystoreDown):
                raise
            wait = self.patience.setdefault(duty.name, Patience()).fail(steady())
            self.world.log("duty.failed", level="error", duty=duty.name, seconds=wait, exc_info=fault)
            return 0
        self.patience.pop(duty.name, None)
        return done

    async def _share(self) -> int:
        """How many customers one round may erase. They are counted once a minute: there may be a million."""
        if steady() - self.counted >= COUNT_EVERY:
            self.customers, self.counted = await Customer.all().count(), steady()
        return max(1, math.floor(self.customers * self.settings.erasure_share))

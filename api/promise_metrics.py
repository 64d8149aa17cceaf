"""The compliance report's figures as numbers to watch, so that an alert fires before a ceiling is reached and not after."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Final

from prometheus_client import CollectorRegistry, Gauge

from models.world import World

PATIENCE, EVERY, HOUR, BACK = 8.0, timedelta(minutes=5), timedelta(hours=1), timedelta(days=30)
LABELS: Final = ["clause", "promise"]


class PromiseMetrics:
    """Measured when somebody looks: what has a limit at most every five minutes, what has none (it searches texts and profiles)
    every hour. What cannot be measured keeps its last number."""

    def __init__(self, registry: CollectorRegistry, world: World) -> None:
        self._world = world
        self._looked_at: datetime | None = None
        self._all_looked_at: datetime | None = None
        self.kept = Gauge("octopus_promise_kept", "Kept in the last 30 days", LABELS, registry=registry)
        self.broken = Gauge("octopus_promise_broken", "Broken in the last 30 days", LABELS, registry=registry)
        self.open = Gauge("octopus_promise_open", "Not due yet", LABELS, registry=registry)
        self.left = Gauge(
            "octopus_promise_seconds_left", "Until the most urgent open one is broken", LABELS, registry=registry
        )
        self.copies = Gauge(
            "octopus_redundant_copies", "What still holds anything of erased people", ["kind"], registry=registry
        )
        self.given_up = Gauge(
            "octopus_given_up", "Work that failed too often and waits for a person", ["kind"], registry=registry
        )

    async def look(self) -> None:
        """Measure again, if the last time is long enough ago."""
        now = self._world.now()
        if self._looked_at is not None and abs(now - self._looked_at) < EVERY:
            return
        self._looked_at = now
        with suppress(Exception):
            async with asyncio.timeout(PATIENCE):
                await self._measure(now)

    async def _measure(self, now: datetime) -> None:
        from models.retention.backups import redundant_copies
        from models.retention.claims import given_up
        from models.retention.compliance import measured

        every = self._all_looked_at is None or abs(now - self._all_looked_at) >= HOUR
        promises = [one for one in self._world.policy.promises if every or one.limit is not None]
        found = await measured(self._world, (now - BACK).date(), now.date(), promises)
        self._all_looked_at = now if every else self._all_looked_at
        self.left.clear()
        for one in found:
            labels, measure = (one.promise.clause, one.promise.name), one.measure
            self.kept.labels(*labels).set(measure.kept)
            self.broken.labels(*labels).set(measure.broken)
            self.open.labels(*labels).set(measure.open)
            if measure.next_ceiling_at is not None:
                self.left.labels(*labels).set((measure.next_ceiling_at - now).total_seconds())
        for kind, count in (await redundant_copies(self._world)).items():
            self.copies.labels(kind).set(count)
        for kind, count in (await given_up()).items():
            self.given_up.labels(kind).set(count)

"""Whether it lives, whether it can work, and its numbers: /livez, /readyz, /metrics. What is down is only named."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path

import orjson
from prometheus_client import CollectorRegistry, Counter, Gauge
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import Receive, Scope, Send

from api.callers import client_ip, within
from api.graphql_answer import error_body, reply
from api.keys import age_of
from api.promise_metrics import PromiseMetrics
from api.settings import Settings
from api.tallies import Counts, Durations
from models.world import World

Check = Callable[[], Awaitable[bool]]
PATIENCE = 2.0  # seconds for one check
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The numbers of one app, in a registry of its own. No label holds anything a client made up."""

    def __init__(self, world: World) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counts(
            "octopus_requests", "Answers by route and status", ["route", "method", "status"], registry=self.registry
        )
        self.operations = Durations(
            "octopus_operation_seconds", "Operations", ["endpoint", "kind"], SECONDS, registry=self.registry
        )
        self.documents = Counts(
            "octopus_documents",
            "Queries by document and executor: compiled, interpreted, or given up by the plan and interpreted",
            ["endpoint", "document", "executor"],
            registry=self.registry,
        )
        self.refusals = Counter("octopus_refusals", "Expected refusals", ["endpoint", "code"], registry=self.registry)
        self.csp_reports = Counter(
            "octopus_csp_reports", "What pages tried against their policy", ["directive"], registry=self.registry
        )
        self.outages = Counter("octopus_outages", "Answers 503 by what was down", ["code"], registry=self.registry)
        self.faults = Counter("octopus_faults", "Faults of ours", registry=self.registry)
        waiting = Gauge("octopus_hashing_queue", "Passwords that wait for a thread", registry=self.registry)
        waiting.set_function(lambda: float(getattr(world.passwords, "waiting", 0)))
        self.backups = Gauge(
            "octopus_backup_age_seconds", "Backups that exist", ["store", "which"], registry=self.registry
        )
        self.keys = Gauge("octopus_key_age_seconds", "Since the key-encryption key was made", registry=self.registry)
        self.promises = PromiseMetrics(self.registry, world)
        self._now = world.now

    async def look(self, key_file: Path) -> None:
        """Read what stands in the database and how old the key file is; what cannot be read keeps its last number."""
        from models.retention.backups import ages

        if (since := age_of(key_file, self._now())) is not None:
            self.keys.set(since.total_seconds())
        with suppress(Exception):
            async with asyncio.timeout(PATIENCE):
                found = await ages()
            self.backups.clear()
            for age in found:
                self.backups.labels(age.store, "oldest").set((self._now() - age.oldest).total_seconds())
                self.backups.labels(age.store, "newest").set((self._now() - age.newest).total_seconds())
        await self.promises.look()


async def _database() -> bool:
    from models.database import reader

    await reader().execute_query("SELECT 1")
    return True


async def _keystore() -> bool:
    from models.keystore import KeystoreMark

    await KeystoreMark.exists()
    return True


async def _migrations() -> bool:
    from models.migrations.runner import pending

    return not await pending()


CHECKS: Mapping[str, Check] = {"database": _database, "keystore": _keystore, "schema": _migrations}


class Health:
    """The three endpoints, on GET and HEAD."""

    def __init__(self, settings: Settings, metrics: Metrics, checks: Mapping[str, Check] = CHECKS) -> None:
        self._settings, self._metrics, self._checks = settings, metrics, checks

    async def livez(self, scope: Scope, receive: Receive, send: Send) -> None:
        """200 as long as the event loop runs."""
        await reply(send, 200, b'{"alive":true}')

    async def readyz(self, scope: Scope, receive: Receive, send: Send) -> None:
        """200 when every part works; else 503 and the names of those that do not."""
        answers = await asyncio.gather(*map(_try, self._checks.values()))
        parts = dict(zip(self._checks, answers, strict=True))
        down = [name for name, works in parts.items() if not works]
        body = orjson.dumps({"ready": not down, "down": down})
        await reply(send, 503 if down else 200, body)

    async def metrics(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Prometheus' text format, for the networks that may read it; 404 for others."""
        peer = client_ip(scope, self._settings.trusted_proxies)
        if not within(peer, self._settings.metrics_allow):
            await reply(send, 404, error_body("NOT_FOUND", "There is nothing here."))
            return
        await self._metrics.look(self._settings.key_file)
        text = generate_latest(self._metrics.registry)
        kind = (b"content-type", CONTENT_TYPE_LATEST.encode())
        length = (b"content-length", str(len(text)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [kind, length]})
        await send({"type": "http.response.body", "body": text})


async def _try(check: Check) -> bool:
    try:
        async with asyncio.timeout(PATIENCE):
            return await check()
    except Exception:
        return False

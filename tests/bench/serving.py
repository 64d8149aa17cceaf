"""What the running server is asked: its first answer, the four operations, and the viewer's under a flood."""

import asyncio
import hashlib
import itertools
import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.contest import CONNECTIONS
from tests.bench.installation import Installation, Server
from tests.bench.load import load, request
from tests.bench.operations import OPERATIONS, SCHEMAS, SIGN_IN
from tests.bench.people import address

WRONG = b"WRONG_CREDENTIALS"
IDS = {name: hashlib.sha256(text.encode()).hexdigest() for name, text in OPERATIONS.items()}


def start_times(installation: Installation, times: int) -> dict[str, float]:
    """Seconds from the command to the first answer, each by a fresh process."""
    servers: list[Server] = []
    for _ in range(times):
        with installation.serving() as server:
            servers.append(server)
    taken = [one.started_in for one in servers]
    return {"median": statistics.median(taken), "least": min(taken), "cpu": min(one.started_with for one in servers)}


@dataclass(frozen=True)
class Guests:
    """Whose sessions are open: their secrets."""

    customers: Sequence[str]
    staff: Sequence[str]

    def asking(self, operation: str) -> Callable[[], bytes]:
        """Requests of one operation by those who may, one after the other, in no order that is theirs."""
        made = [self._request(operation, secret) for secret in self._of(operation)]
        random.shuffle(made)
        return itertools.cycle(made).__next__

    def _of(self, operation: str) -> Sequence[str]:
        return self.staff if SCHEMAS[operation] == "support" else self.customers

    @staticmethod
    def _request(operation: str, secret: str) -> bytes:
        body: dict[str, object] = {"documentId": IDS[operation]}
        if SCHEMAS[operation] == "support":
            return request(
                body, "/support/graphql", Host="support.accounts.example.com", Cookie=f"__Host-staff={secret}"
            )
        return request(body, Cookie=f"__Host-session={secret}")


def guessing(customers: int) -> Callable[[], bytes]:
    """Wrong sign-ins at random customers from everywhere, so that it is not the throttle that answers."""

    def guess() -> bytes:
        network = f"{random.randrange(1, 127)}.{random.randrange(256)}.{random.randrange(256)}.7"
        variables = {"email": address(random.randrange(1, customers)), "password": "not the password at all"}
        return request({"query": SIGN_IN, "variables": variables}, **{"X-Forwarded-For": network})

    return guess


async def under_flood(server: Server, guests: Guests, customers: int, seconds: float, passes: int) -> dict[str, Any]:
    """Operation A alone and beside 16 connections of wrong sign-ins, in pairs: the share of requests/s that is kept."""
    kept, wrong, others = [], [], 0
    await load(server, guessing(customers), min(1.0, seconds), CONNECTIONS, WRONG)
    for _ in range(passes):
        quiet = await load(server, guests.asking("A"), seconds, CONNECTIONS)
        loud, flood = await asyncio.gather(
            load(server, guests.asking("A"), seconds, CONNECTIONS),
            load(server, guessing(customers), seconds, CONNECTIONS, WRONG),
        )
        kept.append(loud.rate / quiet.rate)
        wrong.append(flood.rate)
        others += flood.codes.total()
    return {
        "kept": statistics.median(kept),
        "all": kept,
        "p99": loud.quantile(0.99),
        "wrong sign-ins a second": statistics.median(wrong),
        "answered otherwise": others,
    }

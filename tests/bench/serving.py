"""What the running server does: the time to its first answer, the three operations, and the viewer under a flood."""

import asyncio
import hashlib
import random
import statistics
from collections.abc import Callable, Sequence
from typing import Any

from tests.bench.installation import Installation, Server
from tests.bench.load import Tally, load, request
from tests.bench.operations import OPERATIONS, SIGN_IN
from tests.bench.people import address

CONNECTIONS = 16
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


def viewing(operation: str, secrets: Sequence[str]) -> Callable[[], bytes]:
    """Requests of one operation, each by a random signed-in customer."""
    body: dict[str, object] = {"documentId": IDS[operation]}
    made = [request(body, Cookie=f"__Host-session={secret}") for secret in secrets]
    return lambda: random.choice(made)


def guessing(customers: int) -> Callable[[], bytes]:
    """Wrong sign-ins at random customers from everywhere, so that it is not the throttle that answers."""

    def guess() -> bytes:
        network = f"{random.randrange(1, 127)}.{random.randrange(256)}.{random.randrange(256)}.7"
        variables = {"email": address(random.randrange(1, customers)), "password": "not the password at all"}
        return request({"query": SIGN_IN, "variables": variables}, **{"X-Forwarded-For": network})

    return guess


async def operations(server: Server, secrets: Sequence[str], seconds: float, passes: int) -> dict[str, Any]:
    """A B C C B A, again and again: medians, and the least CPU per request."""
    rounds: dict[str, list[Tally]] = {name: [] for name in OPERATIONS}
    for name in OPERATIONS:  # warm: pools, caches of documents and keys
        await load(server, viewing(name, secrets), min(1.0, seconds), CONNECTIONS)
    for name in [*OPERATIONS, *reversed(OPERATIONS)] * passes:
        rounds[name].append(await load(server, viewing(name, secrets), seconds, CONNECTIONS))
    figures: dict[str, Any] = {name: _figures(tallies) for name, tallies in rounds.items()}
    return figures | {"memory": server.memory(), "most memory": server.memory("VmHWM")}


async def under_flood(
    server: Server, secrets: Sequence[str], customers: int, seconds: float, passes: int
) -> dict[str, Any]:
    """Operation A alone and beside 16 connections of wrong sign-ins, in pairs: the share of requests/s that is kept."""
    kept, wrong, others = [], [], 0
    await load(server, guessing(customers), min(1.0, seconds), CONNECTIONS, WRONG)
    for _ in range(passes):
        quiet = await load(server, viewing("A", secrets), seconds, CONNECTIONS)
        loud, flood = await asyncio.gather(
            load(server, viewing("A", secrets), seconds, CONNECTIONS),
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


def _figures(tallies: Sequence[Tally]) -> dict[str, Any]:
    median = statistics.median
    return {
        "rate": median(one.rate for one in tallies),
        "cpu": min(one.cpu_each for one in tallies),
        "cpu median": median(one.cpu_each for one in tallies),
        "p50": median(one.quantile(0.5) for one in tallies),
        "p99": median(one.quantile(0.99) for one in tallies),
        "wrong": sum(one.codes.total() for one in tallies),
        "example": next((text for one in tallies for text in one.codes), None),
    }

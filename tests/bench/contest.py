"""Servers against each other: all up at once, loaded one after the other in short rounds, forwards and backwards.

A ratio is taken within one pass, so that what else the machine does meanwhile falls on both.
"""

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.bench.installation import Server
from tests.bench.load import Tally, load
from tests.bench.operations import OPERATIONS

CONNECTIONS = 16
RIGHT = b'"number"'  # every operation asks for it: whoever finds nobody does not say it


@dataclass(frozen=True)
class Entrant:
    """A server, and what it is asked for an operation."""

    server: Server
    asking: Callable[[str], Callable[[], bytes]]


async def contest(
    entrants: Mapping[str, Entrant], seconds: float, passes: int, *, warming: float = 1.0
) -> dict[str, Any]:
    """By operation and entrant: requests/s, CPU µs, p50, p99, and the first entrant's to theirs; and everybody's memory."""
    figures: dict[str, Any] = {}
    for operation in OPERATIONS:
        for one in entrants.values():  # pools, caches, just-in-time compilers
            await load(one.server, one.asking(operation), warming, CONNECTIONS, RIGHT)
        figures[operation] = await _one(entrants, operation, seconds, passes)
    return figures | {"memory": {name: one.server.memory() for name, one in entrants.items()}}


async def _one(entrants: Mapping[str, Entrant], operation: str, seconds: float, passes: int) -> dict[str, Any]:
    asked = {name: one.asking(operation) for name, one in entrants.items()}
    rounds: dict[str, list[Tally]] = {name: [] for name in entrants}
    for number in range(passes):
        for name in list(entrants)[:: 1 if number % 2 == 0 else -1]:
            rounds[name].append(await load(entrants[name].server, asked[name], seconds, CONNECTIONS, RIGHT))
    first = next(iter(rounds.values()))
    return {name: _figures(tallies, first) for name, tallies in rounds.items()}


def _figures(tallies: Sequence[Tally], first: Sequence[Tally]) -> dict[str, Any]:
    median, pairs = statistics.median, list(zip(first, tallies, strict=True))
    return {
        "rate": median(one.rate for one in tallies),
        "cpu": min(one.cpu_each for one in tallies),
        "p50": median(one.quantile(0.5) for one in tallies),
        "p99": median(one.quantile(0.99) for one in tallies),
        "ratio": median(mine.rate / one.rate for mine, one in pairs),
        "p50 ratio": median(one.quantile(0.5) / mine.quantile(0.5) for mine, one in pairs),
        "wrong": sum(one.codes.total() for one in tallies),
        "example": next((text for one in tallies for text in one.codes), None),
    }

"""How many people fit into one transaction: what is locked, others wait for."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

LOCKED_FOR = 0.025  # seconds; twice as long is still no harm
LEAST, MOST = 10, 200


def paced(lot: Sequence[T], first: int) -> Iterator[Sequence[T]]:
    """The lot in parts, each for one transaction: the ``first`` of so many, the others of as many as would have kept their rows
    locked for LOCKED_FOR at the pace of the one before. The more rows a database holds, the longer it takes for each."""
    clock, start, size = asyncio.get_running_loop().time, 0, first
    while some := lot[start : start + size]:
        begun = clock()
        yield some
        start += len(some)
        if took := clock() - begun:
            size = max(LEAST, min(MOST, int(len(some) * LOCKED_FOR / took)))

"""How many people fit into one transaction: what is locked, others wait for."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

LOCKED_FOR = 0.025  # seconds; twice as long is still no harm
LEAST, MOST = 10, 200


class Pace:
    """Of one lot: ``size`` is how many the next transaction may have. Where many rows are stored, each takes longer."""

    def __init__(self, first: int) -> None:
        self.size = first

    @contextmanager
    def kept(self, many: int) -> Iterator[None]:
        """Around the transaction of so many; the next may have as many as will stay locked for LOCKED_FOR at its pace."""
        clock = asyncio.get_running_loop().time
        begun = clock()
        yield
        if took := clock() - begun:
            self.size = max(LEAST, min(MOST, int(many * LOCKED_FOR / took)))

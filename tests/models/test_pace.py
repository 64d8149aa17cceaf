"""What is locked for long is taken in smaller parts."""

import asyncio
from collections.abc import Callable

import pytest

from models.retention import pace


class Clock:
    """The event loop's, where the test says what it shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now, raising=False)


def parts(clock: Clock, lot: list[int], first: int, seconds: Callable[[int], float]) -> list[int]:
    """How many stood in each part; ``seconds``: how long a transaction takes for so many."""
    sizes, seen = list[int](), list[int]()
    for some in pace.paced(lot, first):
        sizes.append(len(some))
        seen += some
        clock.now += seconds(len(some))
    assert seen == lot
    return sizes


async def test_parts_grow_and_shrink_to_what_may_stay_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as large as fits at the pace of the one before, between LEAST and MOST; nobody is left out or comes twice."""
    clock, lot = Clock(monkeypatch), list(range(600))
    a_hundred, ten_thousand = pace.LOCKED_FOR / 100, pace.LOCKED_FOR / 10_000

    assert parts(clock, lot, 50, lambda some: some * a_hundred * 1.001) == [50, *[99] * 5, 55]
    assert parts(clock, lot, 50, lambda some: some * ten_thousand) == [50, pace.MOST, pace.MOST, 150]
    assert parts(clock, lot[:100], 50, lambda some: 60.0) == [50, *[pace.LEAST] * 5]
    assert parts(clock, lot, 50, lambda some: 0.0) == [50] * 12
    assert parts(clock, [], 50, lambda some: 1.0) == []

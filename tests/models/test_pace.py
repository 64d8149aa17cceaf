"""What is locked for long is taken in smaller parts."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from models.retention.pace import LEAST, LOCKED_FOR, MOST, Pace


class Clock:
    """The event loop's, where the test says what it shows."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 100.0
        monkeypatch.setattr(asyncio.get_running_loop(), "time", lambda: self.now, raising=False)

    def sizes(self, seconds: Callable[[int], float]) -> list[int]:
        """Of five transactions, beginning with 50; ``seconds``: how long one takes for so many."""
        pace, found = Pace(50), list[int]()
        for _ in range(5):
            found.append(pace.size)
            with pace.kept(pace.size):
                self.now += seconds(pace.size)
        return found


async def test_transactions_grow_and_shrink_to_what_may_stay_locked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each as large as fits at the pace of the one before, between LEAST and MOST; one that fails tells nothing."""
    clock = Clock(monkeypatch)

    assert clock.sizes(lambda many: many * 1.001 * LOCKED_FOR / 100) == [50, 99, 99, 99, 99]
    assert clock.sizes(lambda many: many * LOCKED_FOR / 10_000) == [50, *[MOST] * 4]
    assert clock.sizes(lambda many: 60.0) == [50, *[LEAST] * 4]
    assert clock.sizes(lambda many: 60.0 if many > LEAST else LOCKED_FOR / 4.001) == [50, LEAST, 40, LEAST, 40]
    assert clock.sizes(lambda many: 0.0) == [50] * 5

    pace = Pace(50)
    with suppress(LookupError), pace.kept(50):
        clock.now += 60
        raise LookupError
    assert pace.size == 50

"""Figures that were measured lately are given again, and no longer than they may be."""

import asyncio
from datetime import timedelta

import pytest

from models.recent import Recent
from tests.factories import START

MINUTE = timedelta(minutes=1)


class Measured:
    """Counts how often it was measured; ``fails`` the first times."""

    def __init__(self, fails: int = 0) -> None:
        self.times, self.fails = 0, fails

    async def __call__(self) -> int:
        self.times += 1
        await asyncio.sleep(0)
        if self.times <= self.fails:
            raise ValueError("once")
        return self.times


async def test_whoever_asks_within_the_span_gets_the_same() -> None:
    """Those who ask at once wait for one measurement; a minute later it is measured anew; another name is another thing."""
    recent, measure = Recent(MINUTE), Measured()
    assert await asyncio.gather(*(recent.get("a", START, measure) for _ in range(3))) == [1, 1, 1]
    assert await recent.get("a", START + MINUTE - timedelta(seconds=1), measure) == 1
    assert await recent.get("b", START, measure) == 2
    assert await recent.get("a", START + MINUTE, measure) == 3


async def test_a_failure_is_told_and_not_kept() -> None:
    """Whoever asks next measures again."""
    recent, measure = Recent(MINUTE), Measured(fails=1)
    with pytest.raises(ValueError, match="once"):
        await recent.get("a", START, measure)
    assert await recent.get("a", START, measure) == 2


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    """The measurement goes on."""
    recent, measure = Recent(MINUTE), Measured()
    hurried = asyncio.create_task(recent.get("a", START, measure))
    await asyncio.sleep(0)
    hurried.cancel()
    assert await recent.get("a", START, measure) == 1


async def test_without_a_span_nothing_is_kept() -> None:
    """What a test reads is what is there now."""
    recent, measure = Recent(), Measured()
    assert [await recent.get("a", START, measure) for _ in range(2)] == [1, 2]

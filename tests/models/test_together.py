"""Look-ups together: whoever asks at the same time goes with the others, and is nobody else's."""

import asyncio

from models.together import ABREAST, FEW, Brought, Together


class Register:
    """Knows every key but ``nobody``, counts who asks how many, and answers when it is told to."""

    def __init__(self) -> None:
        self.asked: list[int] = []
        self.open, self.twice = asyncio.Event(), asyncio.Event()
        self.fault: Exception | None = None

    async def __call__(self, keys: list[bytes]) -> list[tuple[bytes, str]]:
        self.asked.append(len(keys))
        if len(self.asked) == 2:
            self.twice.set()
        await self.open.wait()
        if self.fault:
            raise self.fault
        return [(key, f"is {key.decode()}") for key in keys if key != b"nobody"]


async def _of(together: Together, key: bytes) -> str | None:
    brought: Brought = await together(key)
    record = brought.of(key)
    return record[1] if record else None


async def test_who_asks_at_the_same_time_goes_together_and_is_told_apart() -> None:
    """One statement for a round of the loop; who comes later waits for one of those under way, however many come."""
    register = Register()
    together = Together(register, FEW)
    keys = [b"a", b"b", b"a", b"nobody"]
    first = [asyncio.create_task(_of(together, key)) for key in keys]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    later = [asyncio.create_task(_of(together, b"%d" % n)) for n in range(ABREAST * FEW)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert register.asked == [3, *[FEW] * (ABREAST - 1)]
    register.open.set()
    assert await asyncio.gather(*first) == ["is a", "is b", "is a", None]
    assert await asyncio.gather(*later) == [f"is {n}" for n in range(ABREAST * FEW)]
    assert register.asked == [3, *[FEW] * ABREAST]
    await asyncio.sleep(0)
    assert together.is_idle


async def test_a_fault_is_told_to_each_and_one_who_gives_up_takes_nothing_away() -> None:
    register = Register()
    together = Together(register, FEW)
    gone, staying = (asyncio.create_task(_of(together, key)) for key in (b"gone", b"staying"))
    await asyncio.sleep(0)
    gone.cancel()
    register.open.set()
    assert await staying == "is staying"
    assert gone.cancelled()

    register.fault = OSError("no way there")
    told = await asyncio.gather(*(_of(together, key) for key in (b"a", b"b")), return_exceptions=True)
    assert [type(one) for one in told] == [OSError, OSError]
    register.fault = None
    assert await _of(together, b"a") == "is a"


def test_what_is_everybodys_comes_once_and_is_made_once() -> None:
    brought = Brought([(b"a", [1, 2]), (b"b", None)])
    assert brought.common(1, list) == [1, 2]
    assert brought.common(1, list) is brought.common(1, sum)


async def test_one_who_finds_others_under_way_goes_without_company_after_a_while() -> None:
    """However long those stay away: at first nothing is asked, then for this one alone."""
    register = Register()
    together = Together(register, FEW)
    first = asyncio.create_task(_of(together, b"first"))
    for _ in range(5):
        await asyncio.sleep(0)
    second = asyncio.create_task(_of(together, b"second"))
    for _ in range(5):
        await asyncio.sleep(0)
    assert register.asked == [1]
    await asyncio.wait_for(register.twice.wait(), 600)
    assert register.asked == [1, 1]
    register.open.set()
    assert await asyncio.gather(first, second) == ["is first", "is second"]

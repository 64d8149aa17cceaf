"""Passwords are hashed off the event loop, a bounded number at a time."""

import asyncio
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from api.passwords import ArgonPasswords
from models.refused import Reason, Refused

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.fixture
def passwords() -> Iterator[ArgonPasswords]:
    """Small ones: one thread, two may wait."""
    passwords = ArgonPasswords(lambda: NOW, threads=1, queue=2, memory_kib=8, time=1)
    yield passwords
    passwords.close()


async def test_a_password_is_known_again(passwords: ArgonPasswords) -> None:
    """Its encoded string is argon2id's, and no other password fits."""
    encoded = await passwords.hash("correct horse")

    assert encoded.startswith("$argon2id$v=19$m=8,t=1,p=1$")
    assert await passwords.verify(encoded, "correct horse")
    assert not await passwords.verify(encoded, "correct house")


async def test_nobody_costs_as_much_as_somebody(passwords: ArgonPasswords) -> None:
    """The dummy has today's parameters, so that an unknown address takes the same time."""
    await passwords.waste("whatever")

    assert not passwords.outdated(passwords._dummy)


async def test_hashing_rests_only_while_others_wait(passwords: ArgonPasswords, monkeypatch: pytest.MonkeyPatch) -> None:
    """A flood leaves every second moment to who is signed in; a single sign-in waits for nothing."""
    rests: list[float] = []
    monkeypatch.setattr("api.passwords.sleep", rests.append)

    await passwords.hash("one by itself")
    assert rests == []

    await asyncio.gather(*(passwords.hash(f"number {number}") for number in range(3)))
    assert rests
    assert all(rest > 0 for rest in rests)


async def test_other_parameters_are_outdated(passwords: ArgonPasswords) -> None:
    """They are hashed anew when the customer next signs in."""
    stronger = ArgonPasswords(lambda: NOW, memory_kib=16, time=1)

    assert stronger.outdated(await passwords.hash("correct horse"))
    stronger.close()


@pytest.mark.asvs("15.2.2", "15.4.4")
async def test_a_full_queue_refuses_for_two_seconds(passwords: ArgonPasswords) -> None:
    """Rather than make everybody wait; once it is empty all is well."""
    slow = asyncio.gather(*(passwords._run(lambda: time.sleep(0.1)) for _ in range(3)))
    await asyncio.sleep(0)
    assert passwords.waiting == 2

    with pytest.raises(Refused) as refused:
        await passwords.hash("one too many")

    assert (refused.value.reason, refused.value.retry_at) == (Reason.BUSY, NOW + timedelta(seconds=2))
    await slow
    assert await passwords.hash("now there is room")
    assert passwords.waiting == 0


@pytest.mark.asvs("15.4.1")
async def test_who_leaves_makes_no_room_that_is_not_there(passwords: ArgonPasswords) -> None:
    """A thread goes on after its caller has left; the queue still counts it."""
    leaving = asyncio.create_task(passwords._run(lambda: time.sleep(0.1)))
    await asyncio.sleep(0.01)
    leaving.cancel()
    await asyncio.gather(leaving, return_exceptions=True)

    assert passwords._begun == 1
    await asyncio.sleep(0.2)
    assert passwords._begun == 0


@pytest.mark.asvs("15.2.2", "15.4.1")
async def test_the_event_loop_goes_on(passwords: ArgonPasswords) -> None:
    """While a password is hashed, others are served."""
    slow = asyncio.create_task(passwords._run(lambda: time.sleep(0.05)))
    turns = 0
    while not slow.done():
        await asyncio.sleep(0.001)
        turns += 1

    assert turns > 5

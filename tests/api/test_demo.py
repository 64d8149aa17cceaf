"""The demonstration's people have lived for months when they move in, whatever runs beside them."""

import asyncio
from dataclasses import replace

import pytest

from api.as_of import NotHere
from api.demo import PEOPLE, load_demo
from api.settings import Settings
from api.worker import AS_OF, Worker, all_duties
from models.tables import Customer, Lease, SignIn
from models.tables.sign_ins import SignInOutcome
from tests.factories import House

KEPT = 364  # days of the history of sign-ins


async def test_histories_are_told_beside_a_running_worker(house: House) -> None:
    """By its clock their sessions ended long ago: it waits until everything is told, and then goes on."""
    worker, over = Worker(house.world, Settings(), asyncio.Event(), all_duties()), asyncio.Event()
    await worker.round()
    rounds: list[int] = []

    async def work() -> None:
        while not over.is_set():
            rounds.append(await worker.round())
            await asyncio.sleep(0)

    async with asyncio.TaskGroup() as beside:

        async def pause(_: float) -> None:
            """A round that was under way is over; the next begins."""
            beside.create_task(work())

        told = await load_demo(replace(house.world, pause=pause))
        over.set()

    assert rounds[0] == 0
    assert sum(rounds) + await worker.round() > 0
    kept = [days for person in PEOPLE for days in person.visits if days < KEPT]
    assert await SignIn.filter(outcome=SignInOutcome.SUCCEEDED).count() == len(kept)
    assert len(await load_demo(house.world)) == len(told)
    assert await Customer.all().count() == len(PEOPLE)


async def test_somebody_else_who_is_as_of_another_date_is_not_disturbed(house: House) -> None:
    """Nothing is told then."""
    await Lease.create(name=AS_OF, holder="somebody", until=house.clock.now.replace(hour=23))

    with pytest.raises(NotHere, match="try again"):
        await load_demo(house.world)

    assert not await Customer.exists()

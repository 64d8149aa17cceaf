"""The same operations, and the same erasures, with 10,000, 100,000 and 1,000,000 customers in the databases.

Only the number of customers differs: as many are asked for, as many requests wait, as many erasures are due.
"""

import asyncio
import random
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from rich.console import Console

from models.policy import Role
from models.tables import Customer
from tests.bench import contest, storing
from tests.bench.casework import Desk, employ
from tests.bench.contest import CONNECTIONS, RIGHT, Entrant
from tests.bench.crowd import gather
from tests.bench.installation import Installation
from tests.bench.load import load
from tests.bench.machine import about_this_machine
from tests.bench.operations import OPERATIONS
from tests.bench.people import move_in
from tests.bench.serving import Guests
from tests.postgres import Postgres

TIMES = {10_000: 1, 100_000: 10, 1_000_000: 100}
SIGN_INS, EVENTS, STAFF, REQUESTS, ASKED, LEAVE = 20, 4, 16, 8_000, 2_000, 2_000
SETTLED = 11.0  # seconds after which PostgreSQL has counted what idle connections did
WARMING = 10.0  # seconds, in which everybody is asked for once: what is compared is not the disk


class Scale:
    """One run; ``figures`` fills as it goes."""

    def __init__(self, seconds: float, folder: Path, postgres: Postgres, *, quick: bool) -> None:
        self.seconds, self.folder, self.postgres = seconds, folder, postgres
        self.fewest = 1_000 if quick else min(TIMES)
        self.figures: dict[str, Any] = about_this_machine()
        self.console = Console(stderr=True)

    async def run(self) -> None:
        first = Installation(self.folder / "first", self.postgres)
        guests, going = await self._people(first)
        sizes = {f"{times * self.fewest:,}": self._grown(first, times) for times in TIMES.values()}
        with ExitStack() as stack:
            entrants = {size: Entrant(stack.enter_context(one.serving()), guests.asking) for size, one in sizes.items()}
            each = self.seconds / (len(entrants) * len(OPERATIONS))
            seconds = max(0.5, min(3.0, each / 5))
            self.console.print("the operations")
            self.figures["sizes"] = await contest.contest(
                entrants, seconds, max(1, round(each / seconds)), warming=WARMING
            )
            self.console.print("what PostgreSQL looks at")
            self.figures["blocks"] = {
                operation: await self._blocks(sizes, entrants, operation) for operation in OPERATIONS
            }
        self.figures["erasures"] = {}
        for size, one in sizes.items():
            self.console.print(f"erasures among {size}")
            before = self._looked_at(one)
            async with one.world() as world:
                found = await storing.erasing(one, world, going, self.seconds)
            await asyncio.sleep(SETTLED)
            found["blocks"] = (self._looked_at(one) - before) / max(1, found["customers"])
            self.figures["erasures"][size] = found

    async def _blocks(
        self, sizes: dict[str, Installation], entrants: dict[str, Entrant], operation: str
    ) -> dict[str, float]:
        """How many blocks PostgreSQL looks at for a request: what a size costs, whatever else this machine does."""
        await asyncio.sleep(SETTLED)
        before = {size: self._looked_at(one) for size, one in sizes.items()}
        asked = {
            size: await load(one.server, one.asking(operation), 1.0, CONNECTIONS, RIGHT)
            for size, one in entrants.items()
        }
        await asyncio.sleep(SETTLED)
        return {
            size: (self._looked_at(one) - before[size]) / max(1, len(asked[size].latencies))
            for size, one in sizes.items()
        }

    def _looked_at(self, one: Installation) -> int:
        name = one.settings.main_url.rpartition("/")[2]
        counted = f"SELECT blks_hit + blks_read FROM pg_stat_database WHERE datname = '{name}'"
        return int(self.postgres.sql(counted))

    async def _people(self, first: Installation) -> tuple[Guests, Any]:
        self.console.print("customers and staff sign in")
        await storing.importing(first, self.fewest, 600)
        async with first.world() as world:
            people: Any = list(await Customer.all().order_by("id").values_list("id", flat=True))
            random.shuffle(people)
            going, staying = people[: min(LEAVE, len(people) // 4)], people[min(LEAVE, len(people) // 4) :]
            secrets = await move_in(world, staying, sign_ins=SIGN_INS, events=EVENTS)
            await storing.leaving(world, going)
            staff = await employ(world, [Role.OFFICE] * STAFF)
            await Desk(world, staying, [one for one, _ in staff]).pile(REQUESTS, others=0)
            return Guests(secrets[:ASKED], [secret for _, secret in staff]), going

    def _grown(self, first: Installation, times: int) -> Installation:
        name, folder = f"times{times}", self.folder / f"times{times}"
        self.console.print(f"{times * self.fewest:,} customers")
        shutil.copytree(first.settings.data_dir, folder)
        for part in ("main", "keystore"):
            self.postgres.template(f"{name}_{part}", f"octopus_{part}")
        gather(self.postgres, name, times)
        return first.over(folder, self.postgres, name)

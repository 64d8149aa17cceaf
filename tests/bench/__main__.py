"""``python -m tests.bench``: measured on this machine, side by side and in short rounds; nothing is asserted."""

import argparse
import os
import random
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import UUID

import uvloop
from rich.console import Console

from models.actions.finding import account_of_email
from models.policy import Role
from models.tables import Customer
from tests.bench import contest, others, plot, report, scale, serving, storing
from tests.bench.casework import Desk, employ
from tests.bench.contest import Entrant
from tests.bench.installation import HOUSE, Installation, Server
from tests.bench.machine import about_this_machine
from tests.bench.operations import OPERATIONS
from tests.bench.people import address, move_in
from tests.bench.serving import Guests
from tests.postgres import Postgres

SIGNED_IN, SIGN_INS, STAFF, REQUESTS, LEAVE, COPIES = 2_000, 50, 16, 8_000, 30_000, 1_000
EVERYBODYS = {
    "shared_buffers": "1GB",  # an eighth of that unless it is told: no service runs with so little
    "wal_init_zero": "off",  # one that has run for an hour has old files for its log; a new one stops to fill each with zeros
}
"""Settings of the PostgreSQL that all of them have."""
SHARES = {
    "contest": 0.5,
    "flood": 0.1,
    "import": 0.2,
    "export": 0.05,
    "erasure": 0.1,
    "proving": 0.05,
    "rewrap": 0.05,
}  # of the minutes


class Bench:
    """One run; ``figures`` fills as it goes."""

    def __init__(self, seconds: float, customers: int, folder: Path, postgres: Postgres) -> None:
        self.seconds, self.customers, self.folder, self.postgres = seconds, customers, folder, postgres
        self.figures: dict[str, Any] = about_this_machine()
        self.console = Console(stderr=True)

    def share(self, part: str) -> float:
        return self.seconds * SHARES[part]

    async def run(self) -> None:
        installation = Installation(self.folder / "postgres", self.postgres)
        self._start(installation)
        await self._note("import", storing.importing(installation, self.customers, self.share("import")))
        async with installation.world() as world:
            if "import" not in self.figures:
                return
            # The first of them signs in from this machine, whose address stands in the server's log: traces of theirs are found.
            first = await account_of_email(world, address(0))
            people: Any = list(await Customer.exclude(id=first).order_by("id").values_list("id", flat=True))
            random.shuffle(people)
            staying, going = people[:SIGNED_IN], people[SIGNED_IN : SIGNED_IN + LEAVE]
            self.console.print("customers and staff sign in")
            secrets = await move_in(world, staying, sign_ins=SIGN_INS)
            staff = await employ(world, [Role.OFFICE] * STAFF)
            await Desk(world, staying, [one for one, _ in staff]).pile(REQUESTS, others=0)
            guests = Guests(secrets, [secret for _, secret in staff])
            self.postgres.sql("ANALYZE", "octopus_main")
            with installation.serving() as server:
                await self._note("contest", self._contest(installation, server, guests, staying))
                passes = max(1, round(self.share("flood") / 6))
                await self._note("flood", serving.under_flood(server, guests, len(people), self._round(3), passes))
                await self._note("one of them", storing.one_of_them(world, server))
            await self._note("export", storing.exporting(world, staying[:COPIES], self.share("export")))
            await storing.leaving(world, going)
            await self._note("erasure", storing.erasing(installation, world, going, self.share("erasure")))
            await self._note("proving", storing.proving(world, self.share("proving")))
            await self._note("rewrap", storing.rewrapping(world, self.share("rewrap")))

    def _start(self, installation: Installation) -> None:
        self.console.print("start")
        times = 5 if self.seconds > 60 else 2
        sqlite = Installation(self.folder / "sqlite")
        kinds = {"SQLite": sqlite, "PostgreSQL": installation}
        self.figures["start"] = {kind: serving.start_times(one, times) for kind, one in kinds.items()}

    async def _contest(self, installation: Installation, server: Server, guests: Guests, people: list[UUID]) -> Any:
        entrants = {"ours": Entrant(server, guests.asking)}
        with ExitStack() as stack:
            for name in others.prepare(installation, self.postgres):
                try:
                    started = stack.enter_context(others.rival(name, installation))
                except RuntimeError as fault:
                    self.console.print(f"NOT MEASURED: {fault}", style="bold red", markup=False)
                else:
                    entrants[name] = Entrant(started, others.asking_of(name, people))
            each = self.share("contest") / (len(entrants) * len(OPERATIONS))
            seconds = max(0.5, min(3.0, each / 3))
            return await contest.contest(entrants, seconds, max(1, round(each / seconds)))

    def _round(self, rounds: int) -> float:
        """Seconds of one round: three, less when there is little time."""
        return min(3.0, max(1.0, self.seconds * 0.25 / rounds))

    async def _note(self, part: str, measured: Awaitable[dict[str, Any]]) -> None:
        self.console.print(part)
        try:
            self.figures[part] = await measured
        except Exception as fault:
            self.console.print_exception()
            self.figures.setdefault("failed", {})[part] = f"{type(fault).__name__}: {fault}"


def main() -> None:
    """Measure, print, keep."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--minutes",
        type=float,
        default=float(os.environ.get("MINUTES", "5")),
        help="about how long the measuring takes in all, beside what it needs to prepare",
    )
    parser.add_argument("--customers", type=int, default=100_000, help="how many are imported")
    parser.add_argument("--quick", action="store_true", help="half a minute and 8,000 customers: does it all work?")
    parser.add_argument("--scale", action="store_true", help="instead: with 10,000, 100,000 and 1,000,000 customers")
    given = parser.parse_args()
    seconds, customers = (30.0, 8_000) if given.quick else (given.minutes * 60, max(8_000, given.customers))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    postgres = Postgres(**EVERYBODYS)
    try:
        postgres.start()
        with tempfile.TemporaryDirectory(prefix="octopus-bench-") as folder:
            by_size = given.scale or os.environ.get("SCALE", "0") != "0"
            bench: Any = (
                scale.Scale(seconds, Path(folder), postgres, quick=given.quick)
                if by_size
                else Bench(seconds, customers, Path(folder), postgres)
            )
            try:
                runner: Callable[[Any], None] = uvloop.run
                runner(bench.run())
            finally:
                name = "scale" if by_size else "report"
                report.show(bench.figures)
                report.keep(bench.figures, HOUSE / "var" / "bench", name)
                plot.keep(bench.figures, HOUSE / "var" / "bench", name)
    finally:
        postgres.remove()


if __name__ == "__main__":
    main()

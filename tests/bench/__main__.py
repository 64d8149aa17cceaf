"""``python -m tests.bench``: measured on this machine, side by side and in short rounds; nothing is asserted."""

import argparse
import os
import platform
import random
import signal
import sys
import tempfile
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import uvloop
from rich.console import Console

from models.tables import Customer
from tests.bench import contest, report, serving, storing
from tests.bench.installation import HOUSE, Installation
from tests.bench.operations import ABOUT
from tests.bench.people import move_in
from tests.postgres import Postgres

SIGNED_IN, SIGN_INS, LEAVE = 2_000, 50, 5_000
SHARES = {
    "operations": 0.1,
    "contest": 0.35,
    "flood": 0.15,
    "import": 0.2,
    "erasure": 0.15,
    "rewrap": 0.05,
}  # of the minutes


class Bench:
    """One run; ``figures`` fills as it goes."""

    def __init__(self, seconds: float, customers: int, folder: Path, postgres: Postgres) -> None:
        self.seconds, self.customers, self.folder, self.postgres = seconds, customers, folder, postgres
        self.figures: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "python": platform.python_version(),
            "cores": os.cpu_count(),
        }
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
            people = list(await Customer.all().order_by("id").values_list("id", flat=True))
            random.shuffle(people)
            staying, going = people[:SIGNED_IN], people[SIGNED_IN : SIGNED_IN + LEAVE]
            secrets = await move_in(world, staying, sign_ins=SIGN_INS)  # type: ignore[arg-type]
            self.postgres.sql("ANALYZE", "octopus_main")
            with installation.serving() as server:
                passes = max(1, round(self.share("operations") / 18))
                await self._note("operations", serving.operations(server, secrets, self._round(6), passes))
                contest.prepare(installation, self.postgres)
                seconds = max(
                    1.0, min(3.0, self.share("contest") / 54)
                )  # three passes of six servers, three operations
                passes = max(1, round(self.share("contest") / (18 * seconds)))
                against = contest.contest(installation, server, secrets, staying, seconds, passes)  # type: ignore[arg-type]
                await self._note("contest", against)
                passes = max(1, round(self.share("flood") / 9))
                flood = serving.under_flood(server, secrets, len(people), self._round(3), passes)
                await self._note("flood", flood)
                await self._note("one of them", storing.one_of_them(world, server))
            await storing.leaving(world, going)  # type: ignore[arg-type]
            await self._note("erasure", storing.erasing(world, going, self.share("erasure")))  # type: ignore[arg-type]
            await self._note("rewrap", storing.rewrapping(world, self.share("rewrap")))

    def _start(self, installation: Installation) -> None:
        self.console.print("start")
        times = 5 if self.seconds > 60 else 2
        sqlite = Installation(self.folder / "sqlite")
        kinds = {"SQLite": sqlite, "PostgreSQL": installation}
        self.figures["start"] = {kind: serving.start_times(one, times) for kind, one in kinds.items()}

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
        help="about how long the measuring takes in all",
    )
    parser.add_argument("--customers", type=int, default=100_000, help="how many are imported")
    parser.add_argument("--quick", action="store_true", help="half a minute and 8,000 customers: does it all work?")
    given = parser.parse_args()
    seconds, customers = (30.0, 8_000) if given.quick else (given.minutes * 60, max(8_000, given.customers))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started is stopped
    postgres = Postgres()
    try:
        postgres.start()
        with tempfile.TemporaryDirectory(prefix="octopus-bench-") as folder:
            bench = Bench(seconds, customers, Path(folder), postgres)
            try:
                runner: Callable[[Any], None] = uvloop.run
                runner(bench.run())
            finally:
                report.show(bench.figures, ABOUT)
                report.keep(bench.figures, HOUSE / "var" / "bench")
    finally:
        postgres.remove()


if __name__ == "__main__":
    main()

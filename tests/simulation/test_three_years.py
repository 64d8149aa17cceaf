"""Three years in the house, made up by hypothesis: anybody does anything, processes die, backups come back (issue: step B).

The long run is `python -m tests.simulation`; this one is short, and always the same.
"""

import asyncio
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from tests.e2e.test_backup_restore import Installation
from tests.postgres import Postgres
from tests.simulation.customers import immigrate
from tests.simulation.faults import mortal_databases
from tests.simulation.invariants import everything
from tests.simulation.machine import step
from tests.simulation.moves import MOVES
from tests.simulation.passing import settle
from tests.simulation.town import Town, quick_folder

OFTEN = [name for name, one in sorted(MOVES.items()) for _ in range(one.weight)]


class ThreeYears(RuleBasedStateMachine):
    """Each example has databases of its own; each step is one move with its dice."""

    server: ClassVar[Postgres | None] = None
    examples: ClassVar[int] = 0

    @initialize()
    def begin(self) -> None:
        type(self).examples += 1
        self.folder = quick_folder()
        folder = Path(self.folder.name)
        installation = Installation(folder, ("", ""), self.server)
        installation.data.mkdir()
        urls = [f"sqlite:///{installation.data}/{name}.db" for name in ("octopus", "keystore")]
        if self.server is not None:
            self.names = [f"simulation_{self.examples}{end}" for end in ("", "_keys")]
            for name in self.names:
                self.server.create_database(name)
            urls = [self.server.url(name) for name in self.names]
        installation.urls = (urls[0], urls[1])
        self.runner, self.town = asyncio.Runner(), Town(installation)
        self.mortal = mortal_databases(self.town.fate)
        self.runner.run(self.town.begin())
        self.mortal.__enter__()
        self.runner.run(immigrate(self.town, random.Random("begin"), 8))
        self.ready = True

    @rule(name=st.sampled_from(OFTEN), dice=st.integers(0, 2**16))
    def somebody(self, name: str, dice: int) -> None:
        self.runner.run(step(self.town, MOVES[name], random.Random(dice)))

    def teardown(self) -> None:
        if not getattr(self, "ready", False):  # it never began
            return
        try:
            self.runner.run(self._last())
        finally:
            self.mortal.__exit__(None, None, None)
            self.runner.run(self.town.end())
            self.runner.close()
            self.folder.cleanup()
            for name in self.names if self.server is not None else ():
                self.server.drop_database(name)

    async def _last(self) -> None:
        if not self.town.broken:
            await settle(self.town)
            await everything(self.town)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres | None]:
    """None on SQLite; on PostgreSQL with its pg_dump in reach."""
    if request.param == "sqlite":
        yield None
        return
    found: Postgres = request.getfixturevalue("postgres")
    monkeypatch.setenv("PATH", f"{found.binaries}{os.pathsep}{os.environ['PATH']}")
    yield found


@pytest.mark.slow
def test_three_years_of_anything_break_nothing(server: Postgres | None) -> None:
    """Whatever anybody does in whichever order, whenever processes die: what the policy promises is kept."""
    machine: Any = type("Years", (ThreeYears,), {"server": server, "examples": 0})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=3, stateful_step_count=40, deadline=None, derandomize=True, print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip

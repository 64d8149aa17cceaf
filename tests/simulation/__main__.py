"""The long run: `python -m tests.simulation --steps 20000 --seed 7 --database postgres`. The seed alone makes it again.

Each step has dice of its own (seed and number), so that a run may leave steps out: `--until` and `--skip` find what matters.
"""

import argparse
import asyncio
import os
import random
import time
from pathlib import Path

from tests.e2e.test_backup_restore import Installation
from tests.postgres import Postgres
from tests.simulation.customers import immigrate
from tests.simulation.faults import mortal_databases
from tests.simulation.invariants import everything
from tests.simulation.machine import chosen, step
from tests.simulation.passing import settle
from tests.simulation.town import Town, quick_folder

TOLD = "TELL" in os.environ


async def play(installation: Installation, seed: int, steps: int, people: int, *, told: bool = True) -> Town:
    """So many steps of one seed; the last thing is a complete look."""
    town = Town(installation)
    begun = said = time.monotonic()
    await town.begin()
    try:
        with mortal_databases(town.fate):
            await immigrate(town, random.Random(f"{seed}"), people)
            for number in range(steps):
                rng = random.Random(f"{seed}/{number}")
                move = chosen(rng)
                if TOLD:
                    print(number, f"{time.monotonic() - begun:.1f}", move.name, flush=True)
                try:
                    await step(town, move, rng)
                except BaseException as fault:
                    fault.add_note(f"seed {seed}, step {number}, {move.name}, {town.now}")
                    raise
                if told and time.monotonic() - said > 15:
                    said = time.monotonic()
                    print(
                        f"{number + 1} steps, {time.monotonic() - begun:.0f} s, {town.now:%Y-%m-%d}, {summary(town)}",
                        flush=True,
                    )
            await settle(town)
            await everything(town)
    finally:
        await town.end()
    return town


def summary(town: Town) -> str:
    states: dict[str, int] = {}
    for one in town.model.people:
        states[one.state] = states.get(one.state, 0) + 1
    return f"{town.fate.deaths} deaths, {town.counts.restores} restores, {states}"


def main() -> None:
    words = argparse.ArgumentParser(prog="python -m tests.simulation")
    words.add_argument("--steps", type=int, default=2_000)
    words.add_argument("--seed", type=int, default=random.randrange(10**6))
    words.add_argument("--people", type=int, default=200)
    words.add_argument("--database", choices=["sqlite", "postgres"], default="sqlite")
    given = words.parse_args()
    print(f"seed {given.seed}, {given.steps} steps on {given.database}", flush=True)
    server = None
    with quick_folder() as folder:
        installation = Installation(Path(folder), ("", ""), None)
        installation.data.mkdir()
        if given.database == "postgres":
            server = Postgres()
            server.start()
            os.environ["PATH"] = f"{server.binaries}{os.pathsep}{os.environ['PATH']}"
            for name in ("sim", "sim_keys"):
                server.create_database(name)
            installation.server, installation.urls = server, (server.url("sim"), server.url("sim_keys"))
        else:
            installation.urls = tuple(f"sqlite:///{installation.data}/{name}.db" for name in ("octopus", "keystore"))  # type: ignore[assignment]
        try:
            town = asyncio.run(play(installation, given.seed, given.steps, given.people))
        finally:
            if server is not None:
                server.remove()
    print(f"done: {town.counts.steps} steps, {summary(town)}")
    for name, told in sorted(town.counts.moves.items()):
        print(f"  {name}: {told}")


if __name__ == "__main__":
    main()

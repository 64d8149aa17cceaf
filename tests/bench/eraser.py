"""A worker process that erases when it is told to: ``python -m tests.bench.eraser`` with the service's settings around it."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any

import uvloop

from api import garbage
from api.commands.opening import opened
from api.settings import Settings
from api.settings.environment import read_settings
from api.worker import Worker
from models.database import transaction
from models.retention import begin, claims, erase, guards
from models.retention.duties import DUTIES
from models.sets import of_ids
from tests.bench.installation import HOUSE, Installation, die_with_parent


@dataclass(frozen=True)
class Eraser:
    """One of these processes, from the side of whoever started it."""

    process: "subprocess.Popen[str]"

    @classmethod
    @contextmanager
    def of(cls, installation: Installation) -> "Iterator[Eraser]":
        """It works on this installation, and is ready."""
        command = [sys.executable, "-m", "tests.bench.eraser"]
        with subprocess.Popen(
            command, cwd=HOUSE, env=installation.environment, text=True, preexec_fn=die_with_parent,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        ) as process:  # fmt: skip
            one = cls(process)
            one._heard()
            yield one

    def begin(self) -> None:
        """Erase whoever is due."""
        assert self.process.stdin is not None
        print(file=self.process.stdin, flush=True)

    def end(self) -> float:
        """Wait until it finds nobody any more; its longest transaction in seconds."""
        return float(self._heard())

    def _heard(self) -> str:
        assert self.process.stdout is not None
        if not (line := self.process.stdout.readline()):
            raise RuntimeError("a worker ended before its work")
        return line


async def erase_when_told() -> None:
    """For each line the worker's own loop, until nothing is due; answered by its longest transaction in seconds.

    Without the guard that stops when more than 500 keys, or 1 % of all, are destroyed in an hour: this is such an hour.
    """
    taken = list[float]()
    for module in (begin, claims, erase, guards):
        module.transaction = _watched(transaction, taken)  # type: ignore[attr-defined]
    erase.of_ids = _timed(of_ids, taken)  # type: ignore[attr-defined]
    duties = [duty for duty in DUTIES if duty.erases == "closed"]
    async with opened(read_settings()) as world:
        print("ready", flush=True)
        while await asyncio.to_thread(sys.stdin.readline):
            taken[:] = [0.0]
            worker = Worker(replace(world, guarded=False), Settings(erasure_share=1.0), asyncio.Event(), duties)
            garbage.settle()  # as the worker's command does at its start
            while await worker.round():
                pass
            print(max(taken), flush=True)


def _timed(statement: Any, taken: list[float]) -> Any:
    """The same, and how long each took: one outside a transaction is a transaction of its own."""

    async def timed(*given: Any) -> Any:
        begun = time.perf_counter()
        done = await statement(*given)
        taken.append(time.perf_counter() - begun)
        return done

    return timed


def _watched(transaction: Any, taken: list[float]) -> Any:
    """The same, and how long each held its locks at most."""

    @asynccontextmanager
    async def watched(*given: Any) -> AsyncIterator[Any]:
        async with transaction(*given) as tx:
            begun = time.perf_counter()  # from here on: waiting for a connection locks nothing
            yield tx
        taken.append(time.perf_counter() - begun)

    return watched


if __name__ == "__main__":
    uvloop.run(erase_when_told())

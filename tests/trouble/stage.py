"""Prepared databases and files, copied for every process that is going to be killed, and the processes themselves."""

import asyncio
import itertools
import multiprocessing
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import asyncpg

from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from models.world import World
from tests.postgres import Postgres
from tests.trouble.victim import Job, disk_world, run

HOUSE = Path(__file__).parents[2]
NUMBERS = itertools.count()
PATIENCE = 120  # seconds for any one process, on a busy machine
KILLED = -signal.SIGKILL
PROCESSES = multiprocessing.get_context("forkserver")  # imports once, then each process takes 20 ms
PROCESSES.set_forkserver_preload(["tests.trouble.victim", "api.letters.envelope"])
KEEP = """DO $$ DECLARE one text; BEGIN
  CREATE SCHEMA IF NOT EXISTS prepared;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE IF NOT EXISTS prepared.%I AS TABLE public.%I', one, one);
  END LOOP; END $$"""
RENEW = """DO $$ DECLARE one text; BEGIN
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT tablename FROM pg_tables WHERE schemaname = 'prepared' LOOP
    EXECUTE format('DELETE FROM public.%I', one);
    EXECUTE format('INSERT INTO public.%I SELECT * FROM prepared.%I', one, one);
  END LOOP; END $$"""


@dataclass(frozen=True)
class Stage:
    """Two databases and a folder; ``server`` is None on SQLite."""

    folder: Path
    server: Postgres | None
    names: tuple[str, str]

    @classmethod
    def new(cls, folder: Path, server: Postgres | None) -> "Stage":
        (folder / "data").mkdir(parents=True)
        number = next(NUMBERS)
        return cls(folder, server, (f"trouble_{number}", f"trouble_{number}_keys"))

    @property
    def urls(self) -> tuple[str, str]:
        """Main database and keystore."""
        if self.server is not None:
            return self.server.url(self.names[0]), self.server.url(self.names[1])
        return f"sqlite:///{self.folder}/data/octopus.db", f"sqlite:///{self.folder}/data/keystore.db"

    def job(self, what: str, now: datetime, *args: Any, kill_at: int | None = None) -> Job:
        return Job(what, *self.urls, self.folder, (now,), kill_at, args)

    @asynccontextmanager
    async def opened(self, now: datetime) -> AsyncIterator[World]:
        """Both databases, in this process."""
        world = disk_world(self.folder, now, *self.urls)
        await open_databases(*self.urls)
        try:
            yield world
        finally:
            await close_databases()

    async def prepare(self, now: datetime) -> None:
        """New, migrated, with their mark."""
        for name in self.names:
            await self._say(f'CREATE DATABASE "{name}"')
        async with self.opened(now) as world:
            await migrate(now)
            await world.vault.belongs()

    @asynccontextmanager
    async def copy(self) -> AsyncIterator["Stage"]:
        """The same once more; nobody may be connected to this one. ``renew`` makes it so again."""
        number = next(NUMBERS)
        other = Stage(self.folder.with_name(f"copy-{number}"), self.server, (f"copy_{number}", f"copy_{number}_keys"))
        shutil.copytree(self.folder, other.folder)
        try:
            for mine, its in zip(self.names, other.names, strict=True):
                await self._say(KEEP, database=mine)
                await self._say(f'CREATE DATABASE "{its}" TEMPLATE "{mine}"')
            yield other
        finally:
            await other.remove()

    async def renew(self, original: "Stage") -> None:
        """As when it was copied. On PostgreSQL row by row: a new database from a template takes ten times as long."""
        shutil.rmtree(self.folder)
        shutil.copytree(original.folder, self.folder)
        for name in self.names:
            await self._say(RENEW, database=name)

    async def remove(self) -> None:
        """Nothing of it is left."""
        shutil.rmtree(self.folder)
        for name in self.names:
            await self._say(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    async def alone(self) -> None:
        """Wait until PostgreSQL has noticed that nobody is connected any more: then the dead process's locks are gone."""
        there = (
            f"SELECT count(*) FROM pg_stat_activity WHERE datname IN {self.names} AND backend_type = 'client backend'"
        )
        for _ in range(PATIENCE * 100):
            if not await self._say(there):
                return
            await asyncio.sleep(0.01)

    async def _say(self, statement: str, *, database: str = "postgres") -> Any:
        """To PostgreSQL, if that is what this one is on."""
        if self.server is None:
            return None
        connection = await asyncpg.connect(self.server.url(database))
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


def start(job: Job) -> BaseProcess:
    """A process of its own."""
    os.environ.setdefault("PYTHONPATH", str(HOUSE))
    process = PROCESSES.Process(target=run, args=(job,), daemon=True)
    process.start()
    return process


async def ended(process: BaseProcess) -> int | None:
    """Its exit code; a negative one is the signal that killed it.

    Awaited in the event loop, not joined in a thread: starting a process asks for the others' exit codes, and whoever asks
    second at the same moment is told 255.
    """
    loop, gone = asyncio.get_running_loop(), asyncio.Event()
    loop.add_reader(process.sentinel, gone.set)
    try:
        await asyncio.wait_for(gone.wait(), PATIENCE)
    except TimeoutError:
        process.kill()
    finally:
        loop.remove_reader(process.sentinel)
    return process.exitcode


async def done(job: Job) -> None:
    """Run a job that must succeed, and that has nothing to complain about."""
    code = await ended(start(job))
    log = job.folder / "log"
    said = log.read_text() if log.exists() else ""
    assert (code, said) == (0, ""), f"{job.what} at {job.times} ended with {code}, and said: {said}"


def steps(stage: Stage) -> list[str]:
    """The steps that the last process in this folder came to."""
    return (stage.folder / "steps").read_text().splitlines()

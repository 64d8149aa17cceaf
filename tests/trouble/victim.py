"""A process that works on the databases, with real files, and dies by SIGKILL at whichever step it is told to.

A step is the moment before an effect: a commit, a statement that commits by itself, a call of a port that changes something,
a file's renaming into place, half a line of the ledger. The moment after one effect is the moment before the next: both
find the same on the disk, so that counting one of them leaves out nothing.

    python -m tests.trouble.victim duties sqlite:////tmp/a/data/octopus.db sqlite:////tmp/a/data/keystore.db /tmp/a 2027-02-22 12
"""

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tortoise.backends.base.client import TransactionalDBClient

from api.backup_files import FileBackups
from api.keys import FileKeyRing, make_key_file
from api.ledger import FileLedger
from api.passwords import ArgonPasswords
from api.places import Unknown
from api.post import FilePost
from api.settings import Settings
from api.shelf import FileShelf
from api.traces import FileTraces
from api.worker import Worker
from api.world import new_id, new_request_id, new_secret
from models import postgres_engine, sets, sqlite_engine
from models.actions.export import open_download, request_export
from models.actions.origin import Viewer
from models.database import close_databases, open_databases
from models.policy import load
from models.retention.duties import DUTIES
from models.tables import Customer, Export, Session
from models.tables.credentials import SessionKind
from models.tables.exports import ExportStatus
from models.vault import Vault
from models.world import World
from tests.trouble.people import people

POLICY = load()
WRITES = ("INSERT", "UPDATE", "DELETE", "WITH GONE", "PRAGMA WAL_CHECKPOINT")
EXPORT = ("post-letters", "build-exports", "erase-exports")
ERASURE = (*EXPORT, "erase-people", "begin-erasures", "begin-unconfirmed", "destroy-keys", "remove-rows", "rotate-keys",
           "verify-erasures", "certify-erasures", "sweep-keystore", "seal-events")  # fmt: skip
QUIET = 8  # rounds of a worker that all the others let go by
Task = Callable[["Job", World], Awaitable[None]]
TASKS: dict[str, Task] = {}


@dataclass(frozen=True)
class Job:
    """What a process shall do, where and when (once for each of ``times``), and before which step it dies (0: never, but counts).

    ``args``: what else the task wants.
    """

    what: str
    main: str
    keystore: str
    folder: Path
    times: tuple[datetime, ...]
    kill_at: int | None = None
    args: tuple[Any, ...] = ()

    def finishing(self, *minutes: float) -> "Job":
        """The same without a fault, so many minutes later and then again."""
        return replace(self, times=tuple(self.times[-1] + timedelta(minutes=each) for each in minutes), kill_at=None)


class Steps:
    """Counts the steps, and ends the process before the chosen one. Their names lie in ``steps`` beside the data."""

    def __init__(self, kill_at: int, folder: Path) -> None:
        self.kill_at, self.count = kill_at, 0
        self._names = (folder / "steps").open("w", buffering=1)

    def here(self, name: str, first: Callable[[], object] = lambda: None) -> None:
        """One step. ``first``: what is half done when the process dies."""
        self.count += 1
        print(name, file=self._names)
        if self.count == self.kill_at:
            first()
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """A port: before each of its ``effects`` the process may die."""

    def __init__(self, port: Any, steps: Steps, *effects: str) -> None:
        self._port, self._steps, self._effects = port, steps, effects

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._port, name)
        if name not in self._effects:
            return found

        def call(*args: Any, **kwargs: Any) -> Any:
            self._steps.here(f"{type(self._port).__name__}.{name}")
            return found(*args, **kwargs)

        return call


class MortalLedger(Mortal):
    """It may die with half a line written, too."""

    async def append(self, lines: Any) -> None:
        lines = list(lines)
        path: Path = self._port.path

        def torn() -> None:
            with path.open("ab") as file:
                file.write(lines[0].encode()[: len(lines[0]) // 2])

        self._steps.here("FileLedger.append")
        self._steps.here("FileLedger.append, half a line", torn)
        await self._port.append(lines)


@dataclass(frozen=True, kw_only=True)
class Post(FilePost):
    """Letters as files, as in development; ``sent`` beside the data lists each by id and time."""

    journal: Path

    async def send(self, letter_id: Any, to: str, template: str, locale: str, params: Any) -> None:
        await super().send(letter_id, to, template, locale, params)
        with self.journal.open("a") as file:
            print(letter_id, template, file=file)


class Shelf(FileShelf):
    """``built`` beside the data lists each archive that was put on it."""

    async def put(self, archive_id: Any, chunks: Any) -> None:
        await super().put(archive_id, chunks)
        with (self.folder.parents[1] / "built").open("a") as file:
            print(archive_id, file=file)


def disk_world(folder: Path, now: datetime, *databases: str) -> World:
    """Real parts on files in ``folder/data``; the clock starts at ``now`` and goes on a thousandth of a second a look."""
    data, looks = folder / "data", iter(range(10**9))
    key_file = data / "keys.json"
    if not key_file.exists():
        make_key_file(key_file, os.urandom)
    files = [Path(unquote(urlsplit(url).path[1:])) for url in databases if url.startswith("sqlite")]

    def clock() -> datetime:
        return now + timedelta(milliseconds=next(looks))

    def log(event: str, **keys: Any) -> None:
        if keys.get("level") == "error" or event.endswith("failed"):
            with (folder / "log").open("a") as file:
                print(event, {name: repr(value) for name, value in keys.items()}, file=file)

    return World(
        now=clock,
        new_id=new_id,
        new_request_id=new_request_id,
        new_secret=new_secret,
        passwords=ArgonPasswords(clock, threads=1, queue=32, memory_kib=8, time=1, parallelism=1),
        locate=Unknown().locate,
        vault=Vault(FileKeyRing(key_file, os.urandom), now=clock, random=os.urandom),
        policy=POLICY,
        post=Post(sender="Octopus <accounts@example.com>", now=clock, folder=data / "letters", say=lambda _: None,
                  journal=folder / "sent"),
        shelf=Shelf(data / "exports"),
        ledger=FileLedger(data / "ledger"),
        checkpoints=FileLedger(data / "checkpoints"),
        backups=FileBackups(data / "backups", dict(zip(("main", "keystore"), databases, strict=False)), now=clock),
        traces=FileTraces(data, databases=files),
        base_url="http://localhost:8000",
        pause=asyncio.sleep,
        log=log,
    )  # fmt: skip


def mortal(world: World, steps: Steps) -> World:
    """The same world, in which every effect of a port is a step."""
    world.vault.ring = Mortal(world.vault.ring, steps, "add", "retire")  # type: ignore[assignment]
    return replace(
        world,
        post=Mortal(world.post, steps, "send", "forget"),
        shelf=Mortal(world.shelf, steps, "put", "remove"),
        ledger=MortalLedger(world.ledger, steps),
        checkpoints=MortalLedger(world.checkpoints, steps),
        traces=Mortal(world.traces, steps, "plant", "pluck"),
    )


def _steps_of_files(steps: Steps) -> None:
    whole = os.replace

    def renamed(source: Any, target: Any, **how: Any) -> None:
        steps.here(f"file whole, {Path(target).suffix}")
        whole(source, target, **how)

    os.replace = renamed  # type: ignore[assignment]


def _steps_of_commits(engine: Any, steps: Steps) -> None:
    commit = engine.Transaction.commit

    async def committed(self: Any) -> None:
        nested = isinstance(self._parent, TransactionalDBClient)  # a savepoint: what it wrote is committed later
        if (wrote := vars(self).get("wrote")) and not nested:
            steps.here(f"commit, {wrote}, {self.connection_name}")
        await commit(self)

    engine.Transaction.commit = committed
    for name in ("execute_query", "execute_insert", "execute_many"):
        for client in (engine.Client, engine.Transaction):
            setattr(client, name, _stepping(getattr(client, name), steps))
    if engine is postgres_engine:
        _steps_of_copies(steps)


def _steps_of_copies(steps: Steps) -> None:
    """What PostgreSQL copies in is a statement like another."""
    copy = sets.insert

    async def copied(client: Any, table: str, rows: Any) -> None:
        if client.capabilities.dialect == "postgres":
            _writes(client, f"INSERT INTO {table}", steps)
        await copy(client, table, rows)

    for module in list(sys.modules.values()):
        if vars(module).get("insert") is copy:
            module.insert = copied  # type: ignore[attr-defined]


def _stepping(statement: Any, steps: Steps) -> Any:
    """A statement outside any transaction commits by itself; a transaction without one commits nothing."""

    async def said(self: Any, query: str, *values: Any) -> Any:
        if query.upper().startswith(WRITES):
            _writes(self, " ".join(word.strip('"') for word in query.split()[:3]), steps)
        return await statement(self, query, *values)

    return said


def _writes(client: Any, what: str, steps: Steps) -> None:
    if not isinstance(client, TransactionalDBClient):
        steps.here(f"{what}, {client.connection_name}")
    inside = client
    while isinstance(inside, TransactionalDBClient):  # out to the one that commits
        inside.wrote = what  # type: ignore[attr-defined]
        inside = inside._parent  # type: ignore[attr-defined]


def task(does: Task) -> Task:
    """A function that a process may be told to run, by its name."""
    TASKS[does.__name__] = does
    return does


@task
async def duties(job: Job, world: World) -> None:
    """Every duty until nothing is due; only those that ``args`` names, if it names any."""
    mine = [duty for duty in DUTIES if duty.name in (job.args or (duty.name,))]
    while sum([await duty.run(world, 100) for duty in mine]):
        pass


@task
async def workers(job: Job, world: World) -> None:
    """The worker's own loop, beside others, until for a while none of them finds anything to do. ``args``: keys= of the World."""
    world = replace(world, **dict(job.args))
    settings = Settings(data_dir=job.folder / "data", erasure_share=1.0, clock_offset=timedelta(hours=1))
    worker, idle = Worker(world, settings, asyncio.Event(), DUTIES), 0
    while idle < QUIET:
        idle = 0 if await worker.round() else idle + 1
        await asyncio.sleep(0.02)
    await worker.leave()


@task
async def rotations(job: Job, world: World) -> None:
    """Rotate the key-encryption key, again and again. ``args``: how often."""
    for _ in range(job.args[0]):
        world.vault.ring.add()
        while await world.vault.rewrap(20):
            pass
        await world.vault.retire([kek for kek in world.vault.ring.ids() if kek != world.vault.ring.current])


@task
async def arrivals(job: Job, world: World) -> None:
    """New customers, one by one. ``args``: how many."""
    for number in range(job.args[0]):
        await people(world, f"new{os.getpid()}.{number}@example.com")


@task
async def export(job: Job, world: World) -> None:
    """What a customer and the worker do for an export, as far as it is not done yet: ask, build, collect, erase."""
    worker, customer = replace(job, args=EXPORT), await Customer.get(id=job.args[0])
    session = Session(id=world.new_id(), customer_id=customer.id, kind=SessionKind.BROWSER)
    session.stepped_up_until = world.now() + timedelta(minutes=5)
    viewer = Viewer(customer, session)
    if not await Export.exists():
        await request_export(world, viewer)
    await duties(worker, world)
    found = await Export.all().order_by("-id").first()
    if found is not None and found.status is ExportStatus.READY:
        download = await open_download(world, viewer, found.id)
        with (job.folder / "download").open("wb") as file:
            async for chunk in download.chunks():
                file.write(chunk)
        await download.finished()
    await duties(worker, world)


def run(job: Job) -> None:
    """Do the job in this process, from opening the databases on. What goes wrong stands in ``log``."""
    try:
        asyncio.run(_run(job))
    except BaseException:
        with (job.folder / "log").open("a") as file:
            traceback.print_exc(file=file)
        raise


async def _run(job: Job) -> None:
    await open_databases(job.main, job.keystore)
    steps = None
    if job.kill_at is not None:
        steps = Steps(job.kill_at, job.folder)
        _steps_of_files(steps)
        for engine in (postgres_engine, sqlite_engine):
            _steps_of_commits(engine, steps)
    try:
        for now in job.times:
            world = disk_world(job.folder, now, job.main, job.keystore)
            await TASKS[job.what](job, mortal(world, steps) if steps else world)
    finally:
        await close_databases()


if __name__ == "__main__":
    what, main, keystore, folder, now, *kill_at = sys.argv[1:]
    when = datetime.fromisoformat(now)
    run(
        Job(what, main, keystore, Path(folder), when if when.tzinfo else when.replace(tzinfo=UTC), int(*kill_at or "0"))
    )

"""What the house stands on goes away for a while: the answer is 503, nothing acknowledged is lost, and it recovers by itself."""

import asyncio
import errno
import itertools
import os
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from tortoise.connection import get_connection

from api import worker as the_worker
from api.ledger import FileLedger
from api.settings import Settings
from api.shelf import FileShelf
from api.worker import Worker, work
from models.actions.account import SYSTEM, changing
from models.actions.delete_profile import close
from models.database import close_databases, dialect, open_databases
from models.keystore import KeystoreDown, PersonKey
from models.migrations.runner import migrate
from models.retention.begin import begin_erasures
from models.retention.duties import DUTIES
from models.retention.exports import build_exports
from models.tables import Certificate, Closure, Customer, Export, Letter, Message, SignIn, Tombstone
from models.tables.accounts import ErasureStage, State
from models.tables.exports import ExportStatus
from models.world import World
from tests.factories import START, Client, Clock, House, make_world
from tests.postgres import Postgres
from tests.trouble.people import Person, people, requested

SEND = """mutation($k: String!, $text: String!) {sendMessage(idempotencyKey: $k, text: $text) {
    __typename ... on MessageSent {sent {id}} ... on Refusal {code}}}"""
PROFILE = "{viewer {profile {email}}}"


# ---- two servers, each of which can go ---------------------------------------------------------------------------


@dataclass
class Servers:
    """A server of its own for each database."""

    main: Postgres
    keystore: Postgres

    def alive(self) -> None:
        """Both, after a test that failed too."""
        for server in (self.main, self.keystore):
            if server.server is None:
                server.start()
            if server.sql("SELECT 1 FROM pg_database WHERE datname = 'elsewhere'"):
                _back_again(server)


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    found = Servers(Postgres(), Postgres())
    try:
        found.main.start()
        found.keystore.start()
        yield found
    finally:
        found.main.remove()
        found.keystore.remove()


@pytest.fixture
async def apart(servers: Servers, tmp_path: Path) -> AsyncIterator[House]:
    """The whole house on two servers."""
    urls = servers.main.url("octopus"), servers.keystore.url("keystore")
    servers.main.create_database("octopus")
    servers.keystore.create_database("keystore")
    await open_databases(*urls)
    clock = Clock()
    house = House(make_world(tmp_path, clock, urls=urls), clock, tmp_path)
    try:
        await migrate(START)
        await house.world.vault.belongs()
        yield house
    finally:
        await house.close()
        await close_databases()
        servers.alive()
        servers.main.drop_database("octopus")
        servers.keystore.drop_database("keystore")


async def asked(person: Client, query: str, **variables: Any) -> httpx.Response:
    """The whole response."""
    body = {"query": query, "variables": variables}
    return await person.http.post("/graphql", json=body, headers={"X-Octopus-Client": "tests"})


def is_outage(answer: httpx.Response, code: str) -> None:
    """503, when to come back, and what is down; nothing of what was asked."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["retry-after"]) > 0
    [error] = answer.json()["errors"]
    assert error["extensions"]["code"] == code
    assert not answer.json().get("data")


async def readiness(person: Client) -> tuple[int, list[str]]:
    """What /readyz says: its status, and which parts are down."""
    answer = await person.http.get("/readyz")
    return answer.status_code, answer.json()["down"]


@pytest.mark.postgres
async def test_a_killed_postgresql_loses_nothing_acknowledged(servers: Servers, apart: House) -> None:
    """Killed while people talk: 503, and whoever says it again under the same key has said it once."""
    talkers = [await apart.customer() for _ in range(3)]
    acknowledged: list[str] = []

    async def say(person: Client, number: int) -> httpx.Response:
        answer = await asked(person, SEND, k=f"a-key-of-mine-{number:04}", text=f"{person.email} {number}")
        if answer.status_code == 200:
            assert answer.json()["data"]["sendMessage"]["__typename"] == "MessageSent", answer.text
            acknowledged.append(f"{person.email} {number}")
        else:
            is_outage(answer, "DATABASE_DOWN")
        return answer

    for number in range(2):
        await asyncio.gather(*(say(person, number) for person in talkers))
    under_way = [asyncio.create_task(say(person, number)) for number in range(2, 7) for person in talkers]
    await asyncio.sleep(0.01)
    await asyncio.to_thread(servers.main.kill)
    await asyncio.gather(*under_way)
    assert {(await say(person, 7)).status_code for person in talkers} == {503}
    assert await readiness(talkers[0]) == (503, ["database", "schema"])
    assert (await talkers[0].http.get("/livez")).status_code == 200
    heard = set(acknowledged)

    servers.main.start()  # in this thread: it ends with the one that started it
    assert heard <= {one.opened(await apart.world.vault.keys([one.customer_id])).text for one in await Message.all()}
    for number in range(8):
        assert {(await say(person, number)).status_code for person in talkers} == {200}
    assert await readiness(talkers[0]) == (200, [])
    said = [
        one.opened(await apart.world.vault.keys([one.customer_id])).text
        for one in await Message.filter(kind="FROM_CUSTOMER")
    ]
    assert sorted(said) == sorted(f"{person.email} {number}" for person in talkers for number in range(8))


@pytest.mark.postgres
async def test_a_worker_outlives_a_killed_postgresql(servers: Servers, apart: House) -> None:
    """Its loop waits, goes on by itself when the server is back, and everybody due is erased once."""
    gone = await people(apart.world, *(f"due{number}@example.com" for number in range(30)), state=State.CLOSED)
    waits = asyncio.Event()
    world = replace(apart.world, log=lambda event, **_: waits.set() if event == "worker.waits" else None)
    stop, settings = asyncio.Event(), Settings(data_dir=apart.folder, worker_every=0.05, erasure_share=0.2)
    working = asyncio.create_task(work(world, settings, stop=stop))
    for _ in range(3000):
        if await Tombstone.exists():
            break
        await asyncio.sleep(0.01)
    await asyncio.to_thread(servers.main.kill)
    await asyncio.wait_for(waits.wait(), 30)
    servers.main.start()  # in this thread: it ends with the one that started it
    apart.clock.advance(minutes=6)  # a lease of what was under way ends
    for _ in range(600):
        if await Certificate.all().count() == len(gone):
            break
        apart.clock.advance(minutes=1)  # keys rotate once an hour
        await asyncio.sleep(0.1)
    stop.set()
    await working

    assert {stone.stage for stone in await Tombstone.all()} == {ErasureStage.CERTIFIED}
    assert await Certificate.all().count() == await Tombstone.all().count() == len(gone)
    assert not await Customer.exists()
    assert not await PersonKey.exists()


# ---- the keystore alone ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Away:
    """How the keystore goes away, and comes back."""

    go: Callable[[Postgres], None]
    back: Callable[[Postgres], None]


def _renamed(server: Postgres) -> None:
    server.sql("ALTER DATABASE keystore ALLOW_CONNECTIONS false")
    server.sql("SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = 'keystore'")
    server.sql("ALTER DATABASE keystore RENAME TO elsewhere")


def _back_again(server: Postgres) -> None:
    server.sql("ALTER DATABASE elsewhere RENAME TO keystore")
    server.sql("ALTER DATABASE keystore ALLOW_CONNECTIONS true")


AWAY = {"refused": Away(Postgres.kill, Postgres.start), "renamed": Away(_renamed, _back_again)}


@pytest.mark.asvs("16.5.3")
@pytest.mark.postgres
@pytest.mark.parametrize("how", AWAY)
async def test_without_its_keystore_nothing_is_destroyed(servers: Servers, apart: House, how: str) -> None:
    """503 and a red /readyz; whatever is due waits however long that takes, with no try counted, and is done afterwards."""
    person = await apart.customer()
    gone = await people(apart.world, "due1@example.com", "due2@example.com", state=State.CLOSED)
    assert await begin_erasures(apart.world, 1) == 1
    apart.clock.advance(minutes=5)  # nobody's key is remembered any more
    settings = Settings(data_dir=apart.folder, erasure_share=1.0)
    worker = Worker(apart.world, settings, asyncio.Event(), DUTIES)
    before = await Customer.all().count(), await PersonKey.all().count(), await SignIn.all().count()

    await asyncio.to_thread(AWAY[how].go, servers.keystore)
    is_outage(await asked(person, PROFILE), "KEYSTORE_DOWN")
    is_outage(await asked(person, SEND, k="a-key-of-mine-0001", text="Hello?"), "KEYSTORE_DOWN")
    assert await readiness(person) == (503, ["keystore", "schema"])
    for _ in range(20):
        with pytest.raises(KeystoreDown):
            await worker.round()
        apart.clock.advance(minutes=6)
    assert await Tombstone.exclude(stage=ErasureStage.ERASING).count() == 0
    assert await Tombstone.exclude(dead_at=None).count() == 0
    assert await world_ledger(apart) == []
    AWAY[how].back(servers.keystore)

    assert (await Customer.all().count(), await PersonKey.all().count(), await SignIn.all().count()) == before
    assert await readiness(person) == (200, [])
    await person.sign_in()
    assert (await person.ok(PROFILE))["profile"]["email"] == person.email
    for _ in range(30):
        await worker.round()
        apart.clock.advance(minutes=6)
    assert {(stone.id, stone.stage) for stone in await Tombstone.all()} == {
        (one.id, ErasureStage.CERTIFIED) for one in gone
    }


async def world_ledger(house: House) -> list[str]:
    return await house.world.ledger.lines()


# ---- a full disk -------------------------------------------------------------------------------------------------


@dataclass
class Disk:
    """A folder that is full until there is ``room``."""

    folder: Path
    shelf: FileShelf
    ledger: FileLedger
    room: Callable[[], None]


class FullShelf(FileShelf):
    """Stands in where nobody may mount a disk: writes some, then says that it is full."""

    full = True

    async def put(self, archive_id: Any, chunks: Any) -> None:
        await super().put(archive_id, _until_full(chunks) if self.full else chunks)


class FullLedger(FileLedger):
    """The same for the ledger."""

    full = True

    async def append(self, lines: Any) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        await super().append(lines)


def _until_full(chunks: Any) -> Iterator[bytes]:
    yield from itertools.islice(chunks, 1)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    """A real small one if we may mount it, filled to the last page."""
    folder = tmp_path / "small-disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", folder]
    if os.geteuid() or subprocess.run(mount, capture_output=True, check=False).returncode:
        shelf, ledger = FullShelf(folder / "exports"), FullLedger(folder / "ledger")

        def room() -> None:
            shelf.full = ledger.full = False

        yield Disk(folder, shelf, ledger, room)
        return
    try:
        (folder / "exports").mkdir()
        (folder / "ledger").touch()
        _fill(folder / "filler")
        yield Disk(folder, FileShelf(folder / "exports"), FileLedger(folder / "ledger"), (folder / "filler").unlink)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)


def _fill(file: Path) -> None:
    with file.open("wb", buffering=0) as filler, suppress(OSError):
        while True:
            filler.write(bytes(4096))


async def test_a_full_disk_delays_an_export(house: House, disk: Disk) -> None:
    """Nothing half written is left, the next try comes later, and it is built when there is room."""
    world = replace(house.world, shelf=disk.shelf)
    await requested(world, await people(world, "owner@example.com"))

    assert await build_exports(world, 10) == 0
    waiting = await Export.get()
    assert (waiting.status, waiting.leased_by, waiting.tries) == (ExportStatus.REQUESTED, None, 1)
    assert waiting.retry_at is not None
    assert waiting.retry_at > house.clock.now
    assert list((disk.folder / "exports").iterdir()) == []
    assert await build_exports(world, 10) == 0
    assert not await Letter.exists()
    disk.room()
    house.clock.now = waiting.retry_at
    assert await build_exports(world, 10) == 1
    assert (await Export.get()).status is ExportStatus.READY
    assert await world.shelf.ids() == {waiting.id}


async def test_a_full_disk_delays_an_erasure(house: House, disk: Disk) -> None:
    """What cannot be written into the ledger is not destroyed; hours later it is, with one line each."""
    world = replace(house.world, ledger=disk.ledger)
    gone = await people(world, "due1@example.com", "due2@example.com", state=State.CLOSED)
    worker = Worker(world, Settings(data_dir=house.folder, erasure_share=1.0), asyncio.Event(), DUTIES)
    for _ in range(30):
        await worker.round()
        worker.patience.clear()  # no assertion about time: its own waits are of a minute at most
        house.clock.advance(minutes=5)
    stones = await Tombstone.all()
    assert {stone.stage for stone in stones} == {ErasureStage.ERASING}
    assert not [stone for stone in stones if stone.dead_at], "given up only after half a day"
    assert await PersonKey.all().count() == await Customer.all().count() == 2
    assert await world.ledger.lines() == []

    disk.room()
    await settled(house, worker)
    assert len(await world.ledger.lines()) == len(gone)
    assert {stone.stage for stone in await Tombstone.all()} == {ErasureStage.CERTIFIED}


async def settled(house: House, worker: Worker) -> None:
    """Hours of work."""
    for _ in range(30):
        worker.patience.clear()
        await worker.round()
        house.clock.advance(minutes=50)


@pytest.mark.asvs("16.5.3")
async def test_a_full_disk_under_sqlite(house: House) -> None:
    """Writing is answered with 503, reading goes on, nothing half written is left, and with room it works again."""
    if dialect() != "sqlite":
        pytest.skip("PostgreSQL's own disk is its own matter")
    person = await house.customer()
    small = get_connection("default")
    _, [pages] = await small.execute_query("PRAGMA page_count")
    await small.execute_query(f"PRAGMA max_page_count = {pages[0]}")

    refused: list[httpx.Response] = []
    said = 0
    while not refused:
        answer = await asked(person, SEND, k=f"a-key-of-mine-{said:04}", text="x" * 1900)
        if answer.status_code == 200:
            assert answer.json()["data"]["sendMessage"]["__typename"] == "MessageSent", answer.text
            said += 1
            house.clock.advance(minutes=3)
        else:
            refused.append(answer)
    is_outage(refused[0], "DATABASE_DOWN")
    assert (await person.ok(PROFILE))["profile"]["email"] == person.email
    assert await Message.filter(kind="FROM_CUSTOMER").count() == said

    await small.execute_query("PRAGMA max_page_count = 1000000")
    await person.ok(SEND, k=f"a-key-of-mine-{said:04}", text="x" * 1900)
    assert await Message.filter(kind="FROM_CUSTOMER").count() == said + 1
    assert (await small.execute_query("PRAGMA integrity_check"))[1][0][0] == "ok"


# ---- the clock ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("restarted", [False, True])
@pytest.mark.parametrize("years", [5, -5])
async def test_a_clock_that_jumps_destroys_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch, years: int, restarted: bool
) -> None:
    """Nobody due by such a clock is erased, by this worker or one started then, until two looks a minute apart agree."""
    real = 1000.0
    monkeypatch.setattr(the_worker, "steady", lambda: real)
    [closed] = await people(house.world, "closed@example.com")
    await closing(house.world, closed)
    settings = Settings(data_dir=house.folder, erasure_share=1.0)

    worker = Worker(house.world, settings, asyncio.Event(), DUTIES)
    await worker.round()
    before = await SignIn.all().count()
    house.clock.advance(days=365 * years)
    if restarted:
        worker = Worker(house.world, settings, asyncio.Event(), DUTIES)
    for _ in range(3):
        await worker.round()
        real += 15
        house.clock.advance(seconds=15)
        assert not worker.trusted
        assert not await Tombstone.exists()
        assert await SignIn.all().count() == before
    real += 61
    house.clock.advance(seconds=61)
    await worker.round()
    assert worker.trusted
    assert await Tombstone.exists() is (years > 0)


async def closing(world: World, person: Person) -> Closure:
    """Their account closes now."""
    async with changing(world, person.id, by=SYSTEM) as account:
        return (await close(account, closed_by="CUSTOMER", clause="5.1"))[0]

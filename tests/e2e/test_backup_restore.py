"""A backup taken before an erasure and put back after it: refused, replayed, and nothing about the person opens (clause 5.1).

With the commands an operator uses: `octopus backup`, pg_restore or a copied file, `octopus restore`.
"""

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography.exceptions import InvalidTag

from api.keys import UnknownKek
from models.database import close_databases, open_databases
from models.keystore import PersonKey
from models.migrations.runner import migrate
from models.retention.ageing import TABLES
from models.retention.chain import verify_chain
from models.retention.duties import DUTIES
from models.retention.guards import is_stopped
from models.retention.replay import RestoredBackup, find_returned, refuse_restored, replay
from models.tables import Certificate, Closure, Customer, Event, Letter, Session, Tombstone
from models.tables.accounts import ClosureContents, ErasureStage, State
from models.tables.sealed import SealedRow
from models.world import World
from tests.postgres import Postgres
from tests.trouble.people import Person, letters, people
from tests.trouble.victim import disk_world

HOUSE = Path(__file__).parents[2]
NOW = datetime.now(UTC)
REFUSED = "run octopus restore"
PATIENCE = 60


@dataclass
class Installation:
    """Two databases, their files, and the `octopus` command on them."""

    folder: Path
    urls: tuple[str, str]
    server: Postgres | None

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @asynccontextmanager
    async def opened(self, after: timedelta = timedelta()) -> AsyncIterator[World]:
        """In this process, so much later."""
        await open_databases(*self.urls)
        try:
            yield disk_world(self.folder, NOW + after, *self.urls)
        finally:
            await close_databases()

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        """The command, from outside."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith("OCTOPUS_")} | {
            "OCTOPUS_DATA_DIR": str(self.data), "OCTOPUS_MAIN_URL": self.urls[0], "OCTOPUS_KEYSTORE_URL": self.urls[1],
            "OCTOPUS_CONFIG": "/dev/null", "OCTOPUS_PORT": "0", "PYTHONUNBUFFERED": "1",
        }  # fmt: skip
        pipe = asyncio.subprocess.PIPE
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "api",
            *words,
            cwd=HOUSE,
            env=environment,
            stdout=pipe,
            stderr=asyncio.subprocess.STDOUT,
        )

    async def octopus(self, *words: str) -> tuple[int | None, str]:
        """Its exit code and what it said."""
        process = await self.start(*words)
        said, _ = await asyncio.wait_for(process.communicate(), PATIENCE)
        return process.returncode, said.decode()

    async def backup(self) -> dict[str, Path]:
        """`octopus backup`: the files by store."""
        code, said = await self.octopus("backup", str(self.folder / "backups"))
        assert code == 0, said
        files = sorted(path for path in (self.folder / "backups").iterdir() if path.suffix != ".sha256")
        return {store: [path for path in files if store in path.name][-1] for store in ("main", "keystore")}

    def put_back(self, store: str, file: Path) -> None:
        """What an operator does: a file in its place, or pg_restore into an empty database."""
        url = self.urls[store == "keystore"]
        if self.server is None:
            path = Path(url.removeprefix("sqlite:///"))
            for side in ("", "-wal", "-shm"):
                path.with_name(path.name + side).unlink(missing_ok=True)
            shutil.copy(file, path)
            return
        name = urlsplit(url).path[1:]
        self.server.drop_database(name)
        self.server.create_database(name)
        given = self.server.folder / file.name  # where the server's owner can read it
        shutil.copy(file, given)
        given.chmod(0o644)
        self.server._run("pg_restore", "--no-owner", "--dbname", url, str(given))
        given.unlink()

    def everything(self) -> bytes:
        """Both databases as bytes: the files, or PostgreSQL's own dump of every row."""
        if self.server is None:
            return b"".join(path.read_bytes() for path in sorted(self.data.rglob("*")) if path.is_file())
        return "".join(self.server._run("pg_dump", "--dbname", url) for url in self.urls).encode()


@pytest.fixture
async def installation(
    urls: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Installation:
    """New and migrated; with the server's own pg_dump on PostgreSQL."""
    server: Postgres | None = None if urls[0].startswith("sqlite") else request.getfixturevalue("postgres")
    if server is not None:
        monkeypatch.setenv("PATH", f"{server.binaries}{os.pathsep}{os.environ['PATH']}")
    made = Installation(tmp_path, urls, server)
    made.data.mkdir()
    if server is None:
        made.urls = (f"sqlite:///{made.data}/octopus.db", f"sqlite:///{made.data}/keystore.db")
    async with made.opened() as world:
        await migrate(NOW)
        await world.vault.belongs()
    return made


async def work(world: World, *names: str) -> None:
    """Every duty (or these) until nothing is due."""
    while sum([await duty.run(world, 100) for duty in DUTIES if not names or duty.name in names]):
        pass


async def close(world: World, person: Person) -> None:
    """They delete their profile, long enough ago to be erased now."""
    keys = await world.vault.keys([person.id])
    closure = Closure(
        id=world.new_id(), customer_id=person.id, closed_at=world.now(), closed_by="CUSTOMER", erase_at=world.now(),
        erase_by=world.now() + timedelta(days=275), code_digest=world.vault.digest(person.code),
    )  # fmt: skip
    closure.seal(keys, ClosureContents())
    await closure.save(force_create=True)
    await Customer.filter(id=person.id).update(state=State.CLOSED)


async def sealed_parts(world: World) -> list[tuple[str, SealedRow | Event]]:
    """Every sealed part there is, whoever's."""
    found: list[tuple[str, SealedRow | Event]] = []
    for entity in world.policy.inventory.entities:
        if entity.store == "main" and entity.sealed:
            found += [(entity.table, row) for row in await TABLES[entity.table].exclude(sealed=None)]  # type: ignore[misc]
    return found


async def opens(world: World, person: Person) -> list[str]:
    """Tables in which anything still opens under any key of the keystore as this person's."""
    keys, found = await world.vault.keys(await PersonKey.all().values_list("person_id", flat=True)), []  # type: ignore[arg-type]
    for table, row in await sealed_parts(world):
        for owner, key in keys.items():
            try:
                contents = key.open(table, row.pk, bytes(row.sealed or b""), type(row).contents)
            except InvalidTag:
                continue
            if owner == person.id or any(value in repr(contents).encode() for value in person.values):
                found.append(table)
    return found


async def erased(world: World, person: Person) -> None:
    """Gone, verified, certified under the code they hold; nothing about them opens."""
    stone = await Tombstone.get(id=person.id)
    assert (stone.stage, stone.dead_at) == (ErasureStage.CERTIFIED, None)
    assert await Certificate.filter(code_digest=world.vault.digest(person.code)).count() == 1
    assert not await PersonKey.filter(person_id=person.id).exists()
    for entity in world.policy.inventory.erased_with_person:
        assert not await TABLES[entity.table].filter(**{f"{entity.person}": person.id}).exists(), entity.table
    assert await opens(world, person) == []


async def test_a_backup_from_before_an_erasure_brings_nobody_back(installation: Installation) -> None:
    """Closed before the backup or after it, erased since: the service refuses, replays, erases and certifies them again."""
    async with installation.opened() as world:
        [anna] = await people(world, "anna@example.com", state=State.CLOSED)
        [bruno, carla] = await people(world, "bruno@example.com", "carla@example.com")
        await letters(world, [bruno])
        await Session.all().update(ended_at=None)
        await work(world, "seal-events")
    files = await installation.backup()
    async with installation.opened(timedelta(minutes=10)) as world:
        await close(world, bruno)
        await people(world, "dina@example.com")  # what else happened since is lost with the database
        await work(world)
        for person in (anna, bruno):
            await erased(world, person)
        sent = len(list((installation.data / "letters").iterdir()))
        await refuse_restored(world)

    kept = installation.folder / "of-that-day"
    shutil.copy(files["main"], kept)
    installation.put_back("main", kept)

    for words in (("serve", "--no-worker"), ("worker", "--once"), ("doctor",)):
        code, said = await installation.octopus(*words)
        assert code == 1, words
        assert f"an older database was restored, in which 2 erased people are back: {REFUSED}" in said
    async with installation.opened(timedelta(minutes=20)) as world:
        found = await find_returned(world)
        assert {one.id for one in found.rows_only} == {anna.id, bruno.id}
        assert found.with_key == []
        assert await opens(world, anna) == await opens(world, bruno) == [], "even before: their keys are destroyed"

    code, said = await installation.octopus("restore")
    assert (code, said.splitlines()[0]) == (0, "2 erased people were back: the worker erases them again.")
    code, said = await installation.octopus("restore")
    assert (code, said) == (0, "Nothing has come back that was erased.\n")

    server = await installation.start("serve", "--no-worker")
    assert server.stdout is not None
    assert b"answers" in await asyncio.wait_for(server.stdout.readline(), PATIENCE)
    server.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(server.wait(), PATIENCE) == 0

    async with installation.opened(timedelta(hours=2)) as world:
        assert not await Letter.filter(customer_id=bruno.id, posted_at=None).exists()
        assert not await Session.filter(ended_at=None).exists()
        await work(world)
        for person in (anna, bruno):
            await erased(world, person)
        assert len(list((installation.data / "letters").iterdir())) == sent, "no letter follows an erasure"
        [alive] = await Customer.all()
        assert (alive.id, alive.opened(await world.vault.keys([carla.id])).email) == (carla.id, carla.email)
        verdict = await verify_chain(world)
        assert (verdict.problems, verdict.restored, verdict.pending) == ([], 1, 0)
    code, said = await installation.octopus("verify")
    assert code == 0, said
    everything = installation.everything()
    assert carla.email.encode() not in everything
    for person in (anna, bruno):
        assert [value for value in person.values if value in everything] == []


async def test_both_databases_put_back_are_erased_again(installation: Installation) -> None:
    """The keystore too, from before its keys were rotated: their keys are back, until they are destroyed again."""
    async with installation.opened() as world:
        [anna] = await people(world, "anna@example.com", state=State.CLOSED)
        await people(world, "carla@example.com")
        await work(world, "seal-events")
    files = await installation.backup()
    async with installation.opened(timedelta(minutes=10)) as world:
        await work(world, "begin-erasures")
        await work(world, "destroy-keys")
        await work(world, "remove-rows")

    for store, file in files.items():
        installation.put_back(store, file)

    async with installation.opened(timedelta(minutes=20)) as world:
        found = await replay(world)
        assert [one.id for one in found.with_key] == [anna.id]
        assert not await find_returned(world)
        stone = await Tombstone.get(id=anna.id)
        assert stone.stage is ErasureStage.ERASING
        await work(world)
        await erased(world, anna)
        assert (await verify_chain(world)).ok
    everything = installation.everything()
    assert [value for value in anna.values if value in everything] == []


async def test_a_key_that_comes_back_after_the_certificate_is_destroyed_again(installation: Installation) -> None:
    """Only the keystore is older; the certificate stays the one that was given."""
    async with installation.opened() as world:
        [anna] = await people(world, "anna@example.com", state=State.CLOSED)
        await people(world, "carla@example.com")
        key = await PersonKey.get(person_id=anna.id)
        raw = world.vault.unwrap(anna.id, key.kek_id, bytes(key.wrapped))
    async with installation.opened(timedelta(minutes=10)) as world:
        await work(world)
        await erased(world, anna)
        given = await Certificate.get(code_digest=world.vault.digest(anna.code))
        with pytest.raises(UnknownKek):
            world.vault.unwrap(anna.id, key.kek_id, bytes(key.wrapped))
        ring = world.vault.ring
        again = PersonKey(
            person_id=anna.id, kek_id=ring.current, wrapped=world.vault.wrap(anna.id, raw, ring.current), created_at=NOW
        )
        await again.save(force_create=True)

    code, said = await installation.octopus("serve")
    assert code == 1
    assert REFUSED in said
    code, said = await installation.octopus("restore")
    assert code == 0, said
    async with installation.opened(timedelta(hours=3)) as world:
        await work(world)
        await erased(world, anna)
        assert (await Certificate.get(code_digest=world.vault.digest(anna.code))).number == given.number
        assert not await find_returned(world)


async def test_a_backup_from_before_somebody_came_and_went_needs_nothing_for_them(installation: Installation) -> None:
    """Nothing of theirs is back; what the older database lacks is still said, and the chain goes on."""
    async with installation.opened() as world:
        await people(world, "carla@example.com")
        await work(world, "seal-events")
    files = await installation.backup()
    kept = installation.folder / "of-that-day"
    shutil.copy(files["main"], kept)
    async with installation.opened(timedelta(minutes=10)) as world:
        await people(world, "anna@example.com", state=State.CLOSED)
        await work(world)
        assert await Tombstone.all().count() == 1
    installation.put_back("main", kept)

    code, said = await installation.octopus("worker", "--once")
    assert code == 1
    assert f"an older database was restored, which lacks the newest events: {REFUSED}" in said
    code, said = await installation.octopus("restore")
    assert code == 0
    assert "The newest events are lost; the event chain goes on from the last one there is, and says so." in said

    async with installation.opened(timedelta(minutes=20)) as world:
        await refuse_restored(world)
        await work(world)
        assert await Tombstone.all().count() == 0
        verdict = await verify_chain(world)
        assert (verdict.problems, verdict.restored) == ([], 1)
        assert await Event.filter(action="database.restored", position__isnull=False).count() == 1


async def test_a_keystore_older_than_the_main_database_stops_whatever_destroys(installation: Installation) -> None:
    """Who signed up since has no key: the doctor says so, nothing is destroyed, and with the right keystore all goes on."""
    async with installation.opened() as world:
        await people(world, "carla@example.com")
    older = (await installation.backup())["keystore"]
    shutil.copy(older, kept := installation.folder / "of-that-day")
    async with installation.opened(timedelta(minutes=10)) as world:
        [anna] = await people(world, "anna@example.com")
        await people(world, "gone@example.com", state=State.CLOSED)
    newer = (await installation.backup())["keystore"]
    assert newer != older
    assert not older.exists(), "of the keystore only the newest is kept"
    installation.put_back("keystore", kept)

    code, said = await installation.octopus("doctor")
    assert code == 1
    assert "2 customers have no key: it is older than the main database" in said
    code, said = await installation.octopus("worker", "--once")
    assert "keystore.keys-missing" in said
    async with installation.opened(timedelta(minutes=20)) as world:
        assert await is_stopped()
        await work(world)
        assert not await Tombstone.exists()

    installation.put_back("keystore", newer)
    code, said = await installation.octopus("restore")
    assert code == 0, said
    async with installation.opened(timedelta(minutes=30)) as world:
        assert not await is_stopped()
        await work(world)
        assert await Tombstone.filter(stage=ErasureStage.CERTIFIED).count() == 1
        assert anna.id in await world.vault.keys([anna.id])


@pytest.mark.parametrize(
    ("file", "said"), [("ledger", "a line of the ledger"), ("checkpoints", "the last line of the file")]
)
async def test_a_damaged_file_refuses(installation: Installation, file: str, said: str) -> None:
    """Nobody can say who was erased, or how far the chain went."""
    (installation.data / file).write_text("nonsense\n")

    async with installation.opened() as world:
        with pytest.raises(RestoredBackup, match=f"{said}.* is none of ours: put .* own copy in its place"):
            await refuse_restored(world)

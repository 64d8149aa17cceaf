"""The worker is killed by SIGKILL at every step of an export and of an erasure: the next one finishes what it began.

See victim.py for what a step is. Each one is tried on a copy of the same prepared databases and files.
"""

import asyncio
import base64
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.archive.verify import verify
from models.keystore import ErasureProbe, PersonKey
from models.retention.ageing import TABLES
from models.tables import Certificate, Customer, Event, Export, Letter, Message, Obligation, Tombstone
from models.tables.accounts import ErasureStage, State
from models.tables.exports import ExportStatus
from models.tables.sealed import SealedRow
from models.world import World
from tests.factories import START
from tests.postgres import Postgres
from tests.trouble.people import Person, letters, people, shelved
from tests.trouble.stage import KILLED, Stage, done, ended, start, steps
from tests.trouble.victim import ERASURE, Job

AT_ONCE = 2  # copies that are worked on at the same time
Check = Callable[[Stage, datetime], Awaitable[None]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """Empty databases on files of their own."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made = Stage.new(tmp_path / "stage", server)
    await made.prepare(START)
    yield made
    await made.remove()


async def killed_everywhere(stage: Stage, job: Job, check: Check) -> list[str]:
    """Let the job run once; then kill it before each of its steps, have it finished, and check. The steps' names."""
    looking, faults, later = asyncio.Lock(), list[Exception](), job.times[0] + timedelta(minutes=200)

    async def one(copy: Stage, kill_at: int) -> list[str]:
        await copy.renew(stage)
        mine = copy.job(job.what, job.times[0], *job.args, kill_at=kill_at)
        code = await ended(start(mine))
        passed = steps(copy)
        assert (code, len(passed)) == ((KILLED, kill_at) if kill_at else (0, len(passed))), passed
        await copy.alone()
        if kill_at:  # the customer tries again at once; leases end; keys may rotate once more
            await done(mine.finishing(1, 20, 100))
        async with looking:
            await check(copy, later)
        return passed

    async def some(some_steps: Iterator[int]) -> None:
        async with stage.copy() as copy:
            for kill_at in some_steps:
                try:
                    await one(copy, kill_at)
                except Exception as fault:
                    fault.add_note(f"killed at step {kill_at} of {len(names)}: {names[kill_at - 1]}")
                    faults.append(fault)

    async with stage.copy() as copy:
        names = await one(copy, 0)
    still_to_do = iter(range(1, len(names) + 1))
    for outcome in await asyncio.gather(*(some(still_to_do) for _ in range(AT_ONCE)), return_exceptions=True):
        if isinstance(outcome, BaseException):
            raise outcome
    if faults:
        raise ExceptionGroup(f"{len(faults)} of {len(names)} kills were not survived", faults)
    return names


def sent(stage: Stage) -> Counter[UUID]:
    """How often the post took each letter."""
    return Counter(UUID(line.split()[0]) for line in (stage.folder / "sent").read_text().splitlines())


# ---- erasure -----------------------------------------------------------------------------------------------------


async def test_an_erasure_survives_a_kill_at_every_step(stage: Stage) -> None:
    """Closed or never confirmed, they are erased exactly once, provably and with nothing left; others keep everything."""
    async with stage.opened(START - timedelta(days=1)) as world:
        gone = await people(world, "anna@example.com", "bruno@example.com", state=State.CLOSED)
        gone += await people(world, "uldis@example.com", state=State.UNCONFIRMED, since=START - timedelta(days=9))
        kept = await people(world, "carla@example.com", "dina@example.com")
        [_, letter] = await letters(world, [gone[0], kept[0]])
        await world.shelf.put(await shelved(world, gone[0]), [b"sealed"])
        before = await everything(world, kept)
    erased = Erased(gone, kept, before, letter)

    names = await killed_everywhere(stage, stage.job("duties", START, *ERASURE), erased.check)

    assert len(names) >= 40
    for step in ("Post.send", "FileLedger.append, half a line", "Post.forget", "FileKeyRing.add", "FileKeyRing.retire",
                 "FileTraces.plant", "file whole, .json", "Shelf.remove", "commit, INSERT INTO certificate, default",
                 "DELETE FROM person_key, keystore", "commit, UPDATE person_key SET, keystore"):  # fmt: skip
        assert step in names, names


class Erased:
    """What must be true after an erasure, whoever was killed in the middle of it."""

    def __init__(self, gone: list[Person], kept: list[Person], before: dict[Any, Any], letter: UUID) -> None:
        self.gone, self.kept, self.before, self.letter = gone, kept, before, letter

    async def check(self, stage: Stage, now: datetime) -> None:
        async with stage.opened(now) as world:
            await self._proved(world)
            await self._nothing_left(world)
            assert await everything(world, self.kept) == self.before
            assert await PersonKey.all().count() == len(self.kept)
            assert set(await PersonKey.all().values_list("kek_id", flat=True)) == {world.vault.ring.current}
            assert world.vault.ring.ids() == [world.vault.ring.current]
        self._no_file_holds_them(stage)
        assert 1 <= sent(stage)[self.letter] <= 2, "twice under its own id, if the mark of the first time was lost"
        assert [path.stem[-36:] for path in (stage.folder / "data" / "letters").iterdir()] == [str(self.letter)]

    async def _proved(self, world: World) -> None:
        """One tombstone each, in the ledger too, and a certificate that is true."""
        stones = {stone.id: stone for stone in await Tombstone.all()}
        assert set(stones) == {one.id for one in self.gone}
        assert {UUID(json.loads(line)["id"]) for line in await world.ledger.lines()} == set(stones)
        assert await Certificate.all().count() == len(self.gone)
        public = world.vault.signer.public_key().public_bytes_raw()
        for stone in stones.values():
            assert (stone.stage, stone.dead_at, stone.leased_by) == (ErasureStage.CERTIFIED, None, None)
            certificate = await Certificate.get(code_digest=stone.code_digest)
            document = certificate.document.encode()
            Ed25519PublicKey.from_public_bytes(public).verify(base64.b64decode(certificate.signature), document)
            said = json.loads(document)
            whens = [
                said[name]
                for name in ("closedAt", "keyDestroyedAt", "erasedAt", "verifiedAt", "lastCopyGoneBy", "eraseBy")
            ]
            assert whens[:4] == sorted(whens[:4])
            assert stone.closed_at <= stone.begun_at <= stone.in_ledger_at <= stone.key_destroyed_at
            assert stone.key_destroyed_at < stone.rows_gone_at < stone.verified_at < stone.erase_by
            assert said["erasedAt"] == stone.rows_gone_at.isoformat()
            assert said["keyEncryptionKeyRetired"] not in world.vault.ring.ids()
            assert said["remains"]

    async def _nothing_left(self, world: World) -> None:
        """No row, no key, no probe, no sealed part of an event."""
        ids = [one.id for one in self.gone]
        for entity in world.policy.inventory.erased_with_person:
            assert not await TABLES[entity.table].filter(**{f"{entity.person}__in": ids}).exists(), entity.table
        assert not await PersonKey.filter(person_id__in=ids).exists()
        assert not await ErasureProbe.exists()
        assert await Event.filter(sealed=None).count() == len(self.gone)
        assert await Event.exclude(sealed=None).count() == len(self.kept)

    def _no_file_holds_them(self, stage: Stage) -> None:
        """Not in the databases' own files either."""
        values = [value for one in self.gone for value in one.values]
        for path in (stage.folder / "data").rglob("*"):
            content = path.read_bytes() if path.is_file() else b""
            assert not [value for value in values if value in content], path
            assert path.suffix != ".tmp", path


async def everything(world: World, of: list[Person]) -> dict[Any, Any]:
    """Every row of theirs that does not age away, opened: by table and id, what it says."""
    ids, found = [one.id for one in of], {}
    keys = await world.vault.keys(ids)
    for entity in world.policy.inventory.erased_with_person:
        if not entity.has_clock:
            for row in await TABLES[entity.table].filter(**{f"{entity.person}__in": ids}):
                if not isinstance(row, Message) or not await Letter.filter(id=row.id).exists():
                    found[entity.table, row.pk] = row.opened(keys) if isinstance(row, SealedRow) else dict(row)
    return found


# ---- export ------------------------------------------------------------------------------------------------------


async def test_an_export_survives_a_kill_at_every_step(stage: Stage) -> None:
    """Asked for, built, collected and erased exactly once, with one letter and one event for each; its archive verifies."""
    async with stage.opened(START) as world:
        [dina, other] = await people(world, "dina@example.com", "other@example.com")
        before = await everything(world, [other])

    async def check(stage: Stage, now: datetime) -> None:
        async with stage.opened(now) as world:
            [export] = await Export.all()
            assert (export.status, export.dead_at, export.leased_by) == (ExportStatus.DOWNLOADED, None, None)
            assert (
                export.requested_at < export.ready_at <= export.first_sent_at < export.downloaded_at < export.erased_at
            )
            contents = export.opened(await world.vault.keys([dina.id]))
            assert (contents.archive_key, len(contents.sha256)) == (b"", 64)
            assert not await Obligation.filter(subject_id=export.id, done_at=None).exists()
            assert await Obligation.filter(subject_id=export.id).count() == 3
            templates = ["export-requested", "export-ready", "export-collected"]
            assert [one.template for one in await Letter.all().order_by("written_at")] == templates
            assert not await Letter.filter(posted_at=None).exists()
            assert await Event.filter(action__in=["export.requested", "export.ready", "export.downloaded"]).count() == 3
            assert await Message.filter(customer_id=dina.id).count() == 4
            assert await world.shelf.ids() == set()
            assert await everything(world, [other]) == before
            assert await Customer.all().count() == await PersonKey.all().count() == 2
        with (stage.folder / "download").open("rb") as archive:
            verdict = verify(archive)
        assert verdict.ok, verdict.problems
        assert len(sent(stage)) == len(list((stage.folder / "data" / "letters").glob("*.eml"))) == 3
        assert max(sent(stage).values()) <= 2

    names = await killed_everywhere(stage, stage.job("export", START, dina.id), check)

    assert len(names) >= 20
    for step in ("Shelf.put", "file whole, .sealed", "Post.send", "file whole, .eml", "Shelf.remove"):
        assert step in names, names

"""Three workers share one PostgreSQL: the work is shared, and everything is done exactly once."""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from models.keystore import ErasureProbe, PersonKey
from models.retention.ageing import TABLES
from models.tables import Certificate, Customer, Event, Export, Letter, Message, Tombstone
from models.tables.accounts import ErasureStage, State
from models.tables.exports import ExportStatus
from tests.factories import START
from tests.postgres import Postgres
from tests.trouble.people import letters, people, requested
from tests.trouble.stage import Stage, ended, start

WORKERS = 3
DUE = 2_000
AN_HOUR = 500  # keys that are destroyed in one hour at most (models/retention/guards.py)

pytestmark = pytest.mark.postgres


@pytest.fixture
async def stage(postgres: Postgres, tmp_path: Path) -> AsyncIterator[Stage]:
    """Empty databases on PostgreSQL."""
    made = Stage.new(tmp_path / "stage", postgres)
    await made.prepare(START)
    yield made
    await made.remove()


async def three(stage: Stage, now: datetime, *settings: tuple[str, object]) -> list[str]:
    """Three workers at once, until none finds anything to do; what they complained about."""
    codes = await asyncio.gather(*(ended(start(stage.job("workers", now, *settings))) for _ in range(WORKERS)))
    assert codes == [0] * WORKERS, (stage.folder / "log").read_text()
    log = stage.folder / "log"
    said = log.read_text().splitlines() if log.exists() else []
    log.unlink(missing_ok=True)
    return said


def journal(stage: Stage, name: str) -> Counter[UUID]:
    """How often each id stands in a list beside the data."""
    return Counter(UUID(line.split()[0]) for line in (stage.folder / name).read_text().splitlines())


@pytest.mark.slow
async def test_two_thousand_are_erased_once_each(stage: Stage) -> None:
    """One ledger line, one tombstone, one certificate each; nobody in nobody's way, the others untouched; 500 keys an hour."""
    async with stage.opened(START) as world:
        gone = await people(world, *(f"due{number}@example.com" for number in range(DUE)), state=State.CLOSED)
        kept = await people(world, *(f"kept{number}@example.com" for number in range(20)))

    said = await three(stage, START)
    async with stage.opened(START) as world:
        assert await Tombstone.all().count() == DUE, "all are claimed at once"
        assert await PersonKey.all().count() == DUE - AN_HOUR + len(kept)
        assert len(await world.ledger.lines()) == AN_HOUR
    assert [line.split()[0] for line in said] == ["keys.destroyed-too-fast"]
    hours = 0
    while hours < 6:
        hours += 1
        assert await three(stage, START + timedelta(minutes=70 * hours), ("guarded", False)) == []
        async with stage.opened(START):
            if await Certificate.all().count() == DUE:
                break

    ids = {one.id for one in gone}
    async with stage.opened(START + timedelta(days=1)) as world:
        stones = await Tombstone.all()
        assert {stone.id for stone in stones} == ids
        assert {stone.stage for stone in stones} == {ErasureStage.CERTIFIED}
        assert all(stone.dead_at is None and stone.verified_at is not None for stone in stones)
        assert Counter(UUID(json.loads(line)["id"]) for line in await world.ledger.lines()) == Counter(ids)
        digests = [bytes(digest) for digest in await Certificate.all().values_list("code_digest", flat=True)]
        assert sorted(digests) == sorted(world.vault.digest(one.code) for one in gone)
        for entity in world.policy.inventory.erased_with_person:
            found = await TABLES[entity.table].all().values_list(entity.person, flat=True)
            assert ids.isdisjoint(found), entity.table
        assert not await ErasureProbe.exists()
        assert await Event.exclude(sealed=None).count() == len(kept)
        rows = await Customer.all()
        keys = await world.vault.keys([row.id for row in rows])
        assert {row.opened(keys).email for row in rows} == {one.email for one in kept}


@pytest.mark.asvs("15.4.1", "15.4.3")
async def test_three_hundred_letters_are_posted_once_each(stage: Stage) -> None:
    """By whichever worker; each is kept as one message."""
    async with stage.opened(START) as world:
        waiting = await letters(world, await people(world, *(f"reader{number}@example.com" for number in range(300))))

    assert await three(stage, START) == []

    assert journal(stage, "sent") == Counter(waiting)
    async with stage.opened(START):
        assert not await Letter.filter(posted_at=None).exists()
        assert await Message.filter(id__in=waiting).count() == 300


async def test_twenty_exports_are_built_once_each(stage: Stage) -> None:
    """By whichever worker; their owners are told once."""
    async with stage.opened(START) as world:
        await requested(world, await people(world, *(f"owner{number}@example.com" for number in range(20))))

    assert await three(stage, START) == []

    async with stage.opened(START) as world:
        exports = await Export.all()
        assert {export.status for export in exports} == {ExportStatus.READY}
        assert journal(stage, "built") == Counter(export.id for export in exports)
        assert await world.shelf.ids() == {export.id for export in exports}
        assert await Event.filter(action="export.ready").count() == 20
        owners = await Letter.filter(template="export-ready").values_list("customer_id", flat=True)
        assert sorted(owners) == sorted(export.customer_id for export in exports)

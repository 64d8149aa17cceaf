"""Clause 4: after an erasure every copy goes too: exports, letters that wait, logs, backups; they are counted until none is."""

import os
from datetime import timedelta

import pytest

from models.retention.backups import back_up, redundant_copies
from models.tables import Backup, Certificate, Export, Letter
from tests.factories import House
from tests.promises.kept import gone, kept
from tests.schema.test_journeys import EXPORT, EXPORTS


@pytest.fixture(autouse=True)
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, urls: tuple[str, str]) -> None:
    """pg_dump, where PostgreSQL is backed up."""
    if not urls[0].startswith("sqlite"):
        binaries = request.getfixturevalue("postgres").binaries
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


async def test_every_copy_goes_within_the_year(house: House) -> None:
    """The archive when the profile closes; what the erasure leaves is the last backup, destroyed within 35 days."""
    person = await house.customer(familyName="Zvirbule")
    await person.step_up()
    await person.ok(EXPORT)
    await house.work()
    closed_at = house.clock.now
    await gone(person)
    await house.work(only="erase-exports")
    assert await house.world.shelf.ids() == set()
    assert [one.status for one in await Export.all()] == ["EXPIRED"]

    house.clock.now = closed_at + timedelta(days=89)
    await back_up(house.world)
    house.clock.now = closed_at + timedelta(days=90)
    await house.work()
    copies = await redundant_copies(house.world)
    assert copies.pop("backups") == 1
    assert set(copies.values()) == {0}
    assert await Letter.filter(customer_id__isnull=False).count() == 0
    [certificate] = await Certificate.all()
    assert certificate.last_copy_gone_by == closed_at + timedelta(days=125)
    assert (await kept(house, "copies_left")).open == 1

    house.clock.now = closed_at + timedelta(days=89 + 34, seconds=-1)
    await house.work(only="destroy-backups")
    assert (await redundant_copies(house.world))["backups"] == 1
    house.clock.advance(seconds=1)
    await house.work(only="destroy-backups")
    assert set((await redundant_copies(house.world)).values()) == {0}
    assert await Backup.filter(store="main", destroyed_at=None).count() == 0
    house.clock.now = closed_at + timedelta(days=126)
    line = await kept(house, "copies_left")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)


async def test_a_collected_or_old_export_is_erased(house: House) -> None:
    """Downloaded: in the next round; left alone: after seven days, to the second."""
    person, other = await house.customer(), await house.customer()
    for one in (person, other):
        await one.step_up()
        await one.ok(EXPORT)
    await house.work(only="build-exports")
    begun = house.clock.now
    [export] = (await person.ok(EXPORTS))["exports"]
    assert (await person.http.get(export["downloadUrl"])).status_code == 200

    await house.work(only="erase-exports")
    assert len(await house.world.shelf.ids()) == 1
    house.clock.now = begun + timedelta(days=7, seconds=-1)
    await house.work(only="erase-exports")
    assert len(await house.world.shelf.ids()) == 1
    house.clock.advance(seconds=1)
    await house.work(only="erase-exports")
    assert await house.world.shelf.ids() == set()


async def test_a_copy_beyond_the_year_breaks_the_promise(house: House) -> None:
    """Erased so late that a backup outlives the year: the certificate says by when it goes, and the report that it is late."""
    person = await house.customer()
    closed_at = house.clock.now
    await gone(person)
    house.clock.now = closed_at + timedelta(days=350)
    await house.work()
    assert (await kept(house, "erasures_after_deletion")).kept == 1
    assert (await kept(house, "copies_left")).broken == 0

    house.clock.now = closed_at + timedelta(days=365, seconds=1)

    line = await kept(house, "copies_left")
    assert (line.broken, line.open) == (1, 1)

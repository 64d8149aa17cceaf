"""Backups (clauses 4 and 5.1): registered, destroyed in time, counted; and the guards over what cannot be undone."""

import hashlib
import os
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.backup_files import FileBackups
from api.keys import UnknownKek
from api.settings import Settings
from api.world import real_world
from models.keystore import PersonKey
from models.retention import guards
from models.retention.backups import ages, back_up, destroy_backups, redundant_copies, register_found
from models.retention.guards import check_keystore, is_stopped, watch_keys
from models.tables import Backup, Customer, Lease, Tombstone
from models.tables.accounts import ErasureStage, State
from models.world import BackupFailed, World
from tests.factories import House
from tests.trouble.people import letters, people, requested


@pytest.fixture(autouse=True)
def programs(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, urls: tuple[str, str]) -> None:
    """pg_dump, where PostgreSQL is backed up."""
    if not urls[0].startswith("sqlite"):
        binaries = request.getfixturevalue("postgres").binaries
        monkeypatch.setenv("PATH", f"{binaries}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def said(house: House) -> list[tuple[str, dict[str, Any]]]:
    """What the world logs from now on."""
    lines: list[tuple[str, dict[str, Any]]] = []
    house.world = replace(house.world, log=lambda event, **keys: lines.append((event, keys)))
    return lines


def alarms(said: list[tuple[str, dict[str, Any]]]) -> list[str]:
    return [event for event, keys in said if keys.get("level") == "error"]


async def test_both_databases_are_copied_and_registered(house: House) -> None:
    """The main one first: a keystore older than it would lose customers. The files are what the register says."""
    await people(house.world, "anna@example.com")

    main, keys = await back_up(house.world)

    assert (main.store, keys.store) == ("main", "keystore")
    assert main.taken_at <= keys.taken_at
    for backup in (main, keys):
        content = Path(backup.place).read_bytes()
        assert hashlib.sha256(content).hexdigest() == backup.sha256
        assert len(content) == backup.bytes > 1000
        assert Path(backup.place).stat().st_mode & 0o077 == 0
        assert Path(backup.place + ".sha256").read_text() == f"{backup.sha256}  {Path(backup.place).name}\n"
    if main.place.endswith(".db"):
        with closing(sqlite3.connect(main.place)) as copy:
            assert copy.execute("select count(*) from customer").fetchone() == (1,)
    assert not list((house.folder / "backups").glob(".*"))


async def test_of_the_keystore_only_the_newest_copy_is_kept(house: House, tmp_path: Path) -> None:
    """An older one could still open who was erased since; wherever it lies."""
    first = await back_up(house.world, str(tmp_path / "elsewhere"))
    house.clock.advance(days=1)
    second = await back_up(house.world)

    await first[1].refresh_from_db()
    assert first[1].destroyed_at == house.clock.now
    assert not list(Path(first[1].place).parent.glob("octopus-keystore*"))
    assert Path(first[0].place).exists()
    assert await Backup.filter(destroyed_at=None).count() == 3
    assert Path(second[1].place).exists()


async def test_a_copy_of_the_main_database_is_destroyed_when_its_time_is_over(house: House) -> None:
    """After 34 days, within 35; the clause's year counts on it."""
    rule = house.world.policy.rule("BACKUP")
    [main, keys] = await back_up(house.world)

    house.clock.advance(days=33)
    assert await destroy_backups(house.world, 100) == 0
    house.clock.now = rule.due_at(main.taken_at)
    assert await destroy_backups(house.world, 100) == 1
    await main.refresh_from_db()

    assert main.destroyed_at is not None
    assert main.destroyed_at < rule.ceiling_at(main.taken_at)
    assert not Path(main.place).exists()
    assert not Path(main.place + ".sha256").exists()
    assert Path(keys.place).exists()


async def test_a_copy_out_of_reach_alarms_and_stays_registered(
    house: House, said: list[tuple[str, dict[str, Any]]], tmp_path: Path
) -> None:
    """A disk that is not mounted holds what it held: nobody takes it for destroyed. Said once an hour, not every second."""
    folder = tmp_path / "disk"
    await back_up(house.world, str(folder))
    house.clock.advance(days=34)
    folder.rename(tmp_path / "unmounted")

    assert [await destroy_backups(house.world, 100) for _ in range(3)] == [0, 0, 0]
    assert alarms(said) == ["backup.out-of-reach"]
    assert await Backup.filter(store="main", destroyed_at=None).count() == 1

    (tmp_path / "unmounted").rename(folder)
    assert await destroy_backups(house.world, 100) == 1


async def test_a_copy_somebody_removed_counts_as_destroyed(house: House) -> None:
    """Its folder is there, it is not."""
    [main, _] = await back_up(house.world)
    Path(main.place).unlink()
    house.clock.advance(days=34)

    assert await destroy_backups(house.world, 100) == 1


async def test_the_register_of_an_older_database_learns_what_lies_in_the_folders(house: House) -> None:
    """A restored database does not know the copies taken since; they are found by their names."""
    await back_up(house.world)
    house.clock.advance(hours=1)
    [main, keys] = await back_up(house.world)
    await Backup.filter(id__in=[main.id, keys.id]).delete()

    assert await register_found(house.world) == 2
    assert await register_found(house.world) == 0
    again = await Backup.get(place=main.place)
    assert (again.taken_at, again.sha256, again.bytes) == (main.taken_at, main.sha256, main.bytes)


async def test_without_pg_dump_a_clear_sentence_says_so(
    house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And nothing half done is left."""
    monkeypatch.setenv("PATH", str(tmp_path))
    urls = {"main": "postgres://octopus:secret@127.0.0.1:1/main", "keystore": ""}
    backups = FileBackups(tmp_path / "none", urls, now=house.clock)

    with pytest.raises(BackupFailed, match=r"there is no pg_dump here: install PostgreSQL's client programs"):
        await backups.take("main")
    assert list((tmp_path / "none").iterdir()) == []


async def test_a_database_that_is_not_there_is_told_without_its_password(house: House, tmp_path: Path) -> None:
    """pg_dump's own words, where it is installed; SQLite's file by its path."""
    urls = {"main": "postgres://octopus:secret@127.0.0.1:1/main", "keystore": f"sqlite:///{tmp_path}/nothing.db"}
    backups = FileBackups(tmp_path / "none", urls, now=house.clock)

    for store in ("main", "keystore"):
        with pytest.raises(BackupFailed) as told:
            await backups.take(store)
        assert "secret" not in str(told.value)
    assert list((tmp_path / "none").iterdir()) == []


async def test_a_rotation_takes_a_new_copy_of_the_keystore_before_the_old_key_retires(house: House) -> None:
    """The copy from before could not be opened any more, and losing the keystore would lose everybody."""
    await people(house.world, "carla@example.com")
    await people(house.world, "gone@example.com", state=State.CLOSED)
    [_, before] = await back_up(house.world)
    retired = house.world.vault.ring.current

    house.clock.advance(minutes=1)
    await house.work()
    [after] = await Backup.filter(store="keystore", destroyed_at=None)

    assert after.id != before.id
    assert Path(after.place).parent == Path(before.place).parent
    assert not Path(before.place).exists()
    assert await Tombstone.filter(stage=ErasureStage.CERTIFIED).count() == 1
    with pytest.raises(UnknownKek):
        house.world.vault.ring.kek(retired)
    if after.place.endswith(".db"):
        with closing(sqlite3.connect(after.place)) as copy:
            assert copy.execute("select distinct kek_id from person_key").fetchall() == [
                (house.world.vault.ring.current,)
            ]


async def test_the_old_key_does_not_retire_while_no_copy_can_be_taken(house: House) -> None:
    """It fails, alarms, and goes on once there is room again."""
    await people(house.world, "gone@example.com", state=State.CLOSED)
    await back_up(house.world)
    ring = house.world.vault.ring
    await house.work(only="begin-erasures")
    await house.work(only="destroy-keys")
    old = ring.current

    class Full(FileBackups):
        async def take(self, store: Any, folder: str | None = None) -> Any:
            raise BackupFailed("no room")

    house.world, world = replace(house.world, backups=Full(house.folder, {}, now=house.clock)), house.world
    with pytest.raises(BackupFailed):
        await house.work(only="rotate-keys")
    assert old in ring.ids()

    house.world = world
    await house.work()
    assert ring.ids() == [ring.current] != [old]


async def test_the_age_of_the_oldest_and_the_newest_is_told(house: House) -> None:
    """By /metrics, for an alert before a ceiling is reached."""
    assert await ages() == []
    await back_up(house.world)
    house.clock.advance(hours=2)
    await back_up(house.world)
    house.clock.advance(hours=1)

    client = house.client()
    text = (await client.http.get("/metrics")).text

    assert 'octopus_backup_age_seconds{store="main",which="oldest"} 10800.0' in text
    assert 'octopus_backup_age_seconds{store="main",which="newest"} 3600.0' in text
    assert 'octopus_backup_age_seconds{store="keystore",which="oldest"} 3600.0' in text


async def test_redundant_copies_are_counted_until_there_are_none(house: House) -> None:
    """Exports on the shelf, letters that wait, logs, backups older than the erasure (clause 4)."""
    [gone] = await people(house.world, "gone@example.com", state=State.CLOSED)
    assert set((await redundant_copies(house.world)).values()) == {0}
    await requested(house.world, [gone])
    await house.world.shelf.put(house.world.new_id(), [b"nobody's"])
    await back_up(house.world)
    await house.work(only="begin-erasures")
    await letters(house.world, [gone])
    assert await redundant_copies(house.world) == {
        "exports": 1, "letters": 1, "write_ahead_log": 0, "backups": 0, "keystore_backups": 0,
    }  # fmt: skip

    house.clock.advance(minutes=1)
    for duty in ("destroy-keys", "remove-rows"):
        await house.work(only=duty)
    assert await redundant_copies(house.world) == {
        "exports": 1, "letters": 0, "write_ahead_log": 1, "backups": 1, "keystore_backups": 1,
    }  # fmt: skip

    await house.work()
    assert await redundant_copies(house.world) == {
        "exports": 0, "letters": 0, "write_ahead_log": 0, "backups": 1, "keystore_backups": 0,
    }  # fmt: skip
    house.clock.advance(days=34)
    await house.work()
    assert set((await redundant_copies(house.world)).values()) == {0}


# ---- keys destroyed too fast -------------------------------------------------------------------------------------


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> int:
    """Three keys an hour are enough for a test; five hundred, or one in a hundred customers, outside."""
    assert (guards.FEW, guards.SHARE) == (500, 0.01)
    monkeypatch.setattr(guards, "FEW", 3)
    return 3


async def test_destroying_too_many_keys_in_an_hour_stops_and_alarms(
    house: House, said: list[tuple[str, dict[str, Any]]], few: int
) -> None:
    """The rest waits for the next hour; the alarm is said once."""
    await people(house.world, *(f"gone{number}@example.com" for number in range(8)), state=State.CLOSED)

    await house.work()
    assert await Tombstone.exclude(key_destroyed_at=None).count() == few
    assert await PersonKey.all().count() == 8 - few
    assert alarms(said) == ["keys.destroyed-too-fast"]

    house.clock.advance(minutes=59)
    await house.work()
    assert await PersonKey.all().count() == 8 - few
    for _ in range(2):
        house.clock.advance(hours=1)
        await house.work()
    assert await PersonKey.all().count() == 0


async def test_a_share_of_all_customers_may_be_more(house: House, few: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One in a hundred: of many customers that is more than five hundred."""
    monkeypatch.setattr(guards, "SHARE", 0.5)
    await people(house.world, *(f"there{number}@example.com" for number in range(4)))
    await people(house.world, *(f"gone{number}@example.com" for number in range(6)), state=State.CLOSED)

    await house.work(only="begin-erasures")
    await house.work(only="destroy-keys")

    assert await PersonKey.all().count() == 10 - 5


async def test_time_that_is_made_to_run_is_not_guarded(house: House, few: int) -> None:
    """`worker --as-of` does in a moment what takes days."""
    await people(house.world, *(f"gone{number}@example.com" for number in range(8)), state=State.CLOSED)
    house.world = replace(house.world, guarded=False)

    await house.work()

    assert await Tombstone.filter(stage=ErasureStage.CERTIFIED).count() == 8
    settings = Settings(data_dir=house.folder)
    assert real_world(settings).guarded
    assert not real_world(settings, as_of=house.clock.now).guarded


async def test_keys_without_a_customer_are_not_swept_too_fast_either(
    house: House, said: list[tuple[str, dict[str, Any]]], few: int
) -> None:
    """An older main database looks as if nobody had those keys: whoever restored it has time to see it."""
    await house.world.vault.create([house.world.new_id() for _ in range(8)])
    house.clock.advance(hours=25)

    await house.work(only="sweep-keystore")
    assert await PersonKey.all().count() == 8 - few
    assert alarms(said) == ["keys.destroyed-too-fast"]

    for left in (2, 0):
        house.clock.advance(hours=1)
        await house.work(only="sweep-keystore")
        assert await PersonKey.all().count() == left


# ---- a keystore that was lost ------------------------------------------------------------------------------------


async def lose_key(world: World, email: str) -> tuple[Any, Any]:
    """A customer whose key is not in the keystore, as after restoring one older than the main database."""
    [person] = await people(world, email)
    row = await PersonKey.get(person_id=person.id)
    await world.vault.destroy([person.id])
    return person, row


async def test_customers_without_a_key_stop_whatever_destroys(
    house: House, said: list[tuple[str, dict[str, Any]]]
) -> None:
    """Until the right keystore is back: what is destroyed meanwhile might be the only copy."""
    _, key = await lose_key(house.world, "lost@example.com")
    await people(house.world, "gone@example.com", state=State.CLOSED)

    assert await watch_keys(house.world, newest=10) == 1
    assert await is_stopped()
    await house.work()
    assert await Customer.filter(state=State.ERASING).count() == 0
    assert "keystore.keys-missing" in alarms(said)

    await key.save(force_create=True)
    assert await watch_keys(house.world, newest=10) == 0
    assert await is_stopped(), "the newest alone do not show that everybody is back"
    assert await watch_keys(house.world) == 0
    assert not await is_stopped()
    await house.work()
    assert await Tombstone.filter(stage=ErasureStage.CERTIFIED).count() == 1


async def test_the_newest_are_looked_at_first(house: House) -> None:
    """An older keystore lacks those who signed up last."""
    await lose_key(house.world, "old@example.com")
    house.clock.advance(minutes=1)
    await people(house.world, "new@example.com")

    assert await guards.missing_keys(house.world, newest=1) == 0
    assert await guards.missing_keys(house.world, newest=2) == 1
    assert await guards.missing_keys(house.world) == 1


async def test_an_erased_person_is_not_missing(house: House) -> None:
    """Neither is one who is being erased."""
    await people(house.world, "gone@example.com", state=State.CLOSED)
    await house.work(only="begin-erasures")
    await house.work(only="destroy-keys")

    assert await watch_keys(house.world) == 0


async def test_a_lost_keystore_is_noticed_within_a_day(house: House, said: list[tuple[str, dict[str, Any]]]) -> None:
    """Once a day everybody's key is looked for, and again soon while something is wrong."""
    await people(house.world, "anna@example.com")
    await house.work(only="check-keystore")
    assert alarms(said) == []
    _, key = await lose_key(house.world, "lost@example.com")

    house.clock.advance(hours=23, minutes=59)
    await house.work(only="check-keystore")
    assert alarms(said) == []
    house.clock.advance(minutes=1)
    await house.work(only="check-keystore")
    assert alarms(said) == ["keystore.keys-missing"]

    await key.save(force_create=True)
    house.clock.advance(minutes=10)
    await house.work(only="check-keystore")
    assert not await is_stopped()


async def test_keys_that_open_nothing_are_noticed(house: House, said: list[tuple[str, dict[str, Any]]]) -> None:
    """A keystore of another day, whose keys are not these people's."""
    [anna, _] = await people(house.world, "anna@example.com", "carla@example.com")
    ring = house.world.vault.ring
    other = house.world.vault.wrap(anna.id, bytes(32), ring.current)
    await PersonKey.filter(person_id=anna.id).update(wrapped=other)
    house.clock.advance(minutes=2)

    await check_keystore(house.world, 100)

    assert alarms(said) == ["keystore.keys-open-nothing"]
    assert said[-1][1]["count"] == 1


@pytest.mark.parametrize("expected", [True, False])
async def test_production_wants_a_copy_of_the_keystore_every_day(
    house: House, said: list[tuple[str, dict[str, Any]]], expected: bool
) -> None:
    """Development does not."""
    await people(house.world, "anna@example.com")
    house.world.backups.expected = expected  # type: ignore[misc]
    wanted = ["keystore.no-fresh-backup"] if expected else []

    await check_keystore(house.world, 100)
    assert alarms(said) == wanted

    await back_up(house.world)
    said.clear()
    house.clock.advance(hours=23)
    await Lease.all().delete()
    await check_keystore(house.world, 100)
    assert alarms(said) == []

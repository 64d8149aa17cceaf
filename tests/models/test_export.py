"""A copy from request to erasure (clause 3.1), and the claims that duties stand on: killed anywhere, safe to repeat."""

import asyncio
import io
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from tortoise.expressions import Q

from models.actions import delete_profile
from models.actions.account import Account
from models.actions.export import Download, open_download, request_export
from models.actions.origin import Viewer
from models.archive.verify import verify
from models.database import transaction
from models.keystore import KeystoreDown
from models.refused import Reason, Refused
from models.retention import exports as duty
from models.retention.claims import TRIES, ClaimLost, claim, finish, give_back, hold, release_after
from models.retention.exports import build_exports, erase_exports
from models.tables import Customer, Event, Export, Letter, Obligation, Session
from models.tables.accounts import State
from models.tables.credentials import SessionKind
from models.tables.exports import ExportStatus
from models.world import World
from tests.factories import House
from tests.models.test_archive import somebody


def viewer_of(account: Account, *, proved: bool = True) -> Viewer:
    """Somebody signed in, with a fresh proof or without."""
    now = account.world.now()
    session = Session(id=account.world.new_id(), customer_id=account.id, kind=SessionKind.BROWSER)
    session.stepped_up_until = now + timedelta(minutes=5) if proved else None
    return Viewer(account.customer, session)


async def collected(download: Download) -> bytes:
    return b"".join([chunk async for chunk in download.chunks()])


async def letters(account: Account) -> list[str]:
    return [one.template for one in await Letter.filter(customer_id=account.id).order_by("id")]


@asynccontextmanager
async def refusing(reason: Reason) -> AsyncIterator[Any]:
    with pytest.raises(Refused) as caught:
        yield caught
    assert caught.value.reason is reason


async def ready(house: House, email: str = "liga@example.com") -> tuple[Account, Viewer, Export]:
    """Somebody whose export is built."""
    account = await somebody(house.world, email)
    export = await request_export(house.world, viewer_of(account))
    assert await build_exports(house.world, 10) == 1
    return account, viewer_of(account), await Export.get(id=export.id)


# ---- asking ------------------------------------------------------------------------------------------------------


async def test_an_export_is_asked_for_once(house: House) -> None:
    """Its deadline, its letter and its event are written with it; asking again answers the same one."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))

    assert (await request_export(house.world, viewer_of(account))).id == export.id
    owed = await Obligation.get(subject_id=export.id)
    assert (owed.rule, owed.due_at, export.due_at) == ("EXPORT_BUILD", export.due_at, owed.due_at)
    assert await letters(account) == ["export-requested"]
    assert await Event.filter(action="export.requested").count() == 1


@pytest.mark.asvs("2.3.4", "15.4.2")
async def test_two_requests_at_once_make_one_export(house: House) -> None:
    """The account's lock decides."""
    account = await somebody(house.world)
    made = await asyncio.gather(*(request_export(house.world, viewer_of(account)) for _ in range(4)))

    assert len({export.id for export in made}) == 1


@pytest.mark.asvs("7.5.3", "8.2.4", "10.3.4")
async def test_an_export_needs_a_fresh_proof_and_cooled_off_contacts(house: House) -> None:
    """Clause 4.1.4: who has just changed the address does not get the data."""
    account = await somebody(house.world)
    async with refusing(Reason.STEP_UP_REQUIRED):
        await request_export(house.world, viewer_of(account, proved=False))
    until = house.clock.now + timedelta(hours=72)
    await Customer.filter(id=account.id).update(cooling_off_until=until)
    async with refusing(Reason.COOLING_OFF) as caught:
        await request_export(house.world, viewer_of(account))

    assert caught.value.retry_at == until


@pytest.mark.asvs("2.3.2", "5.2.4")
async def test_three_exports_a_day_are_enough(house: House) -> None:
    """The fourth has to wait until the first is a day old."""
    account = await somebody(house.world)
    begun = house.clock.now
    for _ in range(3):
        export = await request_export(house.world, viewer_of(account))
        await build_exports(house.world, 10)
        download = await open_download(house.world, viewer_of(account), export.id)
        await download.finished()
        house.clock.advance(hours=1)
    async with refusing(Reason.TOO_MANY_ATTEMPTS) as caught:
        await request_export(house.world, viewer_of(account))

    assert caught.value.retry_at == begun + timedelta(hours=24)
    house.clock.now = begun + timedelta(hours=24)
    await request_export(house.world, viewer_of(account))


# ---- building ----------------------------------------------------------------------------------------------------


async def test_the_worker_builds_it_and_tells_its_owner(house: House) -> None:
    """Ready: its size and SHA-256, its end, the deadline kept, a letter; sealed on the shelf."""
    account, viewer, export = await ready(house)

    assert export.status is ExportStatus.READY
    assert export.expires_at == house.clock.now + timedelta(days=7)
    owed = {one.rule: one.done_at for one in await Obligation.filter(subject_id=export.id)}
    assert owed == {"EXPORT_BUILD": house.clock.now, "EXPORT": None}
    assert await letters(account) == ["export-requested", "export-ready"]
    on_shelf = b"".join([chunk async for chunk in house.world.shelf.read(export.id)])
    assert "Ozoliņa".encode() not in on_shelf
    assert b"manifest.json" not in on_shelf
    whole = await collected(await open_download(house.world, viewer, str(export.id)))
    assert len(whole) == export.bytes
    assert verify(io.BytesIO(whole)).ok


class Killed(BaseException):
    """As SIGKILL: nothing after it runs."""


async def test_killed_before_the_commit_it_is_built_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same place on the shelf is written over; nobody is told twice."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))

    async def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(duty, "_ready", killed)
        with pytest.raises(Killed):
            await build_exports(house.world, 10)
    assert await house.world.shelf.ids() == {export.id}
    assert await build_exports(house.world, 10) == 0, "the dead worker's lease runs"
    house.clock.advance(minutes=16)
    assert await build_exports(house.world, 10) == 1
    assert await letters(account) == ["export-requested", "export-ready"]
    assert await house.world.shelf.ids() == {export.id}


class FullShelf:
    """A disk with no room."""

    async def put(self, archive_id: UUID, chunks: Iterable[bytes]) -> None:
        next(iter(chunks))
        raise OSError(28, "No space left on device")


async def test_a_full_disk_waits_and_then_alarms(house: House) -> None:
    """Later tries come further apart; after the last one the export stands dead, and another can be asked for."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))
    begun, said = house.clock.now, []
    full = replace(house.world, shelf=FullShelf(), log=lambda event, **_: said.append(event))  # type: ignore[arg-type]
    for _ in range(TRIES):
        assert await build_exports(full, 10) == 0
        tried = await Export.get(id=export.id)
        assert (tried.status, tried.leased_by, tried.trouble) == (ExportStatus.REQUESTED, None, "OSError")
        assert tried.retry_at is not None
        house.clock.now = tried.retry_at

    assert tried.dead_at is not None
    assert "claim.dead" in said
    ceiling = (await Obligation.get(subject_id=export.id)).ceiling
    assert house.clock.now - begun < timedelta(hours=24) < ceiling - begun
    assert (await request_export(house.world, viewer_of(account))).id != export.id


@pytest.mark.asvs("8.3.3")
async def test_an_account_closed_meanwhile_gets_no_export(house: House) -> None:
    """Neither before it is built nor while it is: nothing lies on the shelf, nobody is told."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))
    await delete_profile.delete_profile(house.world, viewer_of(account))
    await build_exports(house.world, 10)

    gone = await Export.get(id=export.id)
    assert (gone.status, gone.erased_at) == (ExportStatus.EXPIRED, house.clock.now)
    assert "export-ready" not in await letters(account)
    assert await house.world.shelf.ids() == set()


async def test_closed_in_the_last_moment_it_is_taken_off_the_shelf(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The transaction that would make it ready reads the state again."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))
    put = house.world.shelf.put

    async def close_after(archive_id: UUID, chunks: Iterable[bytes]) -> None:
        await put(archive_id, chunks)
        await Customer.filter(id=account.id).update(state=State.CLOSED)

    monkeypatch.setattr(house.world.shelf, "put", close_after)
    await build_exports(house.world, 10)

    assert (await Export.get(id=export.id)).status is ExportStatus.EXPIRED
    assert await house.world.shelf.ids() == set()


async def test_a_keystore_that_is_down_costs_no_try(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is destroyed or counted; it goes on when the keystore is back."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))

    async def down(*_: object) -> None:
        raise KeystoreDown

    with monkeypatch.context() as patch:
        patch.setattr(house.world.vault, "keys", down)
        with pytest.raises(KeystoreDown):
            await build_exports(house.world, 10)
    waiting = await Export.get(id=export.id)
    assert (waiting.tries, waiting.leased_by) == (0, None)
    assert await build_exports(house.world, 10) == 1


# ---- collecting --------------------------------------------------------------------------------------------------


async def test_it_is_collected_once(house: House) -> None:
    """After the last byte it is over: a letter, an event, erased by the next round, never sent again."""
    account, viewer, export = await ready(house)
    download = await open_download(house.world, viewer, export.id)
    assert download.filename == "octopus-export-2026-11-23.zip"
    await collected(download)
    await download.finished()
    await download.finished()

    async with refusing(Reason.EXPIRED_TOKEN):
        await open_download(house.world, viewer, export.id)
    assert (await letters(account)).count("export-collected") == 1
    assert await Event.filter(action="export.downloaded").count() == 1
    assert await erase_exports(house.world, 10) == 1
    assert await house.world.shelf.ids() == set()
    erased = await Export.get(id=export.id)
    assert (erased.status, erased.erased_at) == (ExportStatus.DOWNLOADED, house.clock.now)
    assert erased.opened(account.keys).archive_key == b""
    assert await Obligation.filter(subject_id=export.id, done_at=None).count() == 0
    assert await erase_exports(house.world, 10) == 0


async def test_a_broken_download_may_be_repeated_for_ten_minutes(house: House) -> None:
    """From its first start; then it is over and erased, and another export can be asked for."""
    account, _, export = await ready(house)
    await open_download(house.world, viewer_of(account), export.id)
    house.clock.advance(minutes=9)
    await open_download(house.world, viewer_of(account), export.id)
    house.clock.advance(minutes=1)
    async with refusing(Reason.EXPIRED_TOKEN):
        await open_download(house.world, viewer_of(account), export.id)

    assert (await request_export(house.world, viewer_of(account))).id != export.id
    assert await erase_exports(house.world, 10) == 1
    assert (await Export.get(id=export.id)).status is ExportStatus.EXPIRED


async def test_nobody_else_collects_it(house: House) -> None:
    """Somebody else's, a made-up and a malformed id are answered alike; the owner needs a fresh proof."""
    account, _, export = await ready(house)
    stranger = await somebody(house.world, "stranger@example.com")
    for wanted in (export.id, house.world.new_id(), "no id"):
        async with refusing(Reason.NOT_FOUND):
            await open_download(house.world, viewer_of(stranger), wanted)
    async with refusing(Reason.STEP_UP_REQUIRED):
        await open_download(house.world, viewer_of(account, proved=False), export.id)


async def test_what_is_not_built_cannot_be_collected(house: House) -> None:
    """It is not ready yet."""
    account = await somebody(house.world)
    export = await request_export(house.world, viewer_of(account))
    async with refusing(Reason.NOT_READY):
        await open_download(house.world, viewer_of(account), export.id)


# ---- erasing -----------------------------------------------------------------------------------------------------


@pytest.mark.asvs("14.2.7")
async def test_it_is_erased_after_seven_days(house: House) -> None:
    """File and key, both; an export of somebody else stays."""
    account, _, export = await ready(house)
    house.clock.advance(days=7, seconds=-1)
    assert await erase_exports(house.world, 10) == 0
    _, _, other = await ready(house, "other@example.com")
    house.clock.advance(seconds=1)
    assert await erase_exports(house.world, 10) == 1

    assert await house.world.shelf.ids() == {other.id}
    async with refusing(Reason.EXPIRED_TOKEN):
        await open_download(house.world, viewer_of(account), export.id)


async def test_a_closed_account_keeps_no_export(house: House) -> None:
    """Clause 4: with the profile its copies go."""
    account, _, _ = await ready(house)
    await delete_profile.delete_profile(house.world, viewer_of(account))
    assert await erase_exports(house.world, 10) == 1
    assert await house.world.shelf.ids() == set()


async def test_a_file_of_no_export_is_removed(house: House) -> None:
    """What a crash or a restore from backup left on the shelf."""
    _, _, export = await ready(house)
    await house.world.shelf.put(house.world.new_id(), [b"left over"])
    assert await erase_exports(house.world, 10) == 1
    assert await house.world.shelf.ids() == {export.id}


# ---- claims ------------------------------------------------------------------------------------------------------


async def waiting(world: World, number: int) -> list[Export]:
    account = await somebody(world)
    rows = [
        Export(
            id=world.new_id(), customer_id=account.id, status=ExportStatus.REQUESTED,
            requested_at=world.now(), due_at=world.now(),
        )
        for _ in range(number)
    ]  # fmt: skip
    await Export.bulk_create(rows)
    return rows


async def take(world: World, worker: str, limit: int = 10) -> list[Export]:
    due = Q(status=ExportStatus.REQUESTED)
    return await claim(world, Export, due, limit, lease=timedelta(minutes=1), worker=worker)


@pytest.mark.asvs("2.3.4")
async def test_each_row_is_one_workers(house: House) -> None:
    """Several at once: all rows are taken, none twice, the oldest first."""
    rows = await waiting(house.world, 30)
    taken = await asyncio.gather(*(take(house.world, f"worker {number}") for number in range(6)))
    for number in range(6):
        taken.append(await take(house.world, f"again {number}"))
    ids = [row.id for batch in taken for row in batch]

    assert sorted(ids) == sorted(row.id for row in rows)


@pytest.mark.asvs("15.4.3")
async def test_a_lost_claim_has_no_effect(house: House) -> None:
    """Whoever was too slow cannot finish, hold, put off or give back what another worker has by now."""
    await waiting(house.world, 1)
    (slow,) = await take(house.world, "slow")
    house.clock.advance(minutes=2)
    (quick,) = await take(house.world, "quick")

    with pytest.raises(ClaimLost):
        await hold(house.world, slow, timedelta(minutes=1))
    with pytest.raises(ClaimLost):
        async with transaction():
            await finish(slow, status=ExportStatus.READY)
    await release_after(house.world, slow, "too slow")
    await give_back([slow])
    kept = await Export.get(id=quick.id)
    assert (kept.leased_by, kept.tries, kept.trouble, kept.status) == ("quick", 2, None, ExportStatus.REQUESTED)
    await finish(quick, status=ExportStatus.READY)
    assert (await Export.get(id=quick.id)).leased_by is None


async def test_a_row_that_kills_its_worker_is_given_up(house: House) -> None:
    """Tries count when they begin: nobody dies of the same row for ever."""
    (row,) = await waiting(house.world, 1)
    for _ in range(TRIES):
        assert len(await take(house.world, "doomed")) == 1
        house.clock.advance(minutes=2)
    assert await take(house.world, "doomed") == []
    assert (await Export.get(id=row.id)).dead_at == house.clock.now

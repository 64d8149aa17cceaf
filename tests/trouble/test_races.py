"""Two want the same thing at the same moment: one gets it, the other is told, and no key is lost."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from models.actions.account import SYSTEM, changing
from models.actions.export import open_download, request_export
from models.actions.finding import email_digest, email_entry
from models.actions.origin import Viewer
from models.actions.sign_up import confirm_new_address, create
from models.actions.tokens import make_link
from models.database import transaction
from models.keys import KeyAbsent
from models.keystore import PersonKey
from models.refused import Reason, Refused
from models.retention import erase, letters, verify
from models.retention.begin import begin_erasures
from models.retention.claims import claim
from models.retention.erase import destroy_keys, remove_rows
from models.retention.exports import build_exports, erase_exports
from models.retention.keys import rotate_keys, sweep_keystore
from models.retention.verify import verify_erasures
from models.tables import (
    Certificate,
    Closure,
    Customer,
    Event,
    Export,
    IndexEntry,
    Letter,
    Obligation,
    Session,
    Tombstone,
)
from models.tables.accounts import Address, ErasureStage, IndexUse, ProfileContents, State
from models.tables.credentials import Purpose, SessionKind
from models.tables.events import EventKind
from models.tables.exports import ExportStatus
from models.tables.preferences import Locale
from models.vault import Vault
from models.world import World
from tests.factories import START, House
from tests.postgres import Postgres
from tests.trouble.people import Person, people
from tests.trouble.stage import Stage, ended, start

ROUNDS = 10


def another(world: World) -> Vault:
    """The vault of another process: the same keys, nothing remembered."""
    return Vault(world.vault.ring, now=world.now, random=world.vault.random)


async def erased(house: House) -> None:
    """Every duty, and the hour in which keys rotate."""
    await house.work()
    house.clock.advance(hours=2)
    await house.work()


# ---- restore against erase ---------------------------------------------------------------------------------------


@pytest.mark.asvs("15.4.2")
async def test_a_restore_and_an_erasure_that_race_have_one_winner(house: House) -> None:
    """Either the account is open again and nothing was begun, or it is being erased and the restore was refused."""
    world = house.world
    everybody = await people(world, *(f"wavering{number}@example.com" for number in range(ROUNDS)), state=State.CLOSED)

    async def restore(person: Person, wait: int) -> bool:
        for _ in range(wait):
            await asyncio.sleep(0)
        try:
            async with changing(world, person.id, by=SYSTEM, closed_too=True) as account:
                if account.customer.state is not State.CLOSED:
                    return False
                await Closure.filter(customer_id=account.id).delete()
                account.customer.state = State.ACTIVE
                await account.save()
                return True
        except Refused:
            return False

    restores = [restore(person, 3 * number) for number, person in enumerate(everybody)]
    *won, first, second = await asyncio.gather(*restores, begin_erasures(world, 5), begin_erasures(world, 5))

    stones = {stone.id for stone in await Tombstone.all()}
    states = dict(await Customer.all().values_list("id", "state"))
    for person, restored in zip(everybody, won, strict=True):
        if restored:
            assert states[person.id] is State.ACTIVE
        assert (states[person.id] is State.ERASING) == (person.id in stones)
    assert first + second == len(stones)
    await begin_erasures(world, 100)
    await erased(house)
    assert set(await Customer.all().values_list("id", flat=True)) == {
        person.id for person, restored in zip(everybody, won, strict=True) if restored
    }
    assert await Certificate.all().count() == won.count(False)


async def test_a_change_that_waits_for_the_erasure_is_refused(house: House) -> None:
    """It stood at the lock while the tombstone was written: what it sees afterwards is the new state."""
    world = house.world
    [person] = await people(world, "late@example.com", state=State.CLOSED)
    inside, go = asyncio.Event(), asyncio.Event()

    async def erase_it() -> None:
        async with transaction() as tx:
            row = Customer.filter(id=person.id).using_db(tx)
            await row.update(state=State.ERASING)
            inside.set()
            await go.wait()

    async def change_it() -> None:
        async with changing(world, person.id, by=SYSTEM) as account:
            await account.letter("export-requested", ready_by=account.now)

    erasing = asyncio.create_task(erase_it())
    await inside.wait()
    change = asyncio.create_task(change_it())
    await asyncio.sleep(0.05)
    go.set()
    await erasing
    with pytest.raises(Refused) as caught:
        await change
    assert caught.value.reason is Reason.NOT_SIGNED_IN
    assert not await Letter.exists()


async def test_a_remembered_key_writes_nothing_after_the_erasure(house: House) -> None:
    """Another process erased them while ours still holds the key: every way to write ends in a refusal."""
    world = house.world
    [person] = await people(world, "remembered@example.com", state=State.CLOSED)
    await world.vault.keys([person.id])
    worker = replace(world, vault=another(world))
    await begin_erasures(worker, 10)
    await destroy_keys(worker, 10)
    assert person.id in await world.vault.keys([person.id]), "it is still remembered here"

    for closed_too in (False, True):
        with pytest.raises((Refused, KeyAbsent)):
            async with changing(world, person.id, by=SYSTEM, closed_too=closed_too) as account:
                await account.letter("export-requested", ready_by=account.now)
    await remove_rows(worker, 10)
    for closed_too in (False, True):
        with pytest.raises((Refused, KeyAbsent)):
            async with changing(world, person.id, by=SYSTEM, closed_too=closed_too) as account:
                await account.event(EventKind.ACCESS, "record.opened")
    assert not await Letter.exists()
    assert await Event.exclude(sealed=None).count() == 0


async def test_whoever_signs_in_while_they_are_erased_is_a_stranger(house: House) -> None:
    """The key is destroyed and the rows still stand: their address and password are as wrong as anybody's."""
    client = await house.customer()
    await client.step_up()
    await client.ok("mutation {deleteProfile {__typename}}")
    house.clock.advance(days=365)
    sign_in = "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename ...R}}"
    for duty in (begin_erasures, destroy_keys, remove_rows):
        assert await duty(house.world, 10) == 1
        told = await client.refused(sign_in, e=client.email, p=client.password)
        assert told["code"] == "WRONG_CREDENTIALS", duty


# ---- late workers ------------------------------------------------------------------------------------------------


@pytest.mark.asvs("15.4.3")
async def test_a_worker_that_wakes_up_late_sets_nothing_back(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease ended in the middle of a step and another did everything: the certificate stays the only one, and true."""
    world = house.world
    [person] = await people(world, "slow@example.com", state=State.CLOSED)
    await begin_erasures(world, 10)
    await destroy_keys(world, 10)

    async def done_by_another() -> None:
        house.clock.advance(minutes=6)
        await erased(house)

    probes_of = erase.probes_of

    async def slow_probes(world: World, ids: list) -> dict:  # type: ignore[type-arg]
        found = await probes_of(world, ids)
        monkeypatch.undo()
        await done_by_another()
        return found

    monkeypatch.setattr(erase, "probes_of", slow_probes)
    await remove_rows(world, 10)

    assert (await Tombstone.get(id=person.id)).stage is ErasureStage.CERTIFIED
    assert await Certificate.all().count() == 1

    [other] = await people(world, "slower@example.com", state=State.CLOSED)
    for duty in (begin_erasures, destroy_keys, remove_rows):
        await duty(world, 10)
    while await rotate_keys(world, 10):
        pass
    find_traces = verify.find_traces

    async def slow_scan(world: World, ids: list, probes: list) -> list[str]:  # type: ignore[type-arg]
        found = await find_traces(world, ids, probes)
        monkeypatch.undo()
        await done_by_another()
        return found

    monkeypatch.setattr(verify, "find_traces", slow_scan)
    await verify_erasures(world, 10)

    assert (await Tombstone.get(id=other.id)).stage is ErasureStage.CERTIFIED
    await erased(house)
    assert await Certificate.all().count() == 2


async def test_two_verifiers_do_not_spoil_each_others_scan(house: House) -> None:
    """They share a folder: what one plants, the other must not take away."""
    world = house.world
    said: list[str] = []
    world = replace(world, log=lambda event, **_: said.append(event))
    await people(world, *(f"proved{number}@example.com" for number in range(4)), state=State.CLOSED)
    for duty in (begin_erasures, destroy_keys, remove_rows):
        await duty(world, 10)
    while await rotate_keys(world, 10):
        pass
    for _ in range(4):
        await asyncio.gather(*(verify_erasures(world, 1) for _ in range(3)))

    assert said == []
    assert await Tombstone.filter(stage=ErasureStage.VERIFIED).count() == 4


async def test_the_named_key_encryption_key_is_one_that_wrapped_the_key(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rotation ran between the last look and the destruction: verified waits for the newer key-encryption key."""
    world = house.world
    await people(world, "rotating@example.com", state=State.CLOSED)
    await begin_erasures(world, 10)
    destroy = world.vault.destroy

    async def destroyed(ids: list) -> int:  # type: ignore[type-arg]
        world.vault.ring.add()
        await world.vault.rewrap(100)
        return await destroy(ids)

    monkeypatch.setattr(world.vault, "destroy", destroyed)
    await destroy_keys(world, 10)

    assert (await Tombstone.get()).kek_id == world.vault.ring.current
    await remove_rows(world, 10)
    assert await verify_erasures(world, 10) == 0, "the key that wrapped theirs last is still there"


@pytest.mark.asvs("8.3.3")
async def test_a_letter_for_an_erased_person_is_not_posted(house: House) -> None:
    """A worker has claimed the letter when another erases its reader: no letter follows an erasure."""
    world = house.world
    [person] = await people(world, "reader@example.com", state=State.CLOSED)
    async with changing(world, person.id, by=SYSTEM, closed_too=True) as account:
        await account.letter("export-requested", ready_by=account.now)
    await world.vault.keys([person.id])
    [letter] = await claim(world, Letter, letters.Q(posted_at=None), 10, lease=letters.LEASE, worker="slow")
    worker = replace(world, vault=another(world))
    await begin_erasures(worker, 10)
    await destroy_keys(worker, 10)
    await letters._post(world, letter)

    assert house.letters == []


# ---- a download at its end ---------------------------------------------------------------------------------------


async def test_a_download_that_ends_after_its_time_leaves_no_open_deadline(house: House) -> None:
    """The archive was erased while its last bytes were sent: it is collected, and nothing is owed any more."""
    world = house.world
    [person] = await people(world, "slow-line@example.com")
    customer = await Customer.get(id=person.id)
    session = Session(id=world.new_id(), customer_id=person.id, kind=SessionKind.BROWSER)
    session.stepped_up_until = house.clock.now + timedelta(days=30)
    viewer = Viewer(customer, session)
    export = await request_export(world, viewer)
    await build_exports(world, 10)
    download = await open_download(world, viewer, export.id)
    house.clock.advance(minutes=11)
    await erase_exports(world, 10)
    await download.finished()

    assert (await Export.get()).status is ExportStatus.DOWNLOADED
    assert await Letter.filter(template="export-collected").count() == 1
    assert not await Obligation.filter(subject_id=export.id, done_at=None).exists()
    assert await world.shelf.ids() == set()


# ---- keys --------------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def stage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """Empty databases on files of their own."""
    server: Postgres | None = request.getfixturevalue("postgres") if request.param == "postgres" else None
    made = Stage.new(tmp_path / "stage", server)
    await made.prepare(START)
    yield made
    await made.remove()


async def test_signing_up_during_a_rotation_loses_no_key(stage: Stage) -> None:
    """One process makes keys while another rotates the key-encryption key again and again: every key opens afterwards."""
    async with stage.opened(START) as world:
        old = await people(world, *(f"old{number}@example.com" for number in range(50)))
        first = world.vault.ring.current

    codes = await asyncio.gather(
        ended(start(stage.job("rotations", START, 8))),
        ended(start(stage.job("arrivals", START, 120))),
        ended(start(stage.job("arrivals", START, 120))),
    )

    assert codes == [0, 0, 0], (stage.folder / "log").read_text()
    async with stage.opened(START + timedelta(minutes=5)) as world:
        rows = await Customer.all()
        assert len(rows) == await PersonKey.all().count() == len(old) + 240
        keys = await world.vault.keys([row.id for row in rows])
        assert len({row.opened(keys).email for row in rows}) == len(rows)
        assert first not in world.vault.ring.ids()


async def test_keys_that_never_got_a_customer_are_all_swept(house: House) -> None:
    """An import was killed between its two commits: a thousand keys of one moment, and none is passed by."""
    world = house.world
    await people(world, "somebody@example.com")
    await world.vault.create([world.new_id() for _ in range(250)])
    house.clock.advance(days=2)
    for _ in range(5):
        await sweep_keystore(world, 100)

    assert await PersonKey.all().count() == 1


# ---- two confirmations -------------------------------------------------------------------------------------------


async def pending(world: World, email: str) -> tuple[Person, str]:
    """Somebody who signed up with this address; the token of their letter."""
    person = Person(world.new_id(), email, "")
    address = Address(street_address="Brīvības iela 214", locality="Rīga", country="LV", postal_code="LV-1039")
    keys = await world.vault.create([person.id])
    profile = ProfileContents(
        given_name="Līga", family_name="Ozoliņa", address=address, phone_number="+37120000001", email=email,
        alias=world.new_id().bytes, birthdate=START.date(),
    )  # fmt: skip
    async with transaction():
        account = await create(world, person.id, keys, profile, locale=Locale.EN, state=State.UNCONFIRMED)
        await IndexEntry.bulk_create([email_entry(world, person.id, email, IndexUse.PENDING)])
        link = await make_link(account, Purpose.CONFIRM_EMAIL, account.until("CONFIRM_LINK"))
    return person, link.split("token=")[1]


async def test_two_confirmations_of_one_address_have_one_winner(house: House) -> None:
    """Both signed up with it, both open their letters at once: one is confirmed, the other's link is no longer good."""
    for number in range(ROUNDS):
        email = f"twice{number}@example.com"
        both = [await pending(house.world, email) for _ in range(2)]
        outcomes = await asyncio.gather(
            *(confirm_new_address(house.world, token) for _, token in both), return_exceptions=True
        )

        [winner] = [one for one in outcomes if not isinstance(one, BaseException)]
        [loser] = [one for one in outcomes if isinstance(one, BaseException)]
        assert isinstance(loser, Refused)
        assert loser.reason is Reason.EXPIRED_TOKEN
        entries = await IndexEntry.filter(digest=email_digest(house.world, email))
        assert {(one.person_id == winner, one.use) for one in entries} == {
            (True, IndexUse.CONFIRMED), (False, IndexUse.PENDING),
        }  # fmt: skip
        active = await Customer.filter(id__in=[person.id for person, _ in both], state=State.ACTIVE)
        assert [one.id for one in active] == [winner]
        [lost] = [token for person, token in both if person.id != winner]
        with pytest.raises(Refused):
            await confirm_new_address(house.world, lost)


@pytest.mark.asvs("15.4.2")
async def test_one_link_opened_twice_confirms_once(house: House) -> None:
    """A mail program that follows links was faster by nothing: one of the two is refused, nothing is broken."""
    person, token = await pending(house.world, "impatient@example.com")
    outcomes = await asyncio.gather(
        *(confirm_new_address(house.world, token) for _ in range(3)), return_exceptions=True
    )

    assert sorted(isinstance(one, Refused) for one in outcomes) == [False, True, True]
    assert (await Customer.get(id=person.id)).state is State.ACTIVE
    assert await Event.filter(action="account.confirmed").count() == 1

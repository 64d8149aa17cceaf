"""An erasure that goes all the way at once (clauses 5, 5.1 and 5.2), and whom it leaves to the duties of one step each."""

import asyncio
from typing import Any

import pytest
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models.database import transaction
from models.keystore import ErasureProbe, PersonKey
from models.retention import begin, erase, guards
from models.retention.erase import erase_people
from models.tables import Closure, Customer, Event, SignIn, Tombstone
from models.tables.accounts import ErasureStage, State
from tests.factories import House
from tests.trouble.people import people

STAGES = ("stage", "tries", "leased_by", "trouble")


async def gone(house: House, *names: str) -> None:
    """Accounts whose erasure is due."""
    await people(house.world, *(f"{name}@example.com" for name in names), state=State.CLOSED)


async def stones() -> list[tuple[Any, ...]]:
    return await Tombstone.all().order_by("id").values_list(*STAGES)


async def test_one_lot_goes_all_the_way(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun in several transactions and removed in several: ledger, probes, no key, no row; each tombstone says when."""
    monkeypatch.setattr(begin, "BEGUN_AT_ONCE", 2)
    monkeypatch.setattr(erase, "REMOVED_AT_ONCE", 3)
    await gone(house, *(f"gone{number}" for number in range(7)))
    await people(house.world, "kept@example.com")

    assert await erase_people(house.world, 5) == 5
    assert await erase_people(house.world, 5) == 2
    assert await erase_people(house.world, 5) == 0

    assert await stones() == [(ErasureStage.ROWS_GONE, 0, None, None)] * 7
    now, kek = house.clock.now, house.world.vault.ring.current
    told = await Tombstone.all().values_list("in_ledger_at", "key_destroyed_at", "rows_gone_at", "kek_id")
    assert told == [(now, now, now, kek)] * 7
    assert len(await house.world.ledger.lines()) == 7
    assert await ErasureProbe.all().count() == 7
    assert (await PersonKey.all().count(), await Customer.all().count()) == (1, 1)
    assert await Event.exclude(sealed=None).count() == 1, "events of theirs have lost what is personal"


async def test_the_hours_limit_holds_and_the_rest_waits_as_before(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Begun in several transactions, too; what is begun and over the limit waits for the next hour."""
    monkeypatch.setattr(guards, "FEW", 3)
    monkeypatch.setattr(begin, "BEGUN_AT_ONCE", 2)
    await gone(house, *(f"gone{number}" for number in range(5)))

    assert await erase_people(house.world, 100) == 3
    assert await erase_people(house.world, 100) == 0
    assert await Customer.filter(state=State.CLOSED).count() == 2
    assert await house.work(only="begin-erasures") == 2
    assert await house.work(only="destroy-keys") == 0
    house.clock.advance(minutes=61)
    await house.work(only="destroy-keys")
    await house.work(only="remove-rows")
    assert await stones() == [(ErasureStage.ROWS_GONE, 0, None, None)] * 5


async def test_events_are_emptied_of_whoever_has_no_key_any_more(house: House) -> None:
    """A keystore put back may lack it: the probe that was made before names their events."""
    await gone(house, "gone")
    closures = await Closure.all()
    await house.work(only="begin-erasures")
    await house.work(only="destroy-keys")
    assert await Event.exclude(sealed=None).count() == 1
    await Tombstone.all().delete()  # as a copy from before brings it back
    await Customer.all().update(state=State.CLOSED)
    await Closure.bulk_create(closures)

    assert await erase_people(house.world, 10) == 1
    assert await Event.exclude(sealed=None).count() == 0


@pytest.mark.parametrize("step", ["known_values", "make_probes", "_remove"])
async def test_what_fails_on_its_way_is_taken_further_from_there(
    house: House, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The reason stands in the tombstone, and the duty of the next step goes on when its time has come."""

    async def broken(*_: Any) -> None:
        raise LookupError

    await gone(house, "gone")
    monkeypatch.setattr(erase, step, broken)
    with pytest.raises(LookupError):
        await erase_people(house.world, 10)
    stage = ErasureStage.KEY_DESTROYED if step == "_remove" else ErasureStage.ERASING
    assert await stones() == [(stage, 1, None, "LookupError")]
    monkeypatch.undo()

    await house.work(only="destroy-keys")
    await house.work(only="remove-rows")
    assert await Customer.exists(), "not yet"
    house.clock.advance(minutes=2)
    await house.work(only="destroy-keys")
    await house.work(only="remove-rows")
    assert await stones() == [(ErasureStage.ROWS_GONE, 0, None, None)]
    assert not await Customer.exists()


async def test_a_table_that_is_forgotten_stops_it(house: House) -> None:
    """Foreign keys are RESTRICT: nobody is erased as long as something of theirs would be left."""
    await gone(house, "gone")
    signed_in = await SignIn.all().count()
    inventory = house.world.policy.inventory
    left = tuple(one for one in inventory.erased_with_anybody if one.table != "sign_in")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(type(inventory), "erased_with_anybody", property(lambda _: left))
        with pytest.raises(IntegrityError):
            await erase_people(house.world, 10)

    assert (await Customer.all().count(), await SignIn.all().count()) == (1, signed_in)
    assert (await stones())[0][0] is ErasureStage.KEY_DESTROYED
    house.clock.advance(minutes=2)
    await house.work(only="remove-rows")
    assert (await Customer.all().count(), await SignIn.all().count()) == (0, 0)


OTHERS = """CREATE SCHEMA others; CREATE TABLE others.customer (id UUID PRIMARY KEY);
    CREATE TABLE others.visit (id UUID PRIMARY KEY, customer_id UUID REFERENCES others.customer (id))"""
"""Tables of somebody else in the same database: no concern of ours, whatever their names."""


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
@pytest.mark.parametrize("may", [True, False])
async def test_foreign_keys_ask_about_each_row_only_where_they_must(
    house: House, monkeypatch: pytest.MonkeyPatch, may: bool
) -> None:
    """Where all that refers to them goes with them, and the role may, they are not asked; else as ever."""
    await gone(house, *(f"gone{number}" for number in range(3)))
    await people(house.world, "kept@example.com")
    said, say = set[tuple[str, str]](), erase.of_ids

    async def heard(connection: Any, query: str, *given: Any) -> Any:
        said.add((connection.connection_name, query.split()[0]))
        return await say(connection, query, *given)

    monkeypatch.setattr(erase, "of_ids", heard)
    await get_connection("default").execute_script(OTHERS)
    if not may:
        monkeypatch.setattr(erase, "UNASKED", erase.UNASKED.replace("'SET')", "'SET') AND false"))
    assert await erase_people(house.world, 10) == 3
    assert (("eraser", "WITH") in said, ("default", "WITH") in said) == (may, not may)
    assert await stones() == [(ErasureStage.ROWS_GONE, 0, None, None)] * 3
    assert (await Customer.all().count(), await SignIn.all().count()) == (1, 2)


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
async def test_what_is_added_while_they_go_stays_nowhere(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Begun before their rows are locked, it goes with them; after that it waits, and is refused."""
    await gone(house, "gone")
    [row, *_], say, late = await SignIn.all(), erase.of_ids, list[asyncio.Task[None]]()

    async def add(commit: asyncio.Event) -> None:
        another = SignIn(**{name: getattr(row, name) for name in row._meta.db_fields})
        another.id = house.world.new_id()
        async with transaction() as tx:
            await another.save(using_db=tx, force_create=True)
            await commit.wait()

    async def slowly(connection: Any, query: str, *given: Any) -> Any:
        if query != erase.LOCKED:
            return await say(connection, query, *given)
        before = asyncio.create_task(add(commit := asyncio.Event()))
        await asyncio.sleep(0.2)
        locking = asyncio.create_task(say(connection, query, *given))
        await asyncio.sleep(0.2)
        assert not locking.done()
        commit.set()
        await before
        answer = await locking
        late.append(asyncio.create_task(add(commit)))
        await asyncio.sleep(0.2)
        assert not late[0].done()
        return answer

    monkeypatch.setattr(erase, "of_ids", slowly)
    assert await erase_people(house.world, 10) == 1
    with pytest.raises(IntegrityError):
        await late[0]
    assert (await Customer.all().count(), await SignIn.all().count()) == (0, 0)

"""What is forecast is what then goes, on its day; asking changes nothing."""

from collections import Counter
from datetime import date, timedelta

from models.actions.account import SYSTEM, changing
from models.retention.forecast import Forecast, forecast
from models.tables import Backup, Customer, Hold, SignIn
from models.tables.cases import HoldContents
from tests.factories import START, House


def on(found: list[Forecast], rule: str, table: str, action: str = "erase") -> Counter[date]:
    """How many by day."""
    return Counter({one.day: one.count for one in found if (one.rule, one.table, one.action) == (rule, table, action)})


async def test_the_forecast_comes_true(house: House) -> None:
    """A deleted profile, a sign-in record and its address, a backup, an account nobody uses."""
    leaving, staying = await house.customer(), await house.customer()
    await leaving.step_up()
    await leaving.ok("mutation {deleteProfile {__typename}}")
    await house.work()
    await Backup.create(
        id=house.world.new_id(), store="main", place="elsewhere", taken_at=START, sha256="0" * 64, bytes=1
    )
    records = await SignIn.all().count()

    found = await forecast(house.world, 1_000)

    day = house.clock.now.date()
    assert on(found, "CLOSED", "customer") == {day + timedelta(days=90): 1}
    assert on(found, "SIGN_IN", "sign_in", "cut_ip") == {day + timedelta(days=179): records}
    assert on(found, "SIGN_IN", "sign_in") == {day + timedelta(days=364): records}
    assert on(found, "BACKUP", "backup", "destroy") == {day + timedelta(days=34): 1}
    assert await SignIn.all().count() == records
    house.clock.advance(days=91)
    await house.work()
    assert await Customer.all().count() == 1
    left = on(await forecast(house.world, 300), "SIGN_IN", "sign_in")
    assert sum(left.values()) == await SignIn.all().count()
    house.clock.advance(days=640)
    await house.work()
    assert on(await forecast(house.world, 100), "DORMANT", "customer", "close") == {day + timedelta(days=821): 1}
    assert staying.email


async def test_what_a_hold_keeps_is_not_forecast(house: House) -> None:
    """It stops the erasure of what it names and of nothing else (clause 4.2)."""
    person = await house.customer()
    customer = await Customer.get()
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")
    async with changing(house.world, customer.id, by=SYSTEM, closed_too=True) as account:
        hold = Hold(
            id=house.world.new_id(), customer_id=customer.id, scope=["sign_in"], placed_at=account.now,
            placed_by=house.world.new_id(), review_by=account.now + timedelta(days=100),
        )  # fmt: skip
        hold.seal(account.keys, HoldContents(basis="A dispute"))
        await hold.save(force_create=True)

    found = await forecast(house.world, 1_000)

    assert not on(found, "CLOSED", "customer")
    assert not on(found, "SIGN_IN", "sign_in")
    assert on(found, "SESSION", "session")

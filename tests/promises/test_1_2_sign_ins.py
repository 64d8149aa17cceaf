"""Clauses 1.2.1 and 1.2.2: each attempt leaves one record, read by its owner; its IP is cut by 180 days, it is gone by 365."""

from typing import Any

import pytest

from models.tables import Bucket, SignIn, Stranger
from tests.factories import Client, House
from tests.promises.kept import coming_in, kept

HISTORY = "{viewer {signIns(first: 50) {nodes {at outcome method ip ipPrecision count}}}}"


async def history(person: Client) -> list[dict[str, Any]]:
    """The owner's list, newest first."""
    return (await person.ok(HISTORY))["signIns"]["nodes"]  # type: ignore[no-any-return]


async def test_each_attempt_leaves_one_record(house: House) -> None:
    """With its IP, date and time, outcome and method, whether it succeeded or not; nobody else reads it."""
    person, other = await house.customer(), await house.customer()
    right = person.password
    house.clock.advance(minutes=1)
    person.password = "not the password at all"
    assert (await coming_in(person))["code"] == "WRONG_CREDENTIALS"
    house.clock.advance(minutes=1)
    person.password = right
    await person.sign_in()

    seen = await history(person)

    assert [(one["outcome"], one["method"], one["count"]) for one in seen] == [
        ("SUCCEEDED", "PASSWORD", 1), ("WRONG_CREDENTIALS", "PASSWORD", 1), ("SUCCEEDED", "PASSWORD", 1),
    ]  # fmt: skip
    assert [one["at"][11:16] for one in seen] == ["09:02", "09:01", "09:00"]
    assert {(one["ip"], one["ipPrecision"]) for one in seen} == {("127.0.0.1", "FULL")}
    assert len(await history(other)) == 1


@pytest.mark.parametrize(
    ("address", "network"), [("203.0.113.77", "203.0.113.0/24"), ("2001:db8:77:1::9", "2001:db8:77::/48")]
)
async def test_the_address_is_cut_to_its_network(house: House, address: str, network: str) -> None:
    """On the day before 180 days are over and not a second earlier; the report of promises sees one that is left whole."""
    person = await house.customer()
    [record] = await SignIn.all()
    contents = record.opened(keys := await house.world.vault.keys([record.customer_id]))
    contents.ip = address
    record.seal(keys, contents)
    await record.save()

    house.clock.advance(days=179, seconds=-1)
    await house.work(only="cut-addresses")
    assert [(one["ip"], one["ipPrecision"]) for one in await signed_in_again(person)] == [(address, "FULL")]
    house.clock.advance(days=1, seconds=2)
    broken = await kept(house, "ips_cut")
    await house.work(only="cut-addresses")
    kept_now = await kept(house, "ips_cut")

    assert broken.broken == 1, "180 days and a second old, and whole"
    assert kept_now.broken == 0
    assert [(one["ip"], one["ipPrecision"]) for one in await signed_in_again(person)] == [(network, "NETWORK")]


async def signed_in_again(person: Client) -> list[dict[str, Any]]:
    """The oldest record, read in a new session, which leaves a record of its own."""
    await person.sign_in()
    return (await history(person))[-1:]


async def test_a_record_is_gone_within_a_year(house: House) -> None:
    """Erased a day before the year is over and not a second earlier; younger ones stay."""
    person = await house.customer()
    house.clock.advance(days=300)
    await person.sign_in()

    house.clock.advance(days=64, seconds=-1)
    await house.work(only="age-rows")
    assert await SignIn.all().count() == 2
    house.clock.advance(seconds=1)
    await house.work(only="age-rows")
    assert await SignIn.all().count() == 1

    assert (await kept(house, "sign_ins_gone")).broken == 0
    house.clock.advance(days=301, seconds=1)
    assert (await kept(house, "sign_ins_gone")).broken == 1, "a year and a second old, for no worker ran"
    await house.work(only="age-rows")
    assert await SignIn.all().count() == 0


async def test_an_unknown_address_leaves_a_trace_for_a_day(house: House) -> None:
    """A scrambled one, that says nothing of the address; and no record."""
    stranger = house.client()
    stranger.email = "nobody.at.all@example.com"
    assert (await coming_in(stranger))["code"] == "WRONG_CREDENTIALS"

    [trace] = await Stranger.all()
    assert b"nobody" not in bytes(trace.digest)
    assert await SignIn.all().count() == 0
    house.clock.advance(hours=24, seconds=-1)
    await house.work(only="age-rows")
    assert await Stranger.all().count() == 1
    house.clock.advance(seconds=1)
    await house.work(only="age-rows")
    assert (await Stranger.all().count(), await Bucket.all().count()) == (0, 0)

"""Guessing is slowed down and leaves its traces; nobody who was here before is ever locked out by it (clause 1.2)."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tortoise.connection import get_connection

from models.actions import throttle
from models.actions.origin import Origin
from models.actions.sign_in import sign_in as sign_in_there
from models.refused import Refused
from models.tables import Bucket, SignIn, Stranger
from tests.enrolled import SIGN_IN, complete, same_person, sign_in, with_totp, wrong
from tests.factories import Client, Clock, House


class Counted:
    """A cheap hasher that counts, and knows one password."""

    def __init__(self, right: str) -> None:
        self.right, self.hashed = right, 0

    async def hash(self, password: str) -> str:
        return "cheap"

    async def verify(self, encoded: str, password: str) -> bool:
        self.hashed += 1
        return password == self.right

    async def waste(self, password: str) -> None:
        self.hashed += 1

    def outdated(self, encoded: str) -> bool:
        return False


def house_with(house: House, passwords: Any) -> House:
    """The same house with another hasher."""
    return House(replace(house.world, passwords=passwords), house.clock, house.folder)


async def tries(client: Client, times: int, *, clock: Clock, every: float = 0, **given: Any) -> list[str]:
    """Codes of so many wrong sign-ins, one after another."""
    found = []
    for _ in range(times):
        answer = await client.answer(SIGN_IN, e=client.email, p="wrong", **given)
        found.append(answer["data"]["signIn"]["code"])
        clock.advance(seconds=every)
    return found


@pytest.mark.slow
@pytest.mark.asvs("6.1.1", "6.3.1", "8.2.4")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_victim_with_a_known_device_always_gets_in(house: House) -> None:
    """While 10,000 tries come from the same network, hour after hour; few of them are ever hashed."""
    await get_connection("default").execute_script("pragma synchronous = off")  # ten thousand commits
    person = await house.customer()
    counted = Counted(person.password)
    busy = house_with(house, counted)
    victim = busy.client()
    house.clients.append(victim)
    victim.email = person.email
    victim.http.cookies["device"] = person.http.cookies["device"]

    let_in = 0
    for round_ in range(100):
        pause, net = (0, 0.05, 1, 30)[round_ % 4], round_ % 10
        for number in range(100):
            ip = (
                "127.0.0.1" if net < 5 else f"203.0.{net}.{number}"
            )  # often the victim's own network, or behind one proxy
            with pytest.raises(Refused):
                await sign_in_there(busy.world, person.email, "wrong", origin=Origin(ip))
            house.clock.advance(seconds=pause)
        before = counted.hashed
        assert (await sign_in(victim))["__typename"] == "SignedIn", round_
        assert counted.hashed == before + 1
        let_in += 1

    assert let_in == 100
    hours = 25 * (5 + 100 + 3000) / 3600
    assert counted.hashed - let_in < 20 + hours * 7, "refused before hashing"


@pytest.mark.asvs("6.1.1")
async def test_a_network_that_tries_too_often_does_not_shut_out_who_lives_in_it(house: House) -> None:
    """A known device signs in from the attacker's own network; an unknown one waits, as anybody there does."""
    person = await house.customer()
    for _ in range(throttle.NETWORK.free + 10):
        with suppress(Refused):
            await throttle.count(house.world, throttle.NETWORK, throttle.network_of("127.0.0.1"))
    unknown, known = same_person(person), same_person(person)
    known.http.cookies["device"] = person.http.cookies["device"]

    assert (await sign_in(unknown))["code"] == "TOO_MANY_ATTEMPTS"
    known.email = "nobody.at.all@example.com"
    assert (await sign_in(known))["code"] == "TOO_MANY_ATTEMPTS", "a device is known to its own account"
    known.email = person.email
    assert (await sign_in(known))["__typename"] == "SignedIn"


@pytest.mark.asvs("2.4.1", "15.2.2")
@pytest.mark.asvs("6.3.1")
async def test_what_is_refused_was_not_hashed_and_is_one_record_a_minute(house: House) -> None:
    """One throttled record per customer, network and minute, with its count (clause 1.2.1)."""
    person = await house.customer()
    counted = Counted(person.password)
    other = house_with(house, counted).client()
    house.clients.append(other)
    other.email = person.email
    codes = await tries(other, 30, clock=house.clock)

    assert codes[:9] == ["WRONG_CREDENTIALS"] * codes.count("WRONG_CREDENTIALS") + ["TOO_MANY_ATTEMPTS"]
    assert counted.hashed == codes.count("WRONG_CREDENTIALS") == 8
    [record] = await SignIn.filter(outcome="THROTTLED")
    assert record.count == 22
    house.clock.advance(minutes=1)
    await tries(other, 2, clock=house.clock)
    assert sorted(await SignIn.filter(outcome="THROTTLED").values_list("count", flat=True)) == [1, 22]
    assert counted.hashed == 9, "one more is let in by now"
    refused = await other.answer(SIGN_IN, e=other.email, p=person.password)
    assert refused["data"]["signIn"]["retryAt"] is not None, "a right password is refused as well, unhashed"
    assert counted.hashed == 9


@pytest.mark.asvs("6.3.1")
async def test_the_delay_grows_and_ends(house: House) -> None:
    """Never longer than a quarter of an hour; then a right password signs in and what was counted is forgotten."""
    person = await house.customer()
    other = same_person(person)
    other.http.cookies.clear()
    await tries(other, 60, clock=house.clock, every=60)
    refused = (await other.answer(SIGN_IN, e=other.email, p=other.password))["data"]["signIn"]
    if refused["__typename"] == "Refusal":
        house.clock.advance(minutes=15)
        assert (await sign_in(other))["__typename"] == "SignedIn"
    for _ in range(20):
        assert (await sign_in(other))["__typename"] == "SignedIn"


async def test_an_unknown_address_leaves_a_keyed_hash_and_nothing_else(house: House) -> None:
    """For a day; the answers are those of a known one, throttling included."""
    person, nobody = await house.customer(), house.client()
    known = same_person(person)
    nobody.email = "nobody.at.all@example.com"
    before = await SignIn.all().count()
    stranger = await tries(nobody, 12, clock=house.clock)

    assert stranger == await tries(known, 12, clock=house.clock)
    assert await SignIn.exclude(outcome="SUCCEEDED").filter(customer_id__isnull=False).count() > 0
    assert await Stranger.all().count() == stranger.count("WRONG_CREDENTIALS")
    for row in await Stranger.all():
        assert b"nobody" not in bytes(row.digest)
        assert len(bytes(row.digest)) == 32
    assert await SignIn.all().count() == before + 9, "eight of the customer's, and one record of the throttled ones"
    house.clock.advance(hours=25)
    await house.work(only="age-rows")
    assert await Stranger.all().count() == await Bucket.all().count() == 0


@pytest.mark.asvs("6.6.3")
async def test_a_new_challenge_brings_no_new_tries(house: House) -> None:
    """Who has the password and guesses codes is slowed down over all challenges, and the owner's device is not."""
    person, app = await with_totp(house)
    thief, failed, throttled = same_person(person), 0, 0
    for _ in range(48):
        asked = await sign_in(thief)
        while asked["__typename"] == "SecondFactorRequired":
            found = await complete(thief, asked["challenge"], totp=wrong(app))
            failed += found["code"] == "WRONG_CREDENTIALS"
            throttled += found["code"] == "TOO_MANY_ATTEMPTS"
            if found["code"] != "WRONG_CREDENTIALS":
                break
        house.clock.advance(minutes=30)

    assert failed <= 8 + 12 + 24, "eight at once, a dozen while the delay grows to an hour, then one an hour"
    assert throttled > 0
    owner = same_person(person)
    owner.http.cookies["device"] = person.http.cookies["device"]
    assert (await complete(owner, (await sign_in(owner))["challenge"], totp=app.code()))["__typename"] == "SignedIn"


@pytest.mark.asvs("6.1.1")
async def test_a_thief_of_a_session_does_not_slow_the_owner_s_proofs_down(house: House) -> None:
    """Wrong proofs are counted for the session that they come from."""
    person = await house.customer()
    thief = same_person(person)
    await thief.sign_in()
    wrong_proof = 'mutation {stepUp(proof: {password: "wrong"}) {... on Refusal {code}}}'
    codes = [(await thief.answer(wrong_proof))["data"]["stepUp"]["code"] for _ in range(12)]

    assert codes[-1] == "TOO_MANY_ATTEMPTS"
    await person.step_up()


def test_networks_and_delays() -> None:
    """/24 and /48; a delay that doubles up to its slowest."""
    assert throttle.network_of("203.0.113.77") == "203.0.113.0/24"
    assert throttle.network_of("2001:db8:1:2:3::4") == "2001:db8:1::/48"
    assert throttle.network_of("nonsense") == "unknown"
    limit = throttle.UNKNOWN_DEVICE
    waits = [limit.wait(level) for level in range(limit.free, limit.free + 40)]
    assert limit.wait(limit.free - 1) == timedelta(0)
    assert waits == sorted(waits)
    assert waits[-1] == limit.slowest

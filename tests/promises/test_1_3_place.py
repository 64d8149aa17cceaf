"""Clause 1.3: a place is estimated from the IP alone, written down as it was then, never guessed; it goes with its record."""

from dataclasses import replace

from models.tables import SignIn
from models.world import Place
from tests.factories import Client, House
from tests.promises.kept import kept

PLACES = "{viewer {signIns(first: 50) {nodes {place {country region city latitude longitude source}}}}}"
RIGA = Place(country="Latvia", region="Rīga", city="Rīga", latitude=56.9, longitude=24.1, source="table of 2026-11")
UNKNOWN = {"country": None, "region": None, "city": None, "latitude": None, "longitude": None, "source": "unknown"}


def somewhere(house: House, person: Client, place: Place | None) -> tuple[Client, list[str]]:
    """The same person before a table that knows one place; what it was asked for."""
    asked: list[str] = []

    def locate(ip: str) -> Place | None:
        asked.append(ip)
        return place

    client = House(replace(house.world, locate=locate), house.clock, house.folder).client()
    house.clients.append(client)
    client.email = person.email
    return client, asked


async def test_a_place_is_written_down_as_it_was_then(house: House) -> None:
    """The table is asked for the IP and nothing else; a later table changes no record."""
    person = await house.customer()
    then, asked = somewhere(house, person, RIGA)
    house.clock.advance(minutes=1)
    await then.sign_in()
    later, _ = somewhere(house, person, replace(RIGA, city="Jūrmala"))
    house.clock.advance(minutes=1)
    await later.sign_in()

    places = [one["place"] for one in (await later.ok(PLACES))["signIns"]["nodes"]]

    assert set(asked) == {"127.0.0.1"}
    assert [one["city"] for one in places] == ["Jūrmala", "Rīga", None]
    assert places[1] == {
        "country": "Latvia", "region": "Rīga", "city": "Rīga", "latitude": 56.9, "longitude": 24.1,
        "source": "table of 2026-11",
    }  # fmt: skip


async def test_no_place_is_guessed(house: House) -> None:
    """What the table does not know, and what no table is there for, is 'unknown'."""
    person = await house.customer()
    client, _ = somewhere(house, person, None)
    await client.sign_in()

    assert [one["place"] for one in (await client.ok(PLACES))["signIns"]["nodes"]] == [UNKNOWN, UNKNOWN]


async def test_the_place_goes_with_its_record(house: House) -> None:
    """A day before the year is over; one that stays beyond it breaks the promise."""
    person = await house.customer()
    client, _ = somewhere(house, person, RIGA)
    await client.sign_in()

    house.clock.advance(days=365, seconds=1)
    assert (await kept(house, "places_gone")).broken == 2
    await house.work(only="age-rows")

    assert await SignIn.all().count() == 0
    assert (await kept(house, "places_gone")).broken == 0

"""Clause 4.1.2: in 'My profile' you delete it yourself, after a fresh proof of who you are, told in plain words what happens."""

from datetime import timedelta

import pytest

from models.tables import Closure, Customer, Event
from tests.factories import House
from tests.promises.kept import DELETE, coming_in, gone, kept

PREVIEW = "{viewer {deletionPreview {eraseAt eraseBy consequences remains {title basis until} servicesEnding {name}}}}"


async def test_only_after_a_fresh_proof(house: House) -> None:
    """One of five minutes ago is not fresh, one a second younger is; refused, nothing has happened."""
    person = await house.customer()
    assert (await person.answer(DELETE))["data"]["deleteProfile"]["code"] == "STEP_UP_REQUIRED"
    await person.step_up()
    house.clock.advance(minutes=5)
    assert (await person.answer(DELETE))["data"]["deleteProfile"]["code"] == "STEP_UP_REQUIRED"
    assert (await Customer.get()).state == "ACTIVE"
    assert await Closure.all().count() == 0
    assert (await house.client().answer(DELETE))["data"]["deleteProfile"]["code"] == "NOT_SIGNED_IN"

    await person.step_up()
    house.clock.advance(minutes=5, seconds=-1)
    assert (await person.ok(DELETE))["__typename"] == "ProfileDeleted"
    assert (await coming_in(person))["__typename"] == "AccountClosed"


@pytest.mark.parametrize(("language", "word"), [("en", "erase"), ("lv", "dzēs")])
async def test_what_happens_is_said_before(house: House, language: str, word: str) -> None:
    """When it is erased, at the latest by when, what stays and why, in the reader's language; reading it changes nothing."""
    person = await house.customer(locale=language.upper())
    person.http.headers["Accept-Language"] = language

    preview = (await person.ok(PREVIEW))["deletionPreview"]
    closed = (await gone(person))["closure"]

    assert preview["eraseAt"] == (house.clock.now + timedelta(days=90)).isoformat().replace("+00:00", "Z")
    assert preview["eraseBy"] == (house.clock.now + timedelta(days=365)).isoformat().replace("+00:00", "Z")
    assert (closed["eraseAt"], closed["eraseBy"]) == (preview["eraseAt"], preview["eraseBy"])
    assert len(preview["consequences"]) >= 3
    assert word in " ".join(preview["consequences"]).lower()
    assert preview["remains"]
    assert all(one["title"] and one["basis"] and one["until"] for one in preview["remains"])
    assert closed["howToRestore"]


async def test_a_deletion_without_a_proof_is_found(house: House) -> None:
    """Each of their owners' deletions has its proof in the history; one without it breaks the promise."""
    person = await house.customer()
    await gone(person)
    line = await kept(house, "deletions_with_proof")
    assert (line.measured, line.broken) == (1, 0)

    await Event.filter(action="session.stepped-up").delete()

    assert (await kept(house, "deletions_with_proof")).broken == 1

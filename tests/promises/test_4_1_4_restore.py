"""Clause 4.1.4: the old value of a field can be restored for 90 days, by its owner alone; then it is erased, within 91."""

from datetime import timedelta
from typing import Any

import pytest

from models.tables import Change
from tests.factories import ADDRESS, Client, House
from tests.promises.kept import coming_in, kept
from tests.schema.test_journeys import EDIT, RESTORE
from tests.schema.test_payment_methods import ADD as ADD_METHOD
from tests.schema.test_payment_methods import IBAN, PLAIN
from tests.schema.test_payment_methods import REMOVE as REMOVE_METHOD

CHANGES = "{viewer {changes {nodes {id field oldValue newValue restorableUntil restoredAt}}}}"
PROFILE = "{viewer {profile {givenName birthdate phoneNumber address {locality}}}}"
EXPORT = "mutation {requestExport {__typename ... on Refusal {code retryAt}}}"


async def changes(person: Client) -> list[dict[str, Any]]:
    """What can still be restored, newest first."""
    return (await person.ok(CHANGES))["changes"]["nodes"]  # type: ignore[no-any-return]


async def restored(person: Client, change: dict[str, Any]) -> str:
    """The answer to restoring it: its type, or the refusal's code."""
    await person.step_up()
    answer = (await person.answer(RESTORE, c=change["id"]))["data"]["restoreValue"]
    return str(answer.get("code") or answer["__typename"])


async def test_an_old_value_is_restored(house: House) -> None:
    """What was changed is kept sealed for 90 days and brought back; then it is gone."""
    person = await house.customer(familyName="Bērziņa")
    await person.ok(EDIT, i={"revision": 1, "familyName": "Krūmiņa"})
    changes = "{viewer {changes {nodes {id field title oldValue newValue restorableUntil restoredAt}}}}"
    [change] = (await person.ok(changes))["changes"]["nodes"]
    assert (change["oldValue"], change["newValue"]) == ("Bērziņa", "Krūmiņa")
    await person.step_up()
    assert (await person.ok(RESTORE, c=change["id"]))["profile"] == {"familyName": "Bērziņa", "revision": 3}
    house.clock.advance(days=90, minutes=1)
    await house.work()
    await person.sign_in()
    assert (await person.ok(changes))["changes"]["nodes"] == []


@pytest.mark.parametrize(
    ("edit", "field", "before"),
    [
        ({"givenName": "Cita"}, "givenName", "Līga"),
        ({"address": ADDRESS | {"locality": "Liepāja"}}, "address", {"locality": "Rīga"}),
        ({"phoneNumber": "+37129999999"}, "phoneNumber", "+37121000000"),
        ({"identity": {"personalCode": {"country": "LV", "code": "120487-11118"}}}, "birthdate", "1987-04-12"),
    ],
)
async def test_each_field_comes_back(house: House, edit: dict[str, Any], field: str, before: Any) -> None:
    """Only after a proof, only once, only to its owner; what it replaced becomes an old value itself."""
    person, stranger = await house.customer(phoneNumber="+37121000000"), await house.customer()
    await person.step_up()
    await person.ok(EDIT, i={"revision": 1, **edit})
    change = next(one for one in await changes(person) if one["field"] == field)
    house.clock.advance(minutes=5)
    answer = await person.answer(RESTORE, c=change["id"])
    assert answer["data"]["restoreValue"]["code"] == "STEP_UP_REQUIRED"
    assert await restored(stranger, change) == "NOT_FOUND"

    assert await restored(person, change) == "ValueRestored"

    assert (await person.ok(PROFILE))["profile"][field] == before
    assert await restored(person, change) == "EXPIRED_TOKEN"
    assert len([one for one in await changes(person) if one["restoredAt"] is None]) >= 1


async def test_for_ninety_days_to_their_last_second(house: House) -> None:
    """Then it cannot be restored, and the worker erases it; a day later the report calls one that is left broken."""
    person = await house.customer()
    await person.ok(EDIT, i={"revision": 1, "givenName": "Cita"})
    begun = house.clock.now
    house.clock.now = begun + timedelta(days=90, seconds=-1)
    await house.work(only="age-rows")
    await person.sign_in()
    [change] = await changes(person)
    assert change["restorableUntil"] == (begun + timedelta(days=90)).isoformat().replace("+00:00", "Z")
    await person.step_up()
    house.clock.advance(seconds=1)

    assert (await person.answer(RESTORE, c=change["id"]))["data"]["restoreValue"]["code"] == "EXPIRED_TOKEN"
    house.clock.now = begun + timedelta(days=91)
    assert (await kept(house, "old_values_gone")).broken == 0
    house.clock.advance(seconds=1)
    assert (await kept(house, "old_values_gone")).broken == 1
    await house.work(only="age-rows")
    assert await Change.all().count() == 0
    assert (await kept(house, "old_values_gone")).broken == 0


async def test_a_payment_reference_comes_back(house: House) -> None:
    """Removed by whoever got in, restored by its owner, and told by letters."""
    person = await house.customer()
    await person.step_up()
    given = {"idempotencyKey": "a-key-of-mine-0001", "method": {"bankAccount": {"iban": IBAN}}}
    method = (await person.ok(ADD_METHOD + PLAIN, i=given))["paymentMethod"]
    await person.ok(REMOVE_METHOD + PLAIN, id=method["id"])
    [change] = await changes(person)
    assert (change["oldValue"], change["newValue"]) == ("LV••••5001", None)

    assert await restored(person, change) == "ValueRestored"

    assert [one["id"] for one in (await person.ok("{viewer {paymentMethods {id}}}"))["paymentMethods"]] == [
        method["id"]
    ]
    await house.work(only="post-letters")
    assert "value-restored" in [one.template for one in house.letters]


async def test_whoever_got_in_takes_no_copy_for_three_days(house: House) -> None:
    """A changed phone number holds an export back, to the last second of 72 hours; meanwhile the owner is told."""
    person = await house.customer()
    await person.step_up()
    await person.ok(EDIT, i={"revision": 1, "phoneNumber": "+37129999999"})
    begun = house.clock.now

    house.clock.now = begun + timedelta(hours=72, seconds=-1)
    await person.sign_in()
    await person.step_up()
    refused = (await person.answer(EXPORT))["data"]["requestExport"]
    house.clock.advance(seconds=1)

    assert refused["code"] == "COOLING_OFF"
    assert refused["retryAt"] == (begun + timedelta(hours=72)).isoformat().replace("+00:00", "Z")
    assert (await person.answer(EXPORT))["data"]["requestExport"]["__typename"] == "ExportRequested"
    await house.work(only="post-letters")
    assert "contact-changed" in [one.template for one in house.letters if one.to == person.email]
    assert (await coming_in(person))["__typename"] == "SignedIn"

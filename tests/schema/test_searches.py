"""Staff find a customer by one exact identifier: masked, recorded, limited, and told to whoever was found (6.1.3)."""

from datetime import timedelta
from typing import Any

import pytest

from models.actions.finding import SERVICE, entry
from models.policy import Role
from models.tables import Customer, Search
from tests.factories import Client, House

FIND = "query($by: CustomerIdentifier!) {findCustomers(by: $by) {id number state maskedName maskedEmail}}"
EVENTS = "{viewer {events(first: 3) {nodes {action kind fields reason actor {kind name role}}}}}"
ADD_PERSON = """mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename}}"""


async def found(colleague: Client, **by: Any) -> list[dict[str, Any]]:
    """Whom a search finds."""
    return await colleague.ok(FIND, by=by)  # type: ignore[no-any-return]


async def error_of(client: Client, query: str, **variables: Any) -> str:
    """The code of a refused query."""
    answer = await client.answer(query, **variables)
    return str(answer["errors"][0]["extensions"]["code"])


async def test_a_customer_is_found_by_each_exact_identifier_and_shown_masked(house: House) -> None:
    """Number, address, phone, name with birthdate, a service, and the address of a person they named."""
    person, colleague = await house.customer(phoneNumber="+37120000021"), await house.colleague(Role.SUPPORT)
    await house.customer(familyName="Krūze")
    owner = await Customer.get(number=(await person.ok("{viewer {number}}"))["number"])
    await entry(house.world, owner.id, SERVICE, "liga.example").save(force_create=True)
    named = {"givenName": "Jānis", "familyName": "Kalns", "role": "TECHNICAL", "email": "Janis@example.com"}
    await person.ok(ADD_PERSON, i=named)

    for by in (
        {"number": owner.number.lower() + " "},
        {"email": person.email.upper()},
        {"phoneNumber": "+371 2000 0021"},
        {"name": {"familyName": " ozoliņa", "birthdate": "1987-04-12"}},
        {"service": "Liga.Example"},
        {"relatedPersonEmail": "janis@example.com"},
    ):
        [hit] = await found(colleague, **by)
        assert hit | {"id": ""} == {
            "id": "", "number": owner.number, "state": "ACTIVE", "maskedName": "•••", "maskedEmail": "•••@•••",
        }, by  # fmt: skip


async def test_a_personal_code_finds_its_owner(house: House) -> None:
    """Written with or without its hyphen."""
    await house.customer(identity={"personalCode": {"country": "LV", "code": "120487-11118"}})
    colleague = await house.colleague(Role.OFFICE)

    assert len(await found(colleague, personalCode={"country": "lv", "code": "12048711118"})) == 1
    assert await found(colleague, personalCode={"country": "LV", "code": "120487-11119"}) == []


@pytest.mark.asvs("1.2.9")
async def test_a_part_of_an_identifier_finds_nobody(house: House) -> None:
    """No browsing and no partial match; what is malformed can be nobody's."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)

    for by in (
        {"email": person.email[:-1]}, {"email": "@"}, {"number": "C"}, {"phoneNumber": "+3712"}, {"service": "%"},
        {"name": {"familyName": "Ozol", "birthdate": "1987-04-12"}}, {"relatedPersonEmail": person.email},
    ):  # fmt: skip
        assert await found(colleague, **by) == [], by
    assert await Search.filter(staff_id=colleague.id, hits=0).count() == 7
    assert await error_of(colleague, FIND, by={"email": ""}) == "INVALID_INPUT"


async def test_the_customer_sees_who_looked_for_them_and_by_what(house: House) -> None:
    """By the member's name and role, in the customer's language; never by e-mail."""
    person = await house.customer()
    colleague = await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")

    await found(colleague, email=person.email)

    person.http.headers["Accept-Language"] = "lv"
    event = (await person.ok(EVENTS))["events"]["nodes"][0]
    assert event == {
        "action": "staff.searched", "kind": "ACCESS", "fields": ["email"], "reason": None,
        "actor": {"kind": "STAFF", "name": "Ieva Lapiņa", "role": "atbalsts"},
    }  # fmt: skip


@pytest.mark.asvs("2.3.2", "2.4.1")
async def test_sixty_searches_an_hour_and_no_more(house: House) -> None:
    """The sixty-first is refused until the first is an hour old; a refused one does not count."""
    colleague, other = await house.colleague(Role.SUPPORT), await house.colleague(Role.SUPPORT)
    for number in range(60):
        at = house.clock.now + timedelta(seconds=number)
        await Search.create(id=house.world.new_id(), staff_id=colleague.id, at=at, field="email", hits=0)
    house.clock.advance(minutes=1)

    for _ in range(2):
        assert await error_of(colleague, FIND, by={"email": "nobody@example.com"}) == "TOO_MANY_ATTEMPTS"
    assert await found(other, email="nobody@example.com") == []
    house.clock.advance(minutes=59)
    await colleague.sign_in()
    assert await found(colleague, email="nobody@example.com") == []


@pytest.mark.asvs("8.2.1")
async def test_who_may_not_search(house: House) -> None:
    """Nobody signed out, nobody's customer session, and no ADMIN, who sees no customers."""
    admin, person = await house.colleague(Role.ADMIN), await house.customer()
    person.path = "/support/graphql"

    assert await error_of(admin, FIND, by={"email": person.email}) == "NOT_PERMITTED"
    assert await error_of(person, FIND, by={"email": person.email}) == "NOT_SIGNED_IN"
    assert await Search.all().count() == 0

"""Clause 4.1.5: people a customer named are told of it, and gone within two days when either of the two asks."""

from typing import Any

import pytest

from models.policy import Role
from models.tables import ActionToken, IndexEntry, Letter, Obligation, RelatedPerson
from tests.factories import Client, House
from tests.promises.kept import kept, templates
from tests.schema.desk import FULFIL, RECEIVE, received, row, seen_by

ADD = """mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename ...R ... on RelatedPersonAdded {
    relatedPerson {id givenName familyName role email phoneNumber}}}}"""
EDIT = """mutation($id: ID!, $i: AddRelatedPersonInput!) {editRelatedPerson(id: $id, input: $i) {__typename ...R
    ... on RelatedPersonEdited {relatedPerson {id givenName email phoneNumber}}}}"""
REMOVE = """mutation($by: RelatedPersonReference!) {removeRelatedPerson(by: $by) {__typename ...R
    ... on RelatedPersonRemoved {removedId}}}"""
LIST = "{viewer {relatedPersons {id givenName}}}"
PLAIN = " fragment R on Refusal {code}"
ANNA = {"givenName": "Anna", "familyName": "Kalniņa", "role": "TECHNICAL", "email": "anna@example.com"}


async def added(person: Client, **given: Any) -> dict[str, Any]:
    """Somebody who is held now."""
    answer = await person.ok(ADD + PLAIN, i=ANNA | given)
    return answer["relatedPerson"]  # type: ignore[no-any-return]


async def test_the_person_is_told(house: House) -> None:
    """By name, with a link to be removed and the name of who gave the details."""
    person = await house.customer()

    anna = await added(person, phoneNumber="+371 21234567")
    await house.work(only="post-letters")
    letter = next(one for one in house.letters if one.template == "related-person-added")

    assert (anna["role"], anna["phoneNumber"]) == ("TECHNICAL", "+37121234567")
    assert letter.to == "anna@example.com"
    assert letter.params["name"] == "Anna"
    assert "Līga Ozoliņa" in letter.rendered.text
    assert await IndexEntry.filter(field="related_email").count() == 1


async def test_the_person_removes_themselves_signed_out(house: House) -> None:
    """Row, index, letter, its copy and link go with them; the link works once."""
    person = await house.customer()
    await added(person)
    await added(person, givenName="Jānis", email=None)
    await house.work(only="post-letters")
    token = house.token("related-person-added")
    texts = "{viewer {messages {nodes {text}}}}"

    await house.client().ok(REMOVE + PLAIN, by={"token": token})

    assert [one["givenName"] for one in (await person.ok(LIST))["relatedPersons"]] == ["Jānis"]
    assert await IndexEntry.filter(field="related_email").count() == 0
    assert await Letter.filter(template="related-person-added").count() == 0
    assert await ActionToken.filter(purpose="REMOVE_RELATED_PERSON").count() == 0
    assert "Anna" not in str(await person.ok(texts))
    assert (await Obligation.get(rule="RELATED_PERSON")).done_at is not None
    assert (await house.client().refused(REMOVE, by={"token": token}))["code"] == "EXPIRED_TOKEN"


async def test_the_person_need_not_wait_for_a_closed_account(house: House) -> None:
    """Closing ends the customer's links, not theirs."""
    person = await house.customer()
    await added(person)
    await house.work(only="post-letters")
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")

    await house.client().ok(REMOVE + PLAIN, by={"token": house.token("related-person-added")})

    assert await RelatedPerson.all().count() == 0


async def test_the_customer_takes_a_person_back(house: House) -> None:
    """By id; somebody else's id finds nothing, and nobody signed out removes by id."""
    person, stranger = await house.customer(), await house.customer()
    anna = await added(person)

    assert (await stranger.refused(REMOVE, by={"id": anna["id"]}))["code"] == "NOT_FOUND"
    assert (await house.client().refused(REMOVE, by={"id": anna["id"]}))["code"] == "NOT_SIGNED_IN"
    assert await person.ok(REMOVE + PLAIN, by={"id": anna["id"]}) == {
        "__typename": "RelatedPersonRemoved",
        "removedId": anna["id"],
    }
    assert await RelatedPerson.all().count() == 0


async def test_a_new_address_is_told_and_the_old_one_forgotten(house: House) -> None:
    """Any other edit writes no letter."""
    person = await house.customer()
    anna = await added(person)

    await person.ok(EDIT + PLAIN, id=anna["id"], i=ANNA | {"givenName": "Annija"})
    assert await Letter.filter(template="related-person-added").count() == 1

    await person.ok(EDIT + PLAIN, id=anna["id"], i=ANNA | {"email": "annija@example.com"})
    await house.work(only="post-letters")

    assert [one.to for one in house.letters if one.template == "related-person-added"] == ["annija@example.com"]
    assert await IndexEntry.filter(field="related_email").count() == 1


@pytest.mark.asvs("2.3.2")
async def test_fifty_are_as_many_as_one_account_holds(house: House) -> None:
    """The next one is refused; wrong values are told apart."""
    person = await house.customer()
    for _ in range(50):
        await added(person, email=None)

    assert (await person.refused(ADD, i=ANNA))["code"] == "LIMIT_REACHED"
    assert (await person.refused(ADD, i=ANNA | {"email": "4111111111111111"}))["problems"][0]["field"] == ["email"]


@pytest.mark.asvs("2.4.1")
async def test_strangers_are_not_written_to_without_end(house: House) -> None:
    """Twenty letters at once, then one every three minutes."""
    person = await house.customer()
    for _ in range(20):
        anna = await added(person)
        await person.ok(REMOVE + PLAIN, by={"id": anna["id"]})

    assert (await person.refused(ADD, i=ANNA))["code"] == "TOO_MANY_ATTEMPTS"


async def test_a_person_named_by_a_customer_is_erased_at_their_own_request(house: House) -> None:
    """Within two days; the customer's letters and list of requests say nothing of it, their history does."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    await added(person)
    named = await RelatedPerson.get()
    theirs = {"relatedPersonId": seen_by(clerk, "MaskedRelatedPerson", named.id)}
    request = await received(clerk, person, "DELETE", check=None, **theirs)
    assert (request["clause"], request["relatedPersonId"]) == ("4.1.5", theirs["relatedPersonId"])

    done = await clerk.ok(FULFIL + PLAIN, id=request["id"])

    assert done["request"]["status"] == "FULFILLED"
    assert await RelatedPerson.all().count() == 0
    assert [(one.rule, one.done_at) for one in await Obligation.filter(rule="RELATED_PERSON")] == [
        ("RELATED_PERSON", house.clock.now)
    ]
    assert (await person.ok("{viewer {requests {nodes {id}}}}"))["requests"]["nodes"] == []
    await house.work(only="post-letters")
    assert "request-received" not in templates(house)


async def test_a_third_person_can_only_be_erased_and_must_be_named(house: House) -> None:
    """No copy of the customer's data for somebody they named, and nobody else's person."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.OFFICE)
    await added(other)
    named = seen_by(clerk, "MaskedRelatedPerson", (await RelatedPerson.get()).id)
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "relatedPersonId": named, "channel": "MAIL",
        "receivedAt": house.clock.now.isoformat(),
    }  # fmt: skip

    for kind in ("COPY", "DELETE"):
        refused = await clerk.refused(RECEIVE, i=wanted | {"kind": kind})
        assert refused["problems"] == [{"field": ["relatedPersonId"], "code": "NOT_ALLOWED"}]


async def test_two_days_are_the_most(house: House) -> None:
    """Asked at the office and not done within 48 hours it is broken; done, it was kept or not, whoever asked."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.OFFICE)
    anna = await added(person)
    await person.ok(REMOVE + PLAIN, by={"id": anna["id"]})
    line = await kept(house, "related_persons_erased")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)

    await added(other)
    named = await RelatedPerson.get()
    theirs = {"relatedPersonId": seen_by(clerk, "MaskedRelatedPerson", named.id)}
    request = await received(clerk, other, "DELETE", check=None, **theirs)
    house.clock.advance(hours=48)
    assert (await kept(house, "related_persons_erased")).broken == 0
    house.clock.advance(seconds=1)
    assert (await kept(house, "related_persons_erased")).broken == 1
    await clerk.sign_in()
    await clerk.ok(FULFIL + PLAIN, id=request["id"])

    line = await kept(house, "related_persons_erased")
    assert (line.kept, line.broken, line.open) == (1, 1, 0)
    assert await RelatedPerson.all().count() == 0

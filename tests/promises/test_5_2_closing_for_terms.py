"""Clause 5.2: the company closes an account under its terms: clause and reason told, two people, erased within a year."""

from datetime import timedelta

from models.policy import Role
from models.tables import Closure, Customer, Obligation, Tombstone
from tests.factories import House
from tests.promises.kept import at, coming_in, kept
from tests.schema.desk import APPROVE, PLAIN, REJECT, row
from tests.schema.test_approvals import LIST, proposed

SIGN_IN = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename
    ... on AccountClosed {closure {by termsClause reason}}}}"""


async def test_the_company_closes_an_account_when_two_people_agree(house: House) -> None:
    """Blocked at once, the letter names clause and reason, the same year applies, the certificate says 5.2."""
    person = await house.customer()
    officer = await house.colleague(Role.PRIVACY_OFFICER, name="Zane Bērziņa")
    clerk = await house.colleague(Role.OFFICE)
    customer = await row(person)

    approval = await proposed(officer, person)
    assert (approval["kind"], approval["mine"], approval["customer"]) == (
        "CLOSING_FOR_TERMS", True, {"number": customer.number},
    )  # fmt: skip
    assert (await person.ok("{viewer {state}}"))["state"] == "ACTIVE"
    waiting = await clerk.ok(LIST)
    assert (waiting["totalCount"], waiting["nodes"][0]["proposedBy"]) == (1, {"name": "Zane Bērziņa"})
    decided = await clerk.ok(APPROVE + PLAIN, id=waiting["nodes"][0]["id"])

    assert (decided["approved"], decided["approval"]) == (True, {"kind": "CLOSING_FOR_TERMS"})
    assert await person.ok("{viewer {id}}") is None
    closed = (await person.answer(SIGN_IN, e=person.email, p=person.password))["data"]["signIn"]["closure"]
    assert closed == {"by": "STAFF", "termsClause": "7.3", "reason": "Spam was sent."}
    await house.work(only="post-letters")
    letter = next(one for one in house.letters if one.template == "profile-closed-by-company")
    assert "7.3" in letter.rendered.text
    assert "Spam was sent." in letter.rendered.text
    house.clock.advance(days=91)
    await house.work()
    assert (await Tombstone.get(id=customer.id)).clause == "5.2"


async def test_it_takes_a_second_person_and_is_erased_within_a_year(house: House) -> None:
    """Proposed, nothing happens, however long it waits; agreed to, the year begins and is measured to its last second."""
    person, other = await house.customer(), await house.customer()
    officer, clerk = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    await proposed(officer, other)
    [waiting] = (await clerk.ok(LIST))["nodes"]
    await clerk.ok(REJECT + PLAIN, id=waiting["id"], r="No proof.")
    await proposed(officer, person)
    house.clock.advance(days=6)
    assert await person.sign_in()
    assert await Closure.all().count() == 0

    closed_at = house.clock.now + timedelta(hours=1)
    await at(closed_at, clerk)
    [waiting] = (await clerk.ok(LIST))["nodes"]
    await clerk.ok(APPROVE + PLAIN, id=waiting["id"])
    owed = await Obligation.get(rule="CLOSED")
    assert (owed.due_at, owed.ceiling) == (closed_at + timedelta(days=90), closed_at + timedelta(days=365))
    assert (await coming_in(person))["closure"]["by"] == "STAFF"

    house.clock.now = closed_at + timedelta(days=90, seconds=-1)
    await house.work(only="begin-erasures")
    assert await Tombstone.all().count() == 0
    house.clock.now = closed_at + timedelta(days=365)
    assert (await kept(house, "erasures_for_terms")).broken == 0
    house.clock.advance(seconds=1)
    line = await kept(house, "erasures_for_terms")
    assert (line.broken, line.open) == (1, 1)
    assert (await kept(house, "erasures_after_deletion")).open == 0, "another promise"
    await house.work()
    line = await kept(house, "erasures_for_terms")
    assert (line.kept, line.broken, line.open) == (0, 1, 0)
    assert [one.state for one in await Customer.all()] == ["ACTIVE"]


async def test_erased_in_time_it_was_kept(house: House) -> None:
    """Ninety days after it was closed, verified and certified under its own clause."""
    person = await house.customer()
    officer, clerk = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    await proposed(officer, person)
    [waiting] = (await clerk.ok(LIST))["nodes"]
    await clerk.ok(APPROVE + PLAIN, id=waiting["id"])
    house.clock.advance(days=90)
    await house.work()

    line = await kept(house, "erasures_for_terms")

    assert (line.kept, line.broken, line.open) == (1, 0, 0)

"""What takes two people (clauses 4.2, 5 and 5.2): never the proposer, once, with a reason; closing under the terms."""

from typing import Any

import pytest

from models.policy import Role
from models.tables import Approval, Closure, Customer
from models.tables.accounts import State
from tests.factories import Client, House
from tests.schema.desk import APPROVE, PLAIN, REJECT, row, seen_by
from tests.schema.test_requests import filed

PROPOSE = """mutation($c: ID!, $t: String! = "7.3", $r: String! = "Spam was sent.") {
    closeForTerms(customerId: $c, termsClause: $t, reason: $r) {__typename ...R
    ... on ApprovalAwaited {approval {id kind reason mine customer {number} proposedBy {name}}}}}"""
LIST = "{approvals {totalCount nodes {id kind reason mine dueAt customer {number} proposedBy {name}}}}"


async def proposed(member: Any, person: Client) -> dict[str, Any]:
    """A closing under the terms that waits."""
    customer = seen_by(member, "Customer", (await row(person)).id)
    return (await member.ok(PROPOSE + PLAIN, c=customer))["approval"]  # type: ignore[no-any-return]


@pytest.mark.asvs("2.3.5", "15.4.2")
async def test_nobody_agrees_with_themselves_and_nothing_is_decided_twice(house: House) -> None:
    """The proposer is refused, another role too; of two decisions the second finds nothing that waits."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER, Role.OFFICE)
    clerk, admin = await house.colleague(Role.OFFICE), await house.colleague(Role.ADMIN)
    approval = await proposed(officer, person)
    stored = await Approval.get()

    assert (await officer.refused(APPROVE, id=approval["id"]))["code"] == "SECOND_PERSON_REQUIRED"
    assert (await admin.refused(APPROVE, id=seen_by(admin, "Approval", stored.id)))["code"] == "NOT_PERMITTED"
    assert (await clerk.refused(APPROVE, id=approval["id"]))["code"] == "NOT_FOUND", "an id is its viewer's own"
    again = await proposed(officer, person)
    assert again["id"] == approval["id"], "proposed twice, it waits once"
    theirs = seen_by(clerk, "Approval", stored.id)
    await clerk.ok(APPROVE + PLAIN, id=theirs)
    assert (await clerk.refused(APPROVE, id=theirs))["code"] == "NOT_FOUND"
    assert (await clerk.refused(REJECT, id=theirs, r="Too late"))["code"] == "NOT_FOUND"
    assert await Closure.all().count() == 1


async def test_a_rejected_proposal_changes_nothing(house: House) -> None:
    """Why is kept with it, and stands in the customer's history; the proposer may take it back the same way."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    clerk = await house.colleague(Role.OFFICE)
    await proposed(officer, person)
    [waiting] = (await clerk.ok(LIST))["nodes"]

    assert (await clerk.ok(REJECT + PLAIN, id=waiting["id"], r="No proof."))["approved"] is False
    own = await proposed(officer, person)
    assert (await officer.ok(REJECT + PLAIN, id=own["id"], r="A mistake of mine."))["approved"] is False

    customer = await Customer.get(id=(await row(person)).id)
    assert customer.state is State.ACTIVE
    events = (await person.ok("{viewer {events(first: 50) {nodes {action reason fields}}}}"))["events"]["nodes"]
    assert {"action": "approval.rejected", "reason": "No proof.", "fields": ["CLOSING_FOR_TERMS"]} in events


async def test_closing_has_its_limits(house: House) -> None:
    """Only a privacy officer, with clause and reason, and neither a closed nor a restricted account."""
    person, officer, clerk = (
        await house.customer(),
        await house.colleague(Role.PRIVACY_OFFICER),
        await house.colleague(Role.OFFICE),
    )
    customer = await row(person)
    mine = seen_by(officer, "Customer", customer.id)

    assert (await clerk.refused(PROPOSE, c=seen_by(clerk, "Customer", customer.id)))["code"] == "NOT_PERMITTED"
    refused = await officer.refused(PROPOSE, c=mine, t="", r="4111 1111 1111 1111")
    assert refused["problems"] == [
        {"field": ["termsClause"], "code": "REQUIRED"}, {"field": ["reason"], "code": "CARD_NUMBER"},
    ]  # fmt: skip
    await filed(person, "RESTRICT")
    assert (await officer.refused(PROPOSE, c=mine))["code"] == "RESTRICTED"
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")
    assert (await officer.refused(PROPOSE, c=mine))["code"] == "NOT_READY"

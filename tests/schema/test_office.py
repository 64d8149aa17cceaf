"""The office desk (clauses 4.2.2 and 5): clocks, identity, copies, edits, restoring, deleting, refusing, the queue."""

from datetime import timedelta
from typing import Any

import pytest

from models.policy import Role
from models.tables import (
    Obligation,
    RightsRequest,
)
from tests.factories import House
from tests.promises.kept import templates
from tests.schema.desk import (
    DENY,
    FULFIL,
    IDENTIFY,
    PASSPORT,
    PLAIN,
    RECEIVE,
    REQUEST,
    open_grant,
    received,
    row,
    seen_by,
)
from tests.statements import Statements

QUEUE = f"""query($first: Int! = 20, $after: String, $number: String, $status: [RequestStatus!], $kind: [RequestKind!],
    $overdue: Boolean, $to: ID) {{requests(first: $first, after: $after, number: $number, status: $status, kind: $kind,
    overdue: $overdue, assignedTo: $to) {{totalCount nodes {{{REQUEST}}} pageInfo {{hasNextPage endCursor}}}}}}"""


# ---- receiving and identifying ---------------------------------------------------------------------------------------
async def test_the_clock_starts_when_the_request_was_received(house: House) -> None:
    """Two days for the office, two weeks for a copy, from receipt and not from when it was written down."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    earlier = house.clock.now - timedelta(hours=30)

    request = await received(clerk, person, "UPDATE", receivedAt=earlier.isoformat(), text="New name", check=None)
    copy = await received(clerk, person, "COPY", receivedAt=earlier.isoformat())

    stored = await RightsRequest.get(number=request["number"])
    assert stored.due_at == earlier + timedelta(hours=48)
    assert request["number"].startswith("R-2026-")
    assert (request["status"], request["channel"], request["clause"]) == ("RECEIVED", "OFFICE", "5")
    assert (await RightsRequest.get(number=copy["number"])).due_at == earlier + timedelta(days=14)
    owed = await Obligation.get(subject_id=stored.id)
    assert (owed.rule, owed.started_at, owed.ceiling) == ("OFFICE_48H", earlier, stored.due_at)
    await house.work(only="post-letters")
    assert templates(house, person.email).count("request-received") == 2


async def test_staff_see_no_value_without_an_open_record(house: House) -> None:
    """Masks and a number; the text and the document's last four only under a grant, the last event with its clerk's name."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE, name="Ieva Lapiņa")

    request = await received(clerk, person, "UPDATE", text="Please correct my name")
    assert request["text"] is None
    assert request["identityCheck"] == {
        "document": "PASSPORT", "lastFour": None, "officeId": "riga", "checkedBy": "Ieva Lapiņa", "confirmedBy": None,
    }  # fmt: skip
    assert (request["customer"]["maskedName"], request["customer"]["state"]) == ("•••", "ACTIVE")
    assert request["latestEvent"] == {
        "action": "request.identified", "actor": "Ieva Lapiņa", "title": "Identity checked at the office",
    }  # fmt: skip

    await open_grant(house, clerk, await row(person))
    [opened] = (await clerk.ok(QUEUE))["nodes"]
    assert (opened["text"], opened["identityCheck"]["lastFour"]) == ("Please correct my name", "12A4")


@pytest.mark.parametrize(
    ("given", "field", "code"),
    [
        ({"hours": 1}, "receivedAt", "IN_THE_FUTURE"),
        ({"days": -31}, "receivedAt", "NOT_ALLOWED"),
        ({"channel": "PORTAL"}, "channel", "NOT_ALLOWED"),
        ({"text": "4111 1111 1111 1111"}, "text", "CARD_NUMBER"),
        ({"check": PASSPORT | {"officeId": "paris"}}, "check.officeId", "NOT_ALLOWED"),
        ({"check": PASSPORT | {"lastFour": "123456789"}}, "check.lastFour", "MALFORMED"),
    ],
)
async def test_what_cannot_be_is_not_received(house: House, given: dict[str, Any], field: str, code: str) -> None:
    """A receipt in the future or long ago, the customer's own channel, a card number, an unknown office, a whole number."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    span = {name: given[name] for name in ("hours", "days") if name in given}
    given = {name: value for name, value in given.items() if name not in span}
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "kind": "UPDATE", "channel": "OFFICE",
        "receivedAt": (house.clock.now + timedelta(**span)).isoformat(),
    } | given  # fmt: skip

    refused = await clerk.refused(RECEIVE, i=wanted)

    assert refused["problems"] == [{"field": field.split("."), "code": code}]
    assert await RightsRequest.all().count() == 0


async def test_only_the_desk_works_at_the_desk(house: House) -> None:
    """Another role is refused, a customer has no way in, an unknown customer is nobody."""
    person, helper, clerk = (
        await house.customer(),
        await house.colleague(Role.SUPPORT),
        await house.colleague(Role.OFFICE),
    )
    wanted = {"kind": "COPY", "channel": "OFFICE", "receivedAt": house.clock.now.isoformat()}
    customer = (await row(person)).id

    refused = await helper.refused(RECEIVE, i=wanted | {"customerId": seen_by(helper, "Customer", customer)})
    assert refused["code"] == "NOT_PERMITTED"
    unknown = wanted | {"customerId": seen_by(clerk, "Customer", house.world.new_id())}
    assert (await clerk.refused(RECEIVE, i=unknown))["code"] == "NOT_FOUND"
    borrowed = wanted | {"customerId": seen_by(helper, "Customer", customer)}
    assert (await clerk.refused(RECEIVE, i=borrowed))["code"] == "NOT_FOUND"


async def test_nothing_is_carried_out_before_the_owner_is_identified(house: House) -> None:
    """Copies, edits, restoring and deleting wait for the document; it may be shown later."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    for kind in ("COPY", "UPDATE", "RESTORE", "DELETE"):
        request = await received(clerk, person, kind, check=None)
        assert (await clerk.refused(FULFIL, id=request["id"], i={"explanation": "x"}))["code"] == "NOT_READY", kind

    identified = (await clerk.ok(IDENTIFY + PLAIN, id=request["id"], c=PASSPORT))["request"]

    assert (identified["status"], identified["identityCheck"]["document"]) == ("IN_PROGRESS", "PASSPORT")
    assert (await clerk.ok(FULFIL + PLAIN, id=request["id"], i={}))["__typename"] == "ApprovalAwaited"


# ---- refusing --------------------------------------------------------------------------------------------------------
async def test_somebody_who_is_not_who_they_say_learns_nothing(house: House) -> None:
    """Denied: no value of the customer's in the answer, the letter goes to the address we hold and names the authorities."""
    person, clerk = await house.customer(familyName="Zvirbule"), await house.colleague(Role.OFFICE)
    request = await received(clerk, person, "RESTORE", check=None, text="I forgot my document")

    answer = await clerk.ok(DENY + PLAIN, id=request["id"], r="The person could not show a document.")

    for secret in (person.email, "Zvirbule", "I forgot my document"):
        assert secret not in str(answer)
    assert answer["request"]["status"] == "DENIED"
    await house.work(only="post-letters")
    letter = house.letters[-1]
    assert (letter.template, letter.to) == ("request-denied", person.email)
    assert "Information Commission" in letter.rendered.text
    assert "Datu valsts inspekcija" in letter.rendered.text
    assert await Obligation.filter(rule="OFFICE_48H", done_at=None).count() == 0
    assert (await clerk.refused(DENY, id=request["id"], r="Twice"))["code"] == "NOT_READY"
    [own] = (await person.ok("{viewer {requests {nodes {status explanation}}}}"))["requests"]["nodes"]
    assert own == {"status": "DENIED", "explanation": "The person could not show a document."}


# ---- the queue -------------------------------------------------------------------------------------------------------
async def test_the_queue_shows_the_most_urgent_first(house: House) -> None:
    """Pages, filters, what is overdue, one by its number; ended work is asked for by its status."""
    people, clerk = [await house.customer() for _ in range(3)], await house.colleague(Role.OFFICE)
    numbers = {}
    for kind, person in zip(("COPY", "UPDATE", "RESTORE"), people, strict=True):
        numbers[kind] = (await received(clerk, person, kind))["number"]
        house.clock.advance(minutes=1)

    first = await clerk.ok(QUEUE, first=2)
    assert [one["kind"] for one in first["nodes"]] == ["UPDATE", "RESTORE"]
    assert first["totalCount"] == 3
    rest = await clerk.ok(QUEUE, first=2, after=first["pageInfo"]["endCursor"])
    assert [one["kind"] for one in rest["nodes"]] == ["COPY"]
    assert (await clerk.ok(QUEUE, number=numbers["COPY"].lower()))["nodes"][0]["kind"] == "COPY"
    assert (await clerk.ok(QUEUE, kind=["UPDATE", "COPY"]))["totalCount"] == 2
    assert (await clerk.ok(QUEUE, overdue=True))["totalCount"] == 0
    house.clock.advance(hours=48)
    await clerk.sign_in()
    late = await clerk.ok(QUEUE, overdue=True)
    assert ([one["overdue"] for one in late["nodes"]], late["totalCount"]) == ([True, True], 2)
    assert (await clerk.ok(QUEUE, overdue=False))["totalCount"] == 1
    await clerk.ok(DENY + PLAIN, id=late["nodes"][0]["id"], r="No")
    assert (await clerk.ok(QUEUE))["totalCount"] == 2
    assert (await clerk.ok(QUEUE, status=["DENIED"]))["totalCount"] == 1


async def test_a_page_of_the_queue_costs_no_more_than_one_request(
    statements: Statements,
    house: House,
) -> None:
    """Customers, last events, proposals and names come in one statement each, however many requests there are."""
    clerk, costs = await house.colleague(Role.OFFICE), []
    for _ in range(2):
        for _ in range(3):
            person = await house.customer()
            request = await received(clerk, person, "DELETE", text="Please")
            await clerk.ok(FULFIL + PLAIN, id=request["id"])
        await clerk.ok(QUEUE)
        statements.clear()
        await clerk.ok(QUEUE)
        costs.append(len(statements.main))

    assert costs[0] == costs[1] <= 10, statements.main
    assert not statements.keystore


async def test_work_is_given_to_somebody_and_put_back(house: House) -> None:
    """By name in the queue; only to who works here."""
    person, clerk, other = (
        await house.customer(),
        await house.colleague(Role.OFFICE),
        await house.colleague(Role.OFFICE),
    )
    request = await received(clerk, person, "COPY")
    assign = """mutation($id: ID!, $to: ID) {assign(id: $id, staffId: $to) {__typename ... on Assigned {assignedTo {id}} ...R}}"""
    them = seen_by(clerk, "StaffMember", other.id)

    assert (await clerk.ok(assign + PLAIN, id=request["id"], to=them))["assignedTo"] == {"id": them}
    assert (await clerk.ok(QUEUE, to=them))["totalCount"] == 1
    nobody = seen_by(clerk, "StaffMember", house.world.new_id())
    assert (await clerk.refused(assign, id=request["id"], to=nobody))["code"] == "NOT_FOUND"
    assert (await clerk.ok(assign + PLAIN, id=request["id"]))["assignedTo"] is None
    assert (await clerk.ok(QUEUE, to=them))["totalCount"] == 0

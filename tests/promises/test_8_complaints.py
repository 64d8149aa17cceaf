"""Clause 8: complaints from customers and anybody else are acknowledged in five working days and closed with an outcome."""

from datetime import timedelta

from models.keystore import PersonKey
from models.policy import Role
from models.tables import Complaint
from tests.factories import House
from tests.promises.kept import at, kept

FILE = """mutation($i: FileComplaintInput!) {fileComplaint(input: $i) {__typename
  ... on ComplaintFiled {complaint {id number text acknowledgeBy acknowledgedAt outcome}}
  ... on Refusal {code problems {field code}}}}"""
MINE = "{viewer {complaints {number text acknowledgedAt closedAt outcome regulatorReference} events(first: 5) {nodes {action}}}}"
QUEUE = "{complaints {totalCount nodes {id number overdue text complainant {name {masked}} customer {number}}}}"
ACKNOWLEDGE = "mutation($i: ID!) {acknowledgeComplaint(id: $i) {__typename ... on Refusal {code}}}"
REFER = """mutation($i: ID!) {referComplaint(id: $i, authority: "Datu valsts inspekcija", reference: "DVI-2026-17") {
  __typename ... on Refusal {code}}}"""
CLOSE = """mutation($i: ID!) {closeComplaint(id: $i, outcome: "We were wrong, and have mended it.") {
  __typename ... on ComplaintUpdated {complaint {closedAt outcome}} ... on Refusal {code}}}"""


async def test_a_customers_complaint_is_acknowledged_referred_and_closed(house: House) -> None:
    """It gets a number and a date, letters tell each step, the customer sees the outcome and who acted."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    filed = (await person.ok(FILE, i={"text": "My invoice shows somebody else's address."}))["complaint"]
    assert filed["number"].startswith("C-2026-")
    [waiting] = (await officer.ok(QUEUE))["nodes"]
    assert waiting["number"] == filed["number"]
    assert waiting["text"] == "My invoice shows somebody else's address."
    await officer.ok(ACKNOWLEDGE, i=waiting["id"])
    await officer.ok(REFER, i=waiting["id"])
    await officer.ok(CLOSE, i=waiting["id"])
    again = await officer.answer(CLOSE, i=waiting["id"])
    assert again["data"]["closeComplaint"]["code"] == "NOT_READY"
    seen = await person.ok(MINE)
    assert seen["complaints"][0]["regulatorReference"] == "DVI-2026-17"
    assert seen["complaints"][0]["outcome"] == "We were wrong, and have mended it."
    assert [one["action"] for one in seen["events"]["nodes"]][:2] == ["complaint.closed", "complaint.referred"]
    await house.work(only="post-letters")
    assert [one.template for one in house.letters][-3:] == [
        "complaint-received", "complaint-acknowledged", "complaint-closed",
    ]  # fmt: skip


async def test_anybody_may_complain_and_is_forgotten_a_year_after(house: House) -> None:
    """Under a key of its own, which goes with the complaint; a known address makes no difference."""
    known, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    stranger = house.client()
    refused = await stranger.answer(FILE, i={"text": "Please answer."})
    assert refused["data"]["fileComplaint"]["problems"] == [{"field": ["contact"], "code": "REQUIRED"}]
    contact = {"name": "Uldis Kociņš", "email": known.email}
    await stranger.ok(FILE, i={"text": "You publish my address.", "contact": contact})
    assert (await known.ok(MINE))["complaints"] == []
    [waiting] = (await officer.ok(QUEUE))["nodes"]
    assert waiting["customer"] is None
    await officer.ok(CLOSE, i=waiting["id"])
    [row] = await Complaint.all()
    house.clock.advance(days=363)
    await house.work()
    assert await PersonKey.filter(person_id=row.person_id).exists()
    house.clock.advance(days=2)
    await house.work()
    assert not await Complaint.filter(id=row.id).exists()
    assert not await PersonKey.filter(person_id=row.person_id).exists()


async def test_words_are_for_those_who_may_read_them(house: House) -> None:
    """Support sees that there is a complaint, not what it says; a colleague without a part in it sees nothing."""
    person, support = await house.customer(), await house.colleague(Role.SUPPORT)
    await person.ok(FILE, i={"text": "Something private."})
    assert (await support.ok(QUEUE))["nodes"][0]["text"] is None
    finance = await house.colleague(Role.FINANCE)
    assert "errors" in await finance.answer(QUEUE)


async def test_a_complaint_not_acknowledged_in_five_working_days_is_overdue(house: House) -> None:
    """Filed on a Monday, it is due on the Monday after."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    await person.ok(FILE, i={"text": "Nobody answers."})
    assert not (await officer.ok(QUEUE))["nodes"][0]["overdue"]
    house.clock.advance(days=7, minutes=1)
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    assert (await officer.ok(QUEUE))["nodes"][0]["overdue"]


async def test_an_acknowledgement_in_time_is_kept_and_a_late_one_broken(house: House) -> None:
    """Five working days from receipt, to the second, whoever complained and by whatever way; then it stays broken."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    stranger = house.client()
    filed_at = house.clock.now
    assert filed_at.strftime("%A") == "Monday"
    await person.ok(FILE, i={"text": "Nobody answers."})
    await stranger.ok(FILE, i={"text": "Nor me.", "contact": {"name": "Uldis", "email": "uldis@example.com"}})
    assert {one.acknowledge_by for one in await Complaint.all()} == {filed_at + timedelta(days=7)}
    first, second = (await officer.ok(QUEUE))["nodes"]

    await at(filed_at + timedelta(days=7), officer)
    await officer.ok(ACKNOWLEDGE, i=first["id"])
    line = await kept(house, "complaints_acknowledged")
    assert (line.kept, line.broken, line.open) == (1, 0, 1)
    house.clock.advance(seconds=1)
    await officer.ok(ACKNOWLEDGE, i=second["id"])
    line = await kept(house, "complaints_acknowledged")
    assert (line.kept, line.broken, line.open) == (1, 1, 0)

    house.clock.now = filed_at + timedelta(days=11)
    late = (await (await house.customer()).ok(FILE, i={"text": "Weekends are no working days."}))["complaint"]
    assert late["acknowledgeBy"][:10] == "2026-12-11", "a Friday's is due on the Friday after"

"""The counts of the home page: what waits, what is late, in one statement."""

from datetime import timedelta

from models.policy import Role
from models.tables import Backup, Letter, Review
from tests.factories import House
from tests.schema.test_searches import error_of
from tests.statements import Statements

WORK = """{work {requestsOpen requestsOverdue requestsDueIn24Hours complaintsOpen complaintsUnacknowledged
  conversationsUnanswered approvalsForMe holdsToReview reviewsDue deadLetters oldestBackupAt}}"""
HIT = "query($e: String!) {findCustomers(by: {email: $e}) {id}}"
HOLD = """mutation($c: ID!, $d: Date!) {
  placeHold(customerId: $c, basis: "A dispute.", scope: ["message"], reviewBy: $d) {__typename}}"""
CLOSE = 'mutation($c: ID!) {closeForTerms(customerId: $c, termsClause: "7.1", reason: "Spam.") {__typename}}'


async def test_nothing_waits_in_a_new_house(house: House) -> None:
    """Every count is nought; nobody's to read but the staff's."""
    counts = await (await house.colleague(Role.SUPPORT)).ok(WORK)

    assert counts.pop("oldestBackupAt") is None
    assert set(counts.values()) == {0}
    person = await house.customer()
    person.path = "/support/graphql"
    assert await error_of(person, WORK) == "NOT_SIGNED_IN"


async def test_what_waits_is_counted_in_one_statement(statements: Statements, house: House) -> None:
    """Requests by their dates, complaints, proposals of others, holds, reviews, letters given up, the oldest backup."""
    person, other = await house.customer(), await house.customer()
    officer, office = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    await person.ok('mutation {fileRequest(kind: OBJECT, text: "No.") {__typename}}')
    await person.ok('mutation {fileComplaint(input: {text: "Too slow."}) {__typename}}')
    await person.ok('mutation {sendMessage(idempotencyKey: "a-key-of-mine-0001", text: "Hello?") {__typename}}')
    customer = (await officer.ok(HIT, e=person.email))[0]["id"]
    await officer.ok(HOLD, c=customer, d=(house.clock.now + timedelta(days=30)).date().isoformat())
    await officer.ok(CLOSE, c=(await officer.ok(HIT, e=other.email))[0]["id"])
    given_up, dropped = await Letter.all().order_by("id").limit(2)
    await Letter.filter(id=given_up.id).update(dead_at=house.clock.now, posted_at=None, tries=8)
    await Letter.filter(id=dropped.id).update(dead_at=house.clock.now, posted_at=None, tries=0)  # its link had ended
    now, new_id = house.clock.now, house.world.new_id
    await Review.create(id=new_id(), kind="KEYS", due_at=now)
    for days, gone in ((3, now), (2, None), (1, None)):
        taken = now - timedelta(days=days)
        await Backup.create(id=new_id(), taken_at=taken, destroyed_at=gone, store="main", place="-", sha256="", bytes=0)

    await office.ok(WORK)
    statements.clear()
    counts = await office.ok(WORK)

    assert len(statements.main) == 2, statements.main
    assert counts == {
        "requestsOpen": 1, "requestsOverdue": 0, "requestsDueIn24Hours": 0, "complaintsOpen": 1,
        "complaintsUnacknowledged": 1, "conversationsUnanswered": 1, "approvalsForMe": 1, "holdsToReview": 0,
        "reviewsDue": 1, "deadLetters": 1,
        "oldestBackupAt": (now - timedelta(days=2)).isoformat().replace("+00:00", "Z"),
    }  # fmt: skip
    assert (await officer.ok("{work {approvalsForMe}}")) == {"approvalsForMe": 0}
    house.clock.advance(days=29, hours=13)
    await office.sign_in()
    assert (await office.ok("{work {requestsOverdue requestsDueIn24Hours holdsToReview}}")) == {
        "requestsOverdue": 0, "requestsDueIn24Hours": 1, "holdsToReview": 0,
    }  # fmt: skip
    house.clock.advance(hours=11, minutes=30)
    await office.sign_in()
    assert (await office.ok("{work {requestsOverdue requestsDueIn24Hours holdsToReview}}")) == {
        "requestsOverdue": 1, "requestsDueIn24Hours": 0, "holdsToReview": 1,
    }  # fmt: skip

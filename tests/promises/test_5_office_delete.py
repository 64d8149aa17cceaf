"""Clause 5: the owner, identified at the office, has a profile deleted within two days, once a second person confirms."""

from datetime import timedelta

from tortoise.expressions import Q

from models.policy import Role
from models.retention.claims import claim
from models.tables import Approval, Customer, Letter, RightsRequest, Tombstone
from models.tables.accounts import State
from tests.factories import House
from tests.promises.kept import gone, kept, report, templates
from tests.schema.desk import APPROVE, FULFIL, PLAIN, received, row, seen_by


async def test_the_office_deletes_at_once_when_a_second_person_agrees(house: House) -> None:
    """Nobody waits ninety days: erased, verified and certified within two days of the request, after the letters went."""
    person, clerk, second = (
        await house.customer(),
        await house.colleague(Role.OFFICE),
        await house.colleague(Role.OFFICE),
    )
    customer = await row(person)
    request = await received(clerk, person, "DELETE")
    waiting = (await clerk.ok(FULFIL + PLAIN, id=request["id"]))["approval"]
    assert (waiting["kind"], waiting["mine"]) == ("OFFICE_DELETION", True)
    await house.work()
    assert (await Customer.get(id=customer.id)).state is State.ACTIVE
    assert (await clerk.refused(APPROVE, id=waiting["id"]))["code"] == "SECOND_PERSON_REQUIRED"

    [theirs] = (await second.ok("{approvals {nodes {id mine}}}"))["nodes"]
    assert theirs["mine"] is False
    await second.ok(APPROVE + PLAIN, id=theirs["id"])

    assert (await person.ok("{viewer {id}}")) is None
    await house.work(only="begin-erasures")
    assert await Tombstone.all().count() == 0, "the letters go first"
    lease = timedelta(minutes=2)
    assert await claim(house.world, Letter, Q(posted_at=None), 10, lease=lease, worker="another")
    await house.work(only="begin-erasures")
    assert await Tombstone.all().count() == 0, "the letters are just being posted"
    house.clock.advance(minutes=2)
    await house.work(only="post-letters")
    assert {"profile-deleted", "request-done"} <= set(templates(house, person.email))
    code = next(one for one in house.letters if one.template == "profile-deleted").params["certificate_code"]
    await house.work()
    house.clock.advance(hours=25)
    await house.work()
    stone = await Tombstone.get(id=customer.id)
    assert (stone.stage, stone.clause) == ("CERTIFIED", "5")
    assert stone.verified_at is not None
    assert stone.verified_at < stone.erase_by == stone.begun_at - lease + timedelta(hours=48)
    assert await RightsRequest.all().count() == await Letter.filter(customer_id=customer.id).count() == 0
    query = "query($c: String!) {erasureCertificate(code: $c) {number}}"
    assert await house.client().ok(query, c=code) is not None


async def test_a_closed_account_is_deleted_early(house: House) -> None:
    """The owner comes while it waits, and does not want to wait."""
    person, clerk, second = (
        await house.customer(),
        await house.colleague(Role.OFFICE),
        await house.colleague(Role.OFFICE),
    )
    customer = await row(person)
    await gone(person)
    request = await received(clerk, customer, "DELETE")
    proposal = await clerk.ok(FULFIL + PLAIN, id=request["id"])
    approval = await Approval.get()
    assert proposal["approval"]["dueAt"] == request["dueAt"]

    await second.ok(APPROVE + PLAIN, id=seen_by(second, "Approval", approval.id))
    await house.work()

    assert (await Tombstone.get(id=customer.id)).clause == "5"


async def test_who_came_back_is_not_erased_by_an_older_wish(house: House) -> None:
    """A deletion that still waited for a second person is off once the account is restored."""
    person, clerk, second = (
        await house.customer(),
        await house.colleague(Role.OFFICE),
        await house.colleague(Role.OFFICE),
    )
    customer = await row(person)
    await gone(person)
    deletion, restoring = await received(clerk, customer, "DELETE"), await received(clerk, customer, "RESTORE")
    await clerk.ok(FULFIL + PLAIN, id=deletion["id"])
    approval = await Approval.get()

    await clerk.ok(FULFIL + PLAIN, id=restoring["id"])

    assert (await second.refused(APPROVE, id=seen_by(second, "Approval", approval.id)))["code"] == "NOT_FOUND"
    assert (await Customer.get(id=customer.id)).state is State.ACTIVE


async def test_two_days_from_receipt(house: House) -> None:
    """A deletion that still waits for a second person after them is a promise broken; one done in time was kept."""
    person, other, clerk, second = (
        await house.customer(), await house.customer(), await house.colleague(Role.OFFICE), await house.colleague(Role.OFFICE)
    )  # fmt: skip
    received_at = house.clock.now
    house.clock.advance(hours=12)
    await clerk.sign_in()
    await second.sign_in()
    for one in (person, other):
        request = await received(clerk, one, "DELETE", receivedAt=received_at.isoformat())
        assert request["dueAt"] == (received_at + timedelta(hours=48)).isoformat().replace("+00:00", "Z")
        await clerk.ok(FULFIL + PLAIN, id=request["id"])
    approval = await Approval.filter(customer_id=(await row(person)).id).first()
    assert approval is not None
    await second.ok(APPROVE + PLAIN, id=seen_by(second, "Approval", approval.id))
    await house.work()

    house.clock.now = received_at + timedelta(hours=48)
    line = await kept(house, "office_erasures")
    assert (line.kept, line.broken, line.open) == (1, 0, 1)
    assert line.worst is not None
    assert line.worst < 48 * 3_600
    house.clock.advance(seconds=1)
    line = await kept(house, "office_erasures")

    assert (line.kept, line.broken, line.open) == (1, 1, 1)
    assert await Customer.filter(id=(await row(other)).id).exists(), "nobody is erased by one person's word"


async def test_agreed_to_and_not_erased_is_no_promise_kept(house: House) -> None:
    """The clock stops when the erasure is verified, not when it was agreed to; another person's or one's own request is apart."""
    person, clerk, second = (
        await house.customer(),
        await house.colleague(Role.OFFICE),
        await house.colleague(Role.OFFICE),
    )
    await person.ok('mutation {fileRequest(kind: UPDATE, text: "My code is wrong.") {__typename}}')
    request = await received(clerk, person, "DELETE")
    await clerk.ok(FULFIL + PLAIN, id=request["id"])
    approval = await Approval.get()
    await second.ok(APPROVE + PLAIN, id=seen_by(second, "Approval", approval.id))
    for duty in ("post-letters", "begin-erasures"):
        house.clock.advance(hours=24, seconds=1)
        lines = await report(house)
        line = lines["office_erasures"]
        assert (line.kept, line.broken, line.open) == (0, duty == "begin-erasures", 1)
        await house.work(only=duty)
    assert (await kept(house, "office_erasures")).broken == 1
    assert lines["office_restores"].measured == lines["office_restores"].open == 0
    assert lines["erasures_after_deletion"].open == 0

    await house.work()

    line = await kept(house, "office_erasures")
    assert (line.kept, line.broken, line.open) == (0, 1, 0)

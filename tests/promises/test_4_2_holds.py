"""Clause 4.2: a hold stops the erasure of what it names and of nothing else, is reviewed, and two people release it."""

from datetime import timedelta
from typing import Any

import pytest

from models.policy import Role
from models.tables import Change, Customer, Event, Hold, Obligation, SignIn, Tombstone
from tests.factories import Client, House
from tests.promises.kept import kept
from tests.promises.test_4_1_5_related_persons import REMOVE, added
from tests.schema.desk import APPROVE, FULFIL, PLAIN, REJECT, open_grant, received, row, seen_by
from tests.schema.test_payment_methods import ADD as ADD_METHOD

HOLD = "id customer {number} basis toldToCustomer scope placedBy reviewBy releasedAt"
PLACE = f"""mutation($c: ID!, $b: String! = "Court case 12/2026", $s: [String!]!, $r: Date!, $t: Boolean! = true) {{
    placeHold(customerId: $c, basis: $b, scope: $s, reviewBy: $r, tellCustomer: $t) {{__typename ...R
    ... on HoldUpdated {{hold {{{HOLD}}}}}}}}}"""
REVIEW = f"""mutation($id: ID!, $r: Date!) {{reviewHold(id: $id, reviewBy: $r, reason: "The case goes on") {{__typename ...R
    ... on HoldUpdated {{hold {{{HOLD}}}}}}}}}"""
RELEASE = """mutation($id: ID!) {releaseHold(id: $id, reason: "Settled") {__typename ...R
    ... on ApprovalAwaited {approval {id kind}}}}"""
HOLDS = f"query($b: Date) {{holds(reviewBefore: $b) {{totalCount nodes {{{HOLD}}}}}}}"
EDIT = 'mutation {editProfile(input: {revision: 1, givenName: "Jana"}) {__typename}}'


async def placed(member: Any, person: Client | Customer, *scope: str, **given: Any) -> dict[str, Any]:
    """A hold that stands."""
    customer = person if isinstance(person, Customer) else await row(person)
    day = (member.house.clock.now + timedelta(days=100)).date().isoformat()
    wanted = {"c": seen_by(member, "Customer", customer.id), "s": list(scope), "r": day} | given
    return (await member.ok(PLACE + PLAIN, **wanted))["hold"]  # type: ignore[no-any-return]


async def released(house: House, officer: Any, second: Any, hold: dict[str, Any]) -> None:
    """Proposed by one, agreed to by another."""
    proposal = await officer.ok(RELEASE + PLAIN, id=hold["id"])
    [waiting] = (await second.ok("{approvals {nodes {id mine}}}"))["nodes"]
    assert proposal["approval"]["kind"] == "HOLD_RELEASE"
    assert (await officer.refused(APPROVE, id=proposal["approval"]["id"]))["code"] == "SECOND_PERSON_REQUIRED"
    await second.ok(APPROVE + PLAIN, id=waiting["id"])


async def test_a_hold_keeps_what_it_names_from_ageing_and_nothing_else(house: House) -> None:
    """Held old values stay past their ninety days, sign-ins go; released, the old values go as well."""
    person = await house.customer()
    officer, second = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    await person.ok(EDIT)
    customer = await row(person)
    hold = await placed(officer, person, "change")
    assert (hold["basis"], hold["scope"], hold["toldToCustomer"]) == (None, ["change"], True)

    house.clock.advance(days=370)
    await house.work(only="age-rows")

    assert await Change.all().count() == 1
    assert await SignIn.filter(customer_id=customer.id).count() == 0
    await officer.sign_in()
    await second.sign_in()
    await released(house, officer, second, hold)
    await house.work(only="age-rows")
    assert await Change.all().count() == 0
    assert await Obligation.filter(rule="HOLD", done_at=None).count() == 0
    await house.work(only="post-letters")
    assert [one.template for one in house.letters][-2:] == ["hold-placed", "hold-released"]


@pytest.mark.parametrize("scope", ["all", "payment_method"])
async def test_a_closed_account_on_hold_is_not_erased_and_says_why(house: House, scope: str) -> None:
    """Its rows share one key, so any hold delays all of it; the date says so; released, it goes."""
    person = await house.customer()
    officer, second = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    customer = await row(person)
    hold = await placed(officer, person, scope)
    preview = await person.ok("{viewer {deletionPreview {remains {title basis until}}}}")
    assert preview["deletionPreview"]["remains"][0]["basis"] == "Court case 12/2026"
    await person.step_up()
    closed = await person.ok(
        "mutation {deleteProfile {__typename ... on ProfileDeleted {closure {remains {basis until}}}}}"
    )
    assert closed["closure"]["remains"][0] == {"basis": "Court case 12/2026", "until": hold["reviewBy"]}
    owed = await Obligation.get(rule="CLOSED")
    assert "hold" in owed.opened(await house.world.vault.keys([customer.id])).moved_because

    house.clock.advance(days=95)
    await house.work()
    assert await Tombstone.all().count() == 0
    await officer.sign_in()
    await second.sign_in()
    await released(house, officer, second, hold)
    await house.work()

    assert await Tombstone.filter(id=customer.id).exists()
    assert not await Customer.filter(id=customer.id).exists()


async def test_a_hold_stops_nobody_else(house: House) -> None:
    """Of two closed accounts, the one without a hold goes when it is due."""
    held, free = await house.customer(), await house.customer()
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    await placed(officer, held, "all")
    ids = {}
    for person in (held, free):
        ids[person.email] = (await row(person)).id
        await person.step_up()
        await person.ok("mutation {deleteProfile {__typename}}")

    house.clock.advance(days=91)
    await house.work()

    assert [stone.id for stone in await Tombstone.all()] == [ids[free.email]]


async def test_the_office_does_not_delete_what_is_held(house: House) -> None:
    """Neither proposed nor, when the hold came later, approved."""
    person = await house.customer()
    officer, clerk = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    request = await received(clerk, person, "DELETE")
    proposal = await clerk.ok(FULFIL + PLAIN, id=request["id"])
    await placed(officer, person, "message")
    [waiting] = (await officer.ok("{approvals {nodes {id}}}"))["nodes"]

    assert (await officer.refused(APPROVE, id=waiting["id"]))["code"] == "ON_HOLD"
    assert (await clerk.refused(FULFIL, id=request["id"]))["code"] == "ON_HOLD"
    assert proposal["approval"]["kind"] == "OFFICE_DELETION"


async def test_the_customer_cannot_destroy_what_is_held(house: House) -> None:
    """Payment methods and named people stay; what is not named can be removed."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    anna = await added(person)
    await person.step_up()
    iban = {"bankAccount": {"iban": "LV80BANK0000435195001"}}
    await person.ok(ADD_METHOD + PLAIN, i={"idempotencyKey": "a-key-of-my-own-0001", "method": iban})
    [method] = (await person.ok("{viewer {paymentMethods {id}}}"))["paymentMethods"]
    remove = "mutation($id: ID!) {removePaymentMethod(id: $id) {__typename ...R}}"

    await placed(officer, person, "related_person")
    assert (await person.refused(REMOVE, by={"id": anna["id"]}))["code"] == "ON_HOLD"
    await house.work(only="post-letters")
    token = house.token("related-person-added")
    assert (await house.client().refused(REMOVE, by={"token": token}))["code"] == "ON_HOLD"
    await person.ok(remove + PLAIN, id=method["id"])
    await placed(officer, person, "all")
    await person.ok(ADD_METHOD + PLAIN, i={"idempotencyKey": "a-key-of-my-own-0002", "method": iban})
    [method] = (await person.ok("{viewer {paymentMethods {id}}}"))["paymentMethods"]
    assert (await person.refused(remove, id=method["id"]))["code"] == "ON_HOLD"


async def test_a_hold_that_must_not_be_told_is_nowhere_to_be_seen(house: House) -> None:
    """No letter, no event of the customer's, no remaining item, no date; staff see it in their list."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER, name="Zane Bērziņa")
    await placed(officer, person, "all", t=False)
    hold = (await officer.ok(HOLDS))["nodes"][0]
    assert (hold["placedBy"], hold["toldToCustomer"], hold["basis"]) == ("Zane Bērziņa", False, None)
    await officer.ok(RELEASE + PLAIN, id=hold["id"])

    seen = await person.ok(
        """{viewer {events(first: 50) {nodes {action}} obligations {title} deletionPreview {remains {basis}}
        report {sections {entity count}}}}"""
    )

    assert not [one for one in seen["events"]["nodes"] if one["action"].startswith(("hold", "approval"))]
    assert "Court case 12/2026" not in str(seen)
    assert not [one for one in seen["obligations"] if "hold" in one["title"].lower()]
    counts = {one["entity"]: one["count"] for one in seen["report"]["sections"]}
    assert (counts["holds"], counts["approvals"]) == (0, 0)
    await house.work(only="post-letters")
    assert "hold-placed" not in [one.template for one in house.letters]
    assert await Event.filter(action="hold.placed", alias=None).count() == 1


async def test_a_hold_is_reviewed_in_time(house: House) -> None:
    """At most 180 days on; reviewed, the next date counts; the basis is read only with the record open."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    hold = await placed(officer, person, "change", "sign_in")
    today = house.clock.now.date()
    for days in (0, -1, 181):
        day = (today + timedelta(days=days)).isoformat()
        assert (await officer.refused(REVIEW, id=hold["id"], r=day))["problems"][0]["field"] == ["reviewBy"]

    later = (today + timedelta(days=180)).isoformat()
    assert (await officer.ok(REVIEW + PLAIN, id=hold["id"], r=later))["hold"]["reviewBy"] == later

    owed = await Obligation.filter(rule="HOLD").order_by("done_at")
    assert sorted(one.done_at is None for one in owed) == [False, True]
    assert (await officer.ok(HOLDS, b=later))["totalCount"] == 0
    assert (await officer.ok(HOLDS, b=(today + timedelta(days=181)).isoformat()))["totalCount"] == 1
    await open_grant(house, officer, await row(person))
    assert (await officer.ok(HOLDS))["nodes"][0]["basis"] == "Court case 12/2026"


async def test_a_hold_names_tables_and_only_the_privacy_officer_places_it(house: House) -> None:
    """An unknown table, none, everything and something; a reject leaves the hold standing."""
    person = await house.customer()
    officer, clerk = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    customer, day = await row(person), (house.clock.now + timedelta(days=9)).date().isoformat()
    for scope in (["cards"], [], ["all", "change"]):
        refused = await officer.refused(PLACE, c=seen_by(officer, "Customer", customer.id), s=scope, r=day)
        assert refused["problems"][0]["field"] == ["scope"]
    refused = await clerk.refused(PLACE, c=seen_by(clerk, "Customer", customer.id), s=["all"], r=day)
    assert refused["code"] == "NOT_PERMITTED"
    hold = await placed(officer, person, "all")
    await officer.ok(RELEASE + PLAIN, id=hold["id"])
    [waiting] = (await clerk.ok("{approvals {nodes {id}}}"))["nodes"]

    assert (await clerk.ok(REJECT + PLAIN, id=waiting["id"], r="The case is open"))["approved"] is False

    assert (await Hold.get()).released_at is None
    assert (await clerk.ok("{approvals {totalCount}}"))["totalCount"] == 0


async def test_a_hold_that_nobody_reviews_is_broken_after_its_day(house: House) -> None:
    """At the day's beginning it still is in time, a second later not; reviewed or released in time it is kept."""
    person, officer, second = (
        await house.customer(), await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.OFFICE)
    )  # fmt: skip
    day = (house.clock.now + timedelta(days=180)).date()
    hold = await placed(officer, person, "change", r=day.isoformat())
    owed = await Obligation.get(rule="HOLD", done_at=None)
    assert owed.ceiling == owed.started_at + timedelta(days=180)
    review_by = (await Hold.get()).review_by

    house.clock.now = review_by
    line = await kept(house, "holds_reviewed")
    assert (line.broken, line.open) == (0, 1)
    house.clock.advance(seconds=1)
    line = await kept(house, "holds_reviewed")
    assert (line.broken, line.open) == (1, 1)

    await officer.sign_in()
    await second.sign_in()
    later = (house.clock.now + timedelta(days=100)).date().isoformat()
    await officer.ok(REVIEW + PLAIN, id=hold["id"], r=later)
    await released(house, officer, second, hold)
    line = await kept(house, "holds_reviewed")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)


@pytest.mark.parametrize("scope", ["sign_in", "change"])
async def test_an_address_is_cut_unless_its_record_is_held(house: House, scope: str) -> None:
    """What a hold does not name goes on ageing, by every stage."""
    person, officer = await house.customer(), await house.colleague(Role.PRIVACY_OFFICER)
    await placed(officer, person, scope)

    house.clock.advance(days=179)
    await house.work(only="cut-addresses")

    assert (await SignIn.get()).ip_precision == ("FULL" if scope == "sign_in" else "NETWORK")

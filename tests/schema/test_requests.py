"""What customers ask for themselves: a restriction and an objection take effect at once, and can be taken back."""

from typing import Any

from models.actions.account import SYSTEM, changing
from models.policy import Role
from models.tables import Consent, Letter, Obligation, Restriction, RightsRequest
from models.tables.letters import LetterKind
from tests.factories import House
from tests.schema.desk import DENY, FULFIL, PLAIN, received, row, seen_by

FILE = """mutation($k: RequestKind!, $t: String!) {fileRequest(kind: $k, text: $t) {__typename ...R
    ... on RequestFiled {request {id number kind channel status dueAt text clause}}}}"""
WITHDRAW = """mutation($id: ID!) {withdrawRequest(id: $id) {__typename ...R ... on RequestFiled {request {status}}}}"""
STATE = "{viewer {state}}"
LIST = "query($o: Boolean) {viewer {requests(open: $o) {nodes {id status}}}}"
PREFERENCES = """mutation {setPreferences(input: {newsByEmail: true, personalisedContent: true, personalisedAds: true,
    cookies: {preferences: true, statistics: true, advertising: true}}) {__typename}}"""


async def filed(person: Any, kind: str) -> dict[str, Any]:
    return (await person.ok(FILE + PLAIN, k=kind, t="Because it is wrong."))["request"]  # type: ignore[no-any-return]


async def test_a_restriction_takes_effect_at_once_and_is_lifted_when_taken_back(house: House) -> None:
    """The account says RESTRICTED, staff edit nothing, reading goes on; withdrawn, it is as before."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)

    request = await filed(person, "RESTRICT")

    assert (request["channel"], request["status"], request["text"]) == ("PORTAL", "RECEIVED", "Because it is wrong.")
    assert (await person.ok(STATE))["state"] == "RESTRICTED"
    theirs = await received(clerk, person, "UPDATE")
    assert theirs["customer"]["state"] == "RESTRICTED"
    edit = {"changes": {"familyName": "Liepa"}}
    assert (await clerk.refused(FULFIL, id=theirs["id"], i=edit))["code"] == "RESTRICTED"
    assert (await person.ok("{viewer {profile {givenName}}}"))["profile"]["givenName"] == "Līga"
    assert (await person.ok(WITHDRAW + PLAIN, id=request["id"]))["request"]["status"] == "CANCELLED"
    assert (await person.ok(STATE))["state"] == "ACTIVE"
    assert (await Restriction.get()).lifted_at == house.clock.now
    await clerk.ok(FULFIL + PLAIN, id=theirs["id"], i=edit)
    assert await Obligation.filter(rule="REQUEST", done_at=None).count() == 0
    assert (await person.refused(WITHDRAW, id=request["id"]))["code"] == "NOT_FOUND"
    await house.work(only="post-letters")
    assert request["number"] in next(one for one in house.letters if one.template == "request-received").rendered.text


async def test_a_restriction_that_staff_confirmed_stands_until_taken_back(house: House) -> None:
    """Carried out, it goes on; refused, it ends."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    first = await filed(person, "RESTRICT")
    stored = await RightsRequest.get(number=first["number"])

    await clerk.ok(FULFIL + PLAIN, id=seen_by(clerk, "StaffRequest", stored.id))
    assert (await person.ok(STATE))["state"] == "RESTRICTED"
    assert (await person.ok(LIST, o=True))["requests"]["nodes"] == []
    await person.ok(WITHDRAW + PLAIN, id=first["id"])
    second = await filed(person, "RESTRICT")
    stored = await RightsRequest.get(number=second["number"])
    await clerk.ok(DENY + PLAIN, id=seen_by(clerk, "StaffRequest", stored.id), r="The address was confirmed.")

    assert (await person.ok(STATE))["state"] == "ACTIVE"
    assert len((await person.ok(LIST, o=False))["requests"]["nodes"]) == 2


async def test_no_marketing_letter_goes_out_while_processing_is_restricted(house: House) -> None:
    """Not even one that was consented to and written before."""
    person = await house.customer()
    await person.ok(PREFERENCES)
    customer = await row(person)
    async with changing(house.world, customer.id, by=SYSTEM) as account:
        await account.letter(
            "news", kind=LetterKind.MARKETING, headline="h", body="b", unsubscribe_link="http://localhost:8000/u"
        )
    await filed(person, "RESTRICT")

    await house.work(only="post-letters")

    assert "news" not in [one.template for one in house.letters]
    assert (await Letter.get(template="news")).dead_at is not None


async def test_an_objection_stops_marketing_and_personalisation_at_once(house: House) -> None:
    """Every such consent is withdrawn, and stays so when the objection is taken back; the others are left alone."""
    person = await house.customer()
    await person.ok(PREFERENCES)

    request = await filed(person, "OBJECT")

    query = """{viewer {preferences {newsByEmail personalisedContent personalisedAds
        cookies {preferences statistics advertising}}}}"""
    stopped = {
        "newsByEmail": False, "personalisedContent": False, "personalisedAds": False,
        "cookies": {"preferences": True, "statistics": True, "advertising": False},
    }  # fmt: skip
    assert (await person.ok(query))["preferences"] == stopped
    assert await Consent.filter(decision="WITHDRAWN").count() == 4
    await person.ok(WITHDRAW + PLAIN, id=request["id"])
    assert (await person.ok(query))["preferences"] == stopped


async def test_what_has_its_own_way_is_not_filed(house: House) -> None:
    """Copies, deletions and restoring; a second restriction; a card number; more than ten at once; somebody else's."""
    person, other = await house.customer(), await house.customer()
    for kind in ("COPY", "DELETE", "RESTORE"):
        refused = await person.refused(FILE, k=kind, t="Please")
        assert refused["problems"] == [{"field": ["kind"], "code": "NOT_ALLOWED"}]
    restricted = await filed(person, "RESTRICT")
    assert (await person.refused(FILE, k="RESTRICT", t="x"))["problems"][0]["code"] == "DUPLICATE"
    assert (await person.refused(FILE, k="UPDATE", t="4111111111111111"))["problems"][0]["code"] == "CARD_NUMBER"
    for _ in range(9):
        await filed(person, "UPDATE")

    assert (await person.refused(FILE, k="UPDATE", t="x"))["code"] == "LIMIT_REACHED"
    assert (await other.refused(WITHDRAW, id=restricted["id"]))["code"] == "NOT_FOUND"
    assert (await house.client().refused(FILE, k="OBJECT", t="x"))["code"] == "NOT_SIGNED_IN"


async def test_requests_are_not_filed_without_end(house: House) -> None:
    """About twenty at once, then one every three minutes."""
    person = await house.customer()
    for _ in range(20):
        await person.ok(WITHDRAW + PLAIN, id=(await filed(person, "UPDATE"))["id"])

    assert (await person.refused(FILE, k="UPDATE", t="x"))["code"] == "TOO_MANY_ATTEMPTS"


async def test_a_request_is_found_by_its_id(house: House) -> None:
    """By its owner."""
    person, other = await house.customer(), await house.customer()
    request = await filed(person, "UPDATE")
    query = "query($id: ID!) {node(id: $id) {... on RightsRequest {number}}}"

    assert await person.ok(query, id=request["id"]) == {"number": request["number"]}
    assert await other.ok(query, id=request["id"]) is None

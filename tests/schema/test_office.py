"""The office desk (clauses 4.2.2 and 5): clocks, identity, copies, edits, restoring, deleting, refusing, the queue."""

import asyncio
import io
from datetime import timedelta
from typing import Any

import pytest

from models.archive.verify import verify
from models.policy import Role
from models.retention.erase import begin_erasures
from models.tables import (
    ActionToken,
    Approval,
    Change,
    Closure,
    Customer,
    Export,
    IndexEntry,
    Letter,
    Obligation,
    Passkey,
    RelatedPerson,
    RightsRequest,
    Session,
    Tombstone,
    Totp,
)
from models.tables.accounts import State
from models.tables.factors import PasskeyContents, TotpContents
from tests.factories import Client, House
from tests.schema.desk import (
    APPROVE,
    COLLECT,
    DENY,
    FULFIL,
    HAND_OVER,
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
from tests.schema.test_related_persons import added
from tests.schema.test_requests import filed
from tests.schema.test_statements import Statements, statements  # noqa: F401  a fixture

QUEUE = f"""query($first: Int! = 20, $after: String, $number: String, $status: [RequestStatus!], $kind: [RequestKind!],
    $overdue: Boolean, $to: ID) {{requests(first: $first, after: $after, number: $number, status: $status, kind: $kind,
    overdue: $overdue, assignedTo: $to) {{totalCount nodes {{{REQUEST}}} pageInfo {{hasNextPage endCursor}}}}}}"""
CLOSE = "mutation {deleteProfile {__typename ... on Refusal {code}}}"
SIGN_IN = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename ... on Refusal {code}
    ... on AccountClosed {closure {by requests {number kind status} remains {title basis}}}}}"""
RESET = """mutation($t: String!, $p: String!) {resetPassword(token: $t, newPassword: $p) {__typename ... on Refusal {code}}}"""


async def gone(person: Client) -> None:
    """The customer deletes their profile."""
    await person.step_up()
    await person.ok(CLOSE)


def templates(house: House, to: str | None = None) -> list[str]:
    return [one.template for one in house.letters if to in (None, one.to)]


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


# ---- copies ----------------------------------------------------------------------------------------------------------
async def ready_copy(house: House, clerk: Any, person: Client | Customer) -> dict[str, Any]:
    """A copy that was asked for, identified, built."""
    request = await received(clerk, person, "COPY")
    await clerk.ok(FULFIL + PLAIN, id=request["id"])
    assert (await clerk.refused(HAND_OVER, id=request["id"]))["code"] == "NOT_READY"
    await house.work()
    return request


async def test_a_copy_is_handed_over_by_a_code_and_fetched_signed_out(house: House) -> None:
    """Built, its clock stopped, a code of one use, a letter; the download works without a session, once."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    request = await ready_copy(house, clerk, person)
    stored = await RightsRequest.get(number=request["number"])
    assert stored.copy_ready_at == house.clock.now
    assert await Obligation.filter(rule="COPY", done_at=None).count() == 0

    handed = await clerk.ok(HAND_OVER + PLAIN, id=request["id"])
    assert (handed["request"]["status"], handed["request"]["overdue"]) == ("FULFILLED", False)
    assert set(handed) == {"__typename", "collectionCode", "expiresAt", "request"}, (
        "staff see the code, never the bytes"
    )
    await house.work(only="post-letters")
    assert templates(house, person.email)[-1] == "copy-code-issued"

    owner = house.client()
    assert (await owner.refused(COLLECT, c="0000-0000-0000"))["code"] == "EXPIRED_TOKEN"
    export = (await owner.ok(COLLECT + PLAIN, c=handed["collectionCode"].lower().replace("-", " ")))["export"]
    assert (await owner.refused(COLLECT, c=handed["collectionCode"]))["code"] == "EXPIRED_TOKEN"
    archive = await owner.http.get(export["downloadUrl"])
    assert archive.status_code == 200, archive.text
    assert verify(io.BytesIO(archive.content)).ok
    assert (await owner.http.get(export["downloadUrl"])).status_code == 410
    assert (await owner.http.get(export["downloadUrl"] + "x")).status_code == 404
    assert (await owner.http.get(export["downloadUrl"].split("?")[0])).status_code == 401
    await house.work()
    assert await house.world.shelf.ids() == set()


async def test_a_code_lasts_fifteen_minutes_and_a_new_one_ends_it(house: House) -> None:
    """The owner comes back to the counter for another."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    request = await ready_copy(house, clerk, person)
    first = (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]
    second = (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]

    assert (await house.client().refused(COLLECT, c=first))["code"] == "EXPIRED_TOKEN"
    house.clock.advance(minutes=16)
    assert (await house.client().refused(COLLECT, c=second))["code"] == "EXPIRED_TOKEN"
    await clerk.sign_in()
    third = (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]
    await house.client().ok(COLLECT + PLAIN, c=third)
    assert await ActionToken.filter(purpose="DOWNLOAD_COPY", used_at=None).count() == 1


async def test_the_owner_of_a_closed_account_gets_a_copy_too(house: House) -> None:
    """It is built although the account is closed, and fetched by somebody who cannot sign in."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    customer = await row(person)
    await gone(person)
    request = await ready_copy(house, clerk, customer)
    code = (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]

    export = (await person.ok(COLLECT + PLAIN, c=code))["export"]

    assert (await person.http.get(export["downloadUrl"])).status_code == 200
    closed = (await person.answer(SIGN_IN, e=person.email, p=person.password))["data"]["signIn"]["closure"]
    assert closed["requests"] == []


async def test_a_copy_that_nobody_fetched_is_built_again(house: House) -> None:
    """After seven days it is erased; the request is still there."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    request = await ready_copy(house, clerk, person)
    house.clock.advance(days=8)
    await house.work()
    await clerk.sign_in()
    assert (await clerk.refused(HAND_OVER, id=request["id"]))["code"] == "NOT_READY"

    await clerk.ok(FULFIL + PLAIN, id=request["id"])
    await house.work()

    assert (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]
    assert await Export.filter(erased_at=None).count() == 1


# ---- updating and restoring ------------------------------------------------------------------------------------------
async def test_the_office_updates_a_profile(house: House) -> None:
    """Checked as the customer's own edits are; the old value stays restorable; done is told."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    request = await received(clerk, person, "UPDATE")

    assert (await clerk.refused(FULFIL, id=request["id"], i={}))["problems"][0]["code"] == "REQUIRED"
    wrong = await clerk.refused(FULFIL, id=request["id"], i={"changes": {"phoneNumber": "12", "email": "no"}})
    assert sorted(one["field"] for one in wrong["problems"]) == [["changes", "email"], ["changes", "phoneNumber"]]
    stale = await clerk.refused(FULFIL, id=request["id"], i={"revision": 7, "changes": {"familyName": "Liepa"}})
    assert stale["code"] == "STALE_REVISION"
    taken = await house.customer()
    twice = await clerk.refused(FULFIL, id=request["id"], i={"changes": {"email": taken.email}})
    assert twice["problems"] == [{"field": ["changes", "email"], "code": "DUPLICATE"}]

    done = await clerk.ok(FULFIL + PLAIN, id=request["id"], i={"revision": 1, "changes": {"familyName": "Liepa"}})

    assert (done["request"]["status"], done["request"]["latestEvent"]["action"]) == ("FULFILLED", "request.fulfilled")
    assert done["request"]["fulfilledAt"]
    assert (await person.ok("{viewer {profile {familyName}}}"))["profile"]["familyName"] == "Liepa"
    assert (await Change.get()).changed_by == "STAFF"
    await house.work(only="post-letters")
    assert templates(house, person.email)[-1] == "request-done"


async def test_the_office_opens_a_closed_account_again(house: House) -> None:
    """Within two days of the request: nothing is erased, the owner signs in as before, letters tell."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    customer = await row(person)
    await gone(person)
    request = await received(clerk, customer, "RESTORE")
    closed = (await person.answer(SIGN_IN, e=person.email, p=person.password))["data"]["signIn"]["closure"]
    assert closed["requests"] == [{"number": request["number"], "kind": "RESTORE", "status": "IN_PROGRESS"}]

    await clerk.ok(FULFIL + PLAIN, id=request["id"])

    assert await Closure.all().count() == 0
    owed = await Obligation.get(rule="CLOSED")
    moved = owed.opened(await house.world.vault.keys([customer.id])).moved_because
    assert owed.done_at == house.clock.now
    assert request["number"] in moved
    assert (await person.sign_in())["__typename"] == "SignedIn"
    await house.work(only="post-letters")
    assert {"profile-restored", "request-done"} <= set(templates(house, person.email))
    house.clock.advance(days=400)
    await house.work()
    assert await Customer.filter(id=customer.id).exists()


async def test_a_restore_never_races_past_an_erasure(house: House) -> None:
    """Whoever claims the row first has it: one that is being erased is nobody's to restore, one restored is not erased."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    customer = await row(person)
    await gone(person)
    request = await received(clerk, customer, "RESTORE")
    house.clock.advance(days=90)
    await clerk.sign_in()
    await house.work(only="begin-erasures")

    assert (await clerk.refused(FULFIL, id=request["id"]))["code"] == "NOT_FOUND"
    assert (await Customer.get(id=customer.id)).state is State.ERASING


async def test_of_a_restore_and_an_erasure_at_once_one_happens(house: House) -> None:
    """Both claim the customer's row under its lock; whichever way it goes, nothing is half done."""
    clerk, people = await house.colleague(Role.OFFICE), []
    for _ in range(4):
        person = await house.customer()
        customer = await row(person)
        await gone(person)
        people.append((person, customer, await received(clerk, customer, "RESTORE")))
    house.clock.advance(days=90)
    await clerk.sign_in()

    answers = await asyncio.gather(
        *(clerk.answer(FULFIL + PLAIN, id=request["id"]) for _, _, request in people), begin_erasures(house.world, 10)
    )

    for (_, customer, _), answer in zip(people, answers[:-1], strict=True):
        restored = answer["data"]["fulfilRequest"]["__typename"] == "RequestFulfilled"
        state = (await Customer.get(id=customer.id)).state
        assert state is (State.ACTIVE if restored else State.ERASING)
        assert await Tombstone.filter(id=customer.id).exists() is not restored
        assert await Closure.filter(customer_id=customer.id).exists() is not restored


async def test_a_hijacked_account_comes_back_to_its_owner(house: House) -> None:
    """Old values back, a new address, factors removed, sessions ended, the reset link to the address given; no link of the
    stranger's works."""
    person, clerk = await house.customer(givenName="Anna"), await house.colleague(Role.OFFICE)
    customer, keys = await row(person), await house.world.vault.keys([(await row(person)).id])
    edit = 'mutation {editProfile(input: {revision: 1, givenName: "Thief"}) {__typename}}'
    await person.ok(edit)
    change = await Change.get(field="givenName")
    await _factors(house, customer.id, keys)
    request = await received(clerk, person, "RESTORE")

    restored = {
        "restoreValues": [seen_by(clerk, "MaskedChange", change.id)], "changes": {"email": "anna.new@example.com"},
        "resetAccess": True,
    }  # fmt: skip
    await clerk.ok(FULFIL + PLAIN, id=request["id"], i=restored)

    assert await Totp.all().count() == await Passkey.all().count() == 0
    assert await Session.filter(ended_at=None, customer_id=customer.id).count() == 0
    assert await ActionToken.filter(purpose="REVERT_EMAIL_CHANGE", used_at=None).count() == 0
    await house.work(only="post-letters")
    assert templates(house, person.email)[-1] == "contact-changed"
    assert "revert-email-change" not in templates(house)
    token = house.token("reset-password", "anna.new@example.com")
    old, person.email = person.email, "anna.new@example.com"
    blocked = await person.answer(SIGN_IN, e=person.email, p=person.password)
    assert blocked["data"]["signIn"]["code"] == "RESET_REQUIRED"
    person.password = "another horse battery staple"
    await person.ok(RESET, t=token, p=person.password)
    assert (await person.sign_in())["__typename"] == "SignedIn"
    profile = (await person.ok("{viewer {profile {givenName email}}}"))["profile"]
    assert profile == {"givenName": "Anna", "email": "anna.new@example.com"}
    assert old != person.email
    assert (await Change.get(id=change.id)).restored_at is not None


async def _factors(house: House, customer_id: Any, keys: Any) -> None:
    """An authenticator app and a passkey."""
    totp = Totp(
        id=house.world.new_id(), customer_id=customer_id, begun_at=house.clock.now, confirmed_at=house.clock.now
    )
    totp.seal(keys, TotpContents(seed="JBSWY3DPEHPK3PXP"))
    await totp.save(force_create=True)
    passkey = Passkey(
        id=house.world.new_id(), customer_id=customer_id, credential_digest=b"x" * 32, created_at=house.clock.now
    )
    passkey.seal(keys, PasskeyContents(label="mine", credential_id=b"i", public_key=b"k"))
    await passkey.save(force_create=True)


async def test_only_own_and_living_values_are_brought_back(house: House) -> None:
    """Somebody else's change and one older than ninety days are refused."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.OFFICE)
    for one in (person, other):
        await one.ok('mutation {editProfile(input: {revision: 1, givenName: "Jana"}) {__typename}}')
    theirs = await Change.get(customer_id=(await row(other)).id)
    mine = await Change.get(customer_id=(await row(person)).id)
    request = await received(clerk, person, "RESTORE")

    wanted = {"restoreValues": [seen_by(clerk, "MaskedChange", theirs.id)]}
    assert (await clerk.refused(FULFIL, id=request["id"], i=wanted))["code"] == "NOT_FOUND"
    house.clock.advance(days=90)
    await clerk.sign_in()
    late = {"restoreValues": [seen_by(clerk, "MaskedChange", mine.id)]}
    assert (await clerk.refused(FULFIL, id=request["id"], i=late))["code"] == "EXPIRED_TOKEN"


# ---- deleting --------------------------------------------------------------------------------------------------------
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
    await house.work(only="post-letters")
    assert {"profile-deleted", "request-done"} <= set(templates(house, person.email))
    code = next(one for one in house.letters if one.template == "profile-deleted").params["certificate_code"]
    await house.work()
    house.clock.advance(hours=25)
    await house.work()
    stone = await Tombstone.get(id=customer.id)
    assert (stone.stage, stone.clause) == ("CERTIFIED", "5")
    assert stone.verified_at is not None
    assert stone.verified_at < stone.erase_by == stone.begun_at + timedelta(hours=48)
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


# ---- third persons ---------------------------------------------------------------------------------------------------
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
    statements: Statements,  # noqa: F811  a fixture
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


# ---- services --------------------------------------------------------------------------------------------------------
async def test_staff_record_a_service_and_record_it_again(house: House) -> None:
    """Masked for staff, whole for the customer; the same reference is the same contract, and nobody else's."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.SUPPORT)
    record = """mutation($i: RecordServiceInput!) {recordService(input: $i) {__typename ...R
        ... on ServiceRecorded {service {kind name {masked present} endedAt}}}}"""
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "reference": "H-77", "kind": "DOMAIN",
        "name": "Ozolina.example", "startedAt": house.clock.now.isoformat(),
    }  # fmt: skip
    services = "{viewer {services {kind name endedAt}}}"

    first = await clerk.ok(record + PLAIN, i=wanted)
    assert "ozolina" not in str(first).lower()
    assert (await person.ok(services))["services"] == [{"kind": "DOMAIN", "name": "ozolina.example", "endedAt": None}]
    ended = (house.clock.now + timedelta(days=1)).isoformat()
    await clerk.ok(record + PLAIN, i=wanted | {"endedAt": ended})
    [held] = (await person.ok(services))["services"]
    assert held["endedAt"] is not None
    assert await IndexEntry.filter(field="service").count() == 1

    theirs = wanted | {"customerId": seen_by(clerk, "Customer", (await row(other)).id)}
    assert (await clerk.refused(record, i=theirs))["problems"] == [{"field": ["reference"], "code": "DUPLICATE"}]
    early = (house.clock.now - timedelta(days=1)).isoformat()
    late = {"startedAt": ended, "endedAt": early, "name": "4111 1111 1111 1111"}
    refused = await clerk.refused(record, i=wanted | late)
    assert [one["code"] for one in refused["problems"]] == ["CARD_NUMBER", "IN_THE_FUTURE", "NOT_ALLOWED"]
    await filed(person, "RESTRICT")
    assert (await clerk.refused(record, i=wanted))["code"] == "RESTRICTED"

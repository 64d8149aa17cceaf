"""A record is opened for a reason and a ticket, for fifteen minutes, masked; the customer sees who, why, what (6.1.3)."""

import base64
import re
from typing import Any

import pytest

from models.actions.masked_values import MASKED, REVEALED
from models.policy import Role, load
from models.tables import AccessGrant, Customer, Event, SignIn, Staff
from schema.nodes import KINDS
from tests.bench.people import move_in
from tests.factories import Client, House, StaffClient
from tests.schema.test_searches import FIND, error_of
from tests.statements import Statements

R = " fragment R on Refusal {code message retryAt problems {field code}}"
OPEN = """mutation($c: ID!, $r: GrantReason!, $t: String!) {openRecord(customerId: $c, reason: $r, ticket: $t) {__typename
  ... on RecordOpened {grant {id reason ticket openedAt expiresAt revealed customer {number maskedName}}} ...R}}"""
CLOSE = "mutation($g: ID!) {closeRecord(grantId: $g) {__typename ... on RecordClosed {grant {id expiresAt}} ...R}}"
REVEAL = """mutation($g: ID!, $r: [ID!]!) {reveal(grantId: $g, refs: $r) {__typename
  ... on Revealed {values {ref value}} ...R}}"""
NOTE = """mutation($c: ID!, $t: String!) {addNote(customerId: $c, text: $t) {__typename
  ... on NoteAdded {note {author text at}} ...R}}"""
SECURE = """mutation($c: ID!, $r: String!) {secureAccount(customerId: $c, reason: $r) {__typename
  ... on AccountSecured {sessionsEnded message} ...R}}"""
V = "{masked present ref}"
PROFILE = ["givenName", "familyName", "birthdate", "personalCode", "address", "phoneNumber", "email"]
MASKS = "query($c: ID!) {customer(id: $c) {profile {" + " ".join(name + V for name in PROFILE) + "}}}"
PARTS = f"""query($c: ID!) {{customer(id: $c) {{id number state governingPolicy grant {{id revealed ticket}}
  signIns {{nodes {{id outcome country ip {V}}}}} access {{sessions secondFactor lastSignInAt securedAt}}
  relatedPersons {{id role name {V} email {V} phoneNumber {V}}} paymentMethods {{id kind isDefault value {V}}}
  services {{id kind name {V}}} changes {{id field by oldValue {V} newValue {V}}} holds {{id}} requests {{id}} complaints {{id}}
  obligations {{id clause title}} closure {{by}} notes {{author text}} messages {{nodes {{author kind text}}}}
  events {{nodes {{action actor reason ticket fields customer {{number}}}}}}}}}}"""
EVENTS = "{viewer {events(first: 5) {nodes {action kind reason fields actor {kind name role}}}}}"
RESTRICT = 'mutation {fileRequest(kind: RESTRICT, text: "Please wait.") {__typename}}'


async def hit(colleague: Client, person: Client) -> str:
    """The customer's id, as this colleague sees it."""
    return str((await colleague.ok(FIND, by={"email": person.email}))[0]["id"])


async def opened(colleague: Client, person: Client, reason: str = "CUSTOMER_CONTACT") -> tuple[str, str]:
    """The customer's id and the grant's."""
    customer = await hit(colleague, person)
    grant = (await colleague.ok(OPEN + R, c=customer, r=reason, t="SUP-1234"))["grant"]
    return customer, str(grant["id"])


def own_id(house: House, colleague: StaffClient, row: Customer) -> str:
    """The customer's id as this colleague would see it, who cannot search."""
    head = bytes((KINDS.index("Customer"),)) + row.id.bytes
    tag = house.world.vault.mac("node", b"staff" + colleague.id.bytes + head, 7)
    return base64.urlsafe_b64encode(head + tag).decode()


async def code_of(client: Client, query: str, **variables: Any) -> str:
    """The code of the refusal."""
    return str((await client.refused(query, **variables))["code"])


async def rich(house: House) -> Client:
    """Somebody with a payment method, a person named, an old value, a message."""
    person = await house.customer(phoneNumber="+37120000021")
    [customer] = await Customer.all()
    await move_in(house.world, [customer.id], sign_ins=3)
    named = {"givenName": "Jānis", "familyName": "Kalns", "role": "TECHNICAL", "email": "janis@example.com"}
    await person.ok("mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename}}", i=named)
    edit = {"revision": 1, "familyName": "Krūze"}
    await person.ok("mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename}}", i=edit)
    await person.ok('mutation {sendMessage(idempotencyKey: "a-key-of-mine-0001", text: "Hello?") {__typename}}')
    return person


async def test_more_than_thirty_records_an_hour_stop_a_colleague(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """The thirty-first is not opened, an alarm is logged, nothing works any more until an ADMIN invites them again."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")
    customer = await hit(colleague, person)
    await _opened_lately(house, colleague, 29)
    await opened(colleague, person)
    await opened(colleague, person)
    other = await house.customer()
    await opened(await house.colleague(Role.SUPPORT), other)

    assert await code_of(colleague, OPEN, c=await hit(colleague, other), r="FRAUD", t="SUP-2") == "LOCKED"

    assert "staff.locked" in capsys.readouterr().out
    assert (await Staff.get(id=colleague.id)).locked_at is not None
    assert await code_of(colleague, OPEN, c=customer, r="FRAUD", t="SUP-2") == "LOCKED"
    assert await error_of(colleague, MASKS, c=customer) == "LOCKED"
    assert await error_of(colleague, FIND, by={"email": person.email}) == "LOCKED"
    assert await AccessGrant.filter(staff_id=colleague.id, closed_at=None, expires_at__gt=house.clock.now).count() == 0
    admin = await house.colleague(Role.ADMIN)
    await admin.step_up()
    invite = 'mutation($e: String!) {inviteStaff(email: $e, name: "Ieva Lapiņa", roles: [SUPPORT]) {__typename}}'
    await admin.ok(invite, e=colleague.email)
    await house.work(only="post-letters")
    await colleague.accept(house.token("staff-invitation", colleague.email))
    assert (await colleague.ok("{viewer {lockedAt}}"))["lockedAt"] is None


async def _opened_lately(house: House, colleague: StaffClient, many: int) -> None:
    """So many customers' records opened, as rows alone."""
    like = await Customer.all().first()
    assert like is not None
    for _ in range(many):
        row = await Customer.create(
            id=house.world.new_id(), number=house.world.new_secret()[:16], state="UNCONFIRMED", governed_by=like.governed_by,
            created_at=like.created_at, updated_at=like.updated_at,
        )  # fmt: skip
        await AccessGrant.create(
            id=house.world.new_id(), customer_id=row.id, staff_id=colleague.id, reason="FRAUD", ticket="SUP-1",
            opened_at=house.clock.now, expires_at=house.clock.now,
        )  # fmt: skip


# ---- masks and revealing -------------------------------------------------------------------------------------------
SEES = {
    Role.SUPPORT: {"refs": set(), "present": {"birthdate"}},
    Role.SENIOR_SUPPORT: {
        "refs": {"givenName", "familyName", "address", "phoneNumber", "email"},
        "present": {"birthdate"},
    },
    Role.OFFICE: {"refs": set(PROFILE) - {"personalCode"}, "present": {"birthdate"}},
    Role.PRIVACY_OFFICER: {"refs": set(PROFILE) - {"personalCode"}, "present": {"birthdate"}},
    Role.FINANCE: {"refs": set(), "present": set()},
}


@pytest.mark.asvs("8.2.3", "14.2.4", "14.2.6")
@pytest.mark.parametrize("role", SEES)
async def test_what_a_role_sees_is_what_the_inventory_says(house: House, role: Role) -> None:
    """A mask of a fixed length for all; a ref for what the role may reveal; who may not know, is not told of a value."""
    person = await house.customer(phoneNumber="+37120000021")
    colleague = await house.colleague(role)
    customer, _ = await opened(colleague, person)

    shown = (await colleague.ok(MASKS, c=customer))["profile"]

    assert {name for name, value in shown.items() if value["ref"]} == SEES[role]["refs"]
    assert {name for name in ("birthdate", "personalCode") if shown[name]["present"]} == SEES[role]["present"]
    assert {name: shown[name]["masked"] for name in ("givenName", "address", "phoneNumber", "email")} == {
        "givenName": "•••", "address": "••••••", "phoneNumber": "+371••••21", "email": "•••@•••",
    }  # fmt: skip
    await house.work(only="post-letters")
    assert not {"Līga", "Ozoliņa", person.email} & set(
        re.findall(r"[\w@.]+", str(await colleague.answer(PARTS, c=customer)))
    )


async def test_values_are_revealed_in_the_order_asked_for(house: House) -> None:
    """Of every part of the record; the grant keeps which, and a value that is not there is null."""
    person, colleague = await rich(house), await house.colleague(Role.PRIVACY_OFFICER)
    customer, grant = await opened(colleague, person)
    profile = (await colleague.ok(MASKS, c=customer))["profile"]
    parts = await colleague.ok(PARTS, c=customer)
    first = (await SignIn.all().order_by("at", "id"))[0]
    ip = first.opened(await house.world.vault.keys([first.customer_id])).ip
    change = next(one for one in parts["changes"] if one["field"] == "familyName")
    wanted = {
        parts["relatedPersons"][0]["name"]["ref"]: "Jānis Kalns",
        profile["familyName"]["ref"]: "Krūze",
        parts["relatedPersons"][0]["email"]["ref"]: "janis@example.com",
        change["oldValue"]["ref"]: "Ozoliņa",
        change["newValue"]["ref"]: "Krūze",
        profile["birthdate"]["ref"]: "1987-04-12",
        profile["address"]["ref"]: "Brīvības iela 214, Rīga, LV-1039, LV",
        parts["signIns"]["nodes"][-1]["ip"]["ref"]: ip,
    }

    values = (await colleague.ok(REVEAL + R, g=grant, r=list(wanted)))["values"]

    assert [(one["ref"], one["value"]) for one in values] == list(wanted.items())
    assert (await colleague.ok(PARTS, c=customer))["grant"]["revealed"] == sorted(
        [
            "relatedPersonName",
            "familyName",
            "relatedPersonEmail",
            "oldValue",
            "newValue",
            "birthdate",
            "address",
            "signInIp",
        ]
    )
    method = parts["paymentMethods"][0]["value"]
    [iban] = (await colleague.ok(REVEAL + R, g=grant, r=[method["ref"]]))["values"]
    assert method["masked"] not in iban["value"]


async def test_revealing_is_all_or_nothing(house: House) -> None:
    """One value that the role may not see, another's ref, another customer's row: nothing is shown, nothing written."""
    person, stranger = await house.customer(), await house.customer()
    officer, support = await house.colleague(Role.SENIOR_SUPPORT), await house.colleague(Role.SUPPORT)
    customer, grant = await opened(officer, person)
    _, elsewhere = await opened(officer, stranger)
    good = (await officer.ok(MASKS, c=customer))["profile"]["email"]["ref"]
    far = (await officer.ok(MASKS, c=await hit(officer, stranger)))["profile"]["email"]["ref"]
    _, own = await opened(support, person)

    assert await code_of(officer, REVEAL, g=grant, r=[good, far]) == "NOT_FOUND"
    assert await code_of(officer, REVEAL, g=elsewhere, r=[good]) == "NOT_FOUND"
    assert await code_of(officer, REVEAL, g=grant, r=[good, "AAAA"]) == "NOT_FOUND"
    assert await code_of(officer, REVEAL, g=grant, r=[good, customer]) == "NOT_FOUND"
    assert await code_of(officer, REVEAL, g=grant, r=[]) == "INVALID_INPUT"
    assert await code_of(support, REVEAL, g=own, r=[good]) == "NOT_FOUND"
    assert await code_of(officer, REVEAL, g=own, r=[good]) == "NOT_FOUND"
    await Staff.filter(id=officer.id).update(roles=["SUPPORT"])
    assert await code_of(officer, REVEAL, g=grant, r=[good]) == "NOT_PERMITTED"
    await Staff.filter(id=officer.id).update(roles=["SENIOR_SUPPORT"])
    house.clock.advance(minutes=15)
    assert await code_of(officer, REVEAL, g=grant, r=[good]) == "GRANT_REQUIRED"
    assert [row.revealed for row in await AccessGrant.all()] == [[], [], []]
    assert not await Event.filter(action="record.revealed").exists()


@pytest.mark.parametrize("name", MASKED)
def test_every_masked_value_can_be_revealed_to_somebody_and_not_to_everybody(name: str) -> None:
    """Else it would be no masked value; the AUDITOR and the ADMIN are never among them."""
    inventory = load().inventory
    may = {role for role in Role if MASKED[name].reading(inventory, [role]) in REVEALED}

    assert Role.PRIVACY_OFFICER in may
    assert not may & {Role.AUDITOR, Role.ADMIN, Role.SUPPORT}


# ---- what is read and done in it ---------------------------------------------------------------------------------------
async def test_a_record_has_all_its_parts(house: House) -> None:
    """Letters and words of staff by name; its events with reason and ticket; a secret nowhere."""
    person, colleague = await rich(house), await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")
    customer, _ = await opened(colleague, person)
    note = (await colleague.ok(NOTE + R, c=customer, t="Called back."))["note"]
    assert (note["author"], note["text"]) == ("Ieva Lapiņa", "Called back.")

    record = await colleague.ok(PARTS, c=customer)

    assert (record["id"], record["state"], record["closure"]) == (customer, "ACTIVE", None)
    assert record["access"]["sessions"] == 2
    assert record["access"]["secondFactor"] is False
    assert [(one["author"], one["text"]) for one in record["notes"]] == [("Ieva Lapiņa", "Called back.")]
    assert record["messages"]["nodes"][0] == {"author": "the customer", "kind": "FROM_CUSTOMER", "text": "Hello?"}
    noted, event, *_ = record["events"]["nodes"]
    assert noted["action"] == "note.added"
    assert (event["actor"], event["reason"], event["ticket"]) == ("Ieva Lapiņa", "CUSTOMER_CONTACT", "SUP-1234")
    assert record["signIns"]["nodes"][0]["country"] is None
    assert {one["value"]["ref"] for one in record["paymentMethods"]} == {None}


async def test_finance_reads_payments_and_no_correspondence(house: House) -> None:
    """Lists it may know nothing of are empty; a note or a message is not its to write."""
    person, colleague = await rich(house), await house.colleague(Role.FINANCE)
    customer, _ = await opened(colleague, person)

    record = await colleague.ok(PARTS, c=customer)

    assert (record["messages"]["nodes"], record["notes"], record["signIns"]["nodes"]) == ([], [], [])
    assert all(one["value"]["ref"] for one in record["paymentMethods"])
    assert [one["newValue"] for one in record["changes"]] == [{"masked": "••••••", "present": False, "ref": None}]
    assert record["events"]["nodes"][0]["reason"] == "CUSTOMER_CONTACT"
    assert await error_of(colleague, "query($c: ID!) {customer(id: $c) {preferences {locale}}}", c=customer) == (
        "NOT_PERMITTED"
    )
    assert await code_of(colleague, NOTE, c=customer, t="Paid.") == "NOT_PERMITTED"


async def test_a_restricted_record_is_read_and_not_edited(house: House) -> None:
    """Article 18: storing and reading go on; a note waits."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    await person.ok(RESTRICT)
    customer, _ = await opened(colleague, person)

    assert (await colleague.ok("query($c: ID!) {customer(id: $c) {state}}", c=customer)) == {"state": "RESTRICTED"}
    assert await code_of(colleague, NOTE, c=customer, t="Called.") == "RESTRICTED"
    assert await code_of(colleague, NOTE, c=customer, t="4111 1111 1111 1111") == "INVALID_INPUT"


@pytest.mark.asvs("6.4.6", "7.4.5")
async def test_securing_ends_every_session_and_mails_a_link(house: House) -> None:
    """The customer sees who did it and why; nobody sees a secret."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    customer = await hit(colleague, person)
    assert await code_of(colleague, SECURE, c=customer, r="Stolen mailbox.") == "GRANT_REQUIRED"
    await opened(colleague, person, "FRAUD")

    done = await colleague.ok(SECURE + R, c=customer, r="Stolen mailbox.")

    assert done["sessionsEnded"] == 1
    assert await person.ok("{viewer {id}}") is None
    access = (await colleague.ok(PARTS, c=customer))["access"]
    assert (access["sessions"], access["securedAt"] is not None) == (0, True)
    await house.work(only="post-letters")
    assert house.token("account-secured", person.email)
    event = await Event.filter(action="account.secured").get()
    assert (event.actor_kind.value, event.actor_id) == ("STAFF", colleague.id)


async def test_a_closed_record_opens_and_an_erased_one_is_gone(house: House) -> None:
    """What happens to it is the office's; after the erasure the grant opens nothing."""
    person, colleague = await house.customer(), await house.colleague(Role.OFFICE)
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")
    customer = await hit(colleague, person)
    await colleague.ok(OPEN + R, c=customer, r="OFFICE_VISIT", t="OFF-1")

    closure = await colleague.ok("query($c: ID!) {customer(id: $c) {state closure {by eraseAt reason}}}", c=customer)
    assert (closure["state"], closure["closure"]["by"]) == ("CLOSED", "CUSTOMER")
    assert await code_of(colleague, SECURE, c=customer, r="No.") == "NOT_READY"
    await Customer.all().update(state="ERASING")
    assert await colleague.ok(MASKS, c=customer) is None
    assert await code_of(colleague, NOTE, c=customer, t="Gone.") == "NOT_FOUND"
    assert await code_of(colleague, OPEN, c=customer, r="OFFICE_VISIT", t="OFF-1") == "NOT_FOUND"


async def test_a_record_says_few_statements(statements: Statements, house: House) -> None:
    """One a section at most, and as many for fifty rows as for three."""
    person, colleague = await rich(house), await house.colleague(Role.PRIVACY_OFFICER)
    customer, _ = await opened(colleague, person)
    await colleague.ok(NOTE + R, c=customer, t="Called back.")
    [row] = await Customer.all()
    for more in (0, 40):
        await move_in(house.world, [row.id], sign_ins=more, events=more)
        await colleague.ok(PARTS, c=customer)
        statements.clear()
        await colleague.ok(PARTS, c=customer)
        assert len(statements.main) <= 25, statements.main
        assert not statements.keystore

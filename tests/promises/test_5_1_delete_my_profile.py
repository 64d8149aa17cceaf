"""Clause 5.1: deleting blocks access at once; within a year the profile is erased from every server, proved by a certificate."""

import json
from datetime import timedelta
from pathlib import Path

from models.keystore import PersonKey, keystore
from models.tables import (
    ActionToken,
    Certificate,
    Customer,
    Event,
    Hold,
    IndexEntry,
    Obligation,
    Session,
    Tombstone,
)
from models.tables.credentials import SessionKind
from tests.factories import Client, House
from tests.promises.everything import alias_of, everything, what_is_left
from tests.promises.kept import RESET, coming_in, gone, kept, report, templates
from tests.schema.desk import row
from tests.schema.test_journeys import REVERT, move
from tests.schema.test_tokens import phone

CERTIFICATE = """query($c: String!) {erasureCertificate(code: $c) {
    number closedAt erasedAt verifiedAt lastCopyGoneBy remains {title basis until} document}}"""


# ---- at once ---------------------------------------------------------------------------------------------------------
async def test_access_is_blocked_at_once(house: House) -> None:
    """Every browser, every app and every link is dead in the same moment; the password shows only the closure."""
    person = await house.customer()
    first = person.email
    await move(house, person, "moved@example.com")
    elsewhere = house.client()
    elsewhere.email, elsewhere.password = person.email, person.password
    await elsewhere.sign_in()
    app = await phone(house, person)
    await person.ok("mutation($e: String!) {requestPasswordReset(email: $e) {__typename}}", e=person.email)
    await house.work(only="post-letters")
    reset, revert = house.token("reset-password"), house.token("revert-email-change", first)

    closed = (await gone(person))["closure"]

    assert closed["closedAt"] == house.clock.now.isoformat().replace("+00:00", "Z")
    for client in (person, elsewhere):
        assert await client.ok("{viewer {id}}") is None
    assert not await app.is_in()
    assert (await app.ask())["code"] == "EXPIRED_TOKEN"
    answer = await house.client().answer(RESET, t=reset, p="another long enough sentence")
    assert answer["data"]["resetPassword"]["code"] == "EXPIRED_TOKEN"
    assert (await house.client().answer(REVERT, t=revert))["data"]["revertEmailChange"]["code"] == "EXPIRED_TOKEN"
    assert (await coming_in(person))["closure"]["eraseBy"] == closed["eraseBy"]
    assert await person.ok("{viewer {id}}") is None, "seeing the closure is no session"
    assert await Session.filter(ended_at=None).count() == 0
    assert await ActionToken.filter(used_at=None).exclude(purpose="REMOVE_RELATED_PERSON").count() == 0


async def test_every_address_of_ninety_days_is_told(house: House) -> None:
    """A thief who moved the address away and deletes the profile does not do it unseen; each letter carries the code."""
    person = await house.customer()
    first = person.email
    await move(house, person, "moved@example.com")

    code = (await gone(person))["certificateCode"]
    await house.work(only="post-letters")

    for address in (first, "moved@example.com"):
        assert templates(house, address)[-1] == "profile-deleted"
    assert {one.params["certificate_code"] for one in house.letters if one.template == "profile-deleted"} == {code}


async def test_a_session_that_outlives_the_closing_is_found(house: House) -> None:
    """None does; one that were left open breaks the promise."""
    person = await house.customer()
    await gone(person)
    line = await kept(house, "access_after_closing")
    assert (line.measured, line.broken) == (1, 0)

    await Session.filter(kind=SessionKind.BROWSER).update(ended_at=None)

    assert (await kept(house, "access_after_closing")).broken == 1

    house.clock.advance(days=90)
    assert await house.work(only="begin-erasures") == 1
    await Session.filter(kind=SessionKind.BROWSER).update(expires_at=house.clock.now + timedelta(hours=1))
    line = await kept(house, "access_after_closing")
    assert (line.measured, line.broken) == (1, 1), "while the account is being erased, too"


# ---- within a year -----------------------------------------------------------------------------------------------------
async def test_a_deleted_profile_is_gone_within_a_year(house: House) -> None:
    """Not a second before ninety days, then at once; the certificate says so, holds no personal data and opens by its code."""
    person = await house.customer(givenName="Annija", familyName="Zvirbule")
    customer, closed_at = await row(person), house.clock.now
    told = await gone(person)
    owed = await Obligation.get(rule="CLOSED")
    assert (owed.due_at, owed.ceiling) == (closed_at + timedelta(days=90), closed_at + timedelta(days=365))

    house.clock.now = closed_at + timedelta(days=90, seconds=-1)
    await house.work()
    assert await Customer.filter(id=customer.id, state="CLOSED").exists()
    assert (await coming_in(person))["__typename"] == "AccountClosed"
    house.clock.advance(seconds=1)
    await house.work()

    assert not await Customer.filter(id=customer.id).exists()
    assert (await coming_in(person))["code"] == "WRONG_CREDENTIALS", "as if they had never been"
    certificate = await house.client().ok(CERTIFICATE, c=told["certificateCode"])
    document = json.loads(certificate["document"])
    assert document["clause"] == "5.1"
    assert document["eraseBy"] == (closed_at + timedelta(days=365)).isoformat()
    assert certificate["erasedAt"] <= certificate["verifiedAt"]
    assert [str(customer.id) in line for line in await house.world.ledger.lines()] == [True], (
        "known outside the database, too"
    )
    assert certificate["lastCopyGoneBy"] <= (closed_at + timedelta(days=365)).date().isoformat()
    for value in (person.email, "Annija", "Zvirbule", customer.number, str(customer.id)):
        assert value not in certificate["document"]
    assert await house.client().ok(CERTIFICATE, c="not a code") is None
    line = await kept(house, "erasures_after_deletion")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)
    assert line.worst is not None
    assert line.worst < 91 * 86_400


async def test_a_profile_that_stays_longer_breaks_the_promise(house: House) -> None:
    """At the year's last second it still runs, a second later it is broken, and stays so when the worker comes late."""
    person = await house.customer()
    closed_at = house.clock.now
    await gone(person)

    house.clock.now = closed_at + timedelta(days=365)
    line = await kept(house, "erasures_after_deletion")
    assert (line.broken, line.open) == (0, 1)
    house.clock.advance(seconds=1)
    line = await kept(house, "erasures_after_deletion")
    assert (line.broken, line.open) == (1, 1)
    await house.work()
    line = await kept(house, "erasures_after_deletion")
    assert (line.kept, line.broken, line.open) == (0, 1, 0)


async def test_of_every_table_nothing_is_left(house: House) -> None:
    """A row in each table of the inventory; erased, there is none in any, neither by id nor in any file of ours."""
    person, other = await house.customer(familyName="Zvirbule"), await house.customer()
    await filled(house, person)
    customer, neighbour = await row(person), await row(other)
    alias = await alias_of(house, customer)
    await gone(person)
    for one in (customer, neighbour):
        await everything(house, one.id)
    await Hold.filter(customer_id=customer.id).update(released_at=house.clock.now)
    theirs = await what_is_left(house, neighbour.id, await alias_of(house, neighbour))
    tables = {entity.table for entity in house.world.policy.inventory.erased_with_person}
    assert tables <= (await what_is_left(house, customer.id, alias)).keys()

    house.clock.advance(days=90)
    for duty in ERASING:
        await house.work(only=duty)

    assert (await Tombstone.get(id=customer.id)).stage == "CERTIFIED"
    assert await what_is_left(house, customer.id, alias) == {}
    left = await what_is_left(house, neighbour.id, await alias_of(house, neighbour))
    assert {table: left.get(table, 0) for table in theirs} == theirs, "nobody else lost anything"
    with keystore():
        assert await PersonKey.filter(person_id=neighbour.id).exists()
    for path in Path(house.folder).rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert not [word for word in (person.email, "Zvirbule", "liga.example") if word.encode() in content], path


ERASING = ("begin-erasures", "destroy-keys", "remove-rows", "rotate-keys", "verify-erasures", "certify-erasures")


async def filled(house: House, person: Client) -> None:
    """What somebody has who uses everything."""
    await person.step_up()
    given = {"idempotencyKey": "a-key-of-mine-0001", "method": {"payPal": {"email": "liga.example@example.com"}}}
    await person.ok("mutation($i: AddPaymentMethodInput!) {addPaymentMethod(input: $i) {__typename}}", i=given)
    await person.ok('mutation {editProfile(input: {revision: 1, givenName: "Cita"}) {__typename}}')
    await person.ok('mutation {sendMessage(idempotencyKey: "a-key-of-mine-0001", text: "Hello?") {__typename}}')
    await person.ok('mutation {fileComplaint(input: {text: "Nobody answers."}) {__typename}}')
    await person.ok('mutation {fileRequest(kind: OBJECT, text: "No ads.") {__typename}}')
    named = {"givenName": "Jānis", "familyName": "Kalns", "role": "BILLING", "email": "janis@example.com"}
    await person.ok("mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename}}", i=named)
    await person.ok("mutation {requestExport {__typename}}")
    await house.work()


async def test_a_trace_anywhere_stops_the_certificate(house: House) -> None:
    """Another than the eraser looks, in every file: while one holds a known value nothing is certified, however often it tries."""
    person = await house.customer()
    customer = await row(person)
    forgotten = Path(house.folder) / "forgotten.txt"
    forgotten.write_text(f"Call back {person.email}")
    await gone(person)
    house.clock.advance(days=90)
    for duty in ("begin-erasures", "destroy-keys", "remove-rows", "certify-erasures"):
        await house.work(only=duty)
    for _ in range(2):
        house.clock.advance(minutes=5)
        await house.work()
        assert (await Tombstone.get(id=customer.id)).stage == "ROWS_GONE"
        assert await Certificate.all().count() == 0

    forgotten.unlink()
    house.clock.advance(minutes=10)
    await house.work()

    assert (await Tombstone.get(id=customer.id)).stage == "CERTIFIED"


async def test_events_stay_and_point_at_nobody(house: House) -> None:
    """What happened is kept for the auditor, without its personal parts, under a name that opens nothing."""
    person = await house.customer()
    alias = await alias_of(house, customer := await row(person))
    await gone(person)
    count = await Event.filter(alias=alias).count()
    house.clock.advance(days=90)
    await house.work()

    assert await Event.filter(alias=alias).count() >= count
    assert await Event.filter(alias=alias).exclude(sealed=None).count() == 0
    assert await IndexEntry.filter(person_id=customer.id).count() == 0
    assert await Certificate.all().count() == 1
    assert (await report(house))["copies_left"].broken == 0

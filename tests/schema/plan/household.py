"""A house full of people and things, and everybody who may ask: what generated documents are asked of."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from models.actions.member import open_staff_session
from models.actions.origin import Origin
from models.actions.reading import session_of, staff_session_of
from models.actions.sessions import open_session
from models.policy import Role
from models.rows import Carried, Reading, reading
from models.tables import (
    AccessGrant,
    Approval,
    Change,
    Complaint,
    Consent,
    Customer,
    Event,
    Export,
    Hold,
    Message,
    Obligation,
    PaymentMethod,
    RelatedPerson,
    RightsRequest,
    Service,
    Session,
    SignIn,
    Staff,
)  # fmt: skip
from models.tables.credentials import SessionKind
from schema.access import Context
from schema.nodes import encode
from tests.bench.people import move_in
from tests.factories import Client, Clock, House, StaffClient, make_world
from tests.schema.desk import FULFIL, open_grant, received, seen_by

PLAIN = " fragment R on Refusal {code}"
EDIT = "mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename}}"
CHANGE = 'mutation {changeEmail(newEmail: "someone.else@example.com") {__typename}}'
KNOWN = "mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename}}"
PREFER = """mutation {setPreferences(input: {newsByEmail: true, theme: DARK, adTopics: [DOMAINS, SECURITY],
    personalisedAds: true, cookies: {preferences: true, statistics: true, advertising: false}}) {__typename}}"""
SEND = 'mutation($k: String!) {sendMessage(idempotencyKey: $k, text: "Is the server up again?") {__typename}}'
FILE = 'mutation {fileRequest(kind: UPDATE, text: "The name of a domain is wrong.") {__typename}}'
COMPLAIN = "mutation($i: FileComplaintInput!) {fileComplaint(input: $i) {__typename}}"
EXPORT = "mutation {requestExport {__typename}}"
SERVE = "mutation($i: RecordServiceInput!) {recordService(input: $i) {__typename}}"
HOLD = """mutation($c: ID!, $r: Date!) {placeHold(customerId: $c, basis: "A court asked.", reviewBy: $r, scope: ["all"])
    {__typename}}"""
CLOSE = (
    """mutation($c: ID!) {closeForTerms(customerId: $c, reason: "Spam was sent.", termsClause: "7.3") {__typename}}"""
)
NOTE = """mutation($c: ID!) {addNote(customerId: $c, text: "Called back.") {__typename}}"""
IDS = {
    "SignIn": SignIn, "Session": Session, "Change": Change, "Consent": Consent, "Export": Export, "Message": Message,
    "Obligation": Obligation, "RelatedPerson": RelatedPerson, "RightsRequest": RightsRequest, "Service": Service,
    "Event": Event, "Complaint": Complaint, "Hold": Hold, "Approval": Approval, "AccessGrant": AccessGrant,
    "StaffMember": Staff, "StaffRequest": RightsRequest, "CustomerRecord": Customer, "Customer": Customer,
    "BankAccount": PaymentMethod,
}  # fmt: skip


@dataclass(frozen=True)
class Asker:
    """Somebody who asks: afresh for every document. ``ids``: node ids of theirs and of others."""

    name: str
    house: House
    viewer: Any = None
    colleague: Any = None
    locale: str = "EN"
    ids: tuple[str, ...] = ()
    token: str | None = None

    @property
    def roles(self) -> frozenset[Role]:
        return self.colleague.roles if self.colleague else frozenset()

    async def reading(self, carry: tuple[Carried, ...]) -> Reading:
        """As a request comes to it: the session has brought along what it can."""
        db = reading()
        if self.token is not None:
            db.carry = carry
            session = session_of if self.viewer else staff_session_of
            await session(self.house.world.vault.digest(self.token), db)
        return db

    def context(self) -> Context:
        port: Any = None  # no query sets a cookie
        return Context(
            self.house.world,
            Origin("81.198.0.7"),
            port,
            viewer=self.viewer,
            colleague=self.colleague,
            locale=self.locale,
        )


@dataclass(frozen=True)
class Household:
    """Who may ask either schema."""

    house: House
    askers: dict[str, list[Asker]]


async def settle(folder: Path) -> House:
    """A house on the databases that are open."""
    clock = Clock()
    house = House(make_world(folder, clock), clock, folder)
    await house.world.vault.belongs()
    return house


async def furnish(house: House) -> Household:
    """Two customers, one of them with something of every sort; a member of staff for each role and a few others."""
    anna, bob = await house.customer(), await house.customer(locale="LV")
    rows = sorted(await Customer.all(), key=lambda row: row.id)  # in the order they came
    await move_in(house.world, [rows[0].id], sign_ins=25)
    staff = {role: await house.colleague(role, name=f"Colleague {role.value.title()}") for role in Role}
    both = await house.colleague(Role.SUPPORT, Role.PRIVACY_OFFICER, name="Colleague Both")
    await _of_anna(house, anna)
    await _of_staff(house, staff, rows)
    await house.work()
    everybody = [*staff.values(), both]
    locked = await house.colleague(Role.SUPPORT, name="Colleague Locked")
    customers = [await _customer(house, "anna", anna), await _customer(house, "bob", bob, "LV"), Asker("nobody", house)]
    colleagues = [await _colleague(house, member) for member in everybody]
    await Staff.filter(id=locked.id).update(locked_at=house.clock.now)
    colleagues += [await _colleague(house, locked, "LV"), Asker("nobody", house)]
    return Household(house, {"customer": customers, "support": colleagues})


async def _of_anna(house: House, anna: Client) -> None:
    await anna.step_up()
    await anna.ok(
        KNOWN, i={"givenName": "Ilze", "familyName": "Kalniņa", "role": "REGISTRANT", "email": "i@example.com"}
    )
    await anna.ok(EDIT, i={"revision": 1, "familyName": "Liepa"})
    await anna.ok(PREFER)
    await anna.ok(SEND, k="01a213bb-47a4-733e-858b-4931e0195f54")
    await anna.ok(FILE)
    await anna.ok(COMPLAIN, i={"text": "Nobody answers the telephone."})
    await anna.ok(EXPORT)
    await anna.ok(CHANGE)


async def _of_staff(house: House, staff: dict[Role, StaffClient], rows: list[Customer]) -> None:
    office, support, privacy = staff[Role.OFFICE], staff[Role.SUPPORT], staff[Role.PRIVACY_OFFICER]
    for kind in ("COPY", "UPDATE"):
        await received(office, rows[0], kind)
    leaving = await received(office, rows[0], "DELETE")
    await office.ok(FULFIL + PLAIN, id=leaving["id"])
    service = {"kind": "HOSTING", "name": "example.com", "reference": "S-1", "startedAt": house.clock.now.isoformat()}
    await support.ok(SERVE, i={"customerId": seen_by(support, "Customer", rows[0].id), **service})
    await received(office, rows[1], "UPDATE")
    for role in (Role.SUPPORT, Role.SENIOR_SUPPORT, Role.OFFICE, Role.FINANCE, Role.PRIVACY_OFFICER):
        await open_grant(house, staff[role], rows[0])
    await support.ok(NOTE, c=seen_by(support, "Customer", rows[0].id))
    await privacy.step_up()
    review = (house.clock.now + timedelta(days=30)).date().isoformat()
    await privacy.ok(HOLD, c=seen_by(privacy, "Customer", rows[1].id), r=review)


async def _customer(house: House, name: str, person: Client, locale: str = "EN") -> Asker:
    token = str(person.http.cookies["session"])
    viewer = await open_session(house.world, token, SessionKind.BROWSER)
    assert viewer is not None
    asker = Asker(name, house, viewer=viewer, locale=locale)
    return Asker(name, house, viewer=viewer, locale=locale, ids=await _ids(asker.context()), token=token)


async def _colleague(house: House, member: StaffClient, locale: str = "EN") -> Asker:
    token = str(member.http.cookies["staff"])
    colleague = await open_staff_session(house.world, token)
    assert colleague is not None
    name = " ".join(sorted(colleague.roles))
    asker = Asker(name, house, colleague=colleague, locale=locale)
    return Asker(name, house, colleague=colleague, locale=locale, ids=await _ids(asker.context()), token=token)


async def _ids(context: Context) -> tuple[str, ...]:
    """Up to three ids of each kind, whoever they belong to."""
    rows = [(kind, row.id) for kind, table in IDS.items() for row in await table.all().limit(3)]
    return tuple(str(encode(context, kind, row_id)) for kind, row_id in rows)

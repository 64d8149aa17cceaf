"""What the simulation has found, each defect by itself."""

from datetime import timedelta

from models.actions.account import SYSTEM, changing
from models.actions.delete_profile import close
from models.actions.import_customers import import_customers
from models.policy import Role
from models.retention.evidence import EVIDENCE
from models.retention.measures import Measure, Period
from models.tables import Approval, Customer, IndexEntry
from models.tables.accounts import IndexUse, State
from tests.factories import House
from tests.models.test_import import json_lines
from tests.models.test_import import person as imported
from tests.promises.test_4_2_holds import PLACE
from tests.schema.desk import APPROVE, FULFIL, PLAIN, received, seen_by
from tests.schema.test_journeys import CHANGE_EMAIL


async def measured(house: House, evidence: str) -> Measure:
    """As the report of the last year would say."""
    now = house.clock.now
    return await EVIDENCE[evidence](house.world, Period(now - timedelta(days=365), now + timedelta(days=1), now))


async def test_an_address_that_never_answered_is_forgotten(house: House) -> None:
    """It may be anybody's: when its link has ended, profile and index forget it; the address that is held stays, and so does
    what a hold names."""
    person, other = await house.customer(), await house.customer()
    for one, address in ((person, "somebody.else@example.com"), (other, "who.knows@example.com")):
        await one.step_up()
        await one.ok(CHANGE_EMAIL, e=address)
    customer, held = await Customer.all().order_by("created_at", "id")
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    until = (house.clock.now + timedelta(days=30)).date().isoformat()
    await officer.ok(PLACE + PLAIN, c=seen_by(officer, "Customer", held.id), s=["all"], r=until)
    house.clock.advance(hours=23)
    await house.work()
    assert await IndexEntry.filter(field="email", use=IndexUse.PENDING).count() == 2

    house.clock.advance(hours=3)
    await house.work()

    assert await IndexEntry.filter(field="email", use=IndexUse.PENDING).values_list("person_id", flat=True) == [held.id]
    customer = await Customer.get(id=customer.id)
    profile = customer.opened(await house.world.vault.keys([customer.id]))
    assert (profile.email, profile.pending_email, customer.pending_email_until) == (person.email, None, None)


async def test_an_imported_customer_whom_the_office_restores_stays(house: House) -> None:
    """Their address came with the import and was never confirmed by a letter: no reason to erase them as a sign-up that waits."""
    await import_customers(house.world, json_lines(imported()))
    [customer] = await Customer.all()
    office = await house.colleague(Role.OFFICE)
    house.clock.advance(days=30)
    await office.sign_in()
    async with changing(house.world, customer.id, by=SYSTEM) as account:
        await close(account, closed_by="CUSTOMER", clause="5.1")
    request = await received(office, customer, "RESTORE")
    await office.ok(FULFIL + PLAIN, id=request["id"], i=None)

    await house.work()

    assert (await Customer.get(id=customer.id)).state is State.ACTIVE


async def test_a_session_that_had_run_out_is_no_access_after_closing(house: House) -> None:
    """Clause 5.1's measure counts sessions that still open something."""
    person = await house.customer()
    house.clock.advance(hours=13)
    await person.sign_in()
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")

    found = await measured(house, "access_after_closing")

    assert (found.kept, found.broken) == (1, 0)


async def test_an_erasure_at_the_office_leaves_backups_their_year(house: House) -> None:
    """Two days are for the servers; of the last backup, clause 4 says that it goes inside clause 5.1's year."""
    person = await house.customer()
    office, officer = await house.colleague(Role.OFFICE), await house.colleague(Role.PRIVACY_OFFICER)
    request = await received(office, person, "DELETE")
    await office.ok(FULFIL + PLAIN, id=request["id"], i=None)
    await officer.ok(APPROVE + PLAIN, id=seen_by(officer, "Approval", (await Approval.get()).id))
    await house.work()
    house.clock.advance(hours=2)
    await house.work()
    house.clock.advance(days=3)
    assert (await measured(house, "copies_left")).broken == 0
    house.clock.advance(days=40)
    found = await measured(house, "copies_left")
    assert (found.kept, found.broken) == (1, 0)

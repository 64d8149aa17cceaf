"""Clause 4.1.3: data is kept while services are used: an unused account is written to at 24 months and closed at 27."""

from datetime import timedelta
from uuid import UUID

from models.actions.finding import owner_of_email
from models.policy import Role
from models.tables import Closure, Customer, Lease, Obligation, Service
from models.tables.accounts import State
from models.tables.obligations import ObligationContents
from models.tables.services import ServiceContents, ServiceKind
from tests.factories import Client, House
from tests.promises.kept import kept
from tests.schema.desk import FULFIL, PLAIN, received, row, seen_by


async def silence(house: House, days: float) -> None:
    """So many days pass, and the worker does what is due."""
    house.clock.advance(days=days)
    await house.work()


async def contract(house: House, person: Client, *, days: int | None) -> None:
    """A service that began now; ``days``: how long it ran, None while it runs."""
    customer = await Customer.get(id=await _id(house, person))
    now = house.clock.now
    service = Service(id=house.world.new_id(), customer_id=customer.id, reference=f"T-{customer.number}", started_at=now,
                      kind=ServiceKind.HOSTING, ended_at=None if days is None else now + timedelta(days=days))  # fmt: skip
    service.seal(await house.world.vault.keys([customer.id]), ServiceContents(name="Hosting S"))
    await service.save(force_create=True)


async def _id(house: House, person: Client) -> UUID:
    owner = await owner_of_email(house.world, person.email)
    assert owner is not None
    return owner.person_id


async def test_an_unused_account_is_warned_at_24_months_and_closed_at_27(house: House) -> None:
    """The letter names the day; services and visits keep others; the closed one is erased like any other."""
    unused, serving_one, visiting = [await house.customer() for _ in range(3)]
    await contract(house, serving_one, days=None)
    await silence(house, 729)
    assert not [letter for letter in house.letters if letter.template == "dormant-warning"]

    await silence(house, 1.5)
    warned = {letter.to: letter for letter in house.letters if letter.template == "dormant-warning"}
    assert set(warned) == {unused.email, visiting.email}
    owed = await Obligation.filter(rule="DORMANT").order_by("id")
    assert {one.due_at - one.started_at for one in owed} == {timedelta(days=821)}
    await visiting.sign_in()
    assert await Obligation.filter(customer_id=await _id(house, visiting), done_at=house.clock.now).exists()

    await silence(house, 89)
    assert not await Closure.exists()
    await silence(house, 2)

    closed = await Closure.get()
    assert closed.customer_id == await _id(house, unused)
    assert closed.closed_by == "SYSTEM"
    assert closed.closed_at - owed[0].started_at <= timedelta(days=822)
    told = [letter for letter in house.letters if letter.template == "profile-closed-unused"]
    assert [letter.to for letter in told] == [unused.email]
    await silence(house, 91)
    assert await Customer.all().count() == 2
    assert not await Closure.exists()


async def test_months_count_from_the_last_service_and_a_late_letter_leaves_the_same_time(house: House) -> None:
    """A service that ended counts as use; a worker that stood still for years closes nobody without three months' warning."""
    person = await house.customer()
    await contract(house, person, days=400)
    await silence(house, 1_100)
    assert not await Obligation.filter(rule="DORMANT").exists()

    await silence(house, 1_000)

    owed = await Obligation.get(rule="DORMANT")
    assert owed.due_at == house.clock.now + timedelta(days=91)
    contents: ObligationContents = owed.opened(await house.world.vault.keys([owed.customer_id]))
    assert contents.moved_because is not None
    assert (await Customer.get()).state is State.ACTIVE


async def test_a_reopened_account_is_not_warned_again_at_once(house: House) -> None:
    """Being restored at the office is a use, too."""
    await house.customer()
    await silence(house, 731)
    await silence(house, 91)
    customer, clerk = await Customer.get(), await house.colleague(Role.OFFICE)
    assert customer.state is State.CLOSED
    request = await received(clerk, customer, "RESTORE")
    await clerk.ok(FULFIL + PLAIN, id=request["id"])
    await silence(house, 100)

    assert await Obligation.filter(rule="DORMANT", done_at=None).count() == 0
    assert (await Customer.get()).state is State.ACTIVE


async def test_to_the_second(house: House) -> None:
    """Written to at 730 days and not before, closed at 821 and not before; open after 822 it is a promise broken."""
    await house.customer()
    used = (await Customer.get()).last_sign_in_at
    assert used is not None
    house.clock.now = used + timedelta(days=730, seconds=-1)
    await house.work(only="warn-dormant")
    assert not await Obligation.filter(rule="DORMANT").exists()
    house.clock.now = used + timedelta(days=730)
    await Lease.filter(name="warn-dormant").delete()  # looked for once an hour
    await house.work(only="warn-dormant")
    owed = await Obligation.get(rule="DORMANT")
    assert (owed.started_at, owed.due_at, owed.ceiling) == (
        used,
        used + timedelta(days=821),
        used + timedelta(days=822),
    )

    house.clock.now = used + timedelta(days=821, seconds=-1)
    await house.work(only="close-dormant")
    assert not await Closure.exists()
    house.clock.now = used + timedelta(days=821)
    await house.work(only="close-dormant")
    assert (await Closure.get()).closed_by == "SYSTEM"
    line = await kept(house, "dormant_accounts_closed")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)
    await Obligation.filter(rule="DORMANT").update(done_at=None)
    house.clock.now = used + timedelta(days=822, seconds=1)
    assert (await kept(house, "dormant_accounts_closed")).broken == 1


async def test_a_service_of_any_kind_keeps_the_account(house: House) -> None:
    """Recorded by staff while it runs; once it ended, the months count from its end."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    record = "mutation($i: RecordServiceInput!) {recordService(input: $i) {__typename ...R}}"
    wanted = {
        "customerId": seen_by(clerk, "Customer", (await row(person)).id), "reference": "H-1", "kind": "DOMAIN",
        "name": "liga.example", "startedAt": house.clock.now.isoformat(),
    }  # fmt: skip
    await clerk.ok(record + PLAIN, i=wanted)
    await silence(house, 1_000)
    assert not await Obligation.filter(rule="DORMANT").exists()

    await clerk.sign_in()
    ended = house.clock.now
    await clerk.ok(record + PLAIN, i=wanted | {"endedAt": ended.isoformat()})
    await silence(house, 729)
    assert not await Obligation.filter(rule="DORMANT").exists()
    await silence(house, 2)

    assert (await Obligation.get(rule="DORMANT")).started_at == ended

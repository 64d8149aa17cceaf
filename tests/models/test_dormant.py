"""Accounts that nobody uses: a letter at 24 months, closed at 27; whoever comes back keeps the account (clause 4.1.3)."""

from datetime import timedelta
from uuid import UUID

from models.actions.account import SYSTEM, changing
from models.actions.finding import owner_of_email
from models.actions.reopening import reopen
from models.tables import Closure, Customer, Obligation, Service
from models.tables.accounts import State
from models.tables.obligations import ObligationContents
from models.tables.services import ServiceContents, ServiceKind
from tests.factories import Client, House


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
    customer = await Customer.get()
    assert customer.state is State.CLOSED
    async with changing(house.world, customer.id, by=SYSTEM, closed_too=True) as account:
        await reopen(account, "R-1")
    await silence(house, 100)

    assert await Obligation.filter(rule="DORMANT", done_at=None).count() == 0
    assert (await Customer.get()).state is State.ACTIVE

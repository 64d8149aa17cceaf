"""Clause 5: the owner, identified at the office, has a profile updated or a closed one restored within two days."""

import asyncio
from datetime import timedelta
from typing import Any

from models.policy import Role
from models.retention.begin import begin_erasures
from models.tables import (
    ActionToken,
    Change,
    Closure,
    Customer,
    Obligation,
    Passkey,
    RightsRequest,
    Session,
    Tombstone,
    Totp,
)
from models.tables.accounts import State
from models.tables.factors import PasskeyContents, TotpContents
from tests.factories import House
from tests.promises.kept import RESET, at, coming_in, gone, kept, templates
from tests.schema.desk import FULFIL, PLAIN, received, row, seen_by


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
    closed = (await coming_in(person))["closure"]
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
        assert not await Closure.filter(customer_id=customer.id).exists()


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
    assert (await coming_in(person))["code"] == "RESET_REQUIRED"
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


async def test_two_days_from_receipt(house: House) -> None:
    """At their last second it is kept, a second later broken; what was received earlier is due earlier."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.OFFICE)
    received_at = house.clock.now
    await gone(person)
    await at(received_at + timedelta(hours=20), clerk)
    restoring = await received(clerk, await row(person), "RESTORE", receivedAt=received_at.isoformat())
    await received(clerk, other, "UPDATE", receivedAt=received_at.isoformat())
    stored = await RightsRequest.get(number=restoring["number"])
    assert stored.due_at == received_at + timedelta(hours=48)

    await at(received_at + timedelta(hours=48), clerk)
    await clerk.ok(FULFIL + PLAIN, id=restoring["id"])
    line = await kept(house, "office_restores")
    assert (line.kept, line.broken, line.open, line.worst) == (1, 0, 1, 48 * 3_600)

    house.clock.advance(seconds=1)
    assert (await kept(house, "office_restores")).broken == 1


async def test_up_to_the_last_second_before_its_erasure(house: House) -> None:
    """Restored the second before ninety days are over, nothing of it is erased: afterwards it is a profile like any other."""
    person, clerk = await house.customer(), await house.colleague(Role.OFFICE)
    await gone(person)
    await at((await Closure.get()).erase_at - timedelta(seconds=1), clerk)
    request = await received(clerk, await row(person), "RESTORE")
    await house.work(only="begin-erasures")

    await clerk.ok(FULFIL + PLAIN, id=request["id"])
    house.clock.advance(days=365)
    await house.work(only="begin-erasures")

    assert await Tombstone.all().count() == 0
    assert (await person.sign_in())["__typename"] == "SignedIn"
    line = await kept(house, "erasures_after_deletion")
    assert (line.open, line.broken) == (0, 0)

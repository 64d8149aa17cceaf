"""Clause 6.1.3: staff open a record for a reason and a ticket, for fifteen minutes, masked; you see who, when, why and what."""

from datetime import timedelta

import pytest

from models.policy import Role
from models.tables import AccessGrant, Event
from models.tables.events import ActorKind, EventContents, EventKind
from tests.factories import Client, House, StaffClient
from tests.promises.kept import kept, report
from tests.schema.desk import row
from tests.schema.test_records import CLOSE, EVENTS, MASKS, NOTE, OPEN, REVEAL, R, code_of, hit, opened


# ---- opening -------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("8.2.3", "14.2.6")
async def test_without_an_open_grant_there_is_no_record(house: House) -> None:
    """Null, and every mutation in it is refused; a reason and a well-formed ticket open it, for fifteen minutes."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    customer = await hit(colleague, person)
    assert await colleague.ok(MASKS, c=customer) is None
    assert await code_of(colleague, NOTE, c=customer, t="Called.") == "GRANT_REQUIRED"
    for ticket in ("", "because", "SUP-"):
        assert await code_of(colleague, OPEN, c=customer, r="FRAUD", t=ticket) == "INVALID_INPUT"
    assert await AccessGrant.all().count() == 0

    grant = (await colleague.ok(OPEN + R, c=customer, r="FRAUD", t="SUP-1234"))["grant"]

    assert (grant["reason"], grant["ticket"], grant["revealed"]) == ("FRAUD", "SUP-1234", [])
    assert (grant["openedAt"], grant["expiresAt"]) < (grant["expiresAt"], "2027")
    assert (await colleague.ok(MASKS, c=customer))["profile"]["email"]["masked"] == "•••@•••"
    assert [one["id"] for one in await colleague.ok("{openGrants {id customer {number}}}")] == [grant["id"]]
    house.clock.advance(minutes=14, seconds=59)
    assert await colleague.ok(MASKS, c=customer) is not None
    house.clock.advance(seconds=1)
    assert await colleague.ok(MASKS, c=customer) is None
    assert await colleague.ok("{openGrants {id}}") == []


async def test_a_record_is_closed_before_its_time_and_opened_by_one_grant_at_once(house: House) -> None:
    """Opening it again ends the earlier grant; a colleague's grant is nobody else's."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    other = await house.colleague(Role.SUPPORT)
    customer, _ = await opened(colleague, person)
    _, second = await opened(colleague, person)
    assert [one["id"] for one in await colleague.ok("{openGrants {id}}")] == [second]
    assert await other.ok(MASKS, c=customer) is None
    assert await other.ok(MASKS, c=await hit(other, person)) is None
    assert await code_of(other, CLOSE, g=second) == "NOT_FOUND"
    assert await code_of(other, OPEN, c=customer, r="FRAUD", t="SUP-1") == "NOT_FOUND"

    assert (await colleague.ok(CLOSE + R, g=second))["grant"]["id"] == second
    await colleague.ok(CLOSE + R, g=second)

    assert await colleague.ok(MASKS, c=customer) is None
    assert await code_of(colleague, REVEAL, g=second, r=[customer]) == "NOT_FOUND"


@pytest.mark.asvs("16.3.2", "14.2.6")
async def test_the_customer_sees_who_opened_it_why_and_what_was_revealed(house: House) -> None:
    """By name and role, in the customer's language; the ticket stands in the sealed part of the event."""
    person = await house.customer()
    colleague = await house.colleague(Role.SENIOR_SUPPORT, Role.OFFICE, name="Ieva Lapiņa")
    customer, grant = await opened(colleague, person)
    shown = (await colleague.ok(MASKS, c=customer))["profile"]
    await colleague.ok(REVEAL + R, g=grant, r=[shown["phoneNumber"]["ref"], shown["email"]["ref"]])

    person.http.headers["Accept-Language"] = "lv"
    revealed, record, *_ = (await person.ok(EVENTS))["events"]["nodes"]

    by = {"kind": "STAFF", "name": "Ieva Lapiņa", "role": "vecākais atbalsts, birojs"}
    why = {"kind": "ACCESS", "actor": by, "reason": "Jūs ar mums sazinājāties"}
    assert revealed == why | {"action": "record.revealed", "fields": ["email", "phoneNumber"]}
    assert record.pop("fields") == [
        "closures", "complaints", "holds", "messages", "notes", "preferences", "requests"
    ]  # fmt: skip
    assert record == why | {"action": "record.opened"}
    stored = await Event.filter(action="record.opened").get()
    assert b"SUP-1234" not in bytes(stored.sealed)


async def test_an_opened_record_closes_in_fifteen_minutes(house: House) -> None:
    """Nothing is read, revealed or written in it afterwards; the report counts the ones that ended, and one that did not."""
    person, colleague = await house.customer(), await house.colleague(Role.SENIOR_SUPPORT)
    customer, grant = await opened(colleague, person)
    ref = (await colleague.ok(MASKS, c=customer))["profile"]["email"]["ref"]
    stored = await AccessGrant.get()
    assert stored.expires_at == stored.opened_at + timedelta(minutes=15)

    house.clock.now = stored.expires_at - timedelta(seconds=1)
    assert (await colleague.ok(REVEAL + R, g=grant, r=[ref]))["values"][0]["value"] == person.email
    assert (await kept(house, "grants_ended")).open == 1
    house.clock.now = stored.expires_at

    assert await colleague.ok(MASKS, c=customer) is None
    assert await code_of(colleague, REVEAL, g=grant, r=[ref]) == "GRANT_REQUIRED"
    assert await code_of(colleague, NOTE, c=customer, t="Late.") == "GRANT_REQUIRED"
    line = await kept(house, "grants_ended")
    assert (line.kept, line.broken, line.open) == (1, 0, 0)
    await AccessGrant.all().update(expires_at=stored.opened_at + timedelta(minutes=16))
    house.clock.advance(minutes=1)
    assert (await kept(house, "grants_ended")).broken == 1


async def test_nothing_is_read_without_a_grant(house: House) -> None:
    """Each read has one, of this reader, of this record, at that time; a read of another's record breaks the promise."""
    person, other = await house.customer(), await house.customer()
    colleague = await house.colleague(Role.SENIOR_SUPPORT)
    customer, grant = await opened(colleague, person)
    ref = (await colleague.ok(MASKS, c=customer))["profile"]["email"]["ref"]
    await colleague.ok(REVEAL + R, g=grant, r=[ref])
    line = await kept(house, "reads_without_grant")
    assert (line.measured, line.broken) == (2, 0)

    await read_behind(house, colleague, other)
    assert (await kept(house, "reads_without_grant")).broken == 1
    house.clock.advance(minutes=16)
    await read_behind(house, colleague, person)

    assert (await kept(house, "reads_without_grant")).broken == 2


async def read_behind(house: House, colleague: StaffClient, person: Client) -> None:
    """A read that no grant allows, as only a fault of the software could leave it."""
    customer = await row(person)
    keys = await house.world.vault.keys([customer.id])
    event = Event(
        id=house.world.new_id(), alias=customer.opened(keys).alias, at=house.clock.now,
        kind=EventKind.ACCESS, action="record.revealed", actor_kind=ActorKind.STAFF, actor_id=colleague.id, fields_named=["email"],
    )  # fmt: skip
    event.sealed = keys[customer.id].seal("event", event.id, EventContents(reason="FRAUD"))
    await event.save(force_create=True)


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.FINANCE])
async def test_what_a_role_may_not_know_it_cannot_reveal(house: House, role: Role) -> None:
    """Masked, and without a reference to reveal it by; somebody else's reference reveals nothing either."""
    person = await house.customer()
    officer, colleague = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(role)
    customer, _ = await opened(officer, person)
    theirs = (await officer.ok(MASKS, c=customer))["profile"]["email"]["ref"]
    mine, grant = await opened(colleague, person)

    profile = (await colleague.ok(MASKS, c=mine))["profile"]

    assert {value["ref"] for value in profile.values()} == {None}
    assert person.email not in str(profile)
    assert await code_of(colleague, REVEAL, g=grant, r=[theirs]) in ("NOT_FOUND", "NOT_PERMITTED")
    assert [one.revealed for one in await AccessGrant.filter(staff_id=colleague.id)] == [[]]
    assert (await report(house))["reads_without_grant"].broken == 0

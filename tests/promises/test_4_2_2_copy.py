"""Clause 4.2.2: the owner, identified at the office, gets a copy within two weeks, by a code; staff never see its bytes."""

import io
from datetime import timedelta
from typing import Any

from models.archive.verify import verify
from models.policy import Role
from models.tables import ActionToken, Customer, Export, Obligation, RightsRequest
from tests.factories import Client, House
from tests.promises.kept import at, coming_in, gone, kept, templates
from tests.schema.desk import COLLECT, FULFIL, HAND_OVER, PLAIN, received, row


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
    house.clock.advance(minutes=15)
    assert (await house.client().refused(COLLECT, c=second))["code"] == "EXPIRED_TOKEN"
    await clerk.sign_in()
    third = (await clerk.ok(HAND_OVER + PLAIN, id=request["id"]))["collectionCode"]
    house.clock.advance(minutes=15, seconds=-1)
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
    assert (await coming_in(person))["closure"]["requests"] == []


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


async def test_a_copy_is_ready_within_two_weeks_of_receipt(house: House) -> None:
    """From when it was received, not written down; ready in time it is kept, a second late it is broken."""
    person, other, clerk = await house.customer(), await house.customer(), await house.colleague(Role.OFFICE)
    received_at = house.clock.now
    await at(received_at + timedelta(hours=5), clerk)
    copy = await received(clerk, person, "COPY", receivedAt=received_at.isoformat())
    late = await received(clerk, other, "COPY", receivedAt=received_at.isoformat())
    assert copy["dueAt"] == (received_at + timedelta(days=14)).isoformat().replace("+00:00", "Z")
    owed = await Obligation.filter(rule="COPY").first()
    assert owed is not None
    assert (owed.due_at, owed.ceiling) == (received_at + timedelta(days=13), received_at + timedelta(days=14))

    await at(received_at + timedelta(days=14), clerk)
    await clerk.ok(FULFIL + PLAIN, id=copy["id"])
    await house.work(only="build-exports")
    line = await kept(house, "copies_ready")
    assert (line.kept, line.broken, line.open, line.worst) == (1, 0, 1, 14 * 86_400)

    house.clock.advance(seconds=1)
    line = await kept(house, "copies_ready")
    assert (line.kept, line.broken, line.open) == (1, 1, 1)
    await clerk.ok(FULFIL + PLAIN, id=late["id"])
    await house.work(only="build-exports")
    assert (await kept(house, "copies_ready")).broken == 1

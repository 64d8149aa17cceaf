"""Clause 6.1.3: the history of an account is kept for three years, for its owner and for the auditor, and then goes."""

from datetime import timedelta

from models.policy import Role
from models.tables import Event
from tests.factories import House
from tests.promises.everything import alias_of
from tests.promises.kept import gone, kept
from tests.schema.desk import row

HISTORY = "{viewer {events(first: 50) {nodes {action at actor {kind name} reason}}}}"
AUDIT = "{audit(first: 50) {nodes {action at sequence hash}}}"


async def test_what_happened_is_there_for_three_years(house: House) -> None:
    """A day less, to the second: not one event goes before, none is left when the third year is over."""
    person = await house.customer()
    await person.ok('mutation {editProfile(input: {revision: 1, givenName: "Cita"}) {__typename}}')
    await house.work(only="seal-events")
    begun = house.clock.now
    alias = await alias_of(house, await row(person))
    count = await Event.filter(alias=alias).count()
    assert count >= 4

    house.clock.now = begun + timedelta(days=1_094, seconds=-1)
    await house.work(only="expire-events")
    assert await Event.filter(alias=alias).count() == count
    await person.sign_in()
    seen = [one["action"] for one in (await person.ok(HISTORY))["events"]["nodes"]]
    assert {"account.signed-up", "account.confirmed", "profile.edited"} <= set(seen)

    house.clock.now = begun + timedelta(days=1_095)
    assert (await kept(house, "events_gone")).broken == 0
    house.clock.advance(seconds=1)
    assert (await kept(house, "events_gone")).broken >= count
    await house.work(only="expire-events")
    assert [one.action for one in await Event.filter(alias=alias)] == ["sign-in.succeeded"], "the one of yesterday"
    assert (await kept(house, "events_gone")).broken == 0


async def test_owner_and_auditor_see_the_same(house: House) -> None:
    """Numbered and hashed by then; erased, the owner's events still are there for the auditor, without what is personal."""
    person, auditor = await house.customer(), await house.colleague(Role.AUDITOR)
    await gone(person)
    await house.work(only="seal-events")
    before = (await auditor.ok(AUDIT))["nodes"]
    theirs = [one for one in before if one["action"] in ("account.signed-up", "profile.closed")]
    assert len(theirs) == 2
    assert all(one["sequence"] > 0 and one["hash"] for one in theirs)

    house.clock.advance(days=90)
    await house.work()
    await auditor.sign_in()

    after = {one["sequence"]: one for one in (await auditor.ok(AUDIT))["nodes"]}
    assert [after[one["sequence"]] for one in theirs] == theirs
    assert await Event.filter(action="account.signed-up").exclude(sealed=None).count() == 0

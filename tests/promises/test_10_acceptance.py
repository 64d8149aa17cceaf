"""Clause 10: notified, viewed, accepted and declined are recorded apart; using the site accepts only what takes nothing away."""

from datetime import timedelta

from models.policy import Change, Role
from models.tables import Customer, PolicyAcceptance, PolicyNotice
from models.tables.policy import AcceptanceEvent
from tests.factories import House
from tests.promises.kept import kept
from tests.promises.test_9_versions import VALID, one, publish
from tests.schema.test_policy import ANSWER, PLAIN, STANDING, standing


async def test_viewed_and_accepted_are_recorded_apart(house: House) -> None:
    """Saying a thing twice leaves one record."""
    person = await house.customer()
    version = house.world.policy.newest.name

    for answer in ("VIEWED", "ACCEPTED", "VIEWED"):
        await person.ok(ANSWER + PLAIN, v=version, a=answer)
    found = await person.ok(STANDING)

    assert found["policyStanding"] == standing(version, None)
    assert [one["event"] for one in found["acceptances"]] == ["VIEWED", "ACCEPTED"]


async def test_everybody_is_told_by_letter_and_what_happened_is_counted_apart(house: House) -> None:
    """Delivered, undelivered, viewed, accepted and declined; nobody is told twice (clauses 9 and 10)."""
    people = [await house.customer() for _ in range(3)]
    house.world.post.refused.add(people[2].email)  # type: ignore[attr-defined]
    name = await publish(house)
    await house.work()
    house.clock.advance(minutes=11)
    await house.work()

    letters = [letter for letter in house.letters if letter.template == "policy-notice"]
    assert sorted(letter.to for letter in letters) == sorted(person.email for person in people[:2])
    assert letters[0].params["version"] == name
    assert await PolicyNotice.filter(delivered_at__isnull=False, version=name).count() == 2
    assert await PolicyNotice.filter(failed_at__isnull=False).count() == 1
    told = await PolicyAcceptance.filter(event=AcceptanceEvent.NOTIFIED).values_list("at", flat=True)
    assert all(at <= VALID - timedelta(days=30) for at in told)
    for answer in ("VIEWED", "ACCEPTED"):
        await people[0].ok(ANSWER + PLAIN, v=name, a=answer)
    await people[1].ok(ANSWER + PLAIN, v=name, a="DECLINED")
    auditor = await house.colleague(Role.AUDITOR, name="Ilze Kalve")
    seen = await one(auditor, name)

    counted = [seen[key] for key in ("toNotify", "notified", "undelivered", "viewed", "accepted", "declined")]
    assert counted == [3, 2, 1, 1, 1, 1]


async def test_a_neutral_change_binds_who_was_told_or_uses_the_site(house: House) -> None:
    """Whoever could not be told stays under the older version until they come (clause 10)."""
    told, lost = await house.customer(), await house.customer()
    old = house.world.policy.newest.name
    house.world.post.refused.add(lost.email)  # type: ignore[attr-defined]
    name = await publish(house, Change.NEUTRAL)
    await house.work()
    house.clock.advance(days=41)
    await house.work()
    assert await Customer.all().order_by("id").values_list("governed_by", flat=True) == [name, old]

    await lost.sign_in()
    house.clock.advance(minutes=11)
    await house.work()

    assert await Customer.all().order_by("id").values_list("governed_by", flat=True) == [name, name]
    assert told.email


async def test_using_the_site_accepts_nothing_that_takes_a_right_away(house: House) -> None:
    """Told, signing in and looking at it every month: until they accept it the older version governs them."""
    person = await house.customer()
    old = house.world.policy.newest.name
    name = await publish(house, Change.REDUCES_RIGHTS)
    await house.work()
    for _ in range(4):
        await person.ok(ANSWER + PLAIN, v=name, a="VIEWED")
        house.clock.advance(days=30)
        await house.work()
        await person.sign_in()
    await person.ok(ANSWER + PLAIN, v=name, a="VIEWED")

    assert (await person.ok(STANDING))["policyStanding"] == standing(old, name, may_decline=True)
    said = [one["event"] for one in (await person.ok(STANDING))["acceptances"] if one["version"] == name]
    assert sorted(said) == ["NOTIFIED", "VIEWED"]
    await person.ok(ANSWER + PLAIN, v=name, a="ACCEPTED")
    assert (await person.ok(STANDING))["policyStanding"] == standing(name, None)
    line = await kept(house, "acceptances_recorded")
    assert (line.measured, line.broken) == (4, 0), "with the one given when signing up"


async def test_whoever_is_bound_without_having_accepted_is_found(house: House) -> None:
    """A customer under a version that reduces rights, who never accepted it, is a promise broken."""
    person, other = await house.customer(), await house.customer()
    name = await publish(house, Change.REDUCES_RIGHTS)
    await person.ok(ANSWER + PLAIN, v=name, a="ACCEPTED")
    house.clock.advance(days=41)
    await house.work()
    newcomer = await house.customer()
    assert (await newcomer.ok(STANDING))["policyStanding"]["governing"]["version"] == name
    assert (await kept(house, "acceptances_recorded")).broken == 0

    await Customer.exclude(governed_by=name).update(governed_by=name)

    assert (await kept(house, "acceptances_recorded")).broken == 1
    await other.sign_in()
    said = [one["event"] for one in (await other.ok(STANDING))["acceptances"] if one["version"] == name]
    assert said == ["NOTIFIED"]

"""Clause 6.1.2: staff access, inventory and keys are looked over every quarter."""

from datetime import timedelta

from models.policy import Role
from models.tables import Review
from models.tables.staff import ReviewKind
from tests.factories import House
from tests.promises.kept import kept
from tests.schema.desk import seen_by

REVIEWS = "{reviews {id kind dueAt lastDoneAt lastDoneBy lastOutcome}}"
COMPLETE = """mutation($i: ID!) {completeReview(id: $i, outcome: "Two roles taken back.") {__typename
  ... on ReviewCompleted {review {kind dueAt lastDoneBy lastOutcome}} ... on Refusal {code}}}"""


async def test_a_review_done_makes_the_next_one_due_in_a_quarter(house: House) -> None:
    """One of each kind waits; done, it says by whom and what came of it."""
    await house.work(only="plan-reviews")
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    waiting = await officer.ok(REVIEWS)
    assert sorted(one["kind"] for one in waiting) == ["INVENTORY", "KEYS", "STAFF_ACCESS"]
    done = (await officer.ok(COMPLETE, i=waiting[0]["id"]))["review"]
    assert done["lastOutcome"] == "Two roles taken back."
    assert done["lastDoneBy"] == "Ieva Lapiņa"
    again = await officer.answer(COMPLETE, i=waiting[0]["id"])
    assert again["data"]["completeReview"]["code"] == "NOT_READY"
    following = await Review.filter(kind=done["kind"], done_at=None).first()
    assert following is not None
    assert following.due_at == house.clock.now + timedelta(days=90)
    assert await house.work(only="plan-reviews") == 0


async def test_a_review_is_for_those_who_can_judge_it(house: House) -> None:
    """Support neither sees nor completes one."""
    await house.work(only="plan-reviews")
    officer, support = await house.colleague(Role.PRIVACY_OFFICER), await house.colleague(Role.SUPPORT)
    assert "errors" in await support.answer(REVIEWS)
    [first, *_] = await officer.ok(REVIEWS)
    assert (await support.answer(COMPLETE, i=first["id"]))["data"]["completeReview"]["code"] == "NOT_FOUND"
    for review in await Review.all():
        theirs = seen_by(support, "Review", review.id)
        assert (await support.answer(COMPLETE, i=theirs))["data"]["completeReview"]["code"] == "NOT_PERMITTED"
    assert await Review.filter(done_at=None).count() == 3


async def test_a_quarter_is_the_most(house: House) -> None:
    """Due a day before; what nobody looked over after 91 days is a promise broken, one looked over in time is kept."""
    await house.work(only="plan-reviews")
    officer = await house.colleague(Role.PRIVACY_OFFICER)
    due = {one.kind: one.due_at for one in await Review.all()}
    for one in await officer.ok(REVIEWS):
        if one["kind"] != "KEYS":
            await officer.ok(COMPLETE, i=one["id"])
    line = await kept(house, "reviews_done")
    assert (line.kept, line.broken, line.open) == (2, 0, 3)

    house.clock.now = due[ReviewKind.KEYS] + timedelta(days=1)
    assert (await kept(house, "reviews_done")).broken == 0
    house.clock.advance(seconds=1)
    assert (await kept(house, "reviews_done")).broken >= 1

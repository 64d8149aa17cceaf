"""Reviews of staff access, inventory and keys (clause 6.1.2): dates like any other; doing one makes the next one due."""

from typing import Final
from uuid import UUID

from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.checks import Checks
from models.database import reader, transaction
from models.policy import Role
from models.refused import Reason, Refused
from models.tables import Event, Review
from models.tables.events import ActorKind, EventKind
from models.tables.staff import ReviewKind
from models.world import World

REVIEWERS: Final = {
    ReviewKind.STAFF_ACCESS: (Role.PRIVACY_OFFICER, Role.AUDITOR),
    ReviewKind.INVENTORY: (Role.PRIVACY_OFFICER,),
    ReviewKind.KEYS: (Role.PRIVACY_OFFICER, Role.ADMIN),
}


async def reviews() -> list[tuple[Review, Review | None]]:
    """What is due next of each kind, soonest first, with the last one done."""
    rows = await Review.all().using_db(reader()).order_by("due_at", "id")
    last = {row.kind: row for row in rows if row.done_at is not None}
    return [(row, last.get(row.kind)) for row in rows if row.done_at is None]


async def complete_review(world: World, colleague: Colleague, review_id: UUID, outcome: str) -> tuple[Review, Review]:
    """It was looked over, with what came of it; the next one, and the one done.

    Raises Refused(INVALID_INPUT, NOT_FOUND, NOT_PERMITTED, NOT_READY when it was done already).
    """
    checks = Checks(today=world.today())
    outcome = checks.text("outcome", outcome, "explanation")
    checks.done()
    found = await Review.filter(id=review_id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    permitted(colleague, REVIEWERS[found.kind])
    now = world.now()
    async with transaction():
        done = {"done_at": now, "done_by": colleague.staff.id, "outcome": outcome}
        if not await Review.filter(id=review_id, done_at=None).update(**done):
            raise Refused(Reason.NOT_READY)
        following = await plan_review(world, found.kind)
        await Event(
            id=world.new_id(), at=now, kind=EventKind.NOTICE, action="review.done", actor_kind=ActorKind.STAFF,
            actor_id=colleague.staff.id, fields_named=[found.kind.value],
        ).save(force_create=True)  # fmt: skip
    await found.refresh_from_db()
    return following, found


async def plan_review(world: World, kind: ReviewKind) -> Review:
    """The next review of a kind, a quarter from now; in the caller's transaction."""
    due = world.rule("REVIEW").due_at(world.now())
    review = Review(id=world.new_id(), kind=kind, due_at=due)
    await review.save(force_create=True)
    return review

"""Each kind of review has one that is due next (clause 6.1.2)."""

from models.actions.reviews import plan_review
from models.database import transaction
from models.tables import Lease, Review
from models.tables.staff import ReviewKind
from models.world import World

PLANNED = "reviews-planned"


async def plan_reviews(world: World, limit: int) -> int:
    """Plan the first review of each kind, once for all workers; how many were."""
    waiting = {row.kind for row in await Review.filter(done_at=None)}
    missing = [kind for kind in ReviewKind if kind not in waiting]
    if not missing:
        return 0
    async with transaction() as tx:
        await Lease.bulk_create([Lease(name=PLANNED, holder="", until=world.now())], ignore_conflicts=True, using_db=tx)
        await Lease.filter(name=PLANNED).using_db(tx).update(until=world.now())  # one worker at a time passes here
        there = {row.kind for row in await Review.filter(done_at=None).using_db(tx)}
        planned = [await plan_review(world, kind) for kind in missing if kind not in there]
    return len(planned)

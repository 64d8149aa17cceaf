"""Reviews that clause 6.1.2 asks for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import reviews as reviewing
from models.actions.powers import MAY, Power
from models.tables import Review as Row
from models.tables.staff import ReviewKind
from schema.access import Context, context, staff
from schema.nodes import Node, encode, given_id
from schema.refusal import Refusal, result
from schema.staff_names import member, named

READERS = MAY[Power.READ_REVIEWS]


@strawberry.type(description="A review that is due, and how the last of its kind ended.")
class Review(Node):
    """The contract's Review."""

    id: strawberry.ID
    kind: ReviewKind
    due_at: datetime
    last_done_at: datetime | None
    last_done_by: str | None
    last_outcome: str | None
    for_me: bool = strawberry.field(description="The viewer's roles do this kind.")


async def _reviews(ctx: Context, found: Sequence[tuple[Row, Row | None]]) -> list[Review]:
    """Reviews with who did the last ones: one statement, however many."""
    await named(ctx, [last.done_by for _, last in found if last])
    return [_review(ctx, row, last) for row, last in found]


def _review(ctx: Context, row: Row, last: Row | None) -> Review:
    by = member(ctx, last.done_by) if last else None
    return Review(
        id=encode(ctx, "Review", row.id),
        kind=row.kind,
        due_at=row.due_at,
        last_done_at=last.done_at if last else None,
        last_done_by=by[1].name if by else None,
        last_outcome=last.outcome if last else None,
        for_me=ctx.colleague is not None and ctx.colleague.has_any(*reviewing.REVIEWERS[row.kind]),
    )


@strawberry.type(description="It is done; the next one is due in a quarter.")
class ReviewCompleted:
    """The contract's ReviewCompleted."""

    review: Review


CompleteReviewResult = Annotated[ReviewCompleted | Refusal, result("CompleteReviewResult")]


@strawberry.type
class ReviewQueries:
    """What is to be looked over."""

    @strawberry.field(description="Next due first.")
    async def reviews(self, info: Info[Any, Any]) -> list[Review]:
        ctx, _ = context(info), staff(info, *READERS)
        return await _reviews(ctx, await reviewing.reviews())


@strawberry.type
class ReviewMutations:
    """Look something over."""

    @strawberry.mutation(description="It was looked over: what came of it. The next one is due in a quarter.")
    async def complete_review(self, info: Info[Any, Any], id: strawberry.ID, outcome: str) -> CompleteReviewResult:
        ctx, who = context(info), staff(info)
        found = await reviewing.complete_review(ctx.world, who, given_id(ctx, id, "Review"), outcome)
        return ReviewCompleted(review=(await _reviews(ctx, [found]))[0])

"""Customers who wait for an answer."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions.colleagues import ANSWERERS
from models.actions.conversations import conversations_page, wanted
from models.actions.searches import hits_of
from models.tables import Conversation as Row
from schema.access import Context, context, staff
from schema.customer_hits import CustomerHit
from schema.nodes import given_id
from schema.pages import connection
from schema.staff import StaffMember
from schema.staff_names import member, named


@strawberry.type(description="One customer's conversation: since when it waits, and whose work it is.")
class Conversation:
    """The contract's Conversation."""

    customer: CustomerHit
    waiting_since: datetime | None
    unanswered: int
    assigned_to: StaffMember | None


ConversationConnection, ConversationEdge = connection("Conversation", Conversation, counted=True)


async def _conversations(ctx: Context, rows: list[Row]) -> dict[Row, Conversation]:
    """With their customers and colleagues: two statements, however many."""
    hits = await hits_of(ctx.world, [row.id for row in rows])
    await named(ctx, [row.assigned_to for row in rows])
    return {row: _conversation(ctx, row, CustomerHit.of(ctx, hits[row.id])) for row in rows if row.id in hits}


def _conversation(ctx: Context, row: Row, customer: CustomerHit) -> Conversation:
    found = member(ctx, row.assigned_to)
    return Conversation(
        customer=customer,
        waiting_since=row.waiting_since,
        unanswered=row.unanswered,
        assigned_to=StaffMember.of(ctx, *found) if found else None,
    )


@strawberry.type
class ConversationQueries:
    """Who waits."""

    @strawberry.field(description="Customers waiting for an answer, longest first; false: those who do not; null: all.")
    async def conversations(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        unanswered: bool | None = True,
        assigned_to: strawberry.ID | None = strawberry.UNSET,
    ) -> ConversationConnection:  # type: ignore[valid-type]
        ctx, _ = context(info), staff(info, *ANSWERERS)
        whose = given_id(ctx, assigned_to, "StaffMember") if assigned_to else None
        page = await conversations_page(first, after or None, unanswered, whose)
        built = await _conversations(ctx, page.rows)
        page.rows = [row for row in page.rows if row in built]
        return ConversationConnection.of(page, built.__getitem__, await wanted(unanswered, whose).count())

"""Opening a record for a reason and a while, closing it, revealing what it masks (clause 6.1.3)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import open_record as opening
from models.actions.searches import hits_of
from models.tables import AccessGrant as Row
from models.tables.access import GrantReason
from schema.access import Context, context, staff
from schema.customer_hits import CustomerHit
from schema.masking import read_ref
from schema.nodes import Node, given_id, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column


@strawberry.type(
    description="Permission to open one customer's record, for a reason and a while. The customer sees it."
)
class AccessGrant(Node, FromRow):
    """The contract's AccessGrant."""

    id: strawberry.ID = node_id("AccessGrant")
    customer: CustomerHit
    reason: GrantReason = column()
    ticket: str = column()
    opened_at: datetime = column()
    expires_at: datetime = column()
    revealed: list[str] = column(description="The values revealed so far, by name.")


def access_grant(ctx: Context, row: Row, customer: CustomerHit) -> AccessGrant:
    """A grant and whose record it opens. Closed before its time, it expired then."""
    made = AccessGrant.of(ctx, row)
    made.customer, made.expires_at = customer, row.closed_at or row.expires_at
    return made


async def access_grants(ctx: Context, rows: Sequence[Row]) -> list[AccessGrant]:
    """Grants with their customers: one statement, however many."""
    hits = await hits_of(ctx.world, {row.customer_id for row in rows})
    return [
        access_grant(ctx, row, CustomerHit.of(ctx, hits[row.customer_id])) for row in rows if row.customer_id in hits
    ]


# ---- results, query and mutations -----------------------------------------------------------------------------------
@strawberry.type(description="The record is open; the customer's events say so.")
class RecordOpened:
    """The contract's RecordOpened."""

    grant: AccessGrant


@strawberry.type(description="The record is closed.")
class RecordClosed:
    """The contract's RecordClosed."""

    grant: AccessGrant


@strawberry.type(description="A value shown whole; null where there is none.")
class RevealedValue:
    """The contract's RevealedValue."""

    ref: strawberry.ID
    value: str | None


@strawberry.type(description="The values, in the order asked for; the customer's events say which.")
class Revealed:
    """The contract's Revealed."""

    values: list[RevealedValue]


OpenRecordResult = Annotated[RecordOpened | Refusal, result("OpenRecordResult")]
CloseRecordResult = Annotated[RecordClosed | Refusal, result("CloseRecordResult")]
RevealResult = Annotated[Revealed | Refusal, result("RevealResult")]


@strawberry.type
class GrantQueries:
    """What is open now."""

    @strawberry.field(description="The viewer's own grants still open, newest first.")
    async def open_grants(self, info: Info[Any, Any]) -> list[AccessGrant]:
        ctx, who = context(info), staff(info)
        return await access_grants(ctx, await opening.open_grants(ctx.world, who))


@strawberry.type
class GrantMutations:
    """Open, close, reveal."""

    @strawberry.mutation(description="For a reason and a ticket, for at most fifteen minutes; the customer sees it.")
    async def open_record(
        self, info: Info[Any, Any], customer_id: strawberry.ID, reason: GrantReason, ticket: str
    ) -> OpenRecordResult:
        ctx, who = context(info), staff(info)
        customer = given_id(ctx, customer_id, "Customer", "CustomerRecord")
        row = await opening.open_record(ctx.world, who, customer, reason, ticket)
        return RecordOpened(grant=(await access_grants(ctx, [row]))[0])

    @strawberry.mutation(description="Done with it before its time.")
    async def close_record(self, info: Info[Any, Any], grant_id: strawberry.ID) -> CloseRecordResult:
        ctx, who = context(info), staff(info)
        row = await opening.close_record(ctx.world, who, given_id(ctx, grant_id, "AccessGrant"))
        return RecordClosed(grant=(await access_grants(ctx, [row]))[0])

    @strawberry.mutation(description="By the refs of masked values: all of them or none; the customer sees which.")
    async def reveal(self, info: Info[Any, Any], grant_id: strawberry.ID, refs: list[strawberry.ID]) -> RevealResult:
        ctx, who = context(info), staff(info)
        asked, grant = [read_ref(ctx, ref) for ref in refs], given_id(ctx, grant_id, "AccessGrant")
        values = await opening.reveal(ctx.world, who, grant, asked)
        return Revealed(values=[RevealedValue(ref=ref, value=value) for ref, value in zip(refs, values, strict=True)])

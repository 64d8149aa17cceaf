"""Holds as staff see them (clause 4.2): placed, reviewed, released by two people."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import holds as holding
from models.actions.holds import NewHold
from models.actions.powers import MAY, Power
from models.actions.request_queue import members, readable
from models.actions.searches import hits_of
from models.tables import Hold as Row
from schema.access import Context, context, staff
from schema.approvals import ProposeResult, awaited
from schema.customer_hits import CustomerHit
from schema.nodes import Node, encode, given_id
from schema.pages import connection
from schema.refusal import Refusal, result

READERS = MAY[Power.READ_HOLDS]


@strawberry.type(description="Stops the erasure of what it names, and of nothing else, until it is released.")
class Hold(Node):
    """The contract's Hold."""

    id: strawberry.ID
    customer: CustomerHit
    basis: str | None = strawberry.field(description="Null without an open grant.")
    told_to_customer: bool
    scope: list[str] = strawberry.field(description="Tables of the inventory, or 'all'.")
    placed_at: datetime
    placed_by: str
    review_by: date
    released_at: datetime | None


HoldConnection, HoldEdge = connection("Hold", Hold, counted=True)


async def holds(ctx: Context, rows: Sequence[Row]) -> dict[Row, Hold]:
    """Holds with their customers: three statements, however many. The basis is shown only under an open grant."""
    who, people = staff_of(ctx), {row.customer_id for row in rows}
    hits, open_records = await hits_of(ctx.world, people), await readable(ctx.world, who, people, "hold", "basis")
    placers = await members(ctx.world, {row.placed_by for row in rows})
    keys = await ctx.world.vault.keys(open_records)
    return {
        row: Hold(
            id=encode(ctx, "Hold", row.id),
            customer=CustomerHit.of(ctx, hits[row.customer_id]),
            basis=row.opened(keys).basis if row.customer_id in keys else None,
            told_to_customer=row.told_to_customer,
            scope=row.scope,
            placed_at=row.placed_at,
            placed_by=placers[row.placed_by][1].name if row.placed_by in placers else "—",
            review_by=row.review_by.date(),
            released_at=row.released_at,
        )
        for row in rows
        if row.customer_id in hits
    }


def staff_of(ctx: Context) -> Any:
    """Who asks; a field of a record that was opened."""
    assert ctx.colleague is not None
    return ctx.colleague


async def holds_on(ctx: Context, customer_id: Any) -> list[Hold]:
    """Those of one customer, newest first: for an open record."""
    return list((await holds(ctx, await holding.holds_of(customer_id))).values())


# ---- results, query and mutations -----------------------------------------------------------------------------------
@strawberry.type(description="The hold as it stands now.")
class HoldUpdated:
    """The contract's HoldUpdated."""

    hold: Hold


HoldResult = Annotated[HoldUpdated | Refusal, result("HoldResult")]


async def _updated(ctx: Context, row: Row) -> HoldUpdated:
    return HoldUpdated(hold=(await holds(ctx, [row]))[row])


@strawberry.type
class HoldQueries:
    """The holds that stand."""

    @strawberry.field(description="Holds that stand, the next to be reviewed first; before a day, if one is given.")
    async def holds(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        review_before: date | None = strawberry.UNSET,
    ) -> HoldConnection:  # type: ignore[valid-type]
        ctx, _ = context(info), staff(info, *READERS)
        page, total = await holding.holds_page(first, after or None, review_before or None)
        built = await holds(ctx, page.rows)
        page.rows = [row for row in page.rows if row in built]
        return HoldConnection.of(page, built.__getitem__, total)


@strawberry.type
class HoldMutations:
    """Place, review and release a hold."""

    @strawberry.mutation(description="Keep what is named from being erased: tables of the inventory, or 'all'.")
    async def place_hold(
        self,
        info: Info[Any, Any],
        customer_id: strawberry.ID,
        basis: str,
        scope: list[str],
        review_by: date,
        tell_customer: bool = True,
    ) -> HoldResult:
        ctx, who = context(info), staff(info)
        new = NewHold(basis=basis, scope=scope, review_by=review_by, told=tell_customer)
        customer = given_id(ctx, customer_id, "Customer", "CustomerRecord")
        return await _updated(ctx, (await holding.place_hold(ctx.world, who, customer, new))[0])

    @strawberry.mutation(description="It still has to stand, and why; the next date of review.")
    async def review_hold(self, info: Info[Any, Any], id: strawberry.ID, review_by: date, reason: str) -> HoldResult:
        ctx, who = context(info), staff(info)
        found = await holding.review_hold(ctx.world, who, given_id(ctx, id, "Hold"), review_by, reason)
        return await _updated(ctx, found[0])

    @strawberry.mutation(description="Propose to let it go; a second person decides.")
    async def release_hold(self, info: Info[Any, Any], id: strawberry.ID, reason: str) -> ProposeResult:
        ctx, who = context(info), staff(info)
        return await awaited(ctx, await holding.release_hold(ctx.world, who, given_id(ctx, id, "Hold"), reason))

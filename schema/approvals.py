"""What takes two people: the list of what waits, and the second one's decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import approvals as deciding
from models.actions import closing
from models.actions.powers import MAY, Power
from models.actions.request_queue import OpenedMember, members
from models.actions.searches import Hit, hits_of
from models.tables import Approval as Row
from models.tables.staff import ApprovalContents, ApprovalKind
from schema.access import Context, context, staff
from schema.customer_hits import CustomerHit
from schema.nodes import Node, encode, given_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.staff import StaffMember

READERS = MAY[Power.READ_APPROVALS]


@strawberry.type(description="Something that two people do: what, for whom, why, proposed by whom.")
class Approval(Node):
    """The contract's Approval."""

    id: strawberry.ID
    kind: ApprovalKind
    customer: CustomerHit | None = strawberry.field(description="Null for what concerns no customer.")
    reason: str
    proposed_by: StaffMember
    proposed_at: datetime
    due_at: datetime
    mine: bool = strawberry.field(description="The viewer's own proposal, which somebody else decides.")
    for_me: bool = strawberry.field(
        description="The viewer may be the second person: another's, and of a kind their roles decide."
    )

    @classmethod
    def of(
        cls, ctx: Context, row: Row, contents: ApprovalContents, *, hit: Hit | None, proposer: OpenedMember
    ) -> "Approval":
        assert ctx.colleague is not None
        return cls(
            id=encode(ctx, "Approval", row.id),
            kind=row.kind,
            customer=CustomerHit.of(ctx, hit) if hit else None,
            reason=contents.reason,
            proposed_by=StaffMember.of(ctx, *proposer),
            proposed_at=row.proposed_at,
            due_at=row.due_at,
            mine=row.proposed_by == ctx.colleague.staff.id,
            for_me=deciding.may_decide(ctx.colleague, row),
        )


ApprovalConnection, ApprovalEdge = connection("Approval", Approval, counted=True)


async def approvals(ctx: Context, rows: Sequence[tuple[Row, ApprovalContents]]) -> list[Approval]:
    """Proposals with their customers and proposers: two statements, however many."""
    hits = await hits_of(ctx.world, {row.customer_id for row, _ in rows if row.customer_id})
    proposers = await members(ctx.world, {row.proposed_by for row, _ in rows})
    return [
        Approval.of(
            ctx,
            row,
            contents,
            hit=hits.get(row.customer_id) if row.customer_id else None,
            proposer=proposers[row.proposed_by],
        )
        for row, contents in rows
    ]


# ---- results, query and mutations -----------------------------------------------------------------------------------
@strawberry.type(description="Waits for approve by a second member of staff.")
class ApprovalAwaited:
    """The contract's ApprovalAwaited."""

    approval: Approval


@strawberry.type(description="The second person has decided.")
class Decided:
    """The contract's Decided."""

    approval: Approval
    approved: bool


ProposeResult = Annotated[ApprovalAwaited | Refusal, result("ProposeResult")]
DecideResult = Annotated[Decided | Refusal, result("DecideResult")]


async def awaited(ctx: Context, opened: tuple[Row, ApprovalContents]) -> ApprovalAwaited:
    """A proposal just made."""
    return ApprovalAwaited(approval=(await approvals(ctx, [opened]))[0])


async def _decided(ctx: Context, opened: tuple[Row, ApprovalContents]) -> Decided:
    return Decided(approval=(await approvals(ctx, [opened]))[0], approved=bool(opened[0].approved))


@strawberry.type
class ApprovalQueries:
    """What waits for a second person."""

    @strawberry.field(description="What waits for a second person; the viewer's own proposals are marked.")
    async def approvals(
        self, info: Info[Any, Any], first: int = 20, after: str | None = strawberry.UNSET
    ) -> ApprovalConnection:  # type: ignore[valid-type]
        ctx, _ = context(info), staff(info, *READERS)
        page, total = await deciding.waiting_approvals(first, after or None)
        opened = await deciding.opened_approvals(ctx.world, page.rows)
        page.rows = [row for row, _ in opened]
        built = dict(zip(page.rows, await approvals(ctx, opened), strict=True))
        return ApprovalConnection.of(page, built.__getitem__, total)


@strawberry.type
class ApprovalMutations:
    """Decide what a colleague proposed; propose to close an account under the terms."""

    @strawberry.mutation(description="By somebody else than the proposer; it is done in the same transaction.")
    async def approve(self, info: Info[Any, Any], id: strawberry.ID) -> DecideResult:
        ctx, who = context(info), staff(info)
        return await _decided(ctx, await deciding.approve(ctx.world, who, given_id(ctx, id, "Approval")))

    @strawberry.mutation(description="Not to be done, and why; the proposer may take it back so, too.")
    async def reject(self, info: Info[Any, Any], id: strawberry.ID, reason: str) -> DecideResult:
        ctx, who = context(info), staff(info)
        return await _decided(ctx, await deciding.reject(ctx.world, who, given_id(ctx, id, "Approval"), reason))

    @strawberry.mutation(
        description="The company closes an account under its terms (clause 5.2), once a second person agrees."
    )
    async def close_for_terms(
        self, info: Info[Any, Any], customer_id: strawberry.ID, terms_clause: str, reason: str
    ) -> ProposeResult:
        ctx, who = context(info), staff(info)
        customer = given_id(ctx, customer_id, "Customer", "CustomerRecord")
        return await awaited(ctx, await closing.close_for_terms(ctx.world, who, customer, terms_clause, reason))

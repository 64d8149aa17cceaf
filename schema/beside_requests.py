"""What stands beside the requests of a list, each read once for all of them: words, checks, assignees, approvals."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import strawberry

from models.actions import request_queue
from models.actions.approvals import approvals_of, opened_approvals
from models.actions.request_queue import OpenedMember
from models.keys import Keys
from models.tables.cases import RightsRequestContents
from schema.access import Context
from schema.approvals import Approval
from schema.identity_checks import IdentityCheck
from schema.loading import once
from schema.request_customers import hits
from schema.staff import StaffMember


async def texts(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, str | None]:
    """The words of the requests."""
    return {row_id: contents.text for row_id, contents in (await _readable(ctx, rows)).items()}


async def _readable(ctx: Context, rows: Sequence[Any]) -> dict[UUID, RightsRequestContents]:
    """Those whose words may be read now: by role, and with the record open."""
    who, people = ctx.colleague, sorted({row.customer_id for row in rows})
    assert who is not None
    open_ones = await once(
        ctx,
        f"readable {people}",
        lambda: request_queue.readable(ctx.world, who, people, "rights_request", "text"),
    )
    keys = await ctx.world.vault.keys(open_ones)
    return {row.id: _contents(row, keys) for row in rows if row.customer_id in keys}


def _contents(row: Any, keys: Keys) -> RightsRequestContents:
    key = keys[row.customer_id]
    return key.open("rights_request", row.id, bytes(row.sealed), RightsRequestContents)


async def checks(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, IdentityCheck]:
    """How each owner was identified; the signs of the document where the words may be read."""
    readable, found = await _readable(ctx, rows), await _named(ctx, rows)
    return {
        row.id: IdentityCheck(
            document=row.document,
            last_four=readable[row.id].last_four if row.id in readable else None,
            office_id=strawberry.ID(row.office_id or ""),
            checked_by=name(found, row.checked_by) or "—",
            confirmed_by=name(found, row.confirmed_by),
            at=row.checked_at,
        )
        for row in rows
        if row.checked_at is not None
    }


async def _named(ctx: Context, rows: Sequence[Any]) -> Mapping[UUID, OpenedMember]:
    """The members of staff whom the rows name: one statement for all that asks for them."""
    people = {one for row in rows for one in (row.assigned_to, row.checked_by, row.confirmed_by)}
    return await once(ctx, f"named {sorted(map(str, people))}", lambda: request_queue.members(ctx.world, people))


async def assignees(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, StaffMember]:
    """Who looks after each."""
    found = await _named(ctx, rows)
    return {row.id: StaffMember.of(ctx, *found[row.assigned_to]) for row in rows if row.assigned_to in found}


async def approvals(ctx: Context, rows: Sequence[Any], _: Any) -> Mapping[UUID, Approval]:
    """The second person's decision that each waits for."""
    opened = await opened_approvals(ctx.world, list((await approvals_of([row.id for row in rows])).values()))
    proposers, whose = (
        await request_queue.members(ctx.world, {one.proposed_by for one, _ in opened}),
        await hits(ctx, rows),
    )
    found = {one.subject: (one, contents) for one, contents in opened}
    return {
        row.id: Approval.of(
            ctx, *found[str(row.id)], hit=whose[row.customer_id], proposer=proposers[found[str(row.id)][0].proposed_by]
        )
        for row in rows
        if str(row.id) in found
    }


def name(found: Mapping[UUID, OpenedMember], member: Any) -> str | None:
    """A member of staff's; None if nobody is named."""
    return found[member][1].name if member in found else None


SEALED = ("id", "customer_id", "sealed")
NAMED = ("id", "assigned_to", "checked_by", "confirmed_by")
CHECKED = (*SEALED, *NAMED, "checked_at", "document", "office_id")

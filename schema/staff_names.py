"""Names of members of staff beside what they did: read once for a page, then at hand for its rows."""

from collections.abc import Iterable
from uuid import UUID

from models.actions.request_queue import OpenedMember as Opened
from models.actions.request_queue import members
from schema.access import Context

SOMEBODY = {"EN": "a member of staff", "LV": "darbinieks"}
"""Whose name is erased by now."""


async def named(ctx: Context, ids: Iterable[UUID | None]) -> None:
    """Have these members at hand; one statement for those that are not yet."""
    known = _known(ctx)
    known |= await members(ctx.world, {one for one in ids if one is not None} - known.keys())


def member(ctx: Context, staff_id: UUID | None) -> Opened | None:
    """Somebody that ``named`` brought; None when they are erased."""
    return _known(ctx).get(staff_id) if staff_id is not None else None


def name_of(ctx: Context, staff_id: UUID | None) -> str:
    """Their name, in whatever they are still known by."""
    found = member(ctx, staff_id)
    return found[1].name if found else SOMEBODY[ctx.locale]


def roles_of(ctx: Context, staff_id: UUID | None) -> str | None:
    """Their roles in the reader's language; None when nobody knows any more."""
    found = member(ctx, staff_id)
    if found is None:
        return None
    titles = ctx.world.policy.inventory.roles
    return ", ".join(title.said(ctx.locale.lower()) for role, title in titles.items() if role in found[0].roles) or None


def _known(ctx: Context) -> dict[UUID, Opened]:
    known: dict[UUID, Opened] = ctx.loaded.setdefault("members", {})
    return known

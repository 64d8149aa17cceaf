"""A value that staff see masked, and the ref that reveals it: typed, opaque and the colleague's own, as node ids are."""

import base64
import hmac
from typing import Any
from uuid import UUID

import strawberry

from models.actions.masked_values import MASKED, shown
from models.actions.open_record import Ref
from models.refused import Reason, Refused
from schema.access import Context
from schema.sources import derived

NAMES = tuple(MASKED)


@strawberry.type(description="A value masked. ref is what reveal takes; null when the viewer's roles may not see it.")
class MaskedValue:
    """The contract's MaskedValue."""

    masked: str = strawberry.field(description="Of a fixed length, whatever the value is; empty where there is none.")
    present: bool
    ref: strawberry.ID | None


def masked(name: str) -> Any:
    """A field whose value is one of MASKED, made of its row."""
    return derived(lambda ctx, row, contents: masked_value(ctx, name, row, contents), sealed=MASKED[name].fields)


def masked_value(ctx: Context, name: str, row: Any, contents: Any) -> MaskedValue:
    """As the colleague's roles see it."""
    assert ctx.colleague is not None
    found = shown(ctx.world.policy.inventory, ctx.colleague.roles, name, row, contents)
    return MaskedValue(
        masked=found.masked, present=found.present, ref=write_ref(ctx, name, row.id) if found.revealable else None
    )


def write_ref(ctx: Context, name: str, row_id: UUID) -> strawberry.ID:
    """Which value of which row, and a tag that only this colleague's refs carry; URL-safe text."""
    head = bytes((NAMES.index(name),)) + row_id.bytes
    return strawberry.ID(base64.urlsafe_b64encode(head + _tag(ctx, head)).decode())


def read_ref(ctx: Context, ref: str) -> Ref:
    """The colleague's own ref. Raises Refused(NOT_FOUND) for anything else."""
    try:
        raw = base64.b64decode(ref.encode(), altchars=b"-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 24 or raw[0] >= len(NAMES) or not hmac.compare_digest(raw[17:], _tag(ctx, raw[:17])):
        raise Refused(Reason.NOT_FOUND)
    return Ref(NAMES[raw[0]], UUID(bytes=raw[1:17]))


def _tag(ctx: Context, head: bytes) -> bytes:
    assert ctx.colleague is not None
    return ctx.world.vault.mac("ref", ctx.colleague.row.id.bytes + head, 7)

"""The dates the policy sets for an account: what is due, since when, and why it moved if it did."""

from datetime import datetime
from typing import Any

import strawberry

from models.selections import Condition
from schema.access import Context
from schema.nodes import Node, node_id
from schema.sources import FromRow, column, derived, sealed


def _title(ctx: Context, row: Any, _: Any) -> str:
    """What the rule says happens, in the version that the date was counted by."""
    return ctx.world.policy.title(row.rule, row.policy_version).said(ctx.locale)


@strawberry.type(description="A date the policy sets: what is due, since when, and why it moved if it did.")
class Obligation(Node, FromRow):
    """The contract's Obligation."""

    id: strawberry.ID = node_id("Obligation")
    clause: str = column()
    title: str = derived(_title, columns=("rule", "policy_version"), description="In the reader's language.")
    started_at: datetime = column()
    due_at: datetime = column(description="When we act.")
    ceiling: datetime | None = column(description="The promise: never later than this.")
    done_at: datetime | None = column()
    moved_because: str | None = sealed(description="Why the date is not the one first set.")


def obligations_wanted(open: bool | None = True) -> tuple[Condition, ...]:
    """Open ones, met ones (false), or all (null)."""
    return () if open is None else (Condition("done_at", "is null" if open else "is not null"),)

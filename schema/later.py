"""What later steps fill in: complaints. Empty lists for now."""

from datetime import datetime

import strawberry

from schema.access import Context
from schema.nodes import Node, node_id
from schema.sources import FromRow, column, sealed


@strawberry.type(description="A complaint, with its acknowledgement and outcome (clause 8).")
class Complaint(Node, FromRow):
    """The contract's Complaint."""

    id: strawberry.ID = node_id("Complaint")
    number: str = column()
    received_at: datetime = column()
    acknowledge_by: datetime = column()
    acknowledged_at: datetime | None = column()
    closed_at: datetime | None = column()
    text: str = sealed()
    outcome: str | None = sealed()
    regulator_reference: str | None = column()


async def complaints(ctx: Context) -> list[Complaint]:
    """The viewer's complaints, newest first."""
    return []

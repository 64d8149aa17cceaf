"""What waits for staff, as counts for the home page and the tabs."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions.work import work_counts
from schema.access import context, staff


@strawberry.type(description="What waits for staff.")
class WorkCounts:
    """The contract's WorkCounts."""

    requests_open: int
    requests_overdue: int
    requests_due_in_24_hours: int = strawberry.field(name="requestsDueIn24Hours")
    complaints_open: int
    complaints_unacknowledged: int
    conversations_unanswered: int
    approvals_for_me: int = strawberry.field(description="Proposals of others that the viewer may decide.")
    holds_to_review: int = strawberry.field(description="Until today.")
    reviews_due: int
    dead_letters: int = strawberry.field(description="Letters that were given up.")
    oldest_backup_at: datetime | None


@strawberry.type
class WorkQueries:
    """Counts."""

    @strawberry.field(description="Counts for the home page and the tabs' badges.")
    async def work(self, info: Info[Any, Any]) -> WorkCounts:
        counts = await work_counts(context(info).world, staff(info))
        return WorkCounts(requests_due_in_24_hours=counts.pop("requests_due_soon"), **counts)

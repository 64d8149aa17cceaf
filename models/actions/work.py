"""What waits for staff, counted in one statement for the home page."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from models.actions.approvals import DECISIONS
from models.actions.origin import Colleague
from models.actions.requests import OPEN
from models.database import dialect, reader
from models.world import World

SOON = timedelta(hours=24)
REQUESTS = (
    "( select count(*) as requests_open, "
    "count(*) filter ( where copy_ready_at is null and due_at <= {now} ) as requests_overdue, "
    "count(*) filter ( where copy_ready_at is null and due_at > {now} and due_at <= {soon} ) as requests_due_soon "
    "from rights_request where status in {open} ) as requests"
)
"""The open ones are looked at once, however many they are."""
COUNTS = {
    "complaints_open": "from complaint where closed_at is null",
    "complaints_unacknowledged": "from complaint where closed_at is null and acknowledged_at is null",
    "conversations_unanswered": "from conversation where waiting_since is not null",
    "approvals_for_me": "from approval where decided_at is null and proposed_by <> {me} and kind in {mine}",
    "holds_to_review": "from hold where released_at is null and review_by < {tomorrow}",
    "reviews_due": "from review where done_at is null and due_at <= {now}",
    "dead_letters": "from letter where dead_at is not null and posted_at is null and tries > 0",
}
OLDEST = "(select min(taken_at) from backup where destroyed_at is null) as oldest_backup_at"


class _Values:
    """The values of a statement; each is named by the next mark of the database's own kind."""

    def __init__(self) -> None:
        self.bound: list[Any] = []

    def mark(self, value: Any) -> str:
        postgres = dialect() == "postgres"
        self.bound.append(value if postgres else str(value))
        return f"${len(self.bound)}" if postgres else "?"

    def marks(self, values: list[str]) -> str:
        return "(" + ", ".join(self.mark(value) for value in values or [""]) + ")"


async def work_counts(world: World, colleague: Colleague) -> dict[str, Any]:
    """Each count by its name, and when the oldest backup that still exists was taken."""
    now, values = world.now(), _Values()
    mine = [kind.value for kind, decision in DECISIONS.items() if colleague.has_any(*decision.approvers)]
    open_ones = [status.value for status in OPEN]
    given = {
        "now": lambda: values.mark(now),
        "soon": lambda: values.mark(now + SOON),
        "tomorrow": lambda: values.mark(datetime.combine(now.date(), time(), UTC) + SOON),
        "me": lambda: values.mark(colleague.staff.id),
        "open": lambda: values.marks(open_ones),
        "mine": lambda: values.marks(mine),
    }
    parts = [f"(select count(*) {_filled(where, given)}) as {name}" for name, where in COUNTS.items()]
    statement = f"select requests.*, {', '.join([*parts, OLDEST])} from {_filled(REQUESTS, given)}"  # noqa: S608  our words
    [found] = await reader().execute_query_dict(statement, values.bound)
    oldest = found["oldest_backup_at"]
    return {**found, "oldest_backup_at": datetime.fromisoformat(oldest) if isinstance(oldest, str) else oldest}


def _filled(where: str, given: dict[str, Any]) -> str:
    """The condition with its marks, in the order they stand in."""
    words = where.split(" ")
    return " ".join(given[word[1:-1]]() if word.startswith("{") else word for word in words)

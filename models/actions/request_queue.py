"""The office's queue: open requests, the earliest deadline first, and what is shown beside them without a record opened.

However many requests a page has, what stands beside them costs one statement a table and one read of the keys.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.actions.origin import Colleague
from models.actions.requests import OPEN
from models.checks.identifiers import number_asked_for
from models.database import reader
from models.policy import Reading
from models.selections import NOW, Condition
from models.tables import AccessGrant, Staff
from models.tables.cases import RequestChannel, RequestKind, RequestStatus
from models.tables.staff import StaffContents
from models.world import World

OpenedMember = tuple[Staff, StaffContents]
LATE: Final = (
    Condition("status", "in", OPEN), Condition("copy_ready_at", "is null"), Condition("due_at", "<=", NOW),
)  # fmt: skip
"""What was promised is not done: open past its date; a copy that is ready waits for its owner only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which requests; open ones unless a status or a number is named. Overdue: what was promised is not done yet."""

    number: str | None = None
    status: Sequence[RequestStatus] | None = None
    kind: Sequence[RequestKind] | None = None
    channel: Sequence[RequestChannel] | None = None
    overdue: bool | None = None
    assigned_to: UUID | None = None


def is_overdue(now: datetime, status: RequestStatus, copy_ready_at: datetime | None, due_at: datetime) -> bool:
    """``LATE``, of a row with these values."""
    return status in OPEN and copy_ready_at is None and due_at <= now


def conditions(wanted: Wanted) -> tuple[Condition, ...]:
    """Which requests that are."""
    found: list[Condition] = []
    if wanted.number is not None:
        found.append(Condition("number", "=", number_asked_for(wanted.number)))
    if wanted.status is not None:
        found.append(Condition("status", "in", tuple(wanted.status)))
    elif wanted.number is None:
        found.append(Condition("ended_at", "is null"))  # an index brings these in order, however many have ended
    if wanted.kind is not None:
        found.append(Condition("kind", "in", tuple(wanted.kind)))
    if wanted.channel is not None:
        found.append(Condition("channel", "in", tuple(wanted.channel)))
    if wanted.assigned_to is not None:
        found.append(Condition("assigned_to", "=", wanted.assigned_to))
    if wanted.overdue is not None:
        found += LATE if wanted.overdue else (Condition("due_at", "not all", LATE),)
    return tuple(found)


async def readable(world: World, colleague: Colleague, people: Iterable[UUID], table: str, field: str) -> set[UUID]:
    """Those of these customers of whom this member of staff may read a field now: by role, and with the record open (6.1.3)."""
    if world.policy.inventory.entity(table).field(field).for_roles(colleague.roles) is not Reading.FULL:
        return set()
    open_now = AccessGrant.filter(
        staff_id=colleague.staff.id, customer_id__in=list(people), closed_at=None, expires_at__gt=world.now()
    )
    return set(await open_now.using_db(reader()).values_list("customer_id", flat=True))  # type: ignore[arg-type]


async def members(world: World, ids: Iterable[UUID | None]) -> dict[UUID, OpenedMember]:
    """Members of staff by id, opened, former ones too. One statement, one read of the keys."""
    wanted = [one for one in ids if one is not None]
    rows = await Staff.filter(id__in=wanted).using_db(reader()) if wanted else []
    keys = await world.vault.keys([row.id for row in rows])
    return {row.id: (row, row.opened(keys)) for row in rows if row.id in keys}

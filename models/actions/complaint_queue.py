"""The queue of complaints, and what is shown beside them: as many statements for fifty as for one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.actions.origin import Colleague
from models.actions.request_queue import OpenedMember, members, readable
from models.actions.searches import Hit, hits_of
from models.checks.identifiers import number_asked_for
from models.database import reader
from models.policy import Role
from models.tables import Complaint
from models.tables.cases import ComplaintContents
from models.tables.paging import Page, page_of
from models.world import World


@dataclass(frozen=True, slots=True)
class Beside:
    """Customers, words, which of them may be read, and members of staff."""

    hits: dict[UUID, Hit]
    contents: dict[UUID, ComplaintContents]
    readable: set[UUID]
    members: dict[UUID, OpenedMember]


def wanted(
    now: datetime, number: str | None, open: bool | None, overdue: bool | None, assigned_to: UUID | None
) -> QuerySet[Complaint]:
    """Open ones unless a number is named or it is said otherwise."""
    found = Complaint.all()
    if number is not None:
        found = found.filter(number=number_asked_for(number))
    if isinstance(open, bool) or number is None:
        found = found.filter(closed_at__isnull=open is not False)
    if assigned_to is not None:
        found = found.filter(assigned_to=assigned_to)
    if isinstance(overdue, bool):
        late = Q(acknowledged_at__isnull=True, closed_at__isnull=True, acknowledge_by__lte=now)
        found = found.filter(late if overdue else ~late)
    return found


async def queue(found: QuerySet[Complaint], first: int, after: str | None) -> tuple[Page, int]:
    """A page, the next to acknowledge first, and how many there are. Raises Refused(INVALID_INPUT)."""
    found = found.using_db(reader())
    return await page_of(found, "acknowledge_by", first, after, oldest_first=True), await found.count()


async def complaints_of_record(customer_id: UUID) -> list[Complaint]:
    """A customer's, newest first."""
    return await Complaint.filter(customer_id=customer_id).using_db(reader()).order_by("-received_at", "-id").limit(100)


async def beside(world: World, colleague: Colleague, rows: Sequence[Complaint]) -> Beside:
    """For these complaints, as this member of staff may see them."""
    customers = {row.customer_id for row in rows if row.customer_id is not None}
    keys = await world.vault.keys({row.person_id for row in rows})
    if colleague.has_any(Role.PRIVACY_OFFICER):
        may = {row.id for row in rows}
    else:
        open_records = await readable(world, colleague, customers, "complaint", "text")
        may = {row.id for row in rows if row.customer_id in open_records}
    return Beside(
        hits=await hits_of(world, customers),
        contents={row.id: row.opened(keys) for row in rows if row.person_id in keys},
        readable=may,
        members=await members(world, [row.assigned_to for row in rows]),
    )

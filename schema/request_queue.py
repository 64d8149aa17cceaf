"""The queue that requests stand in, and finding one by its number."""

from typing import Any

import strawberry
from strawberry.types import Info

from models import tables
from models.actions import request_queue
from models.actions.powers import MAY, Power
from models.actions.request_queue import Wanted
from models.selections import Condition, counted, found_page
from models.tables.cases import RequestChannel, RequestKind, RequestStatus
from schema.access import Context, context, staff
from schema.nodes import given_id
from schema.sources import SOURCE, Related
from schema.staff_requests import StaffRequest, StaffRequestConnection, staff_requests

READERS = MAY[Power.READ_REQUESTS]


def _wanted(ctx: Context, assigned_to: Any = None, **given: Any) -> tuple[Condition, ...]:
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not strawberry.UNSET}
    whose = given_id(ctx, assigned_to, "StaffMember") if assigned_to else None
    return request_queue.conditions(Wanted(assigned_to=whose, **chosen))


QUEUE = Related(
    tables.RightsRequest, StaffRequest, ("due_at", "id"), "page", by=None, roles=READERS, personal=("assigned_to",),
    where=_wanted, connection=StaffRequestConnection,
)  # fmt: skip


@strawberry.type
class StaffRequestQueries:
    """The queue."""

    @strawberry.field(description="Open work, earliest deadline first; number finds one.", metadata={SOURCE: QUEUE})
    async def requests(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        number: str | None = strawberry.UNSET,
        status: list[RequestStatus] | None = strawberry.UNSET,
        kind: list[RequestKind] | None = strawberry.UNSET,
        channel: list[RequestChannel] | None = strawberry.UNSET,
        overdue: bool | None = strawberry.UNSET,
        assigned_to: strawberry.ID | None = strawberry.UNSET,
    ) -> StaffRequestConnection:
        ctx, _ = context(info), staff(info, *READERS)
        selection = QUEUE.selection(
            ctx, number=number, status=status, kind=kind, channel=channel, overdue=overdue, assigned_to=assigned_to
        )
        now = ctx.world.now()
        page, total = await found_page(selection, None, now, first, after or None), await counted(selection, now)
        return StaffRequestConnection.of(page, (await staff_requests(ctx, page.rows)).__getitem__, total)

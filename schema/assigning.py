"""Whose work something is: one mutation for requests, complaints and conversations, told apart by the kind of their ids."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models.actions.complaint_handling import assign_complaint
from models.actions.conversations import assign_conversation
from models.actions.office import assign_request
from models.actions.origin import Colleague
from models.actions.request_queue import members
from models.refused import Reason, Refused
from models.tables import Staff
from models.world import World
from schema.access import context, staff
from schema.nodes import decode, given_id
from schema.refusal import Refusal, result
from schema.staff import StaffMember

Assigning = Callable[[World, Colleague, UUID, UUID | None], Awaitable[Staff | None]]
ASSIGNED: dict[str, Assigning] = {
    "Customer": assign_conversation,
    "StaffComplaint": assign_complaint,
    "StaffRequest": assign_request,
}
"""Kind of node id → the action that gives such work to somebody, or (None) puts it back."""


@strawberry.type(description="Whose work it is now; nobody's when it was put back.")
class Assigned:
    """The contract's Assigned."""

    assigned_to: StaffMember | None


AssignResult = Annotated[Assigned | Refusal, result("AssignResult")]


@strawberry.type
class AssigningMutations:
    """Give work to somebody."""

    @strawberry.mutation(description="A request, complaint or conversation (by its customer's id); nobody: put back.")
    async def assign(
        self, info: Info[Any, Any], id: strawberry.ID, staff_id: strawberry.ID | None = strawberry.UNSET
    ) -> AssignResult:
        ctx, who, found = context(info), staff(info), decode(context(info), id, *ASSIGNED)
        if found is None:
            raise Refused(Reason.NOT_FOUND)
        to = given_id(ctx, staff_id, "StaffMember") if staff_id else None
        member = await ASSIGNED[found[0]](ctx.world, who, found[1], to)
        opened = (await members(ctx.world, [member.id]))[member.id] if member else None
        return Assigned(assigned_to=StaffMember.of(ctx, *opened) if opened else None)

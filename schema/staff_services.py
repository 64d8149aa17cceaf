"""Staff record the contracts that the billing panel knows (clause 7)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import services as recording
from models.actions.services import NewService
from models.tables.services import ServiceKind
from schema.access import context, staff
from schema.nodes import given_id
from schema.record_parts import MaskedService
from schema.refusal import Refusal, result


@strawberry.input(description="A contract; the same reference again is the same contract, as it is now.")
class RecordServiceInput:
    """The contract's RecordServiceInput."""

    customer_id: strawberry.ID
    reference: str = strawberry.field(description="The billing panel's own number, unique.")
    kind: ServiceKind
    name: str
    started_at: datetime
    ended_at: datetime | None = strawberry.UNSET

    def new(self) -> NewService:
        return NewService(
            reference=self.reference,
            kind=self.kind,
            name=self.name,
            started_at=self.started_at,
            ended_at=self.ended_at or None,
        )


@strawberry.type(description="The contract is recorded.")
class ServiceRecorded:
    """The contract's ServiceRecorded."""

    service: MaskedService


RecordServiceResult = Annotated[ServiceRecorded | Refusal, result("RecordServiceResult")]


@strawberry.type
class StaffServiceMutations:
    """Record a contract."""

    @strawberry.mutation(description="Record a contract of a customer: why their data is held (clause 7).")
    async def record_service(self, info: Info[Any, Any], input: RecordServiceInput) -> RecordServiceResult:
        ctx, who = context(info), staff(info)
        customer = given_id(ctx, input.customer_id, "Customer", "CustomerRecord")
        row, contents = await recording.record_service(ctx.world, who, customer, input.new())
        return ServiceRecorded(service=MaskedService.of(ctx, row, contents))

"""The office desk: requests received, identified or refused, and the copy handed over."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import copies, office
from models.actions.office import Received
from models.tables.cases import RequestChannel, RequestKind
from schema.access import Context, context, staff
from schema.identity_checks import IdentityCheckInput
from schema.nodes import given_id
from schema.refusal import Refusal, result
from schema.staff_requests import StaffRequest, staff_request


@strawberry.input(description="check is required for COPY, UPDATE, DELETE and RESTORE before they are carried out.")
class ReceiveRequestInput:
    """The contract's ReceiveRequestInput."""

    customer_id: strawberry.ID
    related_person_id: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="The request is that person's own (clause 4.1.5)."
    )
    kind: RequestKind
    channel: RequestChannel
    received_at: datetime
    text: str | None = strawberry.UNSET
    check: IdentityCheckInput | None = strawberry.UNSET

    def received(self, ctx: Context) -> Received:
        person = self.related_person_id
        return Received(
            customer_id=given_id(ctx, self.customer_id, "Customer", "CustomerRecord"),
            related_person_id=given_id(ctx, person, "MaskedRelatedPerson", "RelatedPerson") if person else None,
            kind=self.kind,
            channel=self.channel,
            received_at=self.received_at,
            text=self.text or None,
            shown=self.check.shown() if self.check else None,
        )


@strawberry.type(description="The request as it stands now.")
class RequestUpdated:
    """The contract's RequestUpdated."""

    request: StaffRequest


@strawberry.type(description="The code is shown once: for the owner, who fetches the archive with it.")
class CopyHandedOver:
    """The contract's CopyHandedOver."""

    request: StaffRequest
    collection_code: str
    expires_at: datetime


RequestResult = Annotated[RequestUpdated | Refusal, result("RequestResult")]
HandOverCopyResult = Annotated[CopyHandedOver | Refusal, result("HandOverCopyResult")]


@strawberry.type
class StaffRequestMutations:
    """What the office does with a request."""

    @strawberry.mutation(description="Starts the policy's clock at receivedAt, at the office or by post.")
    async def receive_request(self, info: Info[Any, Any], input: ReceiveRequestInput) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.receive(ctx.world, who, input.received(ctx))
        return RequestUpdated(request=await staff_request(ctx, row))

    @strawberry.mutation(description="The owner showed a document: its kind and last four signs, never a scan.")
    async def identify(
        self, info: Info[Any, Any], request_id: strawberry.ID, check: IdentityCheckInput
    ) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.identify(ctx.world, who, given_id(ctx, request_id, "StaffRequest"), check.shown())
        return RequestUpdated(request=await staff_request(ctx, row))

    @strawberry.mutation(
        description="A one-time code for the owner, who fetches the archive with it: staff never see its bytes."
    )
    async def hand_over_copy(self, info: Info[Any, Any], request_id: strawberry.ID) -> HandOverCopyResult:
        ctx, who = context(info), staff(info)
        (row, _), code, expires = await copies.hand_over(ctx.world, who, given_id(ctx, request_id, "StaffRequest"))
        return CopyHandedOver(request=await staff_request(ctx, row), collection_code=code, expires_at=expires)

    @strawberry.mutation(description="Refuse it; a letter says why, and which authorities supervise us.")
    async def deny_request(self, info: Info[Any, Any], request_id: strawberry.ID, reason: str) -> RequestResult:
        ctx, who = context(info), staff(info)
        row, _ = await office.deny(ctx.world, who, given_id(ctx, request_id, "StaffRequest"), reason)
        return RequestUpdated(request=await staff_request(ctx, row))

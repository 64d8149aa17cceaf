"""A request is carried out: how, by its kind, and what came of it."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import fulfil
from models.actions.edit_profile import ProfileChanges
from models.actions.fulfil import Doing
from schema.access import Context, context, staff
from schema.addresses import AddressInput
from schema.approvals import ApprovalAwaited, awaited
from schema.editing import or_none
from schema.identity import IdentityInput, identity
from schema.nodes import given_id
from schema.refusal import Refusal, result
from schema.staff_requests import StaffRequest, staff_request


@strawberry.input(description="New values; what is left out stays as it is.")
class ProfileChangesInput:
    """The contract's ProfileChangesInput."""

    given_name: str | None = strawberry.UNSET
    family_name: str | None = strawberry.UNSET
    identity: IdentityInput | None = strawberry.UNSET
    address: AddressInput | None = strawberry.UNSET
    phone_number: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET

    def changes(self) -> ProfileChanges:
        return ProfileChanges(
            revision=0,
            given_name=or_none(self.given_name),
            family_name=or_none(self.family_name),
            address=self.address.given() if self.address else None,
            phone_number=or_none(self.phone_number),
            **identity(self.identity or None),
        )


@strawberry.input(description="How to carry it out: changes and restoreValues for UPDATE and RESTORE.")
class FulfilInput:
    """The contract's FulfilInput."""

    revision: int | None = strawberry.UNSET
    changes: ProfileChangesInput | None = strawberry.UNSET
    restore_values: list[strawberry.ID] | None = strawberry.field(
        default=strawberry.UNSET, description="Ids of old values to bring back."
    )
    reset_access: bool = strawberry.field(
        default=False, description="Factors removed, sessions ended, a reset link mailed to the address given here."
    )
    explanation: str | None = strawberry.UNSET

    def doing(self, ctx: Context) -> Doing:
        return Doing(
            revision=or_none(self.revision),
            changes=self.changes.changes() if self.changes else None,
            email=or_none(self.changes.email) if self.changes else None,
            restore=tuple(given_id(ctx, one, "MaskedChange", "Change") for one in self.restore_values or ()),
            reset_access=self.reset_access,
            explanation=self.explanation or None,
        )


@strawberry.type(description="It is done, or (a copy) the worker does it now.")
class RequestFulfilled:
    """The contract's RequestFulfilled."""

    request: StaffRequest


FulfilResult = Annotated[RequestFulfilled | ApprovalAwaited | Refusal, result("FulfilResult")]


@strawberry.type
class FulfilMutations:
    """Doing what a request asks for."""

    @strawberry.mutation(
        description="Does what the kind says. DELETE waits for a second person, then runs within two days."
    )
    async def fulfil_request(
        self, info: Info[Any, Any], request_id: strawberry.ID, input: FulfilInput | None = strawberry.UNSET
    ) -> FulfilResult:
        ctx, who, given = context(info), staff(info), input or FulfilInput()
        request = given_id(ctx, request_id, "StaffRequest")
        (row, _), proposal = await fulfil.fulfil(ctx.world, who, request, given.doing(ctx))
        return await awaited(ctx, proposal) if proposal else RequestFulfilled(request=await staff_request(ctx, row))

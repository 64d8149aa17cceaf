"""Natural persons whose data the customer gave us (clause 4.1.5)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import related_persons as relating
from models.actions.related_persons import PersonGiven
from models.refused import Reason, Refused
from models.tables.related_persons import RelatedPersonRole
from schema.access import context, viewer
from schema.nodes import Node, encode, given_id, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, sealed


@strawberry.type(description="A natural person whose data the customer gave us, such as a domain's administrator.")
class RelatedPerson(Node, FromRow):
    """The contract's RelatedPerson."""

    id: strawberry.ID = node_id("RelatedPerson")
    given_name: str = sealed()
    family_name: str = sealed()
    role: RelatedPersonRole = column()
    email: str | None = sealed()
    phone_number: str | None = sealed(description="E.164.")
    added_at: datetime = column()


# ---- inputs and results ---------------------------------------------------------------------------------------------
@strawberry.input(description="Who they are. A letter tells them, if an address is given.")
class AddRelatedPersonInput:
    """The contract's AddRelatedPersonInput."""

    given_name: str
    family_name: str
    role: RelatedPersonRole
    email: str | None = strawberry.UNSET
    phone_number: str | None = strawberry.UNSET

    def given(self) -> PersonGiven:
        return PersonGiven(
            given_name=self.given_name,
            family_name=self.family_name,
            role=self.role,
            email=self.email or None,
            phone_number=self.phone_number or None,
        )


@strawberry.input(one_of=True, description="By the customer's id, or by that person from the link in their letter.")
class RelatedPersonReference:
    """The contract's RelatedPersonReference."""

    id: strawberry.ID | None = strawberry.UNSET
    token: str | None = strawberry.UNSET


@strawberry.type(description="The person is held, and told.")
class RelatedPersonAdded:
    """The contract's RelatedPersonAdded."""

    related_person: RelatedPerson


@strawberry.type(description="The person as they are now.")
class RelatedPersonEdited:
    """The contract's RelatedPersonEdited."""

    related_person: RelatedPerson


@strawberry.type(description="The person is erased.")
class RelatedPersonRemoved:
    """The contract's RelatedPersonRemoved."""

    removed_id: strawberry.ID


AddRelatedPersonResult = Annotated[RelatedPersonAdded | Refusal, result("AddRelatedPersonResult")]
EditRelatedPersonResult = Annotated[RelatedPersonEdited | Refusal, result("EditRelatedPersonResult")]
RemoveRelatedPersonResult = Annotated[RelatedPersonRemoved | Refusal, result("RemoveRelatedPersonResult")]


async def _removed(info: Info[Any, Any], by: RelatedPersonReference) -> RelatedPersonRemoved:
    ctx = context(info)
    if by.token:
        found = await relating.remove_by_letter(ctx.world, by.token)
    elif by.id:
        found = await relating.remove_related_person(ctx.world, viewer(info), given_id(ctx, by.id, "RelatedPerson"))
    else:
        raise Refused(Reason.NOT_FOUND)
    return RelatedPersonRemoved(removed_id=encode(ctx, "RelatedPerson", found))


@strawberry.type
class RelatedPersonMutations:
    """Add, edit and remove the people a customer named."""

    @strawberry.mutation(description="They are told by a letter with a link to be removed, if an address is given.")
    async def add_related_person(self, info: Info[Any, Any], input: AddRelatedPersonInput) -> AddRelatedPersonResult:
        ctx = context(info)
        row, contents = await relating.add_related_person(ctx.world, viewer(info), input.given())
        return RelatedPersonAdded(related_person=RelatedPerson.of(ctx, row, contents))

    @strawberry.mutation(description="All of it said anew; what is left out is gone. A new address is told.")
    async def edit_related_person(
        self, info: Info[Any, Any], id: strawberry.ID, input: AddRelatedPersonInput
    ) -> EditRelatedPersonResult:
        ctx, who = context(info), viewer(info)
        row, contents = await relating.edit_related_person(
            ctx.world, who, given_id(ctx, id, "RelatedPerson"), input.given()
        )
        return RelatedPersonEdited(related_person=RelatedPerson.of(ctx, row, contents))

    @strawberry.mutation(description="By the customer, or by that person from the link in their letter (signed out).")
    async def remove_related_person(
        self, info: Info[Any, Any], by: RelatedPersonReference
    ) -> RemoveRelatedPersonResult:
        return await _removed(info, by)

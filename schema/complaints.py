"""Complaints (clause 8), as whoever complains sees them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import complaints as complaining
from models.actions.complaints import NewComplaint
from models.refused import Reason, Refused
from schema.access import Context, context
from schema.loading import built, customer_of, once
from schema.nodes import Node, decode, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, sealed


@strawberry.type(description="A complaint, with its acknowledgement and outcome (clause 8).")
class Complaint(Node, FromRow):
    """The contract's Complaint."""

    id: strawberry.ID = node_id("Complaint")
    number: str = column()
    received_at: datetime = column()
    acknowledge_by: datetime = column(description="Five working days.")
    acknowledged_at: datetime | None = column()
    closed_at: datetime | None = column()
    text: str = sealed()
    outcome: str | None = sealed()
    regulator_reference: str | None = column(description="The number a supervisory authority gave it.")


async def complaints(ctx: Context) -> list[Complaint]:
    """The viewer's complaints, newest first: one statement a request, whoever asks."""

    async def load() -> list[Complaint]:
        rows = await complaining.complaints_of(customer_of(ctx).id)
        return await built(ctx, rows, lambda row, contents: Complaint.of(ctx, row, contents))

    return await once(ctx, "complaints", load)


@strawberry.input(description="Who complains, when that is no signed-in customer.")
class ContactInput:
    """The contract's ContactInput."""

    name: str
    email: str


@strawberry.input(description="A complaint; contact is required when nobody is signed in.")
class FileComplaintInput:
    """The contract's FileComplaintInput."""

    text: str
    about: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of an event, request or message."
    )
    contact: ContactInput | None = strawberry.UNSET

    def new(self, ctx: Context) -> NewComplaint:
        about = decode(ctx, self.about, "Event", "RightsRequest", "Message") if self.about and ctx.viewer else None
        if self.about and about is None:
            raise Refused(Reason.NOT_FOUND)
        contact = (self.contact.name, self.contact.email) if self.contact else None
        return NewComplaint(text=self.text, contact=contact, about=about, locale=ctx.locale)


@strawberry.type(description="The complaint is recorded, with its deadline.")
class ComplaintFiled:
    """The contract's ComplaintFiled."""

    complaint: Complaint


FileComplaintResult = Annotated[ComplaintFiled | Refusal, result("FileComplaintResult")]


@strawberry.type
class ComplaintMutations:
    """Complain."""

    @strawberry.mutation(description="From anybody: contact is required when nobody is signed in.")
    async def file_complaint(self, info: Info[Any, Any], input: FileComplaintInput) -> FileComplaintResult:
        ctx = context(info)
        row, contents = await complaining.file_complaint(ctx.world, ctx.viewer, input.new(ctx), origin=ctx.origin)
        return ComplaintFiled(complaint=Complaint.of(ctx, row, contents))

"""Mutations that later steps fill in: each answers NOT_READY, after NOT_SIGNED_IN where a viewer is needed."""

from typing import Annotated, NoReturn

import strawberry

from models.refused import Reason, Refused
from schema.later import Complaint
from schema.refusal import Refusal, result


@strawberry.type(description="The complaint is recorded, with its deadline.")
class ComplaintFiled:
    """The contract's ComplaintFiled."""

    complaint: Complaint


@strawberry.input(description="How to answer somebody who is not signed in.")
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


FileComplaintResult = Annotated[ComplaintFiled | Refusal, result("FileComplaintResult")]


def _not_ready() -> NoReturn:
    raise Refused(Reason.NOT_READY)


@strawberry.type
class CaseMutations:
    """Complaints."""

    @strawberry.mutation(description="From anybody: contact is required when nobody is signed in.")
    async def file_complaint(self, input: FileComplaintInput) -> FileComplaintResult:
        _not_ready()


@strawberry.type
class LaterMutations(CaseMutations):
    """All of them."""

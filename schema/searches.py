"""Finding a customer: by one exact identifier, recorded, and shown to whoever was found."""

from datetime import date
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions.searches import Identifier, find_customers
from models.refused import Problem, ProblemCode, Reason, Refused
from schema.access import context, staff
from schema.customer_hits import CustomerHit
from schema.identity import PersonalCodeInput
from schema.sources import EFFECT


@strawberry.input(description="A family name and a date of birth, both exact.")
class NameInput:
    """The contract's NameInput."""

    family_name: str
    birthdate: date


@strawberry.input(one_of=True, description="Exactly one identifier, whole: there is no partial match.")
class CustomerIdentifier:
    """The contract's CustomerIdentifier."""

    number: str | None = strawberry.UNSET
    email: str | None = strawberry.UNSET
    phone_number: str | None = strawberry.UNSET
    personal_code: PersonalCodeInput | None = strawberry.UNSET
    name: NameInput | None = strawberry.UNSET
    service: str | None = strawberry.UNSET
    related_person_email: str | None = strawberry.field(
        default=strawberry.UNSET, description="A related person's address: finds the customers who gave it."
    )

    def given(self) -> Identifier:
        """Raises Refused(INVALID_INPUT) when none is given."""
        if self.personal_code:
            return Identifier("personalCode", self.personal_code.code, country=self.personal_code.country)
        if self.name:
            return Identifier("name", self.name.family_name, birthdate=self.name.birthdate)
        texts = {
            "number": self.number, "email": self.email, "phoneNumber": self.phone_number, "service": self.service,
            "relatedPersonEmail": self.related_person_email,
        }  # fmt: skip
        for field, value in texts.items():
            if value:
                return Identifier(field, value)
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("by",), ProblemCode.REQUIRED)])


@strawberry.type
class SearchQueries:
    """Find a customer."""

    @strawberry.field(
        description="By one exact identifier, at most ten hits. Each search is recorded, and told to whoever is found.",
        metadata={EFFECT: True},
    )
    async def find_customers(self, info: Info[Any, Any], by: CustomerIdentifier) -> list[CustomerHit]:
        ctx, who = context(info), staff(info)
        return [CustomerHit.of(ctx, hit) for hit in await find_customers(ctx.world, who, by.given())]

"""Who we are, and what we may keep in a browser: public, no personal data."""

from typing import Any

import strawberry
from strawberry.types import Info

from models import policy
from models.policy import StoredItemKind
from schema.access import context
from schema.addresses import Address


@strawberry.type(description="Where an owner can identify themselves.")
class Office:
    """The contract's Office."""

    id: strawberry.ID
    name: str
    address: Address
    opening_hours: str

    @classmethod
    def of(cls, office: policy.Office, locale: str) -> "Office":
        return cls(
            id=strawberry.ID(office.id),
            name=office.name.said(locale),
            address=Address.of(office.address),
            opening_hours=office.opening_hours.said(locale),
        )


@strawberry.type(description="A supervisory authority.")
class Authority:
    """The contract's Authority."""

    name: str
    country: str
    website: str
    how_to_complain: str

    @classmethod
    def of(cls, authority: policy.Authority, locale: str) -> "Authority":
        return cls(
            name=authority.name,
            country=authority.country,
            website=authority.website,
            how_to_complain=authority.how_to_complain.said(locale),
        )


@strawberry.type(description="The company that is responsible (clause 4.2.1).")
class Company:
    """The contract's Company."""

    name: str
    registration_number: str
    email: str
    phone_number: str
    offices: list[Office]
    authorities: list[Authority] = strawberry.field(description="Who supervises us, and how to complain.")

    @classmethod
    def of(cls, company: policy.Company, locale: str) -> "Company":
        return cls(
            name=company.name,
            registration_number=company.registration_number,
            email=company.email,
            phone_number=company.phone_number,
            offices=[Office.of(office, locale) for office in company.offices],
            authorities=[Authority.of(authority, locale) for authority in company.authorities],
        )


@strawberry.type
class CompanyQueries:
    """Asked by customers and, for the offices and authorities, by staff."""

    @strawberry.field(description="Who we are, where the office is, which authorities supervise us. Public.")
    def company(self, info: Info[Any, Any]) -> Company:
        ctx = context(info)
        return Company.of(ctx.world.policy.company, ctx.locale)


@strawberry.type(description="Something that we may keep in a browser (clauses 1.5, 1.6).")
class StoredItem:
    """The contract's StoredItem."""

    name: str
    kind: StoredItemKind
    purpose: str
    optional: bool = strawberry.field(description="Nothing optional is set before a choice.")
    life: str

    @classmethod
    def of(cls, item: policy.StoredItem, locale: str) -> "StoredItem":
        return cls(
            name=item.name,
            kind=item.kind,
            purpose=item.purpose.said(locale),
            optional=item.optional,
            life=item.life.said(locale),
        )

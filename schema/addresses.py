"""A postal address, as it is shown and as it is given."""

from typing import Any

import strawberry

from models import tables


@strawberry.type(description="A postal address; country is ISO 3166-1 alpha-2.")
class Address:
    """The contract's Address."""

    street_address: str
    locality: str
    region: str | None
    postal_code: str | None
    country: str

    @classmethod
    def of(cls, given: Any) -> "Address":
        return cls(
            street_address=given.street_address,
            locality=given.locality,
            region=given.region,
            postal_code=given.postal_code,
            country=given.country,
        )


@strawberry.input(description="A postal address; country is ISO 3166-1 alpha-2.")
class AddressInput:
    """The contract's AddressInput."""

    street_address: str
    locality: str
    region: str | None = strawberry.UNSET
    postal_code: str | None = strawberry.UNSET
    country: str

    def given(self) -> tables.accounts.Address:
        return tables.accounts.Address(
            street_address=self.street_address,
            locality=self.locality,
            region=self.region or None,
            postal_code=self.postal_code or None,
            country=self.country,
        )

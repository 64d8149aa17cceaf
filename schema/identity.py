"""By what the law knows somebody: a date of birth, or the code that a country gave."""

from datetime import date
from typing import Any

import strawberry


@strawberry.type(description="A personal code as its owner sees it; revealPersonalCode shows it whole.")
class MaskedPersonalCode:
    """The contract's MaskedPersonalCode."""

    country: str
    masked: str


@strawberry.input(description="A national identity code and the country that gave it.")
class PersonalCodeInput:
    """The contract's PersonalCodeInput."""

    country: str
    code: str


@strawberry.input(one_of=True, description="Exactly one of the two.")
class IdentityInput:
    """The contract's IdentityInput."""

    birthdate: date | None = strawberry.UNSET
    personal_code: PersonalCodeInput | None = strawberry.UNSET


def identity(given: IdentityInput | None) -> dict[str, Any]:
    """The two identity keywords of an action."""
    code = (given.personal_code or None) if given else None
    return {
        "birthdate": (given.birthdate or None) if given else None,
        "personal_code": (code.country, code.code) if code else None,
    }

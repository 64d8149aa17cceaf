"""The profile: who the customer is and how to reach them."""

from datetime import date, datetime
from typing import Any

import strawberry

from models import masks
from models.actions.account import Account
from schema.access import Context
from schema.addresses import Address
from schema.identity import MaskedPersonalCode
from schema.sources import FromRow, column, derived, sealed


@strawberry.type(description="A new address that has not answered yet.")
class PendingEmail:
    """The contract's PendingEmail."""

    email: str
    expires_at: datetime


def _masked_code(_: Context, __: Any, profile: Any) -> MaskedPersonalCode | None:
    code = profile.personal_code
    return (
        None if code is None else MaskedPersonalCode(country=code.country, masked=masks.mask_personal_code(code.code))
    )


def _pending(ctx: Context, row: Any, profile: Any) -> PendingEmail | None:
    until = row.pending_email_until
    if profile.pending_email is None or until is None or until <= ctx.world.now():
        return None
    return PendingEmail(email=profile.pending_email, expires_at=until)


@strawberry.type(description="Who the customer is. Names follow OpenID Connect's standard claims.")
class Profile(FromRow):
    """The contract's Profile, all of it from the customer's row."""

    given_name: str = sealed()
    family_name: str = sealed()
    birthdate: date | None = sealed(description="Exactly one of birthdate and personalCode is held.")
    personal_code: MaskedPersonalCode | None = derived(_masked_code, sealed=("personal_code",))
    address: Address = derived(lambda _, __, profile: Address.of(profile.address), sealed=("address",))
    phone_number: str = sealed(description="E.164.")
    email: str = sealed()
    email_verified_at: datetime | None = column()
    pending_email: PendingEmail | None = derived(_pending, columns=("pending_email_until",), sealed=("pending_email",))
    revision: int = column(description="Sent back with an edit: an older one is refused with STALE_REVISION.")
    updated_at: datetime = column()

    @classmethod
    def after(cls, ctx: Context, account: Account) -> "Profile":
        """The profile as an action left it."""
        return cls.of(ctx, account.customer, account.profile)

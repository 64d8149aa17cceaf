"""The profile: who the customer is and how to reach them; editing it, and getting old values back."""

from datetime import date, datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import masks, tables
from models.actions import change_email as emails
from models.actions import edit_profile as editing
from models.actions import restore as restoring
from models.actions.account import Account
from models.actions.edit_profile import ProfileChanges
from models.actions.sign_up import confirm_new_address
from models.refused import Reason, Refused
from models.tables.events import ActorKind
from schema.access import Context, context, viewer
from schema.nodes import Node, given_id, node_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed


@strawberry.type(description="A personal code as its owner sees it; revealPersonalCode shows it whole.")
class MaskedPersonalCode:
    """The contract's MaskedPersonalCode."""

    country: str
    masked: str


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


@strawberry.type(description="Who acted. A member of staff is named by role and staff name, never by e-mail.")
class Actor:
    """The contract's Actor."""

    kind: ActorKind
    name: str | None = None
    role: str | None = None


@strawberry.type(description="An old value that can still be restored (clause 4.1.4).")
class Change(Node, FromRow):
    """The contract's Change; values of a personal code or a payment method are masked."""

    id: strawberry.ID = node_id("Change")
    field: str = column()
    title: str = derived(lambda ctx, row, _: title_of(row.field, ctx.locale), columns=("field",))
    old_value: str | None = derived(
        lambda _, row, kept: shown(row.field, kept.old), columns=("field",), sealed=("old",)
    )
    new_value: str | None = derived(
        lambda _, row, kept: shown(row.field, kept.new), columns=("field",), sealed=("new",)
    )
    changed_at: datetime = column()
    by: Actor = derived(lambda _, row, __: Actor(kind=ActorKind(row.changed_by)), columns=("changed_by",))
    restorable_until: datetime = column()
    restored_at: datetime | None = column()


ChangeConnection, ChangeEdge = connection("Change", Change)

TITLES = {
    "givenName": {"EN": "Given name", "LV": "Vārds"},
    "familyName": {"EN": "Family name", "LV": "Uzvārds"},
    "birthdate": {"EN": "Date of birth", "LV": "Dzimšanas datums"},
    "personalCode": {"EN": "Personal code", "LV": "Personas kods"},
    "address": {"EN": "Address", "LV": "Adrese"},
    "phoneNumber": {"EN": "Phone number", "LV": "Tālruņa numurs"},
    "email": {"EN": "E-mail address", "LV": "E-pasta adrese"},
    "paymentMethod": {"EN": "Payment method", "LV": "Maksājuma veids"},
}


def title_of(field: str, locale: str) -> str:
    """A changed field's name for people."""
    return TITLES.get(field, {}).get(locale, field)


def shown(field: str, text: str | None) -> str | None:
    """An old or new value as its owner sees it."""
    value = editing.from_text(editing.profile_field(field) or field, text)
    if value is None:
        return None
    match field:
        case "personalCode":
            return masks.mask_personal_code(value.code)
        case "paymentMethod":
            return restoring.masked_payment_method(value)
        case "address":
            parts = (value.street_address, value.locality, value.region, value.postal_code, value.country)
            return ", ".join(part for part in parts if part)
        case _:
            return str(value)


# ---- inputs and results ---------------------------------------------------------------------------------------------
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


def identity(given: IdentityInput | None) -> dict[str, Any]:
    """The two identity keywords of an action."""
    code = (given.personal_code or None) if given else None
    return {
        "birthdate": (given.birthdate or None) if given else None,
        "personal_code": (code.country, code.code) if code else None,
    }


@strawberry.input(description="A field left out stays as it is. E-mail has its own mutation.")
class EditProfileInput:
    """The contract's EditProfileInput."""

    revision: int
    given_name: str | None = strawberry.UNSET
    family_name: str | None = strawberry.UNSET
    identity: IdentityInput | None = strawberry.UNSET
    address: AddressInput | None = strawberry.UNSET
    phone_number: str | None = strawberry.UNSET

    def changes(self) -> ProfileChanges:
        return ProfileChanges(
            revision=self.revision,
            given_name=_set(self.given_name),
            family_name=_set(self.family_name),
            address=self.address.given() if self.address else None,
            phone_number=_set(self.phone_number),
            **identity(self.identity or None),
        )


def _set(value: str | None) -> str | None:
    return None if value is strawberry.UNSET else value


@strawberry.type(description="The profile as it is now.")
class ProfileEdited:
    """The contract's ProfileEdited."""

    profile: Profile


@strawberry.type(description="The whole personal code.")
class PersonalCodeRevealed:
    """The contract's PersonalCodeRevealed."""

    country: str
    personal_code: str


@strawberry.type(description="A letter went to the new address.")
class EmailChangeStarted:
    """The contract's EmailChangeStarted."""

    pending: PendingEmail


@strawberry.type(description="The pending address is forgotten.")
class EmailChangeCancelled:
    """The contract's EmailChangeCancelled."""

    profile: Profile


@strawberry.type(description="The address is confirmed; profile only for the session of that same customer.")
class EmailConfirmed:
    """The contract's EmailConfirmed."""

    profile: Profile | None = None


@strawberry.type(description="The earlier address is back.")
class EmailReverted:
    """The contract's EmailReverted."""

    message: str


@strawberry.type(description="The old value is back.")
class ValueRestored:
    """The contract's ValueRestored."""

    change: Change
    profile: Profile


EditProfileResult = Annotated[ProfileEdited | Refusal, result("EditProfileResult")]
RevealPersonalCodeResult = Annotated[PersonalCodeRevealed | Refusal, result("RevealPersonalCodeResult")]
ChangeEmailResult = Annotated[EmailChangeStarted | Refusal, result("ChangeEmailResult")]
CancelEmailChangeResult = Annotated[EmailChangeCancelled | Refusal, result("CancelEmailChangeResult")]
ConfirmEmailResult = Annotated[EmailConfirmed | Refusal, result("ConfirmEmailResult")]
RevertEmailChangeResult = Annotated[EmailReverted | Refusal, result("RevertEmailChangeResult")]
RestoreValueResult = Annotated[ValueRestored | Refusal, result("RestoreValueResult")]

REVERTED = {
    "EN": "Your earlier address is back and every session has ended. We have sent a link to set a new password.",
    "LV": "Jūsu iepriekšējā adrese ir atjaunota, visas sesijas beigtas. Mēs nosūtījām saiti jaunas paroles iestatīšanai.",
}


@strawberry.type
class ProfileMutations:
    """Edit the profile; change, confirm and take back an e-mail address; restore an old value."""

    @strawberry.mutation(description="Change the profile; phone and identity need a fresh proof.")
    async def edit_profile(self, info: Info[Any, Any], input: EditProfileInput) -> EditProfileResult:
        ctx = context(info)
        return ProfileEdited(
            profile=Profile.after(ctx, await editing.edit_profile(ctx.world, viewer(info), input.changes()))
        )

    @strawberry.mutation(description="The whole personal code, after a fresh proof.")
    async def reveal_personal_code(self, info: Info[Any, Any]) -> RevealPersonalCodeResult:
        code = await editing.reveal_personal_code(context(info).world, viewer(info))
        return PersonalCodeRevealed(country=code.country, personal_code=code.code)

    @strawberry.mutation(description="Answered alike whether or not the address has an account; again sends again.")
    async def change_email(self, info: Info[Any, Any], new_email: str) -> ChangeEmailResult:
        ctx = context(info)
        account = await emails.change_email(ctx.world, viewer(info), new_email, origin=ctx.origin)
        pending = Profile.after(ctx, account).pending_email
        assert pending is not None
        return EmailChangeStarted(pending=pending)

    @strawberry.mutation(description="Forget the pending address.")
    async def cancel_email_change(self, info: Info[Any, Any]) -> CancelEmailChangeResult:
        ctx = context(info)
        account = await emails.cancel_email_change(ctx.world, viewer(info))
        return EmailChangeCancelled(profile=Profile.after(ctx, account))

    @strawberry.mutation(description="From the letter: a new account's address or a changed one. Works signed out.")
    async def confirm_email(self, info: Info[Any, Any], token: str) -> ConfirmEmailResult:
        ctx = context(info)
        account = await confirmed(ctx, token)
        mine = account is not None and ctx.viewer is not None and ctx.viewer.customer.id == account.id
        return EmailConfirmed(profile=Profile.after(ctx, account) if mine and account else None)

    @strawberry.mutation(description="From the link mailed to an old address: that address back, every session ended.")
    async def revert_email_change(self, info: Info[Any, Any], token: str) -> RevertEmailChangeResult:
        ctx = context(info)
        await emails.revert_email_change(ctx.world, token)
        return EmailReverted(message=REVERTED[ctx.locale])

    @strawberry.mutation(description="Bring an old value back (clause 4.1.4), after a fresh proof.")
    async def restore_value(self, info: Info[Any, Any], change_id: strawberry.ID) -> RestoreValueResult:
        ctx, who = context(info), viewer(info)
        account, change = await restoring.restore_value(ctx.world, who, given_id(ctx, change_id, "Change"))
        kept = change.opened(account.keys)
        return ValueRestored(change=Change.of(ctx, change, kept), profile=Profile.after(ctx, account))


async def confirmed(ctx: Context, token: str) -> Account | None:
    """Either kind of confirmation letter; the account for a changed address. Raises Refused(EXPIRED_TOKEN)."""
    try:
        return await emails.confirm_email_change(ctx.world, token)
    except Refused as refused:
        if refused.reason is not Reason.EXPIRED_TOKEN:
            raise
        await confirm_new_address(ctx.world, token)
        return None

"""Editing the profile, and seeing the personal code whole."""

from typing import Annotated, Any, TypeVar

import strawberry
from strawberry.types import Info

from models.actions import edit_profile as editing
from models.actions.edit_profile import ProfileChanges
from schema.access import context, viewer
from schema.addresses import AddressInput
from schema.identity import IdentityInput, identity
from schema.profile import Profile
from schema.refusal import Refusal, result

T = TypeVar("T")


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
            given_name=or_none(self.given_name),
            family_name=or_none(self.family_name),
            address=self.address.given() if self.address else None,
            phone_number=or_none(self.phone_number),
            **identity(self.identity or None),
        )


def or_none(value: T | None) -> T | None:
    """What was said; None for what was left out, too."""
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


EditProfileResult = Annotated[ProfileEdited | Refusal, result("EditProfileResult")]
RevealPersonalCodeResult = Annotated[PersonalCodeRevealed | Refusal, result("RevealPersonalCodeResult")]


@strawberry.type
class ProfileMutations:
    """Edit the profile; the code that it shows masked."""

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

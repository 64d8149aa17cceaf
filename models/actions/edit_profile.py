"""Editing the profile (clause 4): an older revision is refused, old values stay restorable (clause 4.1.4)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec

from models.actions.account import Account, changing, customer_actor
from models.actions.finding import index_again
from models.actions.origin import Viewer
from models.actions.sign_up import sealed_address
from models.checks import Checks
from models.checks.addresses import AddressGiven
from models.refused import Reason, Refused
from models.tables import Change
from models.tables.accounts import PersonalCode, ProfileContents
from models.tables.changes import ChangeContents, as_text
from models.tables.events import EventKind
from models.world import World

NAMES = {
    "given_name": "givenName",
    "family_name": "familyName",
    "birthdate": "birthdate",
    "personal_code": "personalCode",
    "address": "address",
    "phone_number": "phoneNumber",
    "email": "email",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileChanges:
    """What to change; None leaves a field as it is. A birthdate replaces a personal code (country, code), and the other way."""

    revision: int
    given_name: str | None = None
    family_name: str | None = None
    birthdate: date | None = None
    personal_code: tuple[str, str] | None = None
    address: AddressGiven | None = None
    phone_number: str | None = None

    @property
    def touches_contact(self) -> bool:
        """A phone number or an identity code: only after a fresh proof."""
        return self.phone_number is not None or self.personal_code is not None or self.birthdate is not None


async def edit_profile(world: World, viewer: Viewer, changes: ProfileChanges) -> Account:
    """Change the profile.

    Raises Refused(INVALID_INPUT, STALE_REVISION, STEP_UP_REQUIRED for phone and identity).
    """
    values = checked_changes(world, changes)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if changes.revision != account.customer.revision:
            raise Refused(Reason.STALE_REVISION)
        if changes.touches_contact:
            viewer.must_have_stepped_up(account.now)
        await supersede(account, values, action="profile.edited")
    return account


async def supersede(account: Account, values: dict[str, Any], *, action: str) -> None:
    """Put new values in place of old ones, which stay sealed and restorable; in the caller's transaction."""
    changed = {name: value for name, value in values.items() if getattr(account.profile, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        await keep_old(account, NAMES[name], getattr(account.profile, name), value)
        setattr(account.profile, name, value)
    account.customer.revision += 1
    if "phone_number" in changed:
        account.cool_off()
        await account.letter("contact-changed", field="phoneNumber", at=account.now)
    await account.save()
    await index_again(account)
    await account.event(EventKind.MODIFY, action, fields=[NAMES[name] for name in changed])


async def keep_old(account: Account, field: str, old: Any, new: Any) -> Change:
    """Keep a superseded value for as long as the policy lets it be restored."""
    change = Change(
        id=account.world.new_id(),
        customer_id=account.id,
        field=field,
        changed_at=account.now,
        changed_by=account.by.kind.value,
        restorable_until=account.until("OLD_VALUE"),
    )
    change.seal(account.keys, ChangeContents(old=as_text(old), new=as_text(new)))
    await change.save(force_create=True)
    return change


async def reveal_personal_code(world: World, viewer: Viewer) -> PersonalCode:
    """The whole personal code, for its owner. Raises Refused(STEP_UP_REQUIRED, NOT_FOUND)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if account.profile.personal_code is None:
            raise Refused(Reason.NOT_FOUND)
        await account.event(EventKind.ACCESS, "personal-code.revealed", fields=["personalCode"])
        return account.profile.personal_code


def checked_changes(world: World, given: ProfileChanges, *, at: tuple[str, ...] = ()) -> dict[str, Any]:
    """Field of the profile → its canonical new value; ``at`` is where the client wrote them. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    values: dict[str, Any] = {}
    if given.given_name is not None:
        values["given_name"] = checks.name((*at, "givenName"), given.given_name)
    if given.family_name is not None:
        values["family_name"] = checks.name((*at, "familyName"), given.family_name)
    if given.address is not None:
        values["address"] = sealed_address(checks.address((*at, "address"), given.address))
    if given.phone_number is not None:
        values["phone_number"] = checks.phone((*at, "phoneNumber"), given.phone_number)
    if given.birthdate is not None:
        values["birthdate"] = checks.birthdate((*at, "identity", "birthdate"), given.birthdate)
        values["personal_code"] = None
    if given.personal_code is not None:
        held = checks.personal_code((*at, "identity", "personalCode"), *given.personal_code)
        values["personal_code"], values["birthdate"] = PersonalCode(country=held.country, code=held.code), None
    checks.done()
    return values


def profile_field(name: str) -> str | None:
    """The profile's own name for a contract field name; None for what is not in the profile."""
    return next((own for own, public in NAMES.items() if public == name), None)


assert set(NAMES) <= {field.name for field in msgspec.structs.fields(ProfileContents)}

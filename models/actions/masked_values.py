"""The values of a record that staff see masked (clause 6.1.3): which they are, their masks, and how each is said when revealed.

Who sees what of them is the inventory's to say; a value made of several fields is as closed as the strictest of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from models import masks
from models.actions.restore import mask_reference
from models.policy import Inventory, Reading, Role
from models.tables import Change, Customer, PaymentMethod, RelatedPerson, Service, SignIn
from models.tables.accounts import Address, PersonalCode
from models.tables.changes import KeptPaymentMethod, from_text
from models.tables.sealed import SealedRow

REVEALED = (Reading.REVEAL, Reading.FULL)
Read = Callable[[Any, Any], str | None]


@dataclass(frozen=True, slots=True)
class MaskedField:
    """One value of a row: the inventory's fields it is made of, how it is said (row, struct), and its mask (row, text)."""

    table: type[SealedRow]
    fields: tuple[str, ...]
    said: Read
    mask: Callable[[Any, str], str]

    def reading(self, inventory: Inventory, roles: Iterable[Role]) -> Reading:
        """The most that any of these roles sees of all of it."""
        entity, chosen = inventory.entity(self.table._meta.db_table), list(roles)
        return min((entity.field(name).for_roles(chosen) for name in self.fields), key=lambda reading: reading.rank)


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown in place of a value. ``present`` is False, too, for whoever may not know; ``revealable``: by reveal."""

    masked: str
    present: bool
    revealable: bool


def shown(inventory: Inventory, roles: Iterable[Role], name: str, row: Any, contents: Any) -> Shown:
    """A value of a row as these roles see it before they reveal it."""
    field = MASKED[name]
    reading, text = field.reading(inventory, roles), field.said(row, contents)
    if reading is Reading.NONE:
        return Shown(masks.mask_fixed(), present=False, revealable=False)
    if text is None:
        return Shown("", present=False, revealable=False)
    if reading is Reading.PRESENT:
        return Shown(masks.mask_fixed(), present=True, revealable=False)
    return Shown(field.mask(row, text), present=True, revealable=reading in REVEALED)


def change_text(field: str, text: str | None) -> str | None:
    """An old or new value in words; a removed payment method is its reference."""
    return _said(from_text(field, text))


def _said(value: Any) -> str | None:
    match value:
        case None:
            return None
        case PersonalCode():
            return value.code
        case Address():
            return value.line
        case KeptPaymentMethod():
            return value.contents.reference
        case _:
            return str(value)


def _mask_change(row: Any, text: str) -> str:
    by_field = {"email": masks.mask_email, "givenName": masks.mask_name, "familyName": masks.mask_name}
    if row.field == "personalCode":
        return masks.mask_personal_code(text)
    if row.field == "phoneNumber":
        return masks.mask_phone(text)
    return by_field.get(row.field, masks.mask_fixed)()


def _sealed(table: type[SealedRow], field: str, mask: Callable[[Any, str], str]) -> MaskedField:
    return MaskedField(table, (field,), lambda _, contents: _said(getattr(contents, field)), mask)


def _whole(_: Any, __: str) -> str:
    return masks.mask_fixed()


def _name(_: Any, __: str) -> str:
    return masks.mask_name()


def _email(_: Any, __: str) -> str:
    return masks.mask_email()


def _phone(_: Any, text: str) -> str:
    return masks.mask_phone(text)


MASKED: dict[str, MaskedField] = {
    "givenName": _sealed(Customer, "given_name", _name),
    "familyName": _sealed(Customer, "family_name", _name),
    "birthdate": _sealed(Customer, "birthdate", _whole),
    "personalCode": _sealed(Customer, "personal_code", lambda _, text: masks.mask_personal_code(text)),
    "address": _sealed(Customer, "address", _whole),
    "phoneNumber": _sealed(Customer, "phone_number", _phone),
    "email": _sealed(Customer, "email", _email),
    "relatedPersonName": MaskedField(
        RelatedPerson, ("given_name", "family_name"), lambda _, held: f"{held.given_name} {held.family_name}", _name
    ),
    "relatedPersonEmail": _sealed(RelatedPerson, "email", _email),
    "relatedPersonPhoneNumber": _sealed(RelatedPerson, "phone_number", _phone),
    "paymentMethod": _sealed(PaymentMethod, "reference", lambda row, text: mask_reference(row.kind, text)),
    "oldValue": MaskedField(Change, ("old",), lambda row, held: change_text(row.field, held.old), _mask_change),
    "newValue": MaskedField(Change, ("new",), lambda row, held: change_text(row.field, held.new), _mask_change),
    "signInIp": _sealed(SignIn, "ip", _whole),
    "serviceName": _sealed(Service, "name", _whole),
}
"""By the name that events and grants give to a revealed value. New ones are added at the end: refs number them."""

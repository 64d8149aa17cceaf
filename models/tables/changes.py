"""Old values, kept sealed for a while so that a stranger's edit can be undone (clause 4.1.4)."""

from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from tortoise import fields

from models.keys import Sealed
from models.tables.accounts import Address, PersonalCode
from models.tables.payment_methods import PaymentKind, PaymentMethodContents
from models.tables.sealed import SealedRow, customer_key, reference


class ChangeContents(Sealed):
    """Old and new value as ``as_text`` writes them."""

    old: str | None = None
    new: str | None = None


class Change(SealedRow):
    """One superseded value. ``field`` is the contract's name (``phoneNumber``, ``email``, ``paymentMethod``)."""

    contents = ChangeContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    field = reference(24)
    changed_at = fields.DatetimeField(db_index=True)
    changed_by = reference(12)
    actor = reference(80, null=True)
    restorable_until = fields.DatetimeField()
    restored_at = fields.DatetimeField(null=True)

    class Meta:
        table = "change"
        indexes = (("customer_id", "changed_at"),)


class KeptPaymentMethod(msgspec.Struct):
    """A removed payment method, as its Change keeps it."""

    id: UUID
    kind: PaymentKind
    added_at: str
    contents: PaymentMethodContents


KINDS: dict[str, Any] = {
    "birthdate": date,
    "personalCode": PersonalCode,
    "address": Address,
    "paymentMethod": KeptPaymentMethod,
}
"""What the values of a field are that are no text, by its contract name."""


def as_text(value: Any) -> str | None:
    """A value as a Change keeps it: text as it is, anything else as JSON."""
    return value if value is None or isinstance(value, str) else msgspec.json.encode(value).decode()


def from_text(field: str, text: str | None) -> Any:
    """The value of a field that ``as_text`` wrote."""
    return text if text is None or field not in KINDS else msgspec.json.decode(text, type=KINDS[field])

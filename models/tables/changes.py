"""Old values, kept sealed for a while so that a stranger's edit can be undone (clause 4.1.4)."""

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key, reference


class ChangeContents(Sealed):
    """Old and new value as stored: text, a date, an address, a personal code or a payment method, as JSON."""

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

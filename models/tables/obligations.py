"""A deadline is data: what must happen, since when, until when at the latest, and why it moved if it did."""

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key, reference


class ObligationContents(Sealed):
    """Why a date moved."""

    moved_because: str | None = None


class Obligation(SealedRow):
    """One date the policy sets. ``rule`` of the version that governs gives ``due_at`` and ``ceiling`` from ``started_at``."""

    contents = ObligationContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    rule = reference(24)
    clause = reference(12)
    subject_id = fields.UUIDField(null=True)
    policy_version = reference(24)
    started_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    ceiling = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "obligation"
        indexes = (("customer_id", "due_at"), ("rule", "done_at", "due_at"), ("subject_id",))

"""Staff in a customer's record: permission for a reason and a while, what was revealed, notes, searches (clause 6.1.3)."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key, reference


class GrantReason(StrEnum):
    """Why a member of staff opens a record."""

    CUSTOMER_CONTACT = "CUSTOMER_CONTACT"
    OFFICE_VISIT = "OFFICE_VISIT"
    COMPLAINT = "COMPLAINT"
    FRAUD = "FRAUD"
    LEGAL = "LEGAL"
    QUALITY_REVIEW = "QUALITY_REVIEW"


class AccessGrant(Model):
    """Permission to open one customer's record, for at most fifteen minutes. The customer sees it."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    staff_id = fields.UUIDField(db_index=True)
    reason = fields.CharEnumField(GrantReason, max_length=20)
    ticket = reference(24)
    opened_at = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    closed_at = fields.DatetimeField(null=True)
    revealed: list[str] = fields.JSONField(default=list)

    class Meta:
        table = "access_grant"
        indexes = (("staff_id", "opened_at"),)

    def is_open(self, now: datetime) -> bool:
        return self.closed_at is None and self.expires_at > now


class NoteContents(Sealed):
    """Internal words, in the customer's report and export like everything held."""

    text: str


class Note(SealedRow):
    """A note of a member of staff in a customer's record."""

    contents = NoteContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    at = fields.DatetimeField()
    author_id = fields.UUIDField()

    class Meta:
        table = "note"
        indexes = (("customer_id", "at"),)


class Search(Model):
    """One search by staff: recorded, counted, and shown to the customer found as an event. No value, no name."""

    id = fields.UUIDField(primary_key=True)
    staff_id = fields.UUIDField()
    at = fields.DatetimeField(db_index=True)
    field = reference(24)
    hits = fields.IntField()

    class Meta:
        table = "search"
        indexes = (("staff_id", "at"),)


class Conversation(Model):
    """Who answers a customer's messages; its id is the customer's."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    assigned_to = fields.UUIDField(null=True)
    waiting_since = fields.DatetimeField(null=True, db_index=True)
    unanswered = fields.IntField(default=0)

    class Meta:
        table = "conversation"

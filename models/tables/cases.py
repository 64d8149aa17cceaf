"""Casework: requests of a customer's rights, complaints of anybody, holds and restrictions (clauses 4, 5 and 8)."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key, reference


class RequestKind(StrEnum):
    """What is asked for."""

    COPY = "COPY"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    RESTRICT = "RESTRICT"
    OBJECT = "OBJECT"


class RequestChannel(StrEnum):
    """How it came."""

    PORTAL = "PORTAL"
    OFFICE = "OFFICE"
    MAIL = "MAIL"


class RequestStatus(StrEnum):
    """Where it stands; the last three are ends."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    FULFILLED = "FULFILLED"
    DENIED = "DENIED"
    CANCELLED = "CANCELLED"


class IdentityDocument(StrEnum):
    """What the owner showed at the office; never a scan, never the whole number."""

    PASSPORT = "PASSPORT"
    IDENTITY_CARD = "IDENTITY_CARD"
    DRIVING_LICENCE = "DRIVING_LICENCE"
    RESIDENCE_PERMIT = "RESIDENCE_PERMIT"


class RightsRequestContents(Sealed):
    """The customer's words, ours, and the document's last four signs."""

    text: str | None = None
    explanation: str | None = None
    last_four: str | None = None


class RightsRequest(SealedRow):
    """One request with its clock. ``copy_ready_at`` stops the two weeks of a copy; at ``handed_over_at`` its code was given.

    ``last_action`` at ``last_action_at`` is its last event, told here too: a queue shows it with every row.
    """

    contents = RightsRequestContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    number = reference(16, unique=True)
    related_person_id = fields.UUIDField(null=True)
    kind = fields.CharEnumField(RequestKind, max_length=12)
    channel = fields.CharEnumField(RequestChannel, max_length=8)
    status = fields.CharEnumField(RequestStatus, max_length=12)
    clause = reference(12)
    received_at = fields.DatetimeField()
    recorded_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    assigned_to = fields.UUIDField(null=True)
    document = fields.CharEnumField(IdentityDocument, max_length=20, null=True)
    office_id = reference(24, null=True)
    checked_by = fields.UUIDField(null=True)
    confirmed_by = fields.UUIDField(null=True)
    checked_at = fields.DatetimeField(null=True)
    export_id = fields.UUIDField(null=True)
    copy_ready_at = fields.DatetimeField(null=True)
    handed_over_at = fields.DatetimeField(null=True)
    ended_at = fields.DatetimeField(null=True)
    last_action = reference(48, null=True)
    last_action_at = fields.DatetimeField(null=True)

    class Meta:
        table = "rights_request"
        indexes = (
            ("ended_at", "due_at", "id"),
            ("status", "due_at", "id"),
            ("customer_id", "received_at"),
            ("assigned_to", "due_at"),
        )


class ComplaintContents(Sealed):
    """What is complained of, by whom when that is no customer, and what came of it."""

    text: str
    name: str | None = None
    email: str | None = None
    outcome: str | None = None


class Complaint(SealedRow):
    """A complaint. Sealed under the customer's key, or under one of its own (``person_id``) when anybody else complains."""

    contents = ComplaintContents
    customer_id: UUID | None  # type: ignore[assignment]
    id = fields.UUIDField(primary_key=True)
    customer: Any = fields.ForeignKeyField(
        "models.Customer", on_delete=fields.OnDelete.RESTRICT, related_name=None, db_index=True, null=True
    )
    person_id = fields.UUIDField(db_index=True)
    number = reference(16, unique=True)
    channel = fields.CharEnumField(RequestChannel, max_length=8)
    about_kind = reference(24, null=True)
    about_id = fields.UUIDField(null=True)
    received_at = fields.DatetimeField()
    acknowledge_by = fields.DatetimeField()
    acknowledged_at = fields.DatetimeField(null=True)
    closed_at = fields.DatetimeField(null=True)
    assigned_to = fields.UUIDField(null=True)
    authority = reference(120, null=True)
    regulator_reference = reference(64, null=True)
    evidence_sha256 = reference(64, null=True)

    class Meta:
        table = "complaint"
        indexes = (("closed_at", "acknowledge_by", "id"),)

    @property
    def person(self) -> UUID:
        return self.person_id


class HoldContents(Sealed):
    """The legal basis, in words."""

    basis: str


class Hold(SealedRow):
    """Stops the erasure of what ``scope`` names (tables of the inventory, or 'all') and of nothing else, until it is released."""

    contents = HoldContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    scope: list[str] = fields.JSONField(default=list)
    placed_at = fields.DatetimeField()
    placed_by = fields.UUIDField()
    review_by = fields.DatetimeField()
    told_to_customer = fields.BooleanField(default=True)
    released_at = fields.DatetimeField(null=True)

    class Meta:
        table = "hold"
        indexes = (("released_at", "review_by", "id"),)


class Restriction(Model):
    """Processing waits (Article 18) while the request that asked for it is open."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    request_id = fields.UUIDField()
    since = fields.DatetimeField()
    lifted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "restriction"

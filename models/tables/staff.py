"""The company's people: data subjects too, under keys of their own; their sessions, and what two of them decide together."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

import msgspec
from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import Digest, SealedRow, reference


class StaffPasskey(msgspec.Struct, kw_only=True):
    """A passkey of a member of staff."""

    credential_id: bytes
    public_key: bytes
    label: str
    sign_count: int = 0


class StaffContents(Sealed):
    """Name and address at work; the argon2id string, the TOTP seed, passkeys and recovery codes once they are set."""

    name: str
    email: str
    encoded: str | None = None
    totp_seed: str | None = None
    totp_last_step: int = 0
    totp_confirmed: bool = False
    passkeys: list[StaffPasskey] = []
    recovery_digests: list[bytes] = []

    @property
    def enrolled(self) -> bool:
        """Whether a second factor is set: without one, nobody of ours is signed in."""
        return bool(self.encoded) and (self.totp_confirmed or bool(self.passkeys))


class Staff(SealedRow):
    """A member of staff; their roles decide what can be revealed to them (clause 6.1.3)."""

    contents = StaffContents
    id = fields.UUIDField(primary_key=True)
    roles: list[str] = fields.JSONField(default=list)
    invited_at = fields.DatetimeField()
    invitation_digest = Digest(null=True, unique=True)
    invitation_until = fields.DatetimeField(null=True)
    deactivated_at = fields.DatetimeField(null=True)
    locked_at = fields.DatetimeField(null=True)
    last_sign_in_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"

    @property
    def person(self) -> UUID:
        return self.id

    @property
    def active(self) -> bool:
        return self.deactivated_at is None


class StaffSession(Model):
    """A member of staff signed in, with a second factor; a store and a cookie of its own."""

    staff_id: UUID
    id = fields.UUIDField(primary_key=True)
    staff: Any = fields.ForeignKeyField(
        "models.Staff", on_delete=fields.OnDelete.RESTRICT, related_name=None, db_index=True
    )
    token_digest = Digest(unique=True)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    idle_until = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    ended_at = fields.DatetimeField(null=True)
    stepped_up_until = fields.DatetimeField(null=True)

    class Meta:
        table = "staff_session"

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and self.expires_at > now and self.idle_until > now

    def has_stepped_up(self, now: datetime) -> bool:
        """A fresh proof of who is there, at most five minutes old."""
        return self.stepped_up_until is not None and self.stepped_up_until > now


class ApprovalKind(StrEnum):
    """What takes two people."""

    OFFICE_DELETION = "OFFICE_DELETION"
    CLOSING_FOR_TERMS = "CLOSING_FOR_TERMS"
    HOLD_RELEASE = "HOLD_RELEASE"
    POLICY_PUBLICATION = "POLICY_PUBLICATION"


class ApprovalContents(Sealed):
    """Why, in words; and why not, when it was rejected."""

    reason: str
    rejected_because: str | None = None
    details: dict[str, str] = {}


class Approval(SealedRow):
    """Something proposed by one member of staff that a second one decides. Sealed under the customer's key, or the proposer's."""

    customer_id: UUID | None  # type: ignore[assignment]
    contents = ApprovalContents
    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(ApprovalKind, max_length=24)
    customer: Any = fields.ForeignKeyField(
        "models.Customer", on_delete=fields.OnDelete.RESTRICT, related_name=None, db_index=True, null=True
    )
    subject = reference(40)
    proposed_by = fields.UUIDField()
    proposed_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    decided_by = fields.UUIDField(null=True)
    decided_at = fields.DatetimeField(null=True)
    approved = fields.BooleanField(null=True)
    told_to_customer = fields.BooleanField(default=True)

    class Meta:
        table = "approval"
        indexes = (("decided_at", "due_at", "id"),)

    @property
    def person(self) -> UUID:
        return self.customer_id or self.proposed_by


class ReviewKind(StrEnum):
    """What clause 6.1.2 has looked over every quarter."""

    STAFF_ACCESS = "STAFF_ACCESS"
    INVENTORY = "INVENTORY"
    KEYS = "KEYS"


class Review(Model):
    """One review that is due or done; doing it makes the next one due."""

    id = fields.UUIDField(primary_key=True)
    kind = fields.CharEnumField(ReviewKind, max_length=16)
    due_at = fields.DatetimeField(db_index=True)
    done_at = fields.DatetimeField(null=True)
    done_by = fields.UUIDField(null=True)
    outcome = fields.TextField(null=True)

    class Meta:
        table = "review"

"""What was said and answered about a policy version: notified, viewed, accepted, declined, apart (clause 10)."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import customer_key, reference


class AcceptanceEvent(StrEnum):
    """What happened with a version; only ACCEPTED binds to one that reduces rights."""

    NOTIFIED = "NOTIFIED"
    VIEWED = "VIEWED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


class PolicyAcceptance(Model):
    """One such event."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    version = reference(24)
    event = fields.CharEnumField(AcceptanceEvent, max_length=12)
    at = fields.DatetimeField()

    class Meta:
        table = "policy_acceptance"
        indexes = (("customer_id", "at"),)


class PolicyNotice(Model):
    """The letter that tells one customer of one version: delivered, or given up (clause 9). ``letter_id`` may be gone already."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    version = reference(24)
    letter_id = fields.UUIDField(unique=True)
    written_at = fields.DatetimeField()
    delivered_at = fields.DatetimeField(null=True)
    failed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "policy_notice"
        unique_together = (("customer_id", "version"),)
        indexes = (("version",),)

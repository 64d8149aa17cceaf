"""The proof that somebody is gone, without saying who."""

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import Digest, reference


class Certificate(Model):
    """A signed erasure certificate; opened with the code that the person holds. No personal data."""

    id = fields.UUIDField(primary_key=True)
    number = reference(24, unique=True)
    code_digest = Digest(unique=True)
    clause = reference(12)
    closed_at = fields.DatetimeField()
    erase_by = fields.DatetimeField()
    erased_at = fields.DatetimeField()
    verified_at = fields.DatetimeField()
    last_copy_gone_by = fields.DatetimeField()
    document = fields.TextField()
    signature = reference(128)
    key_id = reference(32)

    class Meta:
        table = "certificate"
        indexes = (("verified_at",),)

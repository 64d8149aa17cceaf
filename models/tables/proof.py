"""What proves that nothing was changed or lost: checkpoints of the event chain, backups, published policy versions."""

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import reference


class Checkpoint(Model):
    """A signed statement that the chain of events stood at ``position`` with ``hash``; appended to a file as well."""

    position = fields.BigIntField(primary_key=True, generated=False)
    hash = fields.BinaryField()
    at = fields.DatetimeField()
    signature = fields.BinaryField()
    key_id = reference(32)
    is_anchor = fields.BooleanField(default=False)

    class Meta:
        table = "checkpoint"


class Backup(Model):
    """One backup that exists somewhere, until it is destroyed: the age of the oldest bounds what 'erased' can mean."""

    id = fields.UUIDField(primary_key=True)
    taken_at = fields.DatetimeField(db_index=True)
    store = reference(12)
    place = reference(200)
    sha256 = reference(64)
    bytes = fields.BigIntField()
    destroyed_at = fields.DatetimeField(null=True)

    class Meta:
        table = "backup"


class Publication(Model):
    """A policy version made public: immutable from then on, by its SHA-256 (clause 9)."""

    version = fields.CharField(max_length=24, primary_key=True)
    sha256 = reference(64)
    published_at = fields.DatetimeField()
    valid_from = fields.DatetimeField()
    published_by = fields.UUIDField(null=True)

    class Meta:
        table = "publication"

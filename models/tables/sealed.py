"""Rows with a sealed column, rows that a worker claims: what tables share."""

from typing import Any, ClassVar
from uuid import UUID

from tortoise import fields
from tortoise.fields import Field
from tortoise.models import Model

from models.keys import Keys, Sealed


def reference(length: int = 40, **options: Any) -> Field[str]:
    """A short word of ours: a state, a rule, a version."""
    return fields.CharField(max_length=length, **options)


class Digest(fields.BinaryField):
    """Bytes to find a row by: a keyed hash, a token's SHA-256, an alias."""

    indexable = True


def customer_key() -> Any:
    """Whose row it is. RESTRICT: a table forgotten by the erasure makes it fail loudly, and leaves no orphan."""
    return fields.ForeignKeyField(
        "models.Customer", on_delete=fields.OnDelete.RESTRICT, related_name=None, db_index=True
    )


class SealedRow(Model):
    """A row whose personal fields stand in one sealed struct, ``contents``."""

    contents: ClassVar[type[Sealed]]
    customer_id: UUID
    sealed = fields.BinaryField(null=True)

    class Meta:
        abstract = True

    @property
    def person(self) -> UUID:
        """Under whose key the row is sealed."""
        return self.customer_id

    def seal(self, keys: Keys, contents: Sealed) -> None:
        """Seal ``contents`` for this row (its id and person are set before)."""
        self.sealed = keys[self.person].seal(self._meta.db_table, self.pk, contents)

    def opened(self, keys: Keys) -> Any:
        """The struct, of type ``contents``; empty when nothing was sealed. Raises KeyAbsent."""
        if self.sealed is None:
            return self.contents()
        return keys[self.person].open(self._meta.db_table, self.pk, bytes(self.sealed), self.contents)


class Claimed(Model):
    """Work that one worker at a time may do: a lease, tries, and a dead-letter state that alarms."""

    leased_by = reference(40, null=True)
    leased_until = fields.DatetimeField(null=True)
    tries = fields.IntField(default=0)
    retry_at = fields.DatetimeField(null=True)
    dead_at = fields.DatetimeField(null=True)
    trouble = reference(80, null=True)

    class Meta:
        abstract = True

"""The company's people: data subjects too, under keys of their own."""

from uuid import UUID

from tortoise import fields

from models.tables.sealed import Digest, SealedRow
from models.vault import Sealed


class StaffContents(Sealed):
    """Name and address at work; the argon2id string once a password is set."""

    name: str
    email: str
    encoded: str | None = None


class Staff(SealedRow):
    """A member of staff; their roles decide what can be revealed to them (clause 6.1.3)."""

    contents = StaffContents
    id = fields.UUIDField(primary_key=True)
    roles = fields.JSONField(default=list)
    invited_at = fields.DatetimeField()
    invitation_digest = Digest(null=True, unique=True)
    invitation_until = fields.DatetimeField(null=True)
    deactivated_at = fields.DatetimeField(null=True)

    class Meta:
        table = "staff"

    @property
    def person(self) -> UUID:
        return self.id

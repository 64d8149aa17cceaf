"""A copy of everything held, for its owner (clauses 3.1 and 4.2.2)."""

from enum import StrEnum

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import Claimed, SealedRow, customer_key


class ExportStatus(StrEnum):
    """REQUESTED → READY → DOWNLOADED (the last byte was sent) or EXPIRED; the archive is erased after either."""

    REQUESTED = "REQUESTED"
    READY = "READY"
    DOWNLOADED = "DOWNLOADED"
    EXPIRED = "EXPIRED"


class ExportContents(Sealed):
    """The key that the archive on the shelf is sealed with (32 bytes), and the archive's SHA-256 in hex."""

    archive_key: bytes = b""
    sha256: str | None = None


class Export(SealedRow, Claimed):
    """One archive, from request to erasure. ``first_sent_at`` starts the ten minutes in which a broken download is retried."""

    contents = ExportContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    status = fields.CharEnumField(ExportStatus, max_length=12)
    requested_at = fields.DatetimeField()
    due_at = fields.DatetimeField()
    ready_at = fields.DatetimeField(null=True)
    expires_at = fields.DatetimeField(null=True)
    bytes = fields.BigIntField(null=True)
    first_sent_at = fields.DatetimeField(null=True)
    downloaded_at = fields.DatetimeField(null=True)
    erased_at = fields.DatetimeField(null=True)

    class Meta:
        table = "export"
        indexes = (("status", "requested_at"), ("customer_id", "requested_at"))

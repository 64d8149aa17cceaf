"""Who did what, and who looked. The person is an alias that means nothing once their key is gone."""

import hashlib
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import Digest, reference

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ABSENT = b"\xff\xff\xff\xff"
REQUESTED: Final = "REQUEST"
"""The reason of what staff do because a request asks for it; its number is the ticket."""


class EventKind(StrEnum):
    """What sort of thing happened."""

    ACCESS = "ACCESS"
    AUTHENTICATION = "AUTHENTICATION"
    CREATE = "CREATE"
    MODIFY = "MODIFY"
    REMOVE = "REMOVE"
    RESTORE = "RESTORE"
    NOTICE = "NOTICE"


class ActorKind(StrEnum):
    """Who acted."""

    CUSTOMER = "CUSTOMER"
    STAFF = "STAFF"
    SYSTEM = "SYSTEM"


class EventContents(Sealed):
    """The personal parts of an event, nulled at erasure."""

    reason: str | None = None
    ticket: str | None = None
    ip: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None


class Event(Model):
    """One event. ``position``, ``digest`` and ``hash`` are null until the chain is sealed over it."""

    contents = EventContents
    id = fields.UUIDField(primary_key=True)
    alias = Digest(null=True)
    at = fields.DatetimeField(db_index=True)
    kind = fields.CharEnumField(EventKind, max_length=16)
    action = reference(48)
    actor_kind = fields.CharEnumField(ActorKind, max_length=12)
    actor_id = fields.UUIDField(null=True)
    fields_named: list[str] = fields.JSONField(default=list)
    sealed = fields.BinaryField(null=True)
    position = fields.BigIntField(null=True, unique=True)
    digest = fields.BinaryField(null=True)
    hash = fields.BinaryField(null=True)

    class Meta:
        table = "event"
        indexes = (("alias", "at"),)

    def digested(self) -> bytes:
        """SHA-256 of the sealed part, of nothing where there is none. Kept when that part is nulled."""
        return hashlib.sha256(bytes(self.sealed or b"")).digest()

    def linked(self, previous: bytes) -> bytes:
        """The hash of this event after ``previous`` (32 bytes, zeros at the beginning); position and digest are set.

        SHA-256 (FIPS 180-4) over ``octopus event 1`` and a zero byte, then each part as its length (4 bytes, big endian)
        and its bytes, an absent one as the length FFFFFFFF: previous, position (8 bytes, big endian), id (16 bytes), alias,
        at (microseconds since 1970 in UTC, 8 bytes, signed), kind, action, actor_kind, actor_id, digest, the number of
        fields named (4 bytes) and each of them. Texts are UTF-8. So no two events are the same bytes.
        """
        assert self.position is not None
        microseconds = (self.at - EPOCH) // timedelta(microseconds=1)
        parts: list[bytes | None] = [
            previous, self.position.to_bytes(8), self.id.bytes, self.alias and bytes(self.alias),
            microseconds.to_bytes(8, signed=True), self.kind.encode(), self.action.encode(), self.actor_kind.encode(),
            self.actor_id.bytes if self.actor_id else None, self.digest and bytes(self.digest),
            len(self.fields_named).to_bytes(4), *(str(name).encode() for name in self.fields_named),
        ]  # fmt: skip
        return hashlib.sha256(b"octopus event 1\0" + b"".join(map(framed, parts))).digest()


def framed(part: bytes | None) -> bytes:
    """One part of what is hashed or signed: where it ends is said before it begins."""
    return ABSENT if part is None else len(part).to_bytes(4) + part

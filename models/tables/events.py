"""Who did what, and who looked. The person is an alias that means nothing once their key is gone."""

from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.tables.sealed import Digest, reference
from models.vault import Sealed


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
    fields_named = fields.JSONField(default=list)
    sealed = fields.BinaryField(null=True)
    position = fields.BigIntField(null=True, unique=True)
    digest = fields.BinaryField(null=True)
    hash = fields.BinaryField(null=True)

    class Meta:
        table = "event"
        indexes = (("alias", "at"),)

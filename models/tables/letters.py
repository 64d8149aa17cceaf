"""Letters wait in an outbox, sealed, until the worker has posted them; messages are the conversation kept with the account."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import Claimed, Digest, SealedRow, customer_key, reference


class LetterKind(StrEnum):
    """MARKETING letters are checked against consent when they are sent (clause 2)."""

    SERVICE = "SERVICE"
    MARKETING = "MARKETING"


class LetterContents(Sealed):
    """To whom, in which language, and what the template says; links are only here."""

    to: str
    locale: str
    params: dict[str, Any]


class Letter(SealedRow, Claimed):
    """One letter to one address. ``expires_at``: pointless afterwards, then it is dropped unsent.

    To whoever is no customer (a member of staff, a stranger who complained) under a key of their own (``person_id``).
    """

    contents = LetterContents
    id = fields.UUIDField(primary_key=True)
    customer: Any = fields.ForeignKeyField(
        "models.Customer", on_delete=fields.OnDelete.RESTRICT, related_name=None, db_index=True, null=True
    )
    person_id = fields.UUIDField(null=True, db_index=True)
    template = reference(40)
    kind = fields.CharEnumField(LetterKind, max_length=12, default=LetterKind.SERVICE)
    written_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(null=True)
    posted_at = fields.DatetimeField(null=True)

    class Meta:
        table = "letter"
        indexes = (("posted_at", "retry_at"), ("customer_id", "written_at"))

    @property
    def person(self) -> UUID:
        return self.customer_id or self.person_id  # type: ignore[return-value]  # one of them is always set


class MessageKind(StrEnum):
    """Who wrote: the customer, support, or the software (a letter's copy, without its links)."""

    FROM_CUSTOMER = "FROM_CUSTOMER"
    FROM_SUPPORT = "FROM_SUPPORT"
    LETTER = "LETTER"


class MessageContents(Sealed):
    """The words."""

    text: str
    subject: str | None = None


class Message(SealedRow):
    """One message of the conversation between a customer and support. ``idempotency`` makes sending twice say it once."""

    contents = MessageContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    kind = fields.CharEnumField(MessageKind, max_length=16)
    at = fields.DatetimeField()
    author_id = fields.UUIDField(null=True)
    about_kind = reference(24, null=True)
    about_id = fields.UUIDField(null=True)
    read_at = fields.DatetimeField(null=True)
    idempotency = Digest(null=True)

    class Meta:
        table = "message"
        indexes = (("customer_id", "at"),)
        unique_together = (("customer_id", "idempotency"),)


class NewsIssue(Model):
    """One issue of the news: what it says, and how far its letters are written (``reached``: the last customer looked at)."""

    id = fields.UUIDField(primary_key=True)
    name = reference(80, unique=True)
    topic = reference(24, null=True)
    words: dict[str, Any] = fields.JSONField()
    made_at = fields.DatetimeField()
    reached = fields.UUIDField(null=True)
    written = fields.IntField(default=0)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "news_issue"

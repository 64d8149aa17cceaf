"""What proves who is there: passwords, sessions, one-time tokens; and the buckets that slow guessing down."""

from datetime import datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import Digest, SealedRow, customer_key


class PasswordContents(Sealed):
    """The argon2id encoded string, sealed: the person's key is its pepper. ``alone``: long enough without a second factor."""

    encoded: str
    alone: bool = True


class Password(SealedRow):
    """A customer's password; none after an import, until the first reset."""

    contents = PasswordContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    changed_at = fields.DatetimeField()

    class Meta:
        table = "password"


class SessionContents(Sealed):
    """What the customer sees of a session; the raw agent is at most 400 characters."""

    label: str = ""
    ip: str | None = None
    agent: str | None = None
    browser: str | None = None
    os: str | None = None
    device: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None


class SessionKind(StrEnum):
    """A browser carries a cookie, a native app tokens."""

    BROWSER = "BROWSER"
    NATIVE = "NATIVE"


class Session(SealedRow):
    """Somebody signed in. Only digests of its tokens are stored; ending it works at once, everywhere."""

    contents = SessionContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    kind = fields.CharEnumField(SessionKind, max_length=8)
    token_digest = Digest(unique=True)
    refresh_digest = Digest(null=True, unique=True)
    spent_digest = Digest(null=True, db_index=True)
    refreshed_at = fields.DatetimeField(null=True)
    created_at = fields.DatetimeField()
    last_seen_at = fields.DatetimeField()
    idle_until = fields.DatetimeField()
    expires_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)
    stepped_up_until = fields.DatetimeField(null=True)

    class Meta:
        table = "session"
        indexes = (("customer_id", "ended_at"), ("expires_at",))

    def is_open(self, now: datetime) -> bool:
        return self.ended_at is None and self.expires_at > now

    def has_stepped_up(self, now: datetime) -> bool:
        """A fresh proof of who is there, at most five minutes old."""
        return self.stepped_up_until is not None and self.stepped_up_until > now


class ActionTokenContents(Sealed):
    """What the token's letter was about: an e-mail address to revert to or to remove the token with."""

    email: str | None = None
    change_id: str | None = None


class Purpose(StrEnum):
    """What a one-time token from a letter may do; the last two: the code the office hands out, and the download it opens."""

    CONFIRM_EMAIL = "CONFIRM_EMAIL"
    CONFIRM_EMAIL_CHANGE = "CONFIRM_EMAIL_CHANGE"
    REVERT_EMAIL_CHANGE = "REVERT_EMAIL_CHANGE"
    RESET_PASSWORD = "RESET_PASSWORD"
    REPORT_SIGN_IN = "REPORT_SIGN_IN"
    UNDO_FACTORS = "UNDO_FACTORS"
    REMOVE_LOST_FACTORS = "REMOVE_LOST_FACTORS"
    REMOVE_RELATED_PERSON = "REMOVE_RELATED_PERSON"
    UNSUBSCRIBE = "UNSUBSCRIBE"
    COLLECT_COPY = "COLLECT_COPY"
    DOWNLOAD_COPY = "DOWNLOAD_COPY"


class ActionToken(SealedRow):
    """A one-time link of a letter, by its SHA-256."""

    contents = ActionTokenContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    purpose = fields.CharEnumField(Purpose, max_length=24)
    digest = Digest(unique=True)
    subject_id = fields.UUIDField(null=True)
    created_at = fields.DatetimeField()
    expires_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "action_token"
        indexes = (("customer_id", "purpose"),)


class Bucket(Model):
    """How often something was tried lately, for every process alike. ``key`` is a keyed hash: of a network, of an account."""

    key = Digest(primary_key=True)
    level = fields.FloatField()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "bucket"


class Stranger(Model):
    """A try to sign in with an unknown address: a keyed hash for 24 hours, nothing else (clause 1.2)."""

    id = fields.UUIDField(primary_key=True)
    digest = Digest()
    at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "stranger"

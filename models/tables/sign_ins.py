"""One record for each attempt to sign in (clauses 1.2.1, 1.2.2 and 1.3)."""

from enum import StrEnum

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import Digest, SealedRow, customer_key


class SignInOutcome(StrEnum):
    """BLOCKED: right proof, but the address is unconfirmed or the account was secured."""

    SUCCEEDED = "SUCCEEDED"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    SECOND_FACTOR_FAILED = "SECOND_FACTOR_FAILED"
    THROTTLED = "THROTTLED"
    BLOCKED = "BLOCKED"
    CLOSED = "CLOSED"


class SignInMethod(StrEnum):
    """With what somebody tried."""

    PASSWORD = "PASSWORD"
    PASSKEY = "PASSKEY"
    TOTP = "TOTP"
    RECOVERY_CODE = "RECOVERY_CODE"


class IpPrecision(StrEnum):
    """How much of the IP is still held: all, its /24 or /48, nothing."""

    FULL = "FULL"
    NETWORK = "NETWORK"
    NONE = "NONE"


class SignInContents(Sealed):
    """The access IP, the place estimated from it then, and the user agent (raw at most 400 characters)."""

    ip: str | None = None
    agent: str | None = None
    browser: str | None = None
    os: str | None = None
    device: str | None = None
    country: str | None = None
    region: str | None = None
    city: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    place_source: str | None = None


class SignIn(SealedRow):
    """One attempt; a throttled one stands for all of a customer, network and minute, with their ``count``."""

    contents = SignInContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    at = fields.DatetimeField(db_index=True)
    outcome = fields.CharEnumField(SignInOutcome, max_length=24)
    method = fields.CharEnumField(SignInMethod, max_length=16)
    ip_precision = fields.CharEnumField(IpPrecision, max_length=8)
    is_new_device = fields.BooleanField(default=False)
    reported_at = fields.DatetimeField(null=True)
    session_id = fields.UUIDField(null=True)
    count = fields.IntField(default=1)
    minute_key = Digest(null=True, unique=True)

    class Meta:
        table = "sign_in"
        indexes = (("customer_id", "at", "id"), ("ip_precision", "at"))

"""Second factors and passwordless proofs: TOTP (RFC 6238), passkeys (WebAuthn), recovery codes; and what begins their use."""

from enum import StrEnum
from uuid import UUID

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.sealed import Digest, SealedRow, customer_key, reference


class TotpContents(Sealed):
    """The shared seed, base32."""

    seed: str


class Totp(SealedRow):
    """An authenticator app; counts from ``confirmed_at``. A time step is used once: ``last_step`` guards against replay."""

    contents = TotpContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    begun_at = fields.DatetimeField()
    confirmed_at = fields.DatetimeField(null=True)
    last_step = fields.BigIntField(default=0)

    class Meta:
        table = "totp"


class PasskeyContents(Sealed):
    """The credential's id and public key (COSE), its transports, and the customer's name for it."""

    label: str
    credential_id: bytes
    public_key: bytes
    transports: list[str] = []


class Passkey(SealedRow):
    """One passkey; ``credential_digest`` finds it when somebody signs in with it."""

    contents = PasskeyContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    credential_digest = Digest(unique=True)
    sign_count = fields.BigIntField(default=0)
    backed_up = fields.BooleanField(default=False)
    created_at = fields.DatetimeField()
    last_used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "passkey"


class RecoveryCode(Model):
    """One of ten codes for the day all else is lost; only a keyed hash is kept."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    digest = Digest(db_index=True)
    made_at = fields.DatetimeField()
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "recovery_code"


class ChallengeUse(StrEnum):
    """What a challenge begins; it serves for that alone."""

    SECOND_FACTOR = "SECOND_FACTOR"
    PASSKEY_SIGN_IN = "PASSKEY_SIGN_IN"
    PASSKEY_ADD = "PASSKEY_ADD"
    STEP_UP = "STEP_UP"


class Challenge(Model):
    """A question of five minutes, answered once. ``person_id``: the customer or member of staff; none before a passkey says who."""

    id = fields.UUIDField(primary_key=True)
    digest = Digest(unique=True)
    use = fields.CharEnumField(ChallengeUse, max_length=16)
    person_id = fields.UUIDField(null=True, db_index=True)
    session_id = fields.UUIDField(null=True)
    webauthn = fields.BinaryField(null=True)
    kind = reference(8, null=True)
    label = fields.BinaryField(null=True)
    tries = fields.IntField(default=0)
    expires_at = fields.DatetimeField(db_index=True)
    used_at = fields.DatetimeField(null=True)

    class Meta:
        table = "challenge"


class FactorRecovery(Model):
    """All factors lost: letters to every address, a delay, and any sign-in with a factor cancels it."""

    customer_id: UUID
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    asked_at = fields.DatetimeField(db_index=True)
    available_at = fields.DatetimeField()
    cancelled_at = fields.DatetimeField(null=True)
    done_at = fields.DatetimeField(null=True)

    class Meta:
        table = "factor_recovery"

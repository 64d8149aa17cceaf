"""The customer: an account, its identity and contact, how it is found, how it ends."""

from datetime import date, datetime
from enum import StrEnum

from tortoise import fields
from tortoise.models import Model

from models.keys import Sealed
from models.tables.events import ActorKind
from models.tables.sealed import Claimed, Digest, SealedRow, customer_key, reference


class State(StrEnum):
    """UNCONFIRMED until the address is; CLOSED has a Closure row; ERASING has a tombstone, until the rows are gone."""

    UNCONFIRMED = "UNCONFIRMED"
    ACTIVE = "ACTIVE"
    CLOSED = "CLOSED"
    ERASING = "ERASING"


class Address(Sealed):
    """Country is ISO 3166-1 alpha-2."""

    street_address: str
    locality: str
    country: str
    region: str | None = None
    postal_code: str | None = None

    @property
    def line(self) -> str:
        """On one line, in the order of an envelope."""
        return ", ".join(
            filter(None, (self.street_address, self.locality, self.region, self.postal_code, self.country))
        )


class PersonalCode(Sealed):
    """A national identity code and the country that gave it."""

    country: str
    code: str


class ProfileContents(Sealed):
    """Clauses 1.1.1-1.1.6; exactly one of birthdate and personal_code is held. ``alias`` names the person in events."""

    given_name: str
    family_name: str
    address: Address
    phone_number: str
    email: str
    alias: bytes
    birthdate: date | None = None
    personal_code: PersonalCode | None = None
    pending_email: str | None = None
    external_reference: str | None = None

    @property
    def name(self) -> str:
        return f"{self.given_name} {self.family_name}"


class Customer(SealedRow):
    """One account. ``revision`` counts profile edits; ``governed_by`` is the policy version that binds this customer."""

    contents = ProfileContents
    id = fields.UUIDField(primary_key=True)
    number = reference(16, unique=True)
    state = fields.CharEnumField(State, max_length=12)
    created_at = fields.DatetimeField()
    updated_at = fields.DatetimeField()
    revision = fields.IntField(default=1)
    governed_by = reference(24)
    email_verified_at = fields.DatetimeField(null=True)
    pending_email_until = fields.DatetimeField(null=True)
    cooling_off_until = fields.DatetimeField(null=True)
    secured_at = fields.DatetimeField(null=True)
    restricted_at = fields.DatetimeField(null=True)
    last_sign_in_at = fields.DatetimeField(null=True)

    class Meta:
        table = "customer"
        indexes = (("state", "created_at"),)

    @property
    def person(self):  # type: ignore[no-untyped-def]
        return self.id

    @property
    def is_closed(self) -> bool:
        return self.state in (State.CLOSED, State.ERASING)

    def cools_off(self, now: datetime) -> bool:
        """Within 72 hours of a contact, password or factor change (clause 4.1.4)."""
        return self.cooling_off_until is not None and self.cooling_off_until > now


class IndexUse(StrEnum):
    """CONFIRMED and HELD e-mail addresses are unique; PENDING ones are not. OTHER: anything but an e-mail address."""

    CONFIRMED = "CONFIRMED"
    HELD = "HELD"
    PENDING = "PENDING"
    OTHER = "OTHER"


class IndexEntry(Model):
    """A blind index of one value: found by equality, read by nobody. ``claim`` is the digest while the value is exclusive."""

    id = fields.UUIDField(primary_key=True)
    person_id = fields.UUIDField(db_index=True)
    field = reference(24)
    digest = Digest()
    use = fields.CharEnumField(IndexUse, max_length=12, default=IndexUse.OTHER)
    claim = Digest(null=True, unique=True)
    until = fields.DatetimeField(null=True)

    class Meta:
        table = "index_entry"
        indexes = (("digest", "field"),)


class ClosureContents(Sealed):
    """Why the company closed an account (5.2), in words."""

    reason: str | None = None


class Closure(SealedRow, Claimed):
    """A closed account: who closed it, when, when it is erased (due) and the promise (ceiling)."""

    contents = ClosureContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    closed_at = fields.DatetimeField()
    closed_by = reference(12)
    terms_clause = reference(32, null=True)
    erase_at = fields.DatetimeField(db_index=True)
    erase_by = fields.DatetimeField()
    code_digest = Digest()

    class Meta:
        table = "closure"

    @property
    def closer(self) -> ActorKind:
        """Who closed it; the OFFICE is staff, at the owner's request."""
        return ActorKind.STAFF if self.closed_by == "OFFICE" else ActorKind(self.closed_by)


class ErasureStage(StrEnum):
    """An erasure's state after CLOSED; each is reached by one commit and can be resumed."""

    ERASING = "ERASING"
    KEY_DESTROYED = "KEY_DESTROYED"
    ROWS_GONE = "ROWS_GONE"
    VERIFIED = "VERIFIED"
    CERTIFIED = "CERTIFIED"


class Tombstone(Claimed):
    """An erased person, or one whose erasing has begun: written before the first destructive step. No personal data."""

    id = fields.UUIDField(primary_key=True)
    stage = fields.CharEnumField(ErasureStage, max_length=16)
    clause = reference(12)
    closed_at = fields.DatetimeField()
    erase_by = fields.DatetimeField()
    begun_at = fields.DatetimeField()
    in_ledger_at = fields.DatetimeField(null=True)
    key_destroyed_at = fields.DatetimeField(null=True)
    rows_gone_at = fields.DatetimeField(null=True)
    verified_at = fields.DatetimeField(null=True)
    kek_id = reference(32, null=True)
    code_digest = Digest()

    class Meta:
        table = "tombstone"
        indexes = (("stage", "begun_at"),)

"""The contracts a customer has with the company: why the data is held (clauses 4.1.3 and 7)."""

from enum import StrEnum

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key, reference


class ServiceKind(StrEnum):
    """What the policy covers (clause 7)."""

    HOSTING = "HOSTING"
    DOMAIN = "DOMAIN"
    EMAIL = "EMAIL"
    INFORMATION_REQUEST = "INFORMATION_REQUEST"


class ServiceContents(Sealed):
    """A domain or a package's name: often a person's name."""

    name: str


class Service(SealedRow):
    """One contract. ``reference`` is the billing panel's own, unique, so that an import may run again."""

    contents = ServiceContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    reference = reference(64, unique=True)
    kind = fields.CharEnumField(ServiceKind, max_length=24)
    payment_method_id = fields.UUIDField(null=True)
    started_at = fields.DatetimeField()
    ended_at = fields.DatetimeField(null=True)

    class Meta:
        table = "service"

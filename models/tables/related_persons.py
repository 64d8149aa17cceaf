"""Natural persons whose data a customer gave, such as a domain's administrator (clause 4.1.5)."""

from enum import StrEnum

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import SealedRow, customer_key


class RelatedPersonRole(StrEnum):
    """The roles of a domain contact."""

    REGISTRANT = "REGISTRANT"
    ADMINISTRATIVE = "ADMINISTRATIVE"
    TECHNICAL = "TECHNICAL"
    BILLING = "BILLING"


class RelatedPersonContents(Sealed):
    """Name and contact, as the customer gave them."""

    given_name: str
    family_name: str
    email: str | None = None
    phone_number: str | None = None


class RelatedPerson(SealedRow):
    """One such person, a record of their own."""

    contents = RelatedPersonContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    role = fields.CharEnumField(RelatedPersonRole, max_length=16)
    added_at = fields.DatetimeField()

    class Meta:
        table = "related_person"

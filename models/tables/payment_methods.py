"""Payment references (clause 1.4): a bank account, a PayPal account, a phone bill. No card type exists."""

from enum import StrEnum

from tortoise import fields

from models.keys import Sealed
from models.tables.sealed import Digest, SealedRow, customer_key


class PaymentKind(StrEnum):
    """The three ways to pay."""

    BANK_ACCOUNT = "BANK_ACCOUNT"
    PAYPAL = "PAYPAL"
    PHONE_BILL = "PHONE_BILL"


class PaymentMethodContents(Sealed):
    """``reference`` is an IBAN, a PayPal address or an E.164 number; country is ISO 3166-1 alpha-2."""

    reference: str
    label: str
    country: str | None = None
    holder: str | None = None


class PaymentMethod(SealedRow):
    """One payment reference of a customer; a removed one lives on as a Change while it can be restored."""

    contents = PaymentMethodContents
    id = fields.UUIDField(primary_key=True)
    customer = customer_key()
    kind = fields.CharEnumField(PaymentKind, max_length=12)
    is_default = fields.BooleanField(default=False)
    added_at = fields.DatetimeField()
    idempotency = Digest(null=True)

    class Meta:
        table = "payment_method"
        unique_together = (("customer_id", "idempotency"),)

"""Payment references (clause 1.4), masked. No type, field or input for a payment card exists."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import payment_methods as paying
from models.actions.payment_methods import NewPaymentMethod
from models.actions.restore import mask_reference
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables.payment_methods import PaymentKind
from schema.access import Context, context, viewer
from schema.nodes import PAYMENT_KINDS, Node, given_id, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed


@strawberry.interface(description="A way to pay. The reference is shown masked, even to its owner.")
class PaymentMethod(Node, FromRow):
    """The contract's PaymentMethod."""

    id: strawberry.ID
    label: str = sealed(description="The customer's own name for it.")
    is_default: bool = column(description="Pays for every service that names no other.")
    added_at: datetime = column()
    masked: str = derived(
        lambda _, row, held: mask_reference(row.kind, held.reference),
        columns=("kind",),
        sealed=("reference",),
        description="The reference with all but its end hidden.",
    )


@strawberry.type(description="A bank account, by its IBAN.")
class BankAccount(PaymentMethod):
    """The contract's BankAccount."""

    id: strawberry.ID = node_id("BankAccount")
    country: str = sealed(description="ISO 3166-1 alpha-2.")
    holder: str | None = sealed(description="The account holder, if the customer said.")


@strawberry.type(description="A PayPal account, by its address.")
class PayPalAccount(PaymentMethod):
    """The contract's PayPalAccount."""

    id: strawberry.ID = node_id("PayPalAccount")


@strawberry.type(description="The bill of a phone number.")
class PhoneBill(PaymentMethod):
    """The contract's PhoneBill."""

    id: strawberry.ID = node_id("PhoneBill")
    country: str = sealed(description="Of the number, ISO 3166-1 alpha-2.")


TYPES: dict[PaymentKind, type[PaymentMethod]] = {
    PaymentKind.BANK_ACCOUNT: BankAccount,
    PaymentKind.PAYPAL: PayPalAccount,
    PaymentKind.PHONE_BILL: PhoneBill,
}


def payment_method(ctx: Context, row: Any, contents: Any) -> PaymentMethod:
    """A row as its own type."""
    return TYPES[row.kind].of(ctx, row, contents)


# ---- inputs and results ---------------------------------------------------------------------------------------------
@strawberry.input(description="A bank account.")
class BankAccountInput:
    """The contract's BankAccountInput."""

    iban: str
    holder: str | None = strawberry.UNSET


@strawberry.input(description="A PayPal account, by its address.")
class PayPalInput:
    """The contract's PayPalInput."""

    email: str


@strawberry.input(description="The bill of a phone number, E.164.")
class PhoneBillInput:
    """The contract's PhoneBillInput."""

    phone_number: str


@strawberry.input(one_of=True, description="Exactly one of the three ways to pay.")
class PaymentMethodInput:
    """The contract's PaymentMethodInput."""

    bank_account: BankAccountInput | None = strawberry.UNSET
    pay_pal: PayPalInput | None = strawberry.UNSET
    phone_bill: PhoneBillInput | None = strawberry.UNSET

    def given(self) -> dict[str, Any]:
        """Kind, reference and holder, as the action takes them. Raises Refused(INVALID_INPUT) when none is given."""
        if self.bank_account:
            given = self.bank_account
            return {"kind": PaymentKind.BANK_ACCOUNT, "reference": given.iban, "holder": given.holder or None}
        if self.pay_pal:
            return {"kind": PaymentKind.PAYPAL, "reference": self.pay_pal.email}
        if self.phone_bill:
            return {"kind": PaymentKind.PHONE_BILL, "reference": self.phone_bill.phone_number}
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("method",), ProblemCode.REQUIRED)])


@strawberry.input(description="A way to pay to add. The same idempotencyKey again adds nothing and answers alike.")
class AddPaymentMethodInput:
    """The contract's AddPaymentMethodInput."""

    idempotency_key: str
    method: PaymentMethodInput
    label: str | None = strawberry.UNSET
    make_default: bool = False

    def given(self) -> NewPaymentMethod:
        return NewPaymentMethod(
            idempotency_key=self.idempotency_key,
            label=self.label or None,
            make_default=self.make_default,
            **self.method.given(),
        )


@strawberry.type(description="The way to pay is held.")
class PaymentMethodAdded:
    """The contract's PaymentMethodAdded."""

    payment_method: PaymentMethod


@strawberry.type(description="It is the default now.")
class DefaultPaymentMethodSet:
    """The contract's DefaultPaymentMethodSet."""

    payment_method: PaymentMethod


@strawberry.type(description="It is removed, and can be restored for a while (clause 4.1.4).")
class PaymentMethodRemoved:
    """The contract's PaymentMethodRemoved."""

    removed_id: strawberry.ID


AddPaymentMethodResult = Annotated[PaymentMethodAdded | Refusal, result("AddPaymentMethodResult")]
SetDefaultPaymentMethodResult = Annotated[DefaultPaymentMethodSet | Refusal, result("SetDefaultPaymentMethodResult")]
RemovePaymentMethodResult = Annotated[PaymentMethodRemoved | Refusal, result("RemovePaymentMethodResult")]


@strawberry.type
class PaymentMethodMutations:
    """Add, choose and remove ways to pay; each needs a fresh proof."""

    @strawberry.mutation(description="Add a way to pay (clause 1.4), after a fresh proof; the first is the default.")
    async def add_payment_method(self, info: Info[Any, Any], input: AddPaymentMethodInput) -> AddPaymentMethodResult:
        ctx, who = context(info), viewer(info)
        row, contents = await paying.add_payment_method(ctx.world, who, input.given())
        return PaymentMethodAdded(payment_method=payment_method(ctx, row, contents))

    @strawberry.mutation(description="Pay by this one where nothing else is said; after a fresh proof.")
    async def set_default_payment_method(
        self, info: Info[Any, Any], id: strawberry.ID
    ) -> SetDefaultPaymentMethodResult:
        ctx, who = context(info), viewer(info)
        row, contents = await paying.set_default_payment_method(ctx.world, who, given_id(ctx, id, *PAYMENT_KINDS))
        return DefaultPaymentMethodSet(payment_method=payment_method(ctx, row, contents))

    @strawberry.mutation(
        description="After a fresh proof; IN_USE when it pays for a running service and no replacement is named."
    )
    async def remove_payment_method(
        self, info: Info[Any, Any], id: strawberry.ID, replacement_id: strawberry.ID | None = strawberry.UNSET
    ) -> RemovePaymentMethodResult:
        ctx, who = context(info), viewer(info)
        new = given_id(ctx, replacement_id, *PAYMENT_KINDS) if replacement_id else None
        await paying.remove_payment_method(ctx.world, who, given_id(ctx, id, *PAYMENT_KINDS), new)
        return PaymentMethodRemoved(removed_id=id)

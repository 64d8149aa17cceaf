"""Becoming a customer: the form, and the letter that asks to confirm the address."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import sign_up
from models.actions.sign_up import NewCustomer
from models.tables.preferences import Locale
from schema.access import context
from schema.addresses import AddressInput
from schema.identity import IdentityInput, identity
from schema.refusal import Refusal, result


@strawberry.input(description="What somebody fills in to become a customer.")
class SignUpInput:
    """The contract's SignUpInput."""

    given_name: str
    family_name: str
    identity: IdentityInput
    address: AddressInput
    phone_number: str
    email: str
    password: str
    locale: Locale = Locale.EN
    accepted_policy: str

    def given(self) -> NewCustomer:
        return NewCustomer(
            given_name=self.given_name,
            family_name=self.family_name,
            address=self.address.given(),
            phone_number=self.phone_number,
            email=self.email,
            password=self.password,
            accepted_policy=self.accepted_policy,
            locale=self.locale,
            **identity(self.identity),
        )


@strawberry.type(description="A letter was sent to the address, whatever it is to us.")
class SignUpStarted:
    """The contract's SignUpStarted."""

    message: str


@strawberry.type(description="If we know the address, a letter is on its way.")
class MailSent:
    """The contract's MailSent."""

    message: str


SignUpResult = Annotated[SignUpStarted | Refusal, result("SignUpResult")]
MailSentResult = Annotated[MailSent | Refusal, result("MailSentResult")]

MAIL_SENT = {
    "EN": "If that address can be used here, a letter is on its way to it.",
    "LV": "Ja šo adresi šeit var izmantot, uz to jau ir ceļā vēstule.",
}


@strawberry.type
class SignUpMutations:
    """Answered alike whether or not the address is known."""

    @strawberry.mutation(description="Become a customer; a letter asks to confirm the address.")
    async def sign_up(self, info: Info[Any, Any], input: SignUpInput) -> SignUpResult:
        ctx = context(info)
        await sign_up.sign_up(ctx.world, input.given(), origin=ctx.origin)
        return SignUpStarted(message=MAIL_SENT[ctx.locale])

    @strawberry.mutation(description="Another confirmation letter.")
    async def resend_confirmation(self, info: Info[Any, Any], email: str) -> MailSentResult:
        ctx = context(info)
        await sign_up.resend_confirmation(ctx.world, email, origin=ctx.origin)
        return MailSent(message=MAIL_SENT[ctx.locale])

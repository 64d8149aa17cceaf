"""Coming in: sign up, sign in and out, sessions and tokens, passwords, 'this was not me'."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import attempts, passwords, sessions, sign_up
from models.actions import sign_in as signing_in
from models.actions.delete_profile import closure_of
from models.actions.second_factor import NextStep
from models.actions.sign_up import NewCustomer
from models.tables.credentials import SessionKind
from models.tables.preferences import Locale
from models.tables.sign_ins import SignInMethod
from schema.access import Context, context, viewer
from schema.addresses import AddressInput
from schema.customers import Customer
from schema.deletion import Closure, closure
from schema.identity import IdentityInput, identity
from schema.nodes import encode, given_id
from schema.refusal import Refusal, result
from schema.scalars import JSON
from schema.sign_ins import Session


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


@strawberry.input(description="What a passkey answered.")
class PasskeyProof:
    """The contract's PasskeyProof."""

    challenge: str
    credential: JSON


@strawberry.input(one_of=True, description="Exactly one proof.")
class FactorProof:
    """The contract's FactorProof."""

    password: str | None = strawberry.UNSET
    totp: str | None = strawberry.UNSET
    recovery_code: str | None = strawberry.UNSET
    passkey: PasskeyProof | None = strawberry.UNSET


@strawberry.input(one_of=True, description="A sign-in of the history, or the token of a security letter.")
class SignInReference:
    """The contract's SignInReference."""

    id: strawberry.ID | None = strawberry.UNSET
    token: str | None = strawberry.UNSET


@strawberry.type(description="A letter was sent to the address, whatever it is to us.")
class SignUpStarted:
    """The contract's SignUpStarted."""

    message: str


@strawberry.type(description="What a native app keeps.")
class Tokens:
    """The contract's Tokens."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime

    @classmethod
    def of(cls, found: sessions.Tokens) -> "Tokens":
        return cls(
            access_token=found.access_token,
            access_expires_at=found.access_expires_at,
            refresh_token=found.refresh_token,
            refresh_expires_at=found.refresh_expires_at,
        )


@strawberry.type(description="Somebody is signed in.")
class SignedIn:
    """The contract's SignedIn."""

    customer: Customer
    session: Session
    tokens: Tokens | None = strawberry.field(description="Only for kind NATIVE; a browser gets a cookie.")
    device_token: str | None = strawberry.field(
        default=None,
        description="Only for kind NATIVE: sent as X-Octopus-Device when somebody signs in again, it tells this device from an "
        "unknown one.",
    )


@strawberry.type(description="The password was right; a second factor is needed.")
class SecondFactorRequired:
    """The contract's SecondFactorRequired."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: JSON | None = None


@strawberry.type(description="The right proof of a closed account.")
class AccountClosed:
    """The contract's AccountClosed."""

    closure: Closure


@strawberry.type(description="The session has ended.")
class SignedOut:
    """The contract's SignedOut."""

    at: datetime


@strawberry.type(description="These sessions have ended.")
class SessionsEnded:
    """The contract's SessionsEnded."""

    ended_ids: list[strawberry.ID]


@strawberry.type(description="If we know the address, a letter is on its way.")
class MailSent:
    """The contract's MailSent."""

    message: str


@strawberry.type(description="The password is a new one.")
class PasswordChanged:
    """The contract's PasswordChanged."""

    at: datetime
    sessions_ended: int


@strawberry.type(description="Which proofs will do.")
class StepUpBegun:
    """The contract's StepUpBegun."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: JSON | None = None


@strawberry.type(description="The proof holds until then.")
class SteppedUp:
    """The contract's SteppedUp."""

    until: datetime


@strawberry.type(description="Every session ended; changes wait until the password is set anew.")
class AccountSecured:
    """The contract's AccountSecured."""

    sessions_ended: int
    message: str


SignUpResult = Annotated[SignUpStarted | Refusal, result("SignUpResult")]
SignInResult = Annotated[SignedIn | SecondFactorRequired | AccountClosed | Refusal, result("SignInResult")]
RefreshTokensResult = Annotated[Tokens | Refusal, result("RefreshTokensResult")]
SignOutResult = Annotated[SignedOut | Refusal, result("SignOutResult")]
EndSessionResult = Annotated[SessionsEnded | Refusal, result("EndSessionResult")]
EndOtherSessionsResult = Annotated[SessionsEnded | Refusal, result("EndOtherSessionsResult")]
MailSentResult = Annotated[MailSent | Refusal, result("MailSentResult")]
ReportSignInResult = Annotated[AccountSecured | Refusal, result("ReportSignInResult")]
ResetPasswordResult = Annotated[PasswordChanged | Refusal, result("ResetPasswordResult")]
ChangePasswordResult = Annotated[PasswordChanged | Refusal, result("ChangePasswordResult")]
BeginStepUpResult = Annotated[StepUpBegun | Refusal, result("BeginStepUpResult")]
StepUpResult = Annotated[SteppedUp | Refusal, result("StepUpResult")]

MAIL_SENT = {
    "EN": "If that address can be used here, a letter is on its way to it.",
    "LV": "Ja šo adresi šeit var izmantot, uz to jau ir ceļā vēstule.",
}
SECURED = {
    "EN": "Every session has ended. We have sent a letter with a link to set a new password.",
    "LV": "Visas sesijas ir beigtas. Mēs nosūtījām vēstuli ar saiti jaunas paroles iestatīšanai.",
}


async def answer(
    ctx: Context, found: attempts.SignedIn | attempts.Closed | NextStep
) -> SignedIn | SecondFactorRequired | AccountClosed:
    """What a right proof brings, as the client sees it; the cookie is the port's."""
    if isinstance(found, NextStep):
        options = JSON(found.passkey_options) if found.passkey_options else None
        return SecondFactorRequired(challenge=found.challenge, methods=found.methods, passkey_options=options)
    if isinstance(found, attempts.Closed):
        return AccountClosed(closure=await closure(ctx, *await closure_of(ctx.world, found.customer_id)))
    ctx.viewer = found.viewer
    session, customer = found.viewer.session, found.viewer.customer
    if session.kind is SessionKind.BROWSER:
        ctx.port.begin(found.secret, session.expires_at)
    ctx.port.remember_device(found.device)
    keys = await ctx.world.vault.keys([customer.id])
    return SignedIn(
        customer=Customer.of(ctx, customer),
        session=Session.of(ctx, session, session.opened(keys)),
        tokens=Tokens.of(found.tokens) if found.tokens else None,
        device_token=found.device if found.tokens else None,
    )


@strawberry.type
class ComingInMutations:
    """The answers to signUp, resendConfirmation and requestPasswordReset are the same whether or not the address is known."""

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

    @strawberry.mutation(description="With a password. A browser gets a cookie, kind NATIVE tokens.")
    async def sign_in(
        self,
        info: Info[Any, Any],
        email: str,
        password: str,
        kind: SessionKind = SessionKind.BROWSER,
        label: str | None = strawberry.UNSET,
    ) -> SignInResult:
        ctx, name = context(info), label or None
        found = await signing_in.sign_in(ctx.world, email, password, kind=kind, label=name, origin=ctx.origin)
        return await answer(ctx, found)

    @strawberry.mutation(description="The next pair of tokens; each refresh token works once.")
    async def refresh_tokens(self, info: Info[Any, Any], refresh_token: str) -> RefreshTokensResult:
        return Tokens.of(await sessions.refresh_tokens(context(info).world, refresh_token))

    @strawberry.mutation(description="End this session.")
    async def sign_out(self, info: Info[Any, Any]) -> SignOutResult:
        ctx = context(info)
        at = await sessions.sign_out(ctx.world, viewer(info))
        ctx.port.end()
        return SignedOut(at=at)

    @strawberry.mutation(description="End one session; another one than this needs a fresh proof.")
    async def end_session(self, info: Info[Any, Any], id: strawberry.ID) -> EndSessionResult:
        ctx, who = context(info), viewer(info)
        ended = await sessions.end_session(ctx.world, who, given_id(ctx, id, "Session"))
        if who.session.id in ended:
            ctx.port.end()
        return SessionsEnded(ended_ids=[encode(ctx, "Session", one) for one in ended])

    @strawberry.mutation(description="End every other session; needs a fresh proof.")
    async def end_other_sessions(self, info: Info[Any, Any]) -> EndOtherSessionsResult:
        ctx = context(info)
        ended = await sessions.end_other_sessions(ctx.world, viewer(info))
        return SessionsEnded(ended_ids=[encode(ctx, "Session", one) for one in ended])

    @strawberry.mutation(description="A letter with a link to set a new password.")
    async def request_password_reset(self, info: Info[Any, Any], email: str) -> MailSentResult:
        ctx = context(info)
        await passwords.request_reset(ctx.world, email, origin=ctx.origin)
        return MailSent(message=MAIL_SENT[ctx.locale])

    @strawberry.mutation(description="From the letter; ends every session.")
    async def reset_password(self, info: Info[Any, Any], token: str, new_password: str) -> ResetPasswordResult:
        at, ended = await passwords.reset_password(context(info).world, token, new_password)
        return PasswordChanged(at=at, sessions_ended=ended)

    @strawberry.mutation(
        description="The current password is the proof (and a step-up beside other factors); ends every other session."
    )
    async def change_password(
        self, info: Info[Any, Any], current_password: str, new_password: str
    ) -> ChangePasswordResult:
        at, ended = await passwords.change_password(context(info).world, viewer(info), current_password, new_password)
        return PasswordChanged(at=at, sessions_ended=ended)

    @strawberry.mutation(
        description="'This was not me': ends every session, stops changes until the password is set anew."
    )
    async def report_sign_in(self, info: Info[Any, Any], by: SignInReference) -> ReportSignInResult:
        ctx = context(info)
        if by.token:
            ended = await passwords.report_by_letter(ctx.world, by.token)
        else:
            ended = await passwords.report_sign_in(ctx.world, viewer(info), given_id(ctx, by.id or "", "SignIn"))
        ctx.port.end()
        return AccountSecured(sessions_ended=ended, message=SECURED[ctx.locale])

"""A password forgotten or changed, and 'this was not me'."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import passwords
from schema.access import context, viewer
from schema.nodes import given_id
from schema.refusal import Refusal, result
from schema.sign_up import MAIL_SENT, MailSent, MailSentResult


@strawberry.input(one_of=True, description="A sign-in of the history, or the token of a security letter.")
class SignInReference:
    """The contract's SignInReference."""

    id: strawberry.ID | None = strawberry.UNSET
    token: str | None = strawberry.UNSET


@strawberry.type(description="The password is a new one.")
class PasswordChanged:
    """The contract's PasswordChanged."""

    at: datetime
    sessions_ended: int


@strawberry.type(description="Every session ended; changes wait until the password is set anew.")
class AccountSecured:
    """The contract's AccountSecured."""

    sessions_ended: int
    message: str


ReportSignInResult = Annotated[AccountSecured | Refusal, result("ReportSignInResult")]
ResetPasswordResult = Annotated[PasswordChanged | Refusal, result("ResetPasswordResult")]
ChangePasswordResult = Annotated[PasswordChanged | Refusal, result("ChangePasswordResult")]

SECURED = {
    "EN": "Every session has ended. We have sent a letter with a link to set a new password.",
    "LV": "Visas sesijas ir beigtas. Mēs nosūtījām vēstuli ar saiti jaunas paroles iestatīšanai.",
}


@strawberry.type
class PasswordMutations:
    """requestPasswordReset is answered alike whether or not the address is known."""

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

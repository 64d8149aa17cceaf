"""An e-mail address is changed: begun, cancelled, confirmed from a letter, taken back from another."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import change_email as emails
from models.actions.account import Account
from models.actions.sign_up import confirm_new_address
from models.refused import Reason, Refused
from schema.access import Context, context, viewer
from schema.profile import PendingEmail, Profile
from schema.refusal import Refusal, result


@strawberry.type(description="A letter went to the new address.")
class EmailChangeStarted:
    """The contract's EmailChangeStarted."""

    pending: PendingEmail


@strawberry.type(description="The pending address is forgotten.")
class EmailChangeCancelled:
    """The contract's EmailChangeCancelled."""

    profile: Profile


@strawberry.type(description="The address is confirmed; profile only for the session of that same customer.")
class EmailConfirmed:
    """The contract's EmailConfirmed."""

    profile: Profile | None = None


@strawberry.type(description="The earlier address is back.")
class EmailReverted:
    """The contract's EmailReverted."""

    message: str


ChangeEmailResult = Annotated[EmailChangeStarted | Refusal, result("ChangeEmailResult")]
CancelEmailChangeResult = Annotated[EmailChangeCancelled | Refusal, result("CancelEmailChangeResult")]
ConfirmEmailResult = Annotated[EmailConfirmed | Refusal, result("ConfirmEmailResult")]
RevertEmailChangeResult = Annotated[EmailReverted | Refusal, result("RevertEmailChangeResult")]

REVERTED = {
    "EN": "Your earlier address is back and every session has ended. We have sent a link to set a new password.",
    "LV": "Jūsu iepriekšējā adrese ir atjaunota, visas sesijas beigtas. Mēs nosūtījām saiti jaunas paroles iestatīšanai.",
}


@strawberry.type
class EmailMutations:
    """Change, confirm and take back an e-mail address."""

    @strawberry.mutation(description="Answered alike whether or not the address has an account; again sends again.")
    async def change_email(self, info: Info[Any, Any], new_email: str) -> ChangeEmailResult:
        ctx = context(info)
        account = await emails.change_email(ctx.world, viewer(info), new_email, origin=ctx.origin)
        pending = Profile.after(ctx, account).pending_email
        assert pending is not None
        return EmailChangeStarted(pending=pending)

    @strawberry.mutation(description="Forget the pending address.")
    async def cancel_email_change(self, info: Info[Any, Any]) -> CancelEmailChangeResult:
        ctx = context(info)
        account = await emails.cancel_email_change(ctx.world, viewer(info))
        return EmailChangeCancelled(profile=Profile.after(ctx, account))

    @strawberry.mutation(description="From the letter: a new account's address or a changed one. Works signed out.")
    async def confirm_email(self, info: Info[Any, Any], token: str) -> ConfirmEmailResult:
        ctx = context(info)
        account = await confirmed(ctx, token)
        mine = account is not None and ctx.viewer is not None and ctx.viewer.customer.id == account.id
        return EmailConfirmed(profile=Profile.after(ctx, account) if mine and account else None)

    @strawberry.mutation(description="From the link mailed to an old address: that address back, every session ended.")
    async def revert_email_change(self, info: Info[Any, Any], token: str) -> RevertEmailChangeResult:
        ctx = context(info)
        await emails.revert_email_change(ctx.world, token)
        return EmailReverted(message=REVERTED[ctx.locale])


async def confirmed(ctx: Context, token: str) -> Account | None:
    """Either kind of confirmation letter; the account for a changed address. Raises Refused(EXPIRED_TOKEN)."""
    try:
        return await emails.confirm_email_change(ctx.world, token)
    except Refused as refused:
        if refused.reason is not Reason.EXPIRED_TOKEN:
            raise
        await confirm_new_address(ctx.world, token)
        return None

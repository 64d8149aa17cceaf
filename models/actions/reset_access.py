"""Access reset at the office (clause 5): whoever had got in has nothing left, and the owner's way back is one letter."""

from models.actions.account import Account
from models.actions.sessions import end_sessions
from models.actions.tokens import revoke, send_reset_link
from models.tables import FactorRecovery, Passkey, RecoveryCode, Totp
from models.tables.credentials import Purpose
from models.tables.events import EventKind

STRANGERS = (
    Purpose.REVERT_EMAIL_CHANGE, Purpose.CONFIRM_EMAIL_CHANGE, Purpose.RESET_PASSWORD, Purpose.REPORT_SIGN_IN,
    Purpose.UNDO_FACTORS, Purpose.REMOVE_LOST_FACTORS,
)  # fmt: skip
"""Links that may lie in a mailbox somebody else reads."""


async def reset_access(account: Account) -> None:
    """Every factor removed, every session ended, the password to be set anew from a letter to the address that is held now.

    In the caller's transaction. No link in an earlier mailbox works afterwards; until the reset nobody signs in.
    """
    for table in (Totp, Passkey, RecoveryCode):
        await table.filter(customer_id=account.id).delete()
    await FactorRecovery.filter(customer_id=account.id, done_at=None, cancelled_at=None).update(
        cancelled_at=account.now
    )
    await end_sessions(account)
    await revoke(account, *STRANGERS)
    account.customer.secured_at = account.now
    await account.save()
    await account.event(EventKind.AUTHENTICATION, "access.reset", fields=["password", "factors", "sessions"])
    await send_reset_link(account, "reset-password")

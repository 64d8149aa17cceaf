"""What changes of a customer's factors have in common, in the caller's transaction: told by letter, and undone by it.

The letter goes to every address of the last 90 days. Its link undoes what was added then and later: whoever got in and added
a factor of their own cannot shut the owner out (clause 4.1.4).
"""

from datetime import datetime

from models.actions import proofs
from models.actions.account import Account
from models.actions.addresses import earlier_addresses
from models.actions.proving import enrolled
from models.actions.tokens import make_link
from models.refused import Reason, Refused
from models.tables import Passkey, Password, RecoveryCode, Totp
from models.tables.credentials import Purpose
from models.tables.events import EventKind


async def make_codes(account: Account) -> list[str]:
    """Ten new codes in place of any others; only their keyed hashes are kept."""
    codes = proofs.new_recovery_codes(account.world)
    await RecoveryCode.filter(customer_id=account.id).delete()
    await RecoveryCode.bulk_create(
        RecoveryCode(
            id=account.world.new_id(), customer_id=account.id, made_at=account.now,
            digest=proofs.recovery_digest(account.world, account.id, code),
        )
        for code in codes
    )  # fmt: skip
    return codes


async def undo_since(account: Account, since: datetime) -> None:
    """Remove what was added at ``since`` or later, in the caller's transaction: it may be a stranger's."""
    gone = await Totp.filter(customer_id=account.id, begun_at__gte=since).delete()
    gone += await Totp.filter(customer_id=account.id, confirmed_at__gte=since).delete()
    gone += await Passkey.filter(customer_id=account.id, created_at__gte=since).delete()
    gone += await RecoveryCode.filter(customer_id=account.id, made_at__gte=since).delete()
    if not (await enrolled(account.id)).any:
        await RecoveryCode.filter(customer_id=account.id).delete()
    if gone:
        await tell(account, EventKind.REMOVE, "factors.removed", "factors_removed", field="factors")


async def remove_all(account: Account) -> None:
    """Without any second factor, in the caller's transaction."""
    for table in (Totp, Passkey, RecoveryCode):
        await table.filter(customer_id=account.id).delete()
    await tell(account, EventKind.REMOVE, "factors.removed", "factors_removed", field="factors")


async def stands_alone(account: Account) -> bool:
    """Whether the password is long enough to sign in without a second factor (and whether there is one at all)."""
    password = await Password.filter(customer_id=account.id).first()
    return password is not None and password.opened(account.keys).alone


async def without(account: Account) -> None:
    """One factor less: the last one's recovery codes go too. Raises Refused(NOT_PERMITTED) for a short password alone."""
    if (await enrolled(account.id)).any:
        return
    if not await stands_alone(account):
        raise Refused(Reason.NOT_PERMITTED)
    await RecoveryCode.filter(customer_id=account.id).delete()


async def tell(account: Account, kind: EventKind, action: str, what: str, *, field: str) -> None:
    """The event, the cool-off, and the letters."""
    account.cool_off()
    await account.save()
    await account.event(kind, action, fields=[field])
    await _letters(account, what)


async def tell_of_code(account: Account) -> None:
    """A recovery code signed somebody in."""
    await account.event(EventKind.AUTHENTICATION, "recovery-codes.used", fields=["recoveryCodes"])
    await _letters(account, "recovery_code_used")


async def _letters(account: Account, what: str) -> None:
    expires = account.until("REPORT_LINK")
    for address in await earlier_addresses(account):
        link = await make_link(account, Purpose.UNDO_FACTORS, expires)
        await account.letter("factor-changed", to=address, at=account.now, what=what, link=link)

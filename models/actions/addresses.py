"""The e-mail addresses an account had lately, and which of them came first (clause 4.1.4).

Whoever gets into an account can only ever add addresses: the one held before them is the older. So an older address takes
back what younger ones did, for good, and a younger one never shuts an older one out.
"""

from dataclasses import dataclass
from datetime import datetime

from models.actions.account import Account
from models.actions.finding import EMAIL
from models.actions.tokens import revoke
from models.tables import ActionToken, Change, IndexEntry
from models.tables.accounts import IndexUse
from models.tables.credentials import Purpose


@dataclass(frozen=True, slots=True)
class Standing:
    """How an address stands to the others of the last 90 days; ``left_at``: when the account first left it, if it did."""

    older: frozenset[str]
    younger: frozenset[str]
    left_at: datetime | None


async def earlier_addresses(account: Account) -> list[str]:
    """Every address held in the last 90 days that nothing was taken back from, the present one first."""
    kept = Change.filter(customer_id=account.id, field="email", restorable_until__gt=account.now, restored_at=None)
    found = [account.profile.email]
    for change in await kept.order_by("changed_at", "id"):
        old = change.opened(account.keys).old
        if old is not None and old not in found:
            found.append(old)
    return found


async def standing(account: Account, address: str) -> Standing:
    """Which addresses were held before this one, and which only after it."""
    departures = await _departures(account)
    held = [*dict.fromkeys(old for _, old in departures), account.profile.email]
    before = held[: held.index(address)] if address in held else held
    left = next((change.changed_at for change, old in departures if old == address), None)
    return Standing(frozenset(before), frozenset(held) - {*before, address}, left)


async def shut_out(account: Account, younger: frozenset[str], *, back: str) -> None:
    """``back`` is the address again: what was younger gets no more letters, takes nothing back and is not restored."""
    gone = [change.id for change, old in await _departures(account) if old in younger or old == back]
    await Change.filter(id__in=gone, restored_at=None).update(restored_at=account.now)
    links = await ActionToken.filter(customer_id=account.id, purpose=Purpose.REVERT_EMAIL_CHANGE, used_at=None)
    theirs = [link.id for link in links if link.opened(account.keys).email in younger]
    await ActionToken.filter(id__in=theirs).update(used_at=account.now)


async def drop_pending(account: Account) -> None:
    """A change of address that waits for its confirmation is forgotten; the caller saves the account."""
    await revoke(account, Purpose.CONFIRM_EMAIL_CHANGE)
    account.profile.pending_email = account.customer.pending_email_until = None
    await IndexEntry.filter(person_id=account.id, field=EMAIL, use=IndexUse.PENDING).delete()


async def _departures(account: Account) -> list[tuple[Change, str]]:
    """Each time the account left an address, oldest first."""
    kept = await Change.filter(customer_id=account.id, field="email").order_by("changed_at", "id")
    opened = [(change, change.opened(account.keys).old) for change in kept]
    return [(change, old) for change, old in opened if old is not None]

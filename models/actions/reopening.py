"""A closed account opened again at the office (clause 5), unless its erasure has begun."""

from models.actions.account import Account
from models.actions.addresses import earlier_addresses
from models.actions.finding import EMAIL
from models.actions.holds import ERASURES
from models.tables import Approval, Closure, IndexEntry, Obligation
from models.tables.accounts import IndexUse, State
from models.tables.events import EventKind
from models.tables.obligations import ObligationContents
from models.tables.staff import ApprovalKind

REOPENED = {
    "EN": "Your profile was restored at our office on request {number}; nothing is erased.",
    "LV": "Jūsu profils atjaunots mūsu birojā pēc pieprasījuma {number}; nekas netiek dzēsts.",
}


async def reopen(account: Account, number: str) -> None:
    """CLOSED → ACTIVE, in the caller's transaction.

    Restoring and erasing both claim the customer's row under its lock and look at its state: whoever is first has it, and an
    account whose erasure has begun is refused before this is reached.
    """
    theirs = IndexEntry.filter(person_id=account.id, field=EMAIL, use=IndexUse.CONFIRMED)  # an import confirms, too
    account.customer.state = State.ACTIVE if await theirs.exists() else State.UNCONFIRMED
    await account.save()
    await Closure.filter(customer_id=account.id).delete()
    stale = Approval.filter(customer_id=account.id, kind=ApprovalKind.OFFICE_DELETION, decided_at=None)
    await stale.update(decided_at=account.now, approved=False)  # nobody erases by an older wish what was just restored
    moved = ObligationContents(moved_because=REOPENED[await account.locale()].format(number=number))
    for owed in await Obligation.filter(customer_id=account.id, rule__in=list(ERASURES), done_at=None):
        owed.seal(account.keys, moved)
        owed.done_at = account.now
        await owed.save(update_fields=["sealed", "done_at"])
    await account.event(EventKind.RESTORE, "profile.reopened")
    for address in await earlier_addresses(account):
        await account.letter("profile-restored", to=address, at=account.now)

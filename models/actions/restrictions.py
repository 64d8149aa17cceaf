"""Restriction of processing (Article 18 UK GDPR and GDPR): storing and reading go on, marketing and edits by staff stop.

The row says since when and for which request; ``Customer.restricted_at`` repeats it, so that asking costs no statement.
"""

from uuid import UUID

from models.actions.account import Account
from models.refused import Reason, Refused
from models.tables import Customer, Restriction
from models.tables.events import EventKind


async def restrict(account: Account, request_id: UUID) -> None:
    """Processing waits from now on, in the caller's transaction. Asked twice, it is restricted once."""
    if await Restriction.filter(request_id=request_id, lifted_at=None).exists():
        return
    await Restriction.create(
        id=account.world.new_id(), customer_id=account.id, request_id=request_id, since=account.now
    )
    if account.customer.restricted_at is None:
        account.customer.restricted_at = account.now
        await account.save()
    await account.event(EventKind.MODIFY, "processing.restricted")


async def lift(account: Account, request_id: UUID) -> None:
    """The restriction that this request asked for ends; another one of the same customer goes on."""
    if not await Restriction.filter(request_id=request_id, lifted_at=None).update(lifted_at=account.now):
        return
    if not await Restriction.filter(customer_id=account.id, lifted_at=None).exists():
        account.customer.restricted_at = None
        await account.save()
    await account.event(EventKind.MODIFY, "processing.unrestricted")


def refuse_restricted(customer: Customer) -> None:
    """For whatever staff would do with the data. Raises Refused(RESTRICTED)."""
    if customer.restricted_at is not None:
        raise Refused(Reason.RESTRICTED)

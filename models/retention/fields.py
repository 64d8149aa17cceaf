"""Single fields that go before their row does: an address that was never confirmed, an invitation, the IP addresses in events."""

from datetime import timedelta

from tortoise.expressions import Q

from models.actions.account import SYSTEM, changing
from models.actions.addresses import drop_pending
from models.actions.holds import names, standing_holds
from models.database import transaction
from models.refused import Refused
from models.retention.ageing import governing
from models.retention.guards import once_in
from models.tables import Customer, Event, Staff
from models.tables.accounts import State
from models.tables.events import EventKind
from models.world import World

EMPTIED, REST = "events-emptied", timedelta(hours=1)
WITH_REASON = ("account.secured",)
"""Events about signing in that say why: their words stay as long as the event does."""


async def forget_fields(world: World, limit: int) -> int:
    """New addresses nobody confirmed, which may be anybody's (clause 1.1.6), and invitations nobody accepted, are forgotten as
    links are (clause 4); a customer on hold keeps theirs (clause 4.2)."""
    done = 0
    held = [
        hold.customer_id for hold in await standing_holds() if names(hold, "customer") or names(hold, "index_entry")
    ]
    for version in await governing(world):
        over = world.rule("TOKEN", version).expired_before(world.now())
        waiting = Customer.filter(pending_email_until__lte=over, governed_by=version).exclude(state=State.ERASING)
        for person in await waiting.exclude(id__in=held).limit(limit).values_list("id", flat=True):
            try:
                async with changing(world, person, by=SYSTEM, closed_too=True) as account:  # type: ignore[arg-type]
                    until = account.customer.pending_email_until
                    if until is None or until > over:  # asked for anew meanwhile
                        continue
                    await drop_pending(account)
                    await account.save()
                done += 1
            except Refused:  # being erased
                continue
    async with transaction():
        over = world.rule("TOKEN").expired_before(world.now())
        done += await Staff.filter(invitation_until__lte=over).update(invitation_digest=None, invitation_until=None)
    return done


async def empty_events(world: World, limit: int) -> int:
    """Events about signing in lose their IP address and place when the record of the attempt loses its own (clause 1.2.1).

    Their digests are in the chain already, so it verifies without them. Looked for hourly; whoever has a hold keeps theirs.
    """
    if not await once_in(world, EMPTIED, REST):
        return 0
    at = min([world.rule("SIGN_IN", version).stage("cut_ip").at for version in [*await governing(world), None]])
    held = [hold.customer_id for hold in await standing_holds() if names(hold, "event") or names(hold, "sign_in")]
    keys = await world.vault.keys(held)
    aliases = [row.opened(keys).alias for row in await Customer.filter(id__in=list(keys))]
    due = Event.filter(Q(alias=None) | ~Q(alias__in=aliases)) if aliases else Event.all()
    due = due.filter(
        kind=EventKind.AUTHENTICATION, at__lte=world.now() - at, position__isnull=False, sealed__isnull=False
    ).exclude(action__in=WITH_REASON)
    done = 0
    while ids := await due.limit(limit).values_list("id", flat=True):
        done += await Event.filter(id__in=list(ids)).update(sealed=None)
    return done

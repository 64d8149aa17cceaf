"""Accounts that nobody uses (clause 4.1.3): a letter at 24 months, closed at 27; a sign-in or a service calls it off."""

from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q, Subquery
from tortoise.functions import Max
from tortoise.queryset import QuerySet

from models.actions.account import SYSTEM, Account, changing
from models.actions.delete_profile import close
from models.database import transaction
from models.policy import Rule
from models.refused import Refused
from models.retention.ageing import governing
from models.retention.guards import once_in
from models.tables import Customer, Lease, Obligation, Service
from models.tables.accounts import State
from models.tables.events import EventKind
from models.tables.obligations import ObligationContents
from models.world import World

RULE, WRITE, LOOKED = "DORMANT", "write", "warn-dormant"
REST = timedelta(hours=1)
LATE = timedelta(days=1)
WARNED_LATE = {
    "EN": "The letter about it could not be written earlier: you have the same time to answer it.",
    "LV": "Vēstuli par to nevarējām uzrakstīt agrāk: laiks atbildei ir tikpat ilgs.",
}


async def warn_dormant(world: World, limit: int) -> int:
    """Write to up to ``limit`` customers who used nothing for 24 months, and note when the account closes.

    Looked for hourly while there are none.
    """
    if not await once_in(world, LOOKED, REST):
        return 0
    done = 0
    for version in await governing(world):
        rule = world.rule(RULE, version)
        people = await _unused(version, world.now() - rule.stage(WRITE).at).limit(limit).values_list("id", flat=True)
        done += sum([await _warn(world, person, rule) for person in people])  # type: ignore[arg-type]  # ids, flat
    if done:
        await Lease.filter(name=LOOKED).update(until=world.now())
    return done


def _unused(version: str, before: datetime) -> QuerySet[Customer]:
    """Open accounts under this version without a service and without a sign-in since then."""
    serving = Service.filter(Q(ended_at=None) | Q(ended_at__gt=before)).values("customer_id")
    warned = Obligation.filter(Q(done_at=None) | Q(done_at__gt=before), rule=RULE).values("customer_id")
    open_ones = Customer.filter(state=State.ACTIVE, governed_by=version, restricted_at=None, created_at__lte=before)
    silent = open_ones.filter(Q(last_sign_in_at=None) | Q(last_sign_in_at__lte=before))
    return silent.exclude(id__in=Subquery(serving)).exclude(id__in=Subquery(warned)).order_by("id")


async def _warn(world: World, person: UUID, rule: Rule) -> bool:
    try:
        async with changing(world, person, by=SYSTEM) as account:
            before = account.now - rule.stage(WRITE).at
            used = await last_used(account)
            if used is None or used > before:
                return False
            # Late after an import, or when the worker stood still: the months to answer are given all the same.
            late = before - used > LATE
            owed = await account.owe(RULE, started_at=before if late else used)
            if late:
                owed.seal(account.keys, ObligationContents(moved_because=WARNED_LATE[await account.locale()]))
                await owed.save(update_fields=["sealed"])
            link = f"{world.base_url}/"
            await account.letter("dormant-warning", closes_at=owed.due_at, sign_in_link=link)
            await account.event(EventKind.NOTICE, "dormant.warned")
    except Refused:  # closed meanwhile
        return False
    return True


async def last_used(account: Account) -> datetime | None:
    """When the account was used last: signed in to, a service ended, or made. None while a service runs."""
    services = Service.filter(customer_id=account.id)
    if await services.filter(ended_at=None).exists():
        return None
    ended = (await services.annotate(last=Max("ended_at")).values_list("last", flat=True))[:1]
    moments = [account.customer.created_at, account.customer.last_sign_in_at, *ended]
    return max(moment for moment in moments if isinstance(moment, datetime))


async def close_dormant(world: World, limit: int) -> int:
    """Close what was warned of and is due, unless it was used since; erased like any closed account. How many were settled."""
    due = Obligation.filter(rule=RULE, done_at=None, due_at__lte=world.now())
    done = 0
    for owed in await due.order_by("due_at", "id").limit(limit):
        done += await _settle(world, owed)
    return done


async def _settle(world: World, owed: Obligation) -> bool:
    try:
        async with changing(world, owed.customer_id, by=SYSTEM) as account:
            used = await last_used(account)
            await account.fulfil(RULE)
            if used is not None and used <= owed.started_at and account.customer.restricted_at is None:
                await close(account, closed_by="SYSTEM", clause="4.1.3")
    except Refused:  # closed by its owner, who is not told again
        async with transaction():
            await Obligation.filter(id=owed.id).update(done_at=world.now())
    return True

"""Every second factor lost: the password is right, every address of the last 90 days is told, and then we wait (4.1.4)."""

from datetime import datetime

from models.actions import challenges, throttle
from models.actions.account import Account, Actor, changing
from models.actions.addresses import earlier_addresses
from models.actions.factor_changes import remove_all, stands_alone
from models.actions.sessions import end_sessions
from models.actions.tokens import find_token, make_link, revoke, spend
from models.refused import Reason, Refused
from models.tables import FactorRecovery
from models.tables.credentials import Purpose
from models.tables.events import ActorKind, EventKind
from models.tables.factors import ChallengeUse
from models.world import World


async def request_recovery(world: World, challenge: str) -> datetime:
    """From when the lost factors may be removed. Asked again, it is the same time and no further letter.

    Raises Refused(EXPIRED_TOKEN, TOO_MANY_ATTEMPTS, RESET_REQUIRED, NOT_PERMITTED for a closed account: the office helps).
    """
    asked = await challenges.find(world, challenge, ChallengeUse.SECOND_FACTOR)
    if asked.person_id is None:
        raise Refused(Reason.EXPIRED_TOKEN)
    person = asked.person_id
    await throttle.count(world, throttle.LETTERS, f"recovery|{person}")
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
        if account.customer.is_closed:
            raise Refused(Reason.NOT_PERMITTED)
        if account.customer.secured_at is not None:
            raise Refused(Reason.RESET_REQUIRED)
        under_way = await _open(account).first()
        return under_way.available_at if under_way else await _begin(account)


async def _begin(account: Account) -> datetime:
    recovery = FactorRecovery(
        id=account.world.new_id(), customer_id=account.id, asked_at=account.now,
        available_at=account.until("FACTOR_RECOVERY"),
    )  # fmt: skip
    await recovery.save(force_create=True)
    await account.event(EventKind.AUTHENTICATION, "factor-recovery.asked")
    expires = account.until("REPORT_LINK")
    for address in await earlier_addresses(account):
        stop = await make_link(account, Purpose.REPORT_SIGN_IN, expires)
        remove = await make_link(account, Purpose.REMOVE_LOST_FACTORS, expires, subject=recovery.id)
        await account.letter(
            "factor-recovery-started", to=address, available_at=recovery.available_at, link=stop, remove_link=remove,
            expires_at=expires,
        )  # fmt: skip
    return recovery.available_at


async def remove_lost_factors(world: World, token: str) -> datetime:
    """From the letter, after the delay: factors removed, sessions ended; the password is still needed to sign in.

    One that is too short to stand alone has to be set anew. Raises Refused(EXPIRED_TOKEN), also before the delay is over.
    """
    found = await find_token(world, token, Purpose.REMOVE_LOST_FACTORS)
    person = found.customer_id
    async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person)) as account:
        recovery = await _open(account).filter(id=found.subject_id, available_at__lte=account.now).first()
        if recovery is None:
            raise Refused(Reason.EXPIRED_TOKEN)
        await spend(account, found)
        await revoke(account, Purpose.REMOVE_LOST_FACTORS)
        await FactorRecovery.filter(id=recovery.id).update(done_at=account.now)
        await end_sessions(account)
        if not await stands_alone(account):
            account.customer.secured_at = account.now
        await remove_all(account)
        await account.event(EventKind.AUTHENTICATION, "factor-recovery.done")
    return account.now


async def cancel_recovery(account: Account) -> None:
    """A factor was not lost, or it was somebody else: nothing is removed. In the caller's transaction."""
    if await _open(account).update(cancelled_at=account.now):
        await revoke(account, Purpose.REMOVE_LOST_FACTORS)
        await account.event(EventKind.AUTHENTICATION, "factor-recovery.cancelled")


def _open(account: Account):  # type: ignore[no-untyped-def]
    return FactorRecovery.filter(customer_id=account.id, cancelled_at=None, done_at=None)

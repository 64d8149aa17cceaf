"""Signing in with a password. Every attempt leaves one record (clause 1.2); a closed account shows its closure only."""

from uuid import UUID

from models.actions import attempts, devices, throttle
from models.actions.account import Actor, changing
from models.actions.attempts import Attempt, Closed, SignedIn
from models.actions.finding import account_of_email
from models.actions.origin import Origin
from models.actions.proving import RightPassword, enrolled, right_password, still_right
from models.actions.second_factor import NextStep, ask_for_factor
from models.actions.sign_up import checked_email
from models.refused import Reason, Refused
from models.tables import Stranger
from models.tables.credentials import SessionKind
from models.tables.events import ActorKind
from models.tables.sign_ins import SignInMethod, SignInOutcome
from models.world import World


async def sign_in(
    world: World,
    email: str,
    password: str,
    *,
    kind: SessionKind = SessionKind.BROWSER,
    label: str | None = None,
    origin: Origin,
) -> SignedIn | Closed | NextStep:
    """Sign in with a password; with a second factor enrolled, that is asked for next.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS, EMAIL_UNCONFIRMED, RESET_REQUIRED, BUSY).
    """
    address, label = checked_email(world, email), attempts.checked_label(world, label)
    person = await _let_in(world, address, origin)
    if person is None:
        await _waste(world, address, password)
        raise Refused(Reason.WRONG_CREDENTIALS)
    known = await devices.knows(world, person, origin.device)
    attempt = Attempt(origin, known, SignInMethod.PASSWORD, kind, label)
    await attempts.admit(world, person, attempt)
    answer = await _decide(world, person, attempt, await right_password(world, person, password))
    if answer is not Reason.WRONG_CREDENTIALS and not isinstance(answer, NextStep):
        await attempts.forgive(world, person, attempt)
    if isinstance(answer, Reason):
        raise Refused(answer)
    return answer


async def _decide(
    world: World, person: UUID, attempt: Attempt, right: RightPassword | None
) -> SignedIn | Closed | NextStep | Reason:
    """One transaction: the record of the attempt, and what follows from it; or the challenge that goes on from here."""
    try:
        async with changing(world, person, by=Actor(ActorKind.CUSTOMER, person), closed_too=True) as account:
            if not await still_right(account, right):
                await attempts.fail(account, attempt, SignInOutcome.WRONG_CREDENTIALS)
                return Reason.WRONG_CREDENTIALS
            held = await enrolled(account.id)
            if held.any:
                return await ask_for_factor(account, attempt, held)
            return await attempts.succeed(account, attempt)
    except Refused as gone:
        if gone.reason is not Reason.NOT_SIGNED_IN:
            raise
        return Reason.WRONG_CREDENTIALS  # they are being erased just now: nobody has this address any more


async def _let_in(world: World, address: str, origin: Origin) -> UUID | None:
    """Whose address it is. A network that tries too often is refused, but not the devices in it that the account knows.

    Raises Refused(TOO_MANY_ATTEMPTS).
    """
    try:
        await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    except Refused:
        if origin.device is None:
            raise
        person = await account_of_email(world, address)
        if person is None or not await devices.knows(world, person, origin.device):
            raise
        return person
    return await account_of_email(world, address)


async def _waste(world: World, address: str, password: str) -> None:
    """An unknown address costs the same time, and leaves only a keyed hash for a day."""
    await world.vault.keys([UUID(int=0)])
    await throttle.count(world, throttle.UNKNOWN_DEVICE, "stranger|" + address)
    await world.passwords.waste(password)
    await Stranger.create(id=world.new_id(), digest=world.vault.index("stranger", address), at=world.now())

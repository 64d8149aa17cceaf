"""Staff sign in: a password and a second factor, always, or a passkey, which is both. Guessing is slowed down as for customers."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.actions import devices, proofs, throttle
from models.actions import staff_challenges as challenges
from models.actions.member import Member, employing
from models.actions.origin import Colleague, Origin
from models.actions.sign_up import checked_email
from models.actions.staff import staff_by_email
from models.actions.staff_factors import Asked, Proof, ask, at_support, is_right, is_right_passkey, second_factors
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Staff, Stranger
from models.tables.factors import ChallengeUse
from models.tables.sign_ins import SignInMethod
from models.world import World

FAILED = "staff.second-factor-failed"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session begun: its cookie's secret, and a token that makes this browser a known one."""

    colleague: Colleague
    secret: str
    device: str


async def sign_in(world: World, email: str, password: str, *, origin: Origin) -> Asked:
    """The first step; the second is always asked for.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS, WRONG_CREDENTIALS, BUSY; after the right password LOCKED, or
    NOT_READY when no second factor was set up).
    """
    address = checked_email(world, email)
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    staff = await staff_by_email(world, address)
    if staff is None or not staff.active:
        await _waste(world, address, password)
        raise Refused(Reason.WRONG_CREDENTIALS)
    known = await devices.knows(world, staff.id, origin.device)
    bucket = devices.bucket(staff.id, origin, known=known, second=False)
    await throttle.count(world, *bucket)
    right = await is_right_password(world, staff, password)
    if right:
        await throttle.forget(world, *bucket)
    async with employing(world, staff.id) as member:
        if not right:
            await member.event("staff.wrong-password", origin=origin)
        elif (stopped := _stopped(member)) is None:
            return await ask(
                world, ChallengeUse.SECOND_FACTOR, member.id, member.contents, second_factors(member.contents)
            )
    raise Refused(stopped if right and stopped else Reason.WRONG_CREDENTIALS)


async def complete_sign_in(world: World, challenge: str, proof: Proof, *, origin: Origin) -> SignedIn:
    """The second step; five tries, five minutes.

    Raises Refused(EXPIRED_TOKEN, INVALID_INPUT, WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, LOCKED).
    """
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    asked = await challenges.find(world, challenge, ChallengeUse.SECOND_FACTOR)
    if proof.method is SignInMethod.PASSWORD:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("proof", "password"), ProblemCode.NOT_ALLOWED)])
    if proof.passkey is not None and proof.passkey[0] != challenge:
        raise Refused(Reason.EXPIRED_TOKEN)
    assert asked.person_id is not None  # a second factor is asked of somebody
    known = await devices.knows(world, asked.person_id, origin.device)
    bucket = (throttle.PROOF, f"{asked.person_id}|{origin.device if known else ''}")
    await throttle.count(world, *bucket)
    await challenges.count(asked)
    async with employing(world, asked.person_id) as member:
        right, stopped = is_right(member, proof, bytes(asked.webauthn or b"")), _stopped(member)
        if right and stopped is None:
            await challenges.spend(asked, member.now)
            signed_in = await begin(member, proof.method, origin)
        else:
            await member.event(FAILED, origin=origin)
    if not right or stopped is not None:
        raise Refused(stopped if right and stopped else Reason.WRONG_CREDENTIALS)
    await throttle.forget(world, *bucket)
    return signed_in


async def begin_passkey_sign_in(world: World, *, origin: Origin) -> tuple[str, dict[str, Any]]:
    """A challenge that any passkey of ours may answer, and the browser's options. Raises Refused(TOO_MANY_ATTEMPTS)."""
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    begun, use = proofs.begin_assertion(at_support(world)), ChallengeUse.PASSKEY_SIGN_IN
    return await challenges.ask(world, use, webauthn=begun.challenge), begun.options


async def sign_in_with_passkey(world: World, challenge: str, credential: Any, *, origin: Origin) -> SignedIn:
    """A passkey says who they are (user handle) and proves it: something held, and a gesture or code that unlocks it.

    Raises Refused(EXPIRED_TOKEN, WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, LOCKED).
    """
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    asked = await challenges.find(world, challenge, ChallengeUse.PASSKEY_SIGN_IN)
    await challenges.spend(asked, world.now())
    claimed = proofs.credential_of(credential)
    person = claimed[1] if claimed else None
    if person is None or not await Staff.filter(id=person, deactivated_at=None).exists():
        raise Refused(Reason.WRONG_CREDENTIALS)
    async with employing(world, person) as member:
        right, stopped = is_right_passkey(member, credential, bytes(asked.webauthn or b"")), _stopped(member)
        if right and stopped is None:
            signed_in = await begin(member, SignInMethod.PASSKEY, origin)
        else:
            await member.event(FAILED, origin=origin)
    if not right or stopped is not None:
        raise Refused(stopped if right and stopped else Reason.WRONG_CREDENTIALS)
    return signed_in


async def begin(member: Member, method: SignInMethod, origin: Origin) -> SignedIn:
    """Signed in: session, record, known browser, in the caller's transaction."""
    world = member.world
    session, secret = await member.begin_session()
    member.staff.last_sign_in_at = member.now
    await member.save()
    await member.event("staff.signed-in", fields=[method.value], origin=origin)
    known, until = await devices.knows(world, member.id, origin.device), world.rule("SIGN_IN").due_at(member.now)
    device = await devices.remember(world, member.id, origin, known=known, until=until)
    return SignedIn(Colleague(member.staff, session, member.contents), secret, device)


async def is_right_password(world: World, staff: Staff, password: str) -> bool:
    """Verify off the event loop; the same time is spent when none is set. Raises Refused(BUSY)."""
    encoded = staff.opened(await world.vault.keys([staff.id])).encoded
    if encoded is None:
        await world.passwords.waste(password)
        return False
    return await world.passwords.verify(encoded, password)


def _stopped(member: Member) -> Reason | None:
    """What keeps somebody out who proved who they are: told to them alone."""
    if member.staff.locked_at is not None:
        return Reason.LOCKED
    return None if member.contents.enrolled else Reason.NOT_READY


async def _waste(world: World, address: str, password: str) -> None:
    """An unknown address costs the same time, and leaves only a keyed hash for a day."""
    await throttle.count(world, throttle.UNKNOWN_DEVICE, "staff-stranger|" + address)
    await world.vault.keys([UUID(int=0)])
    await world.passwords.waste(password)
    await Stranger.create(id=world.new_id(), digest=world.vault.index("stranger", "staff|" + address), at=world.now())

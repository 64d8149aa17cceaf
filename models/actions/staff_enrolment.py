"""Staff set their own secrets: an invitation accepted with a password and a first factor, more factors, another password.

Until the first factor is confirmed there is a session that can do nothing else, and the invitation can be taken up again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from models.actions import proofs, throttle
from models.actions import staff_challenges as challenges
from models.actions.member import Member, acting, employing
from models.actions.origin import Colleague, Origin
from models.actions.staff_factors import at_support, known_passkeys
from models.actions.staff_sign_in import SignedIn, begin, is_right_password
from models.checks import Checks
from models.policy import limits
from models.refused import Reason, Refused
from models.tables import Staff, StaffSession
from models.tables.factors import ChallengeUse
from models.tables.sign_ins import SignInMethod
from models.tables.staff import StaffContents, StaffPasskey
from models.world import World

PASSKEYS: Final = limits.most("staff passkeys").most


@dataclass(frozen=True, slots=True)
class Accepted:
    """The authenticator app's secret, and the session in which it is confirmed."""

    seed: str
    uri: str
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Added:
    """A factor more. ``codes`` are shown once; ``signed_in`` when it was the first one."""

    colleague: Colleague
    codes: list[str] | None
    signed_in: SignedIn | None


async def accept_invitation(world: World, token: str, new_password: str, *, origin: Origin) -> Accepted:
    """A password, and an authenticator app begun; a right code or a passkey ends it. Only then is the link spent.

    Raises Refused(EXPIRED_TOKEN, INVALID_INPUT, TOO_MANY_ATTEMPTS, BUSY).
    """
    await throttle.count(world, throttle.NETWORK, throttle.network_of(origin.ip))
    invited = await _invited(world, token)
    contents = invited.opened(await world.vault.keys([invited.id]))
    encoded = await _hashed(world, contents, new_password)
    async with employing(world, invited.id) as member:
        if member.staff.invitation_digest is None or (await _invited(world, token)).id != member.id:
            raise Refused(Reason.EXPIRED_TOKEN)
        await member.end_sessions()
        await challenges.drop(member.id, member.now)
        seed = proofs.new_seed(world)
        member.contents = StaffContents(
            name=member.contents.name, email=member.contents.email, encoded=encoded, totp_seed=seed
        )
        session, secret = await member.begin_session()
        await member.save()
        await member.event("staff.invitation-accepted", origin=origin)
    return Accepted(seed, proofs.totp_uri(seed, member.contents.email), secret, session.expires_at)


async def confirm_totp(world: World, colleague: Colleague, code: str, *, origin: Origin) -> Added:
    """The app's first code: from now on it counts.

    Raises Refused(WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, NOT_READY when none was begun, NOT_SIGNED_IN).
    """
    whom = str(colleague.session.id)
    await throttle.count(world, throttle.PROOF, whom)
    async with acting(world, colleague) as (member, session):
        contents = member.contents
        if contents.totp_seed is None or contents.totp_confirmed:
            raise Refused(Reason.NOT_READY)
        step = proofs.totp_step(contents.totp_seed, code, member.now, last_step=0)
        if step is None:
            raise Refused(Reason.WRONG_CREDENTIALS)
        first = not contents.enrolled
        contents.totp_confirmed, contents.totp_last_step = True, step
        added = await _added(member, session, SignInMethod.TOTP, first, origin)
    await throttle.forget(world, throttle.PROOF, whom)
    return added


async def begin_passkey(world: World, colleague: Colleague) -> tuple[str, dict[str, Any]]:
    """A challenge for a new passkey, and the browser's options.

    Raises Refused(STEP_UP_REQUIRED beside another factor, LIMIT_REACHED).
    """
    contents, person = colleague.contents, colleague.staff.id
    _proven(world, colleague)
    if len(contents.passkeys) >= PASSKEYS:
        raise Refused(Reason.LIMIT_REACHED)
    begun = proofs.begin_registration(
        at_support(world), person, account=contents.email, name=contents.name, known=known_passkeys(contents)
    )
    secret = await challenges.ask(
        world,
        ChallengeUse.PASSKEY_ADD,
        person=person,
        session=colleague.session.id,
        webauthn=begun.challenge,
    )
    return secret, begun.options


async def add_passkey(
    world: World, colleague: Colleague, challenge: str, credential: Any, label: str, *, origin: Origin
) -> Added:
    """What the browser made counts from now on.

    Raises Refused(INVALID_INPUT, STEP_UP_REQUIRED, EXPIRED_TOKEN, WRONG_CREDENTIALS, LIMIT_REACHED, NOT_SIGNED_IN).
    """
    checks = Checks(today=world.today())
    label = checks.line("label", label, "label")
    checks.done()
    _proven(world, colleague)
    bound = {"person_id": colleague.staff.id, "session_id": colleague.session.id}
    asked = await challenges.find(world, challenge, ChallengeUse.PASSKEY_ADD, **bound)
    await challenges.count(asked)
    new = proofs.verify_registration(at_support(world), credential, bytes(asked.webauthn or b""))
    if new is None:
        raise Refused(Reason.WRONG_CREDENTIALS)
    async with acting(world, colleague) as (member, session):
        await challenges.spend(asked, member.now)
        contents, first = member.contents, not member.contents.enrolled
        if len(contents.passkeys) >= PASSKEYS or any(
            one.credential_id == new.credential_id for one in contents.passkeys
        ):
            raise Refused(Reason.LIMIT_REACHED)
        passkey = StaffPasskey(
            credential_id=new.credential_id, public_key=new.public_key, label=label, sign_count=new.sign_count
        )
        contents.passkeys = [*contents.passkeys, passkey]
        if first:  # an app begun beside it was never confirmed
            contents.totp_seed = None
        return await _added(member, session, SignInMethod.PASSKEY, first, origin)


async def change_password(world: World, colleague: Colleague, current: str, new_password: str) -> tuple[datetime, int]:
    """The current password is the proof; every other session ends. When, and how many.

    Raises Refused(WRONG_CREDENTIALS, INVALID_INPUT, TOO_MANY_ATTEMPTS, BUSY, NOT_SIGNED_IN).
    """
    whom = str(colleague.session.id)
    await throttle.count(world, throttle.PROOF, whom)
    if not await is_right_password(world, colleague.staff, current):
        raise Refused(Reason.WRONG_CREDENTIALS)
    await throttle.forget(world, throttle.PROOF, whom)
    encoded = await _hashed(world, colleague.contents, new_password)
    async with acting(world, colleague) as (member, session):
        member.contents.encoded = encoded
        await member.save()
        await challenges.drop(member.id, member.now)
        ended = await member.end_sessions(but=session.id)
        await member.event("staff.password-changed")
    return member.now, ended


async def _added(member: Member, session: StaffSession, method: SignInMethod, first: bool, origin: Origin) -> Added:
    """A factor more, in the caller's transaction: other sessions end; the first one ends the invitation and signs in."""
    world, contents, codes = member.world, member.contents, None
    if not contents.recovery_digests:
        codes = proofs.new_recovery_codes(world)
        digests = [proofs.recovery_digest(world, member.id, code) for code in codes]
        contents.recovery_digests = [digest for digest in digests if digest is not None]
    await member.end_sessions(but=None if first else session.id)
    await member.event("staff.factor-added", fields=[method.value])
    if not first:
        await member.save()
        return Added(Colleague(member.staff, session, contents), codes, None)
    member.staff.invitation_digest = member.staff.invitation_until = None
    signed_in = await begin(member, method, origin)
    return Added(signed_in.colleague, codes, signed_in)


def _proven(world: World, colleague: Colleague) -> None:
    """Beside a factor that is there already, another is added after a fresh proof only."""
    if colleague.contents.enrolled and not colleague.session.has_stepped_up(world.now()):
        raise Refused(Reason.STEP_UP_REQUIRED)


async def _invited(world: World, token: str) -> Staff:
    """Whose open invitation it is. Raises Refused(EXPIRED_TOKEN)."""
    found = await Staff.filter(invitation_digest=world.vault.digest(token), deactivated_at=None).first()
    if found is None or found.invitation_until is None or found.invitation_until <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    return found


async def _hashed(world: World, contents: StaffContents, password: str) -> str:
    """Checked against the person's own words and hashed, before the transaction. A second factor is always beside it."""
    checks = Checks(today=world.today())
    words = [contents.name, contents.email]
    password = checks.password("newPassword", password, own_words=words, second_factor=True)
    checks.done()
    return await world.passwords.hash(password)

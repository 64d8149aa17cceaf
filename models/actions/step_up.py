"""A fresh proof of who is there, with the strongest factor that is enrolled: a passkey, an authenticator app, the password."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.actions import challenges, throttle
from models.actions.account import Account, changing, customer_actor
from models.actions.factor_recovery import cancel_recovery
from models.actions.origin import Viewer
from models.actions.proving import Proof, RightPassword, enrolled, is_right, right_password, still_right
from models.refused import Reason, Refused
from models.tables import Challenge, Session
from models.tables.credentials import SessionKind
from models.tables.events import EventKind
from models.tables.factors import ChallengeUse
from models.tables.sign_ins import SignInMethod
from models.world import World


@dataclass(frozen=True, slots=True)
class Asked:
    """Which proofs will do, and what a browser needs for a passkey."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: dict[str, Any] | None


async def begin_step_up(world: World, viewer: Viewer) -> Asked:
    """Which proof will do: the strongest enrolled. One challenge at a time for each session."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        held = await enrolled(account.id)
        begun, options = challenges.passkey_options(world, held.known(account.keys))
        await Challenge.filter(session_id=viewer.session.id, use=ChallengeUse.STEP_UP).delete()
        secret = await challenges.ask(
            world, ChallengeUse.STEP_UP, person=account.id, session=viewer.session.id, begun=begun
        )
    return Asked(secret, [held.strongest], options)


async def step_up(world: World, viewer: Viewer, proof: Proof) -> tuple[datetime, str | None]:
    """A fresh proof; until when it holds, and the browser session's new secret.

    Raises Refused(STEP_UP_REQUIRED for a weaker proof than the strongest enrolled, WRONG_CREDENTIALS, EXPIRED_TOKEN for an
    old passkey challenge, TOO_MANY_ATTEMPTS, BUSY).
    """
    strongest = (await enrolled(viewer.customer.id)).strongest
    if proof.method is not strongest:
        raise Refused(Reason.STEP_UP_REQUIRED)
    await throttle.count(world, throttle.PROOF, str(viewer.session.id))
    right = asked = None
    if proof.method is SignInMethod.PASSWORD:
        right = await right_password(world, viewer.customer.id, proof.text)
    elif proof.method is SignInMethod.PASSKEY:
        asked = await challenges.find(world, proof.challenge, ChallengeUse.STEP_UP)
        if asked.session_id != viewer.session.id:
            raise Refused(Reason.EXPIRED_TOKEN)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if (await enrolled(account.id)).strongest is not strongest:  # a stronger one was added meanwhile
            raise Refused(Reason.STEP_UP_REQUIRED)
        if not await _holds(account, proof, right, asked):
            raise Refused(Reason.WRONG_CREDENTIALS)
        until, secret = await _mark(account, viewer)
    await throttle.forget(world, throttle.PROOF, str(viewer.session.id))
    return until, secret


async def _holds(account: Account, proof: Proof, right: RightPassword | None, asked: Challenge | None) -> bool:
    if proof.method is SignInMethod.PASSWORD:
        return await still_right(account, right)
    if not await is_right(account, proof, asked):
        return False
    if asked is not None:
        await challenges.spend(account, asked)
    await cancel_recovery(account)
    return True


async def _mark(account: Account, viewer: Viewer) -> tuple[datetime, str | None]:
    """The session has proved it, under a new token. Raises Refused(NOT_SIGNED_IN)."""
    session = await Session.get(id=viewer.session.id)
    if session.ended_at is not None:
        raise Refused(Reason.NOT_SIGNED_IN)
    session.stepped_up_until = account.until("STEP_UP")
    secret = None
    if session.kind is SessionKind.BROWSER:
        secret = account.world.new_secret()
        session.token_digest = account.world.vault.digest(secret)
    await session.save()
    await account.event(EventKind.AUTHENTICATION, "session.stepped-up")
    return session.stepped_up_until, secret

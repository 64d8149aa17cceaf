"""Staff prove who they are: which factors they have, whether a proof is right, and the fresh proof before what matters.

The strongest comes first: a passkey (phishing-resistant), an authenticator app, a recovery code. Whoever lost all of
them is invited again by a colleague.
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from models.actions import proofs, throttle
from models.actions import staff_challenges as challenges
from models.actions.member import Member, acting
from models.actions.origin import Colleague
from models.refused import Reason, Refused
from models.tables import Challenge
from models.tables.factors import ChallengeUse
from models.tables.sign_ins import SignInMethod
from models.tables.staff import StaffContents, StaffPasskey
from models.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Exactly one of these. ``passkey`` is the challenge's secret and what the browser answered."""

    password: str | None = None
    totp: str | None = None
    recovery_code: str | None = None
    passkey: tuple[str, Any] | None = None

    @property
    def method(self) -> SignInMethod:
        if self.passkey is not None:
            return SignInMethod.PASSKEY
        if self.totp is not None:
            return SignInMethod.TOTP
        return SignInMethod.PASSWORD if self.recovery_code is None else SignInMethod.RECOVERY_CODE


@dataclass(frozen=True, slots=True)
class Asked:
    """Which proofs will do, strongest first, and what a browser needs for a passkey."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: dict[str, Any] | None


def second_factors(contents: StaffContents) -> list[SignInMethod]:
    """What is enrolled beside the password, strongest first."""
    has = {
        SignInMethod.PASSKEY: bool(contents.passkeys),
        SignInMethod.TOTP: contents.totp_confirmed,
        SignInMethod.RECOVERY_CODE: bool(contents.recovery_digests),
    }
    return [method for method, there in has.items() if there]


def known_passkeys(contents: StaffContents) -> list[proofs.KnownPasskey]:
    """What a browser is told of them."""
    return [proofs.KnownPasskey(one.credential_id) for one in contents.passkeys]


async def ask(
    world: World,
    use: ChallengeUse,
    person: UUID,
    contents: StaffContents,
    methods: list[SignInMethod],
    *,
    session: UUID | None = None,
) -> Asked:
    """A challenge that one of these methods answers."""
    begun = (
        proofs.begin_assertion(at_support(world), known_passkeys(contents)) if SignInMethod.PASSKEY in methods else None
    )
    webauthn = begun.challenge if begun else None
    secret = await challenges.ask(world, use, person=person, session=session, webauthn=webauthn)
    return Asked(secret, methods, begun.options if begun else None)


def is_right(member: Member, proof: Proof, webauthn: bytes | None) -> bool:
    """Whether the proof is; what it leaves behind (step, code, counter) is in ``member.contents``, to be saved."""
    contents = member.contents
    if proof.passkey is not None:
        return webauthn is not None and is_right_passkey(member, proof.passkey[1], webauthn)
    if proof.totp is not None and contents.totp_seed is not None and contents.totp_confirmed:
        step = proofs.totp_step(contents.totp_seed, proof.totp, member.now, last_step=contents.totp_last_step)
        contents.totp_last_step = step or contents.totp_last_step
        return step is not None
    if proof.recovery_code is not None:
        digest = proofs.recovery_digest(member.world, member.id, proof.recovery_code) or b""
        left = [one for one in contents.recovery_digests if not hmac.compare_digest(one, digest)]
        found = len(left) < len(contents.recovery_digests)
        contents.recovery_digests = left
        return found
    return False


def at_support(world: World) -> World:
    """The same world as staff reach it: their passkeys are bound to support's host, and never serve on the customers'."""
    return replace(world, base_url=world.support_url or world.base_url)


def is_right_passkey(member: Member, credential: Any, webauthn: bytes) -> bool:
    """The same for a passkey's answer: one of theirs signed it."""
    claimed = proofs.credential_of(credential)
    for held in member.contents.passkeys:
        if claimed is not None and hmac.compare_digest(held.credential_id, claimed[0]):
            return _has_signed(member, held, credential, webauthn)
    return False


def _has_signed(member: Member, held: StaffPasskey, credential: Any, webauthn: bytes) -> bool:
    used = proofs.verify_assertion(
        at_support(member.world),
        credential,
        webauthn,
        person=member.id,
        known=proofs.KnownPasskey(held.credential_id),
        public_key=held.public_key,
        sign_count=held.sign_count,
    )
    if used is not None:
        held.sign_count = used.sign_count
    return used is not None


# ---- the fresh proof -------------------------------------------------------------------------------------------------
async def begin_step_up(world: World, colleague: Colleague) -> Asked:
    """A challenge for the strongest factor there is."""
    staff, methods = colleague.staff, second_factors(colleague.contents)[:1]
    return await ask(world, ChallengeUse.STEP_UP, staff.id, colleague.contents, methods, session=colleague.session.id)


async def step_up(world: World, colleague: Colleague, proof: Proof) -> tuple[datetime, str, datetime]:
    """A fresh proof with the strongest factor: until when it holds; the session's new secret, and when that ends.

    Raises Refused(STEP_UP_REQUIRED for a weaker factor, WRONG_CREDENTIALS, EXPIRED_TOKEN for an old passkey challenge,
    TOO_MANY_ATTEMPTS, NOT_SIGNED_IN).
    """
    if proof.method not in second_factors(colleague.contents)[:1]:
        raise Refused(Reason.STEP_UP_REQUIRED)
    await throttle.count(world, throttle.PROOF, str(colleague.session.id))
    asked, secret = await _asked(world, colleague, proof), world.new_secret()
    until = world.rule("STEP_UP").due_at(world.now())
    async with acting(world, colleague) as (member, session):
        right = is_right(member, proof, bytes(asked.webauthn or b"") if asked else None)
        if asked is not None:
            await challenges.spend(asked, member.now)
        if right:
            session.stepped_up_until = until
            session.token_digest = world.vault.digest(secret)
            await session.save(update_fields=["stepped_up_until", "token_digest"])
            await member.save()
        await member.event("staff.stepped-up" if right else "staff.second-factor-failed")
    if not right:
        raise Refused(Reason.WRONG_CREDENTIALS)
    await throttle.forget(world, throttle.PROOF, str(colleague.session.id))
    return until, secret, session.expires_at


async def _asked(world: World, colleague: Colleague, proof: Proof) -> Challenge | None:
    """The challenge that a passkey's proof answers. Raises Refused(EXPIRED_TOKEN)."""
    if proof.passkey is None:
        return None
    bound = {"person_id": colleague.staff.id, "session_id": colleague.session.id}
    asked = await challenges.find(world, proof.passkey[0], ChallengeUse.STEP_UP, **bound)
    await challenges.count(asked)
    return asked

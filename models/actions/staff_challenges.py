"""Challenges of the staff: a question of five minutes that is answered once, at five tries.

Marked ``STAFF``, so that what a customer was asked is never answered here.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import F

from models.actions.challenges import TRIES
from models.refused import Reason, Refused
from models.tables import Challenge
from models.tables.factors import ChallengeUse
from models.world import World

STAFF: Final = "STAFF"


async def ask(
    world: World,
    use: ChallengeUse,
    *,
    person: UUID | None = None,
    session: UUID | None = None,
    webauthn: bytes | None = None,
) -> str:
    """A new challenge; the secret that its answer brings back. ``webauthn`` is what a passkey has to sign."""
    secret = world.new_secret()
    await Challenge.create(
        id=world.new_id(),
        digest=world.vault.digest(secret),
        use=use,
        person_id=person,
        session_id=session,
        webauthn=webauthn,
        kind=STAFF,
        expires_at=world.rule("CHALLENGE").due_at(world.now()),
    )
    return secret


async def find(world: World, secret: str, use: ChallengeUse, **bound: UUID) -> Challenge:
    """The open challenge of this use, bound to this ``person_id`` and ``session_id``. Raises Refused(EXPIRED_TOKEN)."""
    found = await Challenge.filter(
        digest=world.vault.digest(secret), use=use, kind=STAFF, used_at=None, **bound
    ).first()
    if found is None or found.expires_at <= world.now():
        raise Refused(Reason.EXPIRED_TOKEN)
    return found


async def count(challenge: Challenge) -> None:
    """One try, before the answer is looked at; not undone by what follows. Raises Refused(EXPIRED_TOKEN) after five."""
    open_one = Challenge.filter(id=challenge.id, used_at=None, tries__lt=TRIES)
    if not await open_one.update(tries=F("tries") + 1):
        raise Refused(Reason.EXPIRED_TOKEN)


async def spend(challenge: Challenge, now: datetime) -> None:
    """Use it up, in the transaction of what it does. Raises Refused(EXPIRED_TOKEN) when somebody was faster."""
    if not await Challenge.filter(id=challenge.id, used_at=None).update(used_at=now):
        raise Refused(Reason.EXPIRED_TOKEN)


async def drop(person: UUID, now: datetime) -> None:
    """Whatever they were asked, no answer is taken any more: their secrets, roles or standing changed."""
    await Challenge.filter(person_id=person, kind=STAFF, used_at=None).update(used_at=now)

"""Challenges: a question of five minutes that is answered once, at five tries. Customers' and staff's alike.

``kind`` keeps them apart: ``STAFF``, or the kind of session (``BROWSER``, ``NATIVE``) that a customer's proof begins.
"""

from datetime import datetime
from typing import Final
from uuid import UUID

from tortoise.expressions import F

from models.refused import Reason, Refused
from models.tables import Challenge
from models.tables.factors import ChallengeUse
from models.world import World

TRIES: Final = 5
STAFF: Final = "STAFF"


async def ask(
    world: World,
    use: ChallengeUse,
    *,
    kind: str,
    person: UUID | None = None,
    session: UUID | None = None,
    webauthn: bytes | None = None,
    label: bytes | None = None,
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
        kind=kind,
        label=label,
        expires_at=world.policy.rule("CHALLENGE").due_at(world.now()),
    )
    return secret


async def find(
    world: World, secret: str, use: ChallengeUse, *kinds: str, person: UUID | None = None, session: UUID | None = None
) -> Challenge:
    """The open challenge of this use, kind and, if given, person and session. Raises Refused(EXPIRED_TOKEN)."""
    bound = {"person_id": person, "session_id": session}
    wanted = {name: value for name, value in bound.items() if value is not None}
    open_one = Challenge.filter(digest=world.vault.digest(secret), use=use, kind__in=list(kinds), used_at=None, **wanted)
    found = await open_one.first()
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
    """Whatever a person was asked, no answer is taken any more: their password or factors changed."""
    await Challenge.filter(person_id=person, used_at=None).update(used_at=now)

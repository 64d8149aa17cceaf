"""Challenges of customers: a question of five minutes that one answer, or five wrong ones, use up.

``kind`` is that of the session which a proof begins; what a member of staff was asked is never answered here.
"""

from typing import Any, Final
from uuid import UUID

from models.actions.account import Account
from models.actions.proofs import Begun, KnownPasskey, begin_assertion
from models.keys import Keys
from models.policy import limits
from models.refused import Reason, Refused
from models.tables import Challenge
from models.tables.credentials import SessionContents, SessionKind
from models.tables.factors import ChallengeUse
from models.world import World

TRIES: Final = limits.most("tries of a challenge").most


async def ask(
    world: World,
    use: ChallengeUse,
    *,
    person: UUID | None = None,
    session: UUID | None = None,
    begun: Begun | None = None,
    kind: SessionKind = SessionKind.BROWSER,
    label: bytes | None = None,
    id: UUID | None = None,
) -> str:
    """Write a challenge down; its secret, of which only the digest is kept."""
    secret = world.new_secret()
    await Challenge.create(
        id=id or world.new_id(), digest=world.vault.digest(secret), use=use, person_id=person, session_id=session,
        webauthn=begun.challenge if begun else None, kind=kind.value, label=label,
        expires_at=world.rule("CHALLENGE").due_at(world.now()),
    )  # fmt: skip
    return secret


async def find(world: World, secret: str, use: ChallengeUse) -> Challenge:
    """The open challenge of this use. Raises Refused(EXPIRED_TOKEN)."""
    customers = Challenge.filter(kind__in=[kind.value for kind in SessionKind])
    found = await customers.filter(digest=world.vault.digest(secret), use=use).first()
    if found is None or found.used_at is not None or found.expires_at <= world.now() or found.tries >= TRIES:
        raise Refused(Reason.EXPIRED_TOKEN)
    return found


async def spend(account: Account, challenge: Challenge) -> None:
    """Use it up, in the transaction of what it does. Raises Refused(EXPIRED_TOKEN) when it is used or dropped by now."""
    open_one = Challenge.filter(id=challenge.id, used_at=None, tries__lt=TRIES)
    if not await open_one.update(used_at=account.now):
        raise Refused(Reason.EXPIRED_TOKEN)


async def fail(account: Account, challenge: Challenge) -> int:
    """One wrong answer more; how many are left. Raises Refused(EXPIRED_TOKEN) when it is used or dropped by now."""
    now = await Challenge.filter(id=challenge.id, used_at=None, tries__lt=TRIES).first()
    if now is None:
        raise Refused(Reason.EXPIRED_TOKEN)
    await Challenge.filter(id=challenge.id).update(tries=now.tries + 1)
    return TRIES - now.tries - 1


async def drop(account: Account) -> None:
    """Nothing that was begun is finished: sessions ended, or the password is another."""
    await Challenge.filter(person_id=account.id).delete()


def seal_label(keys: Keys, person: UUID, challenge: UUID, label: str | None) -> bytes | None:
    """The name of a session that is still to begin."""
    return keys[person].seal("challenge", challenge, SessionContents(label=label)) if label else None


def label_of(account: Account, challenge: Challenge) -> str | None:
    """The name that was given when the challenge was asked for."""
    if challenge.label is None:
        return None
    return account.keys[account.id].open("challenge", challenge.id, bytes(challenge.label), SessionContents).label


def passkey_options(world: World, known: list[KnownPasskey]) -> tuple[Begun | None, dict[str, Any] | None]:
    """What begins a proof with one of these passkeys; nothing without any."""
    if not known:
        return None, None
    begun = begin_assertion(world, known)
    return begun, begun.options

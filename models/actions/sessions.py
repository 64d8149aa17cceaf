"""Being signed in: opaque tokens, looked up at every request, so that ending a session works at once."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, changing, customer_actor
from models.actions.agents import describe, parsed, place_of
from models.actions.origin import Origin, Viewer
from models.database import reader
from models.refused import Reason, Refused
from models.tables import Password, Session
from models.tables.credentials import SessionContents, SessionKind
from models.tables.events import EventKind
from models.world import World

SEEN_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a native app keeps: a short-lived access token and a refresh token that works once."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


async def open_session(world: World, token: str) -> Viewer | None:
    """Who holds this token now: one statement, and a note of the visit at most once a minute."""
    found = await (
        Session.filter(token_digest=world.vault.digest(token)).using_db(reader()).select_related("customer").first()
    )
    now = world.now()
    if found is None or not found.is_open(now) or found.idle_until <= now or found.customer.is_closed:
        return None
    if found.last_seen_at <= now - SEEN_EVERY:
        found.last_seen_at = now
        idle = _idle_until(world, found, now) if found.kind is SessionKind.BROWSER else found.idle_until
        await Session.filter(id=found.id, ended_at=None).update(last_seen_at=now, idle_until=idle)
    return Viewer(found.customer, found)


async def begin_session(
    account: Account, kind: SessionKind, label: str | None, origin: Origin
) -> tuple[Session, str, Tokens | None]:
    """A new session in the transaction of its sign-in; the secret for the cookie, or the tokens of an app."""
    world, now = account.world, account.now
    agent, place = parsed(origin.agent), place_of(world, origin)
    secret = world.new_secret()
    session = Session(
        id=world.new_id(), customer_id=account.id, kind=kind, created_at=now, last_seen_at=now,
        token_digest=world.vault.digest(secret),
    )  # fmt: skip
    tokens = None
    if kind is SessionKind.NATIVE:
        session.expires_at = account.until("REFRESH_TOKEN")
        tokens = _give_tokens(world, session, secret, world.new_secret(), now)
    else:
        session.expires_at = account.until("SESSION_ABSOLUTE")
        session.idle_until = _idle_until(world, session, now)
    session.seal(
        account.keys,
        SessionContents(
            label=label or describe(agent), ip=origin.ip, agent=origin.agent, browser=agent.browser, os=agent.os,
            device=agent.device, country=place.country, region=place.region, city=place.city,
        ),
    )  # fmt: skip
    await session.save(force_create=True)
    return session, secret, tokens


def _idle_until(world: World, session: Session, now: datetime) -> datetime:
    return min(world.policy.rule("SESSION_IDLE").due_at(now), session.expires_at)


def _give_tokens(world: World, session: Session, access: str, refresh: str, now: datetime) -> Tokens:
    session.token_digest = world.vault.digest(access)
    session.refresh_digest = world.vault.digest(refresh)
    session.idle_until = min(world.policy.rule("ACCESS_TOKEN").due_at(now), session.expires_at)
    return Tokens(access, session.idle_until, refresh, session.expires_at)


async def refresh_tokens(world: World, refresh_token: str) -> Tokens:
    """The next pair. A lost answer may be asked again within ten seconds; later, a spent token ends its session.

    Raises Refused(EXPIRED_TOKEN).
    """
    digest = world.vault.digest(refresh_token)
    found = await Session.filter(refresh_digest=digest).first() or await Session.filter(spent_digest=digest).first()
    if found is None or not found.is_open(world.now()):
        raise Refused(Reason.EXPIRED_TOKEN)
    reused = False
    async with changing(world, found.customer_id, by=customer_actor(await found.customer)) as account:
        session = await Session.get(id=found.id)
        now, access, refresh = account.now, *_successors(world, refresh_token)
        if not session.is_open(now):
            raise Refused(Reason.EXPIRED_TOKEN)
        if hmac.compare_digest(bytes(session.refresh_digest or b""), digest):
            session.spent_digest, session.refreshed_at = digest, now
            tokens = _give_tokens(world, session, access, refresh, now)
            session.last_seen_at = now
        elif session.refreshed_at and now <= world.policy.rule("REFRESH_GRACE").due_at(session.refreshed_at):
            tokens = Tokens(access, session.idle_until, refresh, session.expires_at)
        else:  # somebody else has it too: nobody keeps it
            reused, session.ended_at = True, now
            await account.event(EventKind.AUTHENTICATION, "session.token-reused")
            await account.letter("session-family-ended", at=now)
        await session.save()
    if reused:
        raise Refused(Reason.EXPIRED_TOKEN)
    return tokens


def _successors(world: World, refresh_token: str) -> tuple[str, str]:
    """The pair after a refresh token follows from it alone, so that a lost answer can be given again."""
    secret = refresh_token.encode()
    access, refresh = (world.vault.mac(purpose, secret, 32) for purpose in ("next access", "next refresh"))
    return tuple(base64.urlsafe_b64encode(one).rstrip(b"=").decode() for one in (access, refresh))  # type: ignore[return-value]


async def sign_out(world: World, viewer: Viewer) -> datetime:
    """The session ends."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        await end_sessions(account, only=viewer.session.id)
        await account.event(EventKind.AUTHENTICATION, "session.signed-out")
    return account.now


async def end_session(world: World, viewer: Viewer, session_id: UUID) -> list[UUID]:
    """End one of the customer's sessions. Raises Refused(NOT_FOUND, STEP_UP_REQUIRED for another one)."""
    if session_id != viewer.session.id and not viewer.has_stepped_up(world.now()):
        raise Refused(Reason.STEP_UP_REQUIRED)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        ended = await end_sessions(account, only=session_id)
        if not ended:
            raise Refused(Reason.NOT_FOUND)
        await account.event(EventKind.AUTHENTICATION, "session.ended")
    return ended


async def end_other_sessions(world: World, viewer: Viewer) -> list[UUID]:
    """Everywhere else, signed out. Raises Refused(STEP_UP_REQUIRED)."""
    if not viewer.has_stepped_up(world.now()):
        raise Refused(Reason.STEP_UP_REQUIRED)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        ended = await end_sessions(account, but=viewer.session.id)
        await account.event(EventKind.AUTHENTICATION, "session.others-ended")
    return ended


async def end_sessions(account: Account, *, only: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """End the account's open sessions, in the caller's transaction; their ids."""
    open_ones = Session.filter(customer_id=account.id, ended_at=None, expires_at__gt=account.now)
    if only is not None:
        open_ones = open_ones.filter(id=only)
    if but is not None:
        open_ones = open_ones.exclude(id=but)
    ids: list[UUID] = [one.id for one in await open_ones.only("id")]
    if ids:
        await Session.filter(id__in=ids).update(ended_at=account.now)
    return ids


async def rename_session(world: World, viewer: Viewer, session_id: UUID, label: str) -> Session:
    """Give a session a name of the customer's own. Raises Refused(NOT_FOUND)."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        session = await Session.filter(id=session_id, customer_id=account.id, ended_at=None).first()
        if session is None:
            raise Refused(Reason.NOT_FOUND)
        contents = session.opened(account.keys)
        contents.label = label
        session.seal(account.keys, contents)
        await session.save()
        await account.event(EventKind.MODIFY, "session.renamed", fields=["label"])
    return session


async def step_up(world: World, viewer: Viewer, password: str) -> tuple[datetime, str | None]:
    """A fresh proof of who is there; until when it holds, and the browser session's new secret.

    Raises Refused(WRONG_CREDENTIALS, TOO_MANY_ATTEMPTS, BUSY).
    """
    await throttle.count(world, throttle.PROOF, str(viewer.customer.id))
    if not await is_right_password(world, viewer.customer.id, password):
        raise Refused(Reason.WRONG_CREDENTIALS)
    await throttle.forget(world, throttle.PROOF, str(viewer.customer.id))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        session = await Session.get(id=viewer.session.id)
        if session.ended_at is not None:
            raise Refused(Reason.NOT_SIGNED_IN)
        session.stepped_up_until = account.until("STEP_UP")
        secret = None
        if session.kind is SessionKind.BROWSER:
            secret = world.new_secret()
            session.token_digest = world.vault.digest(secret)
        await session.save()
        await account.event(EventKind.AUTHENTICATION, "session.stepped-up")
    return session.stepped_up_until, secret


async def is_right_password(world: World, customer_id: UUID, password: str) -> bool:
    """Verify off the event loop; the same time is spent when there is no password to verify."""
    keys = await world.vault.keys([customer_id])
    stored = await Password.filter(customer_id=customer_id).first()
    if stored is None:
        await world.passwords.waste(password)
        return False
    return await world.passwords.verify(stored.opened(keys).encoded, password)

"""Being signed in: opaque tokens, looked up at every request, so that ending a session works at once."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from tortoise.expressions import Q

from models.actions import challenges
from models.actions.account import Account, changing, customer_actor
from models.actions.agents import describe, parsed, place_of
from models.actions.origin import Origin, Viewer
from models.actions.reading import session_of
from models.policy import limits
from models.refused import Reason, Refused
from models.rows import Reading
from models.tables import Session
from models.tables.accounts import State
from models.tables.credentials import SessionContents, SessionKind
from models.tables.events import EventKind
from models.world import World

SEEN_EVERY = timedelta(minutes=1)
AT_MOST = limits.most("sessions").most  # open at once; the one unused for longest makes room


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a native app keeps: a short-lived access token and a refresh token that works once."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


async def open_session(world: World, token: str, kind: SessionKind, db: Reading | None = None) -> Viewer | None:
    """Who holds this token of this kind now: one statement, and a note of the visit at most once a minute.

    ``db``: what is read of theirs afterwards.
    """
    found = await session_of(world.vault.digest(token), db)
    if found is None:
        return None
    (session, customer), now = found, world.now()
    is_open = session.ended_at is None and session.expires_at > now and session.idle_until > now
    if session.kind is not kind or not is_open or customer.state in (State.CLOSED, State.ERASING):
        return None
    if session.last_seen_at <= now - SEEN_EVERY:
        session = session._replace(last_seen_at=now)
        idle = idle_until(world, session.expires_at, now) if session.kind is SessionKind.BROWSER else session.idle_until
        await world.visits.note(Session, session.id, now, idle)
    return Viewer(customer, session)


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
        refresh = _refresh_token(world, session.id, world.vault.random(16))
        tokens = _give_tokens(world, session, secret, refresh, now)
    else:
        session.expires_at = account.until("SESSION_ABSOLUTE")
        session.idle_until = idle_until(world, session.expires_at, now)
    session.seal(
        account.keys,
        SessionContents(
            label=label or describe(agent), ip=origin.ip, agent=origin.agent, browser=agent.browser, os=agent.os,
            device=agent.device, country=place.country, region=place.region, city=place.city,
        ),
    )  # fmt: skip
    await session.save(force_create=True)
    await _make_room(account)
    return session, secret, tokens


async def _make_room(account: Account) -> None:
    """No more than AT_MOST at once, in the caller's transaction; the customer's events say which way one ended."""
    open_ones = Session.filter(customer_id=account.id, ended_at=None, expires_at__gt=account.now)
    ids = [one.id for one in await open_ones.order_by("-last_seen_at", "-created_at", "-id").only("id")]
    if len(ids) > AT_MOST:
        await Session.filter(id__in=ids[AT_MOST:]).update(ended_at=account.now)
        await account.event(EventKind.AUTHENTICATION, "session.made-room")


def idle_until(world: World, expires_at: datetime, now: datetime) -> datetime:
    """When a browser's session ends that is not used from now on, a customer's or a member of staff's."""
    return min(world.rule("SESSION_IDLE").due_at(now), expires_at)


def _give_tokens(world: World, session: Session, access: str, refresh: str, now: datetime) -> Tokens:
    session.token_digest = world.vault.digest(access)
    session.refresh_digest = world.vault.digest(refresh)
    session.idle_until = min(world.rule("ACCESS_TOKEN").due_at(now), session.expires_at)
    return Tokens(access, session.idle_until, refresh, session.expires_at)


async def refresh_tokens(world: World, refresh_token: str) -> Tokens:
    """The next pair. A lost answer may be asked again within ten seconds; later, a spent token ends its session.

    Raises Refused(EXPIRED_TOKEN).
    """
    digest = world.vault.digest(refresh_token)
    found = await Session.filter(Q(refresh_digest=digest) | Q(spent_digest=digest)).first()
    found = found or await _long_spent(world, refresh_token)
    if found is None or not found.is_open(world.now()):
        raise Refused(Reason.EXPIRED_TOKEN)
    async with changing(world, found.customer_id, by=customer_actor(await found.customer)) as account:
        session = await Session.get(id=found.id)
        if not session.is_open(account.now):
            raise Refused(Reason.EXPIRED_TOKEN)
        tokens = await _rotated(account, session, refresh_token)
        await session.save()
    if tokens is None:
        raise Refused(Reason.EXPIRED_TOKEN)
    return tokens


async def _rotated(account: Account, session: Session, refresh_token: str) -> Tokens | None:
    """What a token of this session brings, in the caller's transaction; None when it was spent and the session ends."""
    world, now = account.world, account.now
    digest, (access, refresh) = world.vault.digest(refresh_token), _successors(world, session.id, refresh_token)
    if hmac.compare_digest(bytes(session.refresh_digest or b""), digest):
        session.spent_digest, session.refreshed_at, session.last_seen_at = digest, now, now
        return _give_tokens(world, session, access, refresh, now)
    lost_by = session.refreshed_at and world.rule("REFRESH_GRACE").due_at(session.refreshed_at)
    if hmac.compare_digest(bytes(session.spent_digest or b""), digest) and lost_by and now <= lost_by:
        return Tokens(access, session.idle_until, refresh, session.expires_at)
    session.ended_at = now  # somebody else has it too: nobody keeps it
    await account.event(EventKind.AUTHENTICATION, "session.token-reused")
    await account.letter("session-family-ended", at=now)
    return None


# ---- refresh tokens: the session's id, 16 random bytes, and our mark, so that one is known for ours however long ago it was spent
def _refresh_token(world: World, session_id: UUID, random: bytes) -> str:
    body = session_id.bytes + random
    return base64.urlsafe_b64encode(body + world.vault.mac("refresh token", body)).decode()


def _successors(world: World, session_id: UUID, refresh_token: str) -> tuple[str, str]:
    """The pair after a refresh token follows from it alone, so that a lost answer can be given again."""
    secret = refresh_token.encode()
    access = base64.urlsafe_b64encode(world.vault.mac("next access", secret, 32)).rstrip(b"=").decode()
    return access, _refresh_token(world, session_id, world.vault.mac("next refresh", secret))


async def _long_spent(world: World, refresh_token: str) -> Session | None:
    """The session of a token that we gave out and no longer remember; None for one that we never made."""
    try:
        raw = base64.b64decode(refresh_token.encode(), altchars=b"-_", validate=True)
    except ValueError:
        return None
    if len(raw) != 48 or not hmac.compare_digest(raw[32:], world.vault.mac("refresh token", raw[:32])):
        return None
    return await Session.filter(id=UUID(bytes=raw[:16]), kind=SessionKind.NATIVE).first()


async def sign_out(world: World, viewer: Viewer) -> datetime:
    """The session ends."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        await end_sessions(account, only=viewer.session.id)
        await account.event(EventKind.AUTHENTICATION, "session.signed-out")
    return account.now


async def end_session(world: World, viewer: Viewer, session_id: UUID) -> list[UUID]:
    """End one of the customer's sessions. Raises Refused(NOT_FOUND, STEP_UP_REQUIRED for another one)."""
    if session_id != viewer.session.id:
        viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        ended = await end_sessions(account, only=session_id)
        if not ended:
            raise Refused(Reason.NOT_FOUND)
        await account.event(EventKind.AUTHENTICATION, "session.ended")
    return ended


async def end_other_sessions(world: World, viewer: Viewer) -> list[UUID]:
    """Everywhere else, signed out. Raises Refused(STEP_UP_REQUIRED)."""
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        ended = await end_sessions(account, but=viewer.session.id)
        await account.event(EventKind.AUTHENTICATION, "session.others-ended")
    return ended


async def end_sessions(account: Account, *, only: UUID | None = None, but: UUID | None = None) -> list[UUID]:
    """End the account's open sessions, in the caller's transaction; their ids. Unless ``only`` one, sign-ins half done too."""
    if only is None:
        await challenges.drop(account)
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

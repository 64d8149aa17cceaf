"""One member of staff inside one transaction: locked, re-read, active; and their sessions, a store of their own."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.actions.account import Actor
from models.actions.agents import seen_from
from models.actions.origin import Colleague, Origin
from models.actions.reading import staff_session_of
from models.actions.sessions import SEEN_EVERY, idle_until
from models.database import dialect, transaction
from models.keys import Keys
from models.policy import limits
from models.refused import Reason, Refused
from models.rows import Reading
from models.tables import Event, Letter, Staff, StaffSession
from models.tables.events import ActorKind, EventKind
from models.tables.letters import LetterContents, LetterKind
from models.tables.staff import StaffContents
from models.world import World

AT_MOST = limits.most("staff sessions").most  # sessions open at once; a third ends the one unused for longest


@dataclass(slots=True)
class Member:
    """A row of staff, opened, with what happens to it. Only inside the transaction that made it."""

    world: World
    staff: Staff
    keys: Keys
    contents: StaffContents
    by: Actor
    now: datetime

    @property
    def id(self) -> UUID:
        return self.staff.id

    async def save(self, *, new: bool = False) -> None:
        """Seal again and write."""
        self.staff.seal(self.keys, self.contents)
        await self.staff.save(force_create=new)

    async def event(
        self,
        action: str,
        *,
        kind: EventKind = EventKind.AUTHENTICATION,
        fields: Iterable[str] = (),
        origin: Origin | None = None,
    ) -> None:
        """Write down who did what, in the same transaction. Its alias is the member's own id: whom it is about."""
        event = Event(
            id=self.world.new_id(),
            alias=self.id.bytes,
            at=self.now,
            kind=kind,
            action=action,
            actor_kind=self.by.kind,
            actor_id=self.by.id if self.by.kind is ActorKind.STAFF else None,
            fields_named=sorted(fields),
        )
        if origin is not None:
            event.sealed = self.keys[self.id].seal("event", event.id, seen_from(self.world, origin))
        await event.save(force_create=True)

    async def letter(self, template: str, locale: str, *, expires_at: datetime | None = None, **params: Any) -> None:
        """Put a letter to their address at work into the outbox. Times become RFC 3339 text."""
        letter = Letter(
            id=self.world.new_id(),
            person_id=self.id,
            template=template,
            kind=LetterKind.SERVICE,
            written_at=self.now,
            expires_at=expires_at,
        )
        said = {"name": self.contents.name, "expires_at": expires_at, **params}
        text = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in said.items()}
        letter.seal(self.keys, LetterContents(to=self.contents.email, locale=locale, params=text))
        await letter.save(force_create=True)

    async def begin_session(self) -> tuple[StaffSession, str]:
        """A new session, and the secret for its cookie."""
        secret = self.world.new_secret()
        session = StaffSession(
            id=self.world.new_id(),
            staff_id=self.id,
            token_digest=self.world.vault.digest(secret),
            created_at=self.now,
            last_seen_at=self.now,
            expires_at=self.world.rule("SESSION_ABSOLUTE").due_at(self.now),
        )
        session.idle_until = idle_until(self.world, session.expires_at, self.now)
        await session.save(force_create=True)
        open_ones = StaffSession.filter(staff_id=self.id, ended_at=None, expires_at__gt=self.now)
        ids = [one.id for one in await open_ones.order_by("-last_seen_at", "-created_at", "-id").only("id")]
        await StaffSession.filter(id__in=ids[AT_MOST:]).update(ended_at=self.now)
        return session, secret

    async def end_sessions(self, *, but: UUID | None = None) -> int:
        """End their open sessions, at once and everywhere; how many."""
        open_ones = StaffSession.filter(staff_id=self.id, ended_at=None, expires_at__gt=self.now)
        if but is not None:
            open_ones = open_ones.exclude(id=but)
        return await open_ones.update(ended_at=self.now)


@asynccontextmanager
async def employing(world: World, staff_id: UUID, *, by: Actor | None = None) -> AsyncIterator[Member]:
    """One transaction on one active member of staff, read again under a lock; ``by`` themselves unless told.

    Raises Refused(NOT_SIGNED_IN) when they were deactivated, KeystoreDown, KeyAbsent.
    """
    keys = await world.vault.keys([staff_id])
    async with transaction() as tx:
        found = Staff.filter(id=staff_id).using_db(tx)
        staff = await (found.select_for_update() if dialect() == "postgres" else found).first()
        if staff is None or not staff.active:
            raise Refused(Reason.NOT_SIGNED_IN)
        yield Member(world, staff, keys, staff.opened(keys), by or Actor(ActorKind.STAFF, staff_id), world.now())


@asynccontextmanager
async def acting(world: World, colleague: Colleague) -> AsyncIterator[tuple[Member, StaffSession]]:
    """The same for who is signed in, with their session, unless that ended meanwhile. Raises Refused(NOT_SIGNED_IN)."""
    async with employing(world, colleague.staff.id) as member:
        session = await StaffSession.filter(id=colleague.session.id).first()
        if session is None or not session.is_open(member.now):
            raise Refused(Reason.NOT_SIGNED_IN)
        yield member, session


async def open_staff_session(world: World, token: str, db: Reading | None = None) -> Colleague | None:
    """Who of the staff holds this token now; a note of the visit at most once a minute. ``db``: what they will probably read."""
    found, now = await staff_session_of(world.vault.digest(token), db), world.now()
    if found is None:
        return None
    session, member = found
    if not StaffSession.is_open(session, now) or member.deactivated_at is not None:
        return None
    if session.last_seen_at <= now - SEEN_EVERY:
        session = session._replace(last_seen_at=now, idle_until=idle_until(world, session.expires_at, now))
        await world.visits.note(StaffSession, session.id, now, session.idle_until)
    keys = await world.vault.keys((member.id,))
    return Colleague(member, session, keys[member.id].open("staff", member.id, member.sealed, StaffContents))


async def sign_out(world: World, colleague: Colleague) -> datetime:
    """This session ends; when."""
    async with acting(world, colleague) as (member, session):
        await StaffSession.filter(id=session.id).update(ended_at=member.now)
        await member.event("staff.signed-out")
    return member.now

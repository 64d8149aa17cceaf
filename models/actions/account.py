"""One customer's account inside one transaction: locked, re-read, still open; its effects are rows beside it."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from models.actions.origin import Colleague
from models.database import dialect, transaction
from models.keys import Keys
from models.policy import Rule
from models.refused import Reason, Refused
from models.tables import Customer, Event, Letter, Obligation, Preferences
from models.tables.accounts import ProfileContents, State
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.letters import LetterContents, LetterKind
from models.tables.obligations import ObligationContents
from models.world import World


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: a customer or a member of staff by id, or the software itself. ``signed_in``: in a session of their own."""

    kind: ActorKind
    id: UUID | None = None
    signed_in: bool = False


SYSTEM = Actor(ActorKind.SYSTEM)


def customer_actor(customer: Customer) -> Actor:
    """The customer acts on their own account."""
    return Actor(ActorKind.CUSTOMER, customer.id, signed_in=True)


def staff_actor(colleague: Colleague) -> Actor:
    """A member of staff acts on somebody's account."""
    return Actor(ActorKind.STAFF, colleague.staff.id)


@dataclass(slots=True)
class Account:
    """A customer's row, opened, with what happens to it. Only inside the transaction that made it."""

    world: World
    customer: Customer
    keys: Keys
    profile: ProfileContents
    by: Actor
    now: datetime
    because: EventContents | None = None
    """Why a member of staff acts here: in each event that says nothing else."""

    @property
    def id(self) -> UUID:
        return self.customer.id

    async def save(self) -> None:
        """Seal the profile again and write the customer's row."""
        self.customer.seal(self.keys, self.profile)
        self.customer.updated_at = self.now
        await self.customer.save()

    async def event(
        self,
        kind: EventKind,
        action: str,
        *,
        fields: Iterable[str] = (),
        details: EventContents | None = None,
    ) -> Event:
        """Write down who did what, in the same transaction as the deed."""
        event = Event(
            id=self.world.new_id(),
            alias=self.profile.alias,
            at=self.now,
            kind=kind,
            action=action,
            actor_kind=self.by.kind,
            actor_id=self.by.id if self.by.kind is ActorKind.STAFF else None,
            fields_named=sorted(fields),
        )
        if said := details or self.because:
            event.sealed = self.keys[self.id].seal("event", event.id, said)
        await event.save(force_create=True)
        return event

    async def letter(
        self,
        template: str,
        *,
        to: str | None = None,
        expires_at: datetime | None = None,
        kind: LetterKind = LetterKind.SERVICE,
        name: str | None = None,
        **params: Any,
    ) -> Letter:
        """Put a letter into the outbox; the worker posts it after the commit. Times become RFC 3339 text."""
        letter = Letter(
            id=self.world.new_id(),
            customer_id=self.id,
            template=template,
            kind=kind,
            written_at=self.now,
            expires_at=expires_at,
        )
        params = {"name": name or self.profile.given_name, **params}
        if expires_at is not None:
            params["expires_at"] = expires_at
        text = {key: value.isoformat() if isinstance(value, datetime) else value for key, value in params.items()}
        locale = await self.locale()
        letter.seal(self.keys, LetterContents(to=to or self.profile.email, locale=locale, params=text))
        await letter.save(force_create=True)
        return letter

    async def locale(self) -> str:
        """The customer's language, EN or LV."""
        return (await Preferences.get(id=self.id)).locale.value

    async def owe(self, rule: str, *, subject: UUID | None = None, started_at: datetime | None = None) -> Obligation:
        """Write down what the policy now demands, and by when."""
        started = started_at or self.now
        found = self.rule(rule)
        owed = Obligation(
            id=self.world.new_id(),
            customer_id=self.id,
            rule=rule,
            clause=found.clause,
            subject_id=subject,
            policy_version=self.customer.governed_by,
            started_at=started,
            due_at=found.due_at(started),
            ceiling=found.ceiling_at(started),
        )
        owed.seal(self.keys, ObligationContents())
        await owed.save(force_create=True)
        return owed

    async def fulfil(self, rule: str, *, subject: UUID | None = None) -> None:
        """The open obligation is met."""
        open_ones = Obligation.filter(customer_id=self.id, rule=rule, done_at=None)
        await (open_ones.filter(subject_id=subject) if subject else open_ones).update(done_at=self.now)

    def rule(self, name: str) -> Rule:
        """A rule as the version that governs this customer has it."""
        return self.world.rule(name, self.customer.governed_by)

    def until(self, rule: str) -> datetime:
        """When a rule's time, started now, is over."""
        return self.rule(rule).due_at(self.now)

    def cool_off(self) -> None:
        """A contact, password or factor changed: export and early erasure wait (clause 4.1.4)."""
        self.customer.cooling_off_until = self.until("COOL_OFF")


@asynccontextmanager
async def changing(world: World, customer_id: UUID, *, by: Actor, closed_too: bool = False) -> AsyncIterator[Account]:
    """One transaction on one account. Its state is read again under a lock, so that a cached key writes nothing after an erasure.

    Raises Refused(NOT_SIGNED_IN) when the account is closed or gone, or secured against who is signed in, KeystoreDown, KeyAbsent.
    """
    keys = await world.vault.keys([customer_id])
    async with transaction() as tx:
        found = Customer.filter(id=customer_id).using_db(tx)
        customer = await (found.select_for_update() if dialect() == "postgres" else found).first()
        if customer is None or customer.state is State.ERASING or (customer.is_closed and not closed_too):
            raise Refused(Reason.NOT_SIGNED_IN)
        if by.signed_in and customer.secured_at is not None:  # frozen: what was under way in a session stops here
            raise Refused(Reason.NOT_SIGNED_IN)
        yield Account(world, customer, keys, customer.opened(keys), by, world.now())

"""Made casework: what staff find on their desks. Requests, complaints, conversations, holds, proposals, certificates.

Rows as the actions write them, many at once. Those of one kind go round ``people``, so that no two next to each other in a list
are of one customer.
"""

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from models.keys import Keys
from models.policy import Role
from models.tables import (
    AccessGrant,
    Approval,
    Certificate,
    Change,
    Complaint,
    Conversation,
    Customer,
    Event,
    Hold,
    Message,
    Note,
    Obligation,
    RelatedPerson,
    RightsRequest,
    Service,
    Staff,
    StaffSession,
)
from models.tables.access import GrantReason, NoteContents
from models.tables.cases import (
    ComplaintContents,
    HoldContents,
    IdentityDocument,
    RequestChannel,
    RequestKind,
    RequestStatus,
    RightsRequestContents,
)
from models.tables.changes import ChangeContents
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.letters import MessageContents, MessageKind
from models.tables.obligations import ObligationContents
from models.tables.related_persons import RelatedPersonContents, RelatedPersonRole
from models.tables.services import ServiceContents, ServiceKind
from models.tables.staff import ApprovalContents, ApprovalKind, StaffContents
from models.world import World

BATCH = 500
OPEN = (RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS)
NUMBERS = itertools.count(1)


async def employ(world: World, roles: Sequence[Role]) -> list[tuple[UUID, str]]:
    """A colleague for each role, signed in: who, and their session's secret."""
    ids, now, made = [world.new_id() for _ in roles], world.now(), []
    keys = await world.vault.create(ids)
    for person, role in zip(ids, roles, strict=True):
        number = next(NUMBERS)
        member = Staff(id=person, roles=[role.value], invited_at=now, last_sign_in_at=now)
        contents = StaffContents(
            name=f"Colleague {number}", email=f"desk{number}@staff.example.com", encoded="-", totp_confirmed=True
        )  # a password that nothing matches, and a second factor: who has none is not signed in
        member.seal(keys, contents)
        await member.save(force_create=True)
        secret = world.new_secret()
        await StaffSession.create(
            id=world.new_id(), staff_id=person, token_digest=world.vault.digest(secret), created_at=now, last_seen_at=now,
            idle_until=now + timedelta(hours=1), expires_at=now + timedelta(hours=8), stepped_up_until=None,
        )  # fmt: skip
        made.append((person, secret))
    return made


async def grant(world: World, staff_id: UUID, customer_id: UUID) -> None:
    """The record is open to them."""
    now = world.now()
    await AccessGrant.create(
        id=world.new_id(), customer_id=customer_id, staff_id=staff_id, reason=GrantReason.CUSTOMER_CONTACT,
        ticket="SUP-1", opened_at=now, expires_at=now + timedelta(minutes=15),
    )  # fmt: skip


@dataclass(frozen=True)
class Desk:
    """Whose rows are made, and who has worked on them."""

    world: World
    people: Sequence[UUID]
    staff: Sequence[UUID]

    async def pile(self, count: int, *, others: int | None = None) -> None:
        """So many requests, three in four of them open, and as many (or ``others``) of everything else that is in lists."""
        others = count if others is None else others
        await self._many(count, self._request, events=self._told)
        for one in (self._complaint, self._hold, self._approval, self._message, self._note):
            await self._many(others, one)
        await self._conversations(others)
        await self._certificates(others)

    async def sections(self, count: int) -> None:
        """So many rows in the other parts of records."""
        for one in (self._change, self._service, self._related, self._obligation):
            await self._many(count, one)

    async def _many(self, count: int, make: Callable[..., Any], events: Callable[..., Any] | None = None) -> None:
        for start in range(0, count, BATCH):
            numbers = range(start, min(count, start + BATCH))
            owners = [self.people[number % len(self.people)] for number in numbers]
            keys = await self.world.vault.keys(owners)
            rows = [make(keys, owner, number) for owner, number in zip(owners, numbers, strict=True)]
            await type(rows[0]).bulk_create(rows, batch_size=BATCH)
            if events is not None:
                customers = {one.id: one for one in await Customer.filter(id__in=owners)}
                told = [event for row in rows for event in events(keys, customers[row.customer_id], row)]
                await Event.bulk_create(told, batch_size=BATCH)

    def _member(self, number: int) -> UUID:
        return self.staff[number % len(self.staff)]

    def _request(self, keys: Keys, owner: UUID, number: int) -> RightsRequest:
        at = self.world.now() - timedelta(hours=number % 700)
        kind = tuple(RequestKind)[number % 6]
        is_open = number % 4 != 3
        row = RightsRequest(
            id=self.world.new_id(), customer_id=owner, number=f"RR-M-{next(NUMBERS):07}", kind=kind,
            channel=tuple(RequestChannel)[number % 3], clause="4.2.2", received_at=at, recorded_at=at,
            status=OPEN[number % 2] if is_open else RequestStatus.FULFILLED, due_at=at + timedelta(days=14),
            assigned_to=self._member(number) if number % 3 else None, ended_at=None if is_open else at + timedelta(days=1),
            document=IdentityDocument.PASSPORT, office_id="riga", checked_by=self._member(number), checked_at=at,
            last_action="request.assigned", last_action_at=at + timedelta(minutes=2),
        )  # fmt: skip
        row.seal(keys, RightsRequestContents(text="Everything about me, please.", last_four="12A4"))
        return row

    def _told(self, keys: Keys, customer: Customer, row: RightsRequest) -> list[Event]:
        alias = customer.opened(keys).alias
        events = []
        for minutes, action in enumerate(("request.received", "request.identified", "request.assigned")):
            event = Event(
                id=self.world.new_id(), alias=alias, at=row.recorded_at + timedelta(minutes=minutes), kind=EventKind.CREATE,
                action=action, actor_kind=ActorKind.STAFF, actor_id=row.checked_by, fields_named=[row.number],
            )  # fmt: skip
            event.sealed = keys[customer.id].seal("event", event.id, EventContents(reason="At the office"))
            events.append(event)
        return events

    def _complaint(self, keys: Keys, owner: UUID, number: int) -> Complaint:
        at = self.world.now() - timedelta(hours=number % 500)
        row = Complaint(
            id=self.world.new_id(), customer_id=owner, person_id=owner, number=f"C-M-{next(NUMBERS):07}",
            channel=tuple(RequestChannel)[number % 3], received_at=at, acknowledge_by=at + timedelta(days=7),
            acknowledged_at=at if number % 2 else None, closed_at=self.world.now() if number % 5 == 4 else None,
            assigned_to=self._member(number) if number % 3 else None,
        )  # fmt: skip
        row.seal(keys, ComplaintContents(text="You wrote to an address that is not mine."))
        return row

    def _hold(self, keys: Keys, owner: UUID, number: int) -> Hold:
        now = self.world.now()
        row = Hold(
            id=self.world.new_id(), customer_id=owner, scope=["all"], placed_at=now, placed_by=self._member(number),
            review_by=now + timedelta(days=number % 170 - 5), released_at=None,
        )  # fmt: skip
        row.seal(keys, HoldContents(basis=f"Court case {number}/2026"))
        return row

    def _approval(self, keys: Keys, owner: UUID, number: int) -> Approval:
        now = self.world.now()
        row = Approval(
            id=self.world.new_id(), kind=ApprovalKind.CLOSING_FOR_TERMS, customer_id=owner, subject=str(owner),
            proposed_by=self._member(number), proposed_at=now, due_at=now + timedelta(hours=number % 40),
        )  # fmt: skip
        row.seal(keys, ApprovalContents(reason="Unsolicited mail from the server.", details={"terms_clause": "7.2"}))
        return row

    def _message(self, keys: Keys, owner: UUID, number: int) -> Message:
        ours = number % 2 == 1
        row = Message(
            id=self.world.new_id(), customer_id=owner, at=self.world.now() - timedelta(minutes=number),
            kind=MessageKind.FROM_SUPPORT if ours else MessageKind.FROM_CUSTOMER,
            author_id=self._member(number) if ours else owner,
        )  # fmt: skip
        row.seal(keys, MessageContents(text="When does my domain renew?"))
        return row

    def _note(self, keys: Keys, owner: UUID, number: int) -> Note:
        row = Note(id=self.world.new_id(), customer_id=owner, at=self.world.now(), author_id=self._member(number))
        row.seal(keys, NoteContents(text="Asked about the renewal."))
        return row

    def _change(self, keys: Keys, owner: UUID, number: int) -> Change:
        now = self.world.now()
        row = Change(
            id=self.world.new_id(), customer_id=owner, field="phoneNumber", changed_at=now - timedelta(days=number % 80),
            changed_by="CUSTOMER", restorable_until=now + timedelta(days=1 + number % 80),
        )  # fmt: skip
        row.seal(keys, ChangeContents(old='"+37120000000"', new='"+37120000001"'))
        return row

    def _service(self, keys: Keys, owner: UUID, number: int) -> Service:
        row = Service(
            id=self.world.new_id(), customer_id=owner, reference=f"MS-{next(NUMBERS)}", kind=tuple(ServiceKind)[number % 4],
            started_at=self.world.now() - timedelta(days=number),
        )  # fmt: skip
        row.seal(keys, ServiceContents(name=f"made{number}.example"))
        return row

    def _related(self, keys: Keys, owner: UUID, number: int) -> RelatedPerson:
        role = tuple(RelatedPersonRole)[number % 4]
        row = RelatedPerson(id=self.world.new_id(), customer_id=owner, role=role, added_at=self.world.now())
        row.seal(keys, RelatedPersonContents(given_name="Tom", family_name="Made", email="tom@example.com"))
        return row

    def _obligation(self, keys: Keys, owner: UUID, number: int) -> Obligation:
        now = self.world.now()
        row = Obligation(
            id=self.world.new_id(), customer_id=owner, rule="RESTORE", clause="4.1.4", started_at=now,
            policy_version=self.world.policy.current(now).name, due_at=now + timedelta(days=number % 90),
        )  # fmt: skip
        row.seal(keys, ObligationContents())
        return row

    async def _conversations(self, count: int) -> None:
        now = self.world.now()
        known = set(await Conversation.all().values_list("id", flat=True))
        rows = [
            Conversation(
                id=one, customer_id=one, waiting_since=now - timedelta(minutes=number), unanswered=1,
                assigned_to=self._member(number) if number % 2 else None,
            )
            for number, one in enumerate([one for one in self.people if one not in known][:count])
        ]  # fmt: skip
        await Conversation.bulk_create(rows, batch_size=BATCH)

    async def _certificates(self, count: int) -> None:
        now, rows = self.world.now(), []
        for number in range(count):
            then = now - timedelta(hours=number)
            rows.append(
                Certificate(
                    id=self.world.new_id(), number=f"E-M-{next(NUMBERS):07}", clause="5.1", document="{}", signature="-",
                    code_digest=self.world.vault.digest(self.world.new_secret()), closed_at=then - timedelta(days=100),
                    erase_by=then + timedelta(days=200), erased_at=then, verified_at=then, key_id="-",
                    last_copy_gone_by=then + timedelta(days=49),
                )
            )  # fmt: skip
        await Certificate.bulk_create(rows, batch_size=BATCH)

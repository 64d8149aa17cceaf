"""What staff do with a complaint (clause 8): acknowledge it in time, refer it to an authority, close it with an outcome."""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.actions.account import changing, staff_actor
from models.actions.complaints import HANDLERS, Opened, note_event, write_to
from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.checks import Checks
from models.database import dialect, reader, transaction
from models.keys import Keys
from models.refused import Reason, Refused
from models.tables import Complaint, Event, Preferences, Staff
from models.tables.access import GrantReason
from models.tables.cases import ComplaintContents
from models.tables.events import EventContents, EventKind
from models.world import World


@dataclass(slots=True)
class Case:
    """An open complaint in the hands of a member of staff, inside its transaction."""

    world: World
    colleague: Colleague
    row: Complaint
    contents: ComplaintContents
    keys: Keys

    async def locale(self) -> str:
        """The customer's language; English for anybody else."""
        if self.row.customer_id is None:
            return "EN"
        return (await Preferences.get(id=self.row.customer_id)).locale.value

    async def save(self, action: str) -> None:
        """The row, and the event of this deed."""
        self.row.seal(self.keys, self.contents)
        await self.row.save()
        actor = staff_actor(self.colleague)
        if self.row.customer_id is None:
            await note_event(self.world, actor, EventKind.MODIFY, action, self.row.number)
            return
        async with changing(self.world, self.row.customer_id, by=actor, closed_too=True) as account:
            why = EventContents(reason=GrantReason.COMPLAINT, ticket=self.row.number)
            await account.event(EventKind.MODIFY, action, fields=[self.row.number], details=why)

    async def write(self, template: str, **params: Any) -> None:
        """A letter to whoever complained."""
        if self.row.customer_id is None:
            words = {"number": self.row.number, **params}
            await write_to(self.world, self.keys, self.row, self.contents, template, "EN", words)
            return
        async with changing(
            self.world, self.row.customer_id, by=staff_actor(self.colleague), closed_too=True
        ) as account:
            await account.letter(template, number=self.row.number, **params)


@asynccontextmanager
async def handling(world: World, colleague: Colleague, complaint_id: UUID) -> AsyncIterator[Case]:
    """One transaction on one open complaint. Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY when it is closed)."""
    permitted(colleague, HANDLERS)
    found = await Complaint.filter(id=complaint_id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    keys = await world.vault.keys([found.person_id])
    async with transaction() as tx:
        wanted = Complaint.filter(id=complaint_id).using_db(tx)
        row = await (wanted.select_for_update() if dialect() == "postgres" else wanted).first()
        if row is None or row.person_id not in keys:
            raise Refused(Reason.NOT_FOUND)
        if row.closed_at is not None:
            raise Refused(Reason.NOT_READY)
        yield Case(world, colleague, row, row.opened(keys), keys)


async def acknowledge_complaint(world: World, colleague: Colleague, complaint_id: UUID) -> Opened:
    """A person has read it and says so. Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY when it is closed)."""
    async with handling(world, colleague, complaint_id) as case:
        case.row.acknowledged_at = case.row.acknowledged_at or world.now()
        await case.write("complaint-acknowledged")
        await case.save("complaint.acknowledged")
    return case.row, case.contents


async def refer_complaint(
    world: World, colleague: Colleague, complaint_id: UUID, authority: str, reference: str
) -> Opened:
    """A supervisory authority has it too; the bundle of evidence is fixed by its checksum.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, INVALID_INPUT, NOT_READY).
    """
    checks = Checks(today=world.today())
    authority = checks.line("authority", authority, "locality")
    reference = checks.reference("reference", reference)
    checks.done()
    async with handling(world, colleague, complaint_id) as case:
        case.row.authority, case.row.regulator_reference = authority, reference
        case.row.evidence_sha256 = hashlib.sha256(await evidence_bundle(world, case.row, case.contents)).hexdigest()
        await case.save("complaint.referred")
    return case.row, case.contents


async def close_complaint(world: World, colleague: Colleague, complaint_id: UUID, outcome: str) -> Opened:
    """What came of it, told by letter with the authorities to go to.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, INVALID_INPUT, NOT_READY).
    """
    checks = Checks(today=world.today())
    outcome = checks.text("outcome", outcome, "explanation")
    checks.done()
    async with handling(world, colleague, complaint_id) as case:
        case.row.closed_at, case.contents.outcome = world.now(), outcome
        case.row.acknowledged_at = case.row.acknowledged_at or world.now()
        authorities = world.policy.company.authorities_in(await case.locale())
        await case.write("complaint-closed", outcome=outcome, authorities=authorities)
        await case.save("complaint.closed")
    return case.row, case.contents


async def evidence_bundle(world: World, row: Complaint, contents: ComplaintContents) -> bytes:
    """What an authority is shown: the complaint, its dates, and the events that name it; canonical JSON."""
    since = Event.filter(action__startswith="complaint.", at__gte=row.received_at).using_db(reader())
    events = await since.order_by("at", "id")
    named = [event for event in events if row.number in event.fields_named]
    bundle = {
        "number": row.number,
        "receivedAt": row.received_at.isoformat(),
        "acknowledgeBy": row.acknowledge_by.isoformat(),
        "acknowledgedAt": row.acknowledged_at.isoformat() if row.acknowledged_at else None,
        "text": contents.text,
        "outcome": contents.outcome,
        "events": [{"at": one.at.isoformat(), "action": one.action, "id": str(one.id)} for one in named],
    }
    return json.dumps(bundle, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


async def assign_complaint(world: World, colleague: Colleague, complaint_id: UUID, to: UUID | None) -> Staff | None:
    """Give it to a member of staff, or put it back. Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY)."""
    member = await Staff.filter(id=to, deactivated_at=None).first() if to else None
    if to is not None and member is None:
        raise Refused(Reason.NOT_FOUND)
    async with handling(world, colleague, complaint_id) as case:
        case.row.assigned_to = to
        await case.save("complaint.assigned")
    return member

"""Complaints from customers and anybody else (clause 8): a number, an acknowledgement in time, an outcome, a regulator's reference.

A customer's complaint is sealed under their key; anybody else's under a key of its own, destroyed with it a year after it closed.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, Actor, changing, customer_actor, staff_actor
from models.actions.desk import permitted
from models.actions.origin import Colleague, Origin, Viewer
from models.actions.sign_up import customer_number
from models.checks import Checks
from models.database import reader, transaction
from models.keys import Keys
from models.policy import Role, limits
from models.refused import ProblemCode, Reason, Refused
from models.tables import Complaint, Event, Letter
from models.tables.cases import ComplaintContents, RequestChannel
from models.tables.events import ActorKind, EventKind
from models.tables.letters import LetterContents
from models.world import World

HANDLERS: Final = (Role.PRIVACY_OFFICER, Role.OFFICE, Role.SENIOR_SUPPORT, Role.SUPPORT)
OLDEST = timedelta(days=366)
COMPLAINTS = limits.throttle("complaints")
Opened = tuple[Complaint, ComplaintContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewComplaint:
    """What somebody complains of; ``contact`` (name, e-mail) of whoever is no customer; ``about``: kind and id of a record."""

    text: str
    contact: tuple[str, str] | None = None
    about: tuple[str, UUID] | None = None
    channel: RequestChannel = RequestChannel.PORTAL
    received_at: datetime | None = None
    locale: str = "EN"


async def file_complaint(world: World, viewer: Viewer | None, new: NewComplaint, *, origin: Origin) -> Opened:
    """From a customer, or from anybody who leaves a contact.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS).
    """
    contents = _checked(world, new, contact_needed=viewer is None)
    await throttle.count(world, COMPLAINTS, str(viewer.customer.id) if viewer else throttle.network_of(origin.ip))
    if viewer is None:
        return await _from_anybody(world, new, contents, by=Actor(ActorKind.CUSTOMER))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        return await _from_customer(account, new, contents)


async def receive_complaint(world: World, colleague: Colleague, customer_id: UUID | None, new: NewComplaint) -> Opened:
    """At the office or by post; the clock starts at receipt. Raises Refused(NOT_PERMITTED, INVALID_INPUT, NOT_FOUND)."""
    permitted(colleague, HANDLERS)
    contents = _checked(world, new, contact_needed=customer_id is None)
    actor = staff_actor(colleague)
    if customer_id is None:
        return await _from_anybody(world, new, contents, by=actor)
    try:
        async with changing(world, customer_id, by=actor, closed_too=True) as account:
            return await _from_customer(account, new, contents)
    except Refused as refused:
        raise Refused(Reason.NOT_FOUND) if refused.reason is Reason.NOT_SIGNED_IN else refused from None


async def complaints_of(customer_id: UUID) -> list[Complaint]:
    """A customer's complaints, newest first. One statement."""
    return await Complaint.filter(customer_id=customer_id).using_db(reader()).order_by("-received_at", "-id").limit(200)


def _checked(world: World, new: NewComplaint, *, contact_needed: bool) -> ComplaintContents:
    checks = Checks(today=world.today())
    contents = ComplaintContents(text=checks.text("text", new.text, "complaint"))
    if new.contact is not None:
        contents.name = checks.name(("contact", "name"), new.contact[0])
        contents.email = checks.email(("contact", "email"), new.contact[1])
    elif contact_needed:
        checks.problem("contact", ProblemCode.REQUIRED)
    if new.received_at is not None and new.received_at > world.now():
        checks.problem("receivedAt", ProblemCode.IN_THE_FUTURE)
    if new.received_at is not None and new.received_at < world.now() - OLDEST:
        checks.problem("receivedAt", ProblemCode.NOT_ALLOWED)
    checks.done()
    return contents


async def _from_customer(account: Account, new: NewComplaint, contents: ComplaintContents) -> Opened:
    row = _row(account.world, new, account.id, account.now)
    row.customer_id = account.id
    row.seal(account.keys, contents)
    await row.save(force_create=True)
    await account.event(EventKind.CREATE, "complaint.filed", fields=[row.number])
    await account.letter("complaint-received", number=row.number, acknowledge_by=row.acknowledge_by)
    return row, contents


async def _from_anybody(world: World, new: NewComplaint, contents: ComplaintContents, *, by: Actor) -> Opened:
    """Under a key of its own. Whether the contact is a customer is neither asked nor told."""
    person = world.new_id()
    keys = await world.vault.create([person])
    async with transaction():
        row = _row(world, new, person, world.now())
        row.seal(keys, contents)
        await row.save(force_create=True)
        await note_event(world, by, EventKind.CREATE, "complaint.filed", row.number)
        params = {"number": row.number, "acknowledge_by": row.acknowledge_by.isoformat()}
        await write_to(world, keys, row, contents, "complaint-received", new.locale, params)
    return row, contents


def _row(world: World, new: NewComplaint, person: UUID, now: datetime) -> Complaint:
    received, row_id = new.received_at or now, world.new_id()
    kind, about = new.about or (None, None)
    return Complaint(
        id=row_id, person_id=person, number=f"C-{received:%Y}-{customer_number(row_id)[1:]}", channel=new.channel,
        about_kind=kind, about_id=about, received_at=received,
        acknowledge_by=world.rule("COMPLAINT").due_at(received),
    )  # fmt: skip


async def note_event(world: World, by: Actor, kind: EventKind, action: str, number: str) -> None:
    """An event that concerns no customer."""
    event = Event(
        id=world.new_id(), at=world.now(), kind=kind, action=action, actor_kind=by.kind, fields_named=[number]
    )
    event.actor_id = by.id if by.kind is ActorKind.STAFF else None
    await event.save(force_create=True)


async def write_to(
    world: World,
    keys: Keys,
    row: Complaint,
    contents: ComplaintContents,
    template: str,
    locale: str,
    params: dict[str, Any],
) -> None:
    letter = Letter(id=world.new_id(), person_id=row.person_id, template=template, written_at=world.now())
    words = {"name": contents.name or "", **params}
    letter.seal(keys, LetterContents(to=contents.email or "", locale=locale, params=words))
    await letter.save(force_create=True)

"""What staff do in a record they have open: a note, a message to the customer, securing the account.

Edits wait while processing is restricted; writing to the customer and protecting them go on.
"""

from dataclasses import dataclass
from uuid import UUID

from models.actions.colleagues import ANSWERERS
from models.actions.conversations import answered
from models.actions.open_record import in_record
from models.actions.origin import Colleague
from models.actions.passwords import secure
from models.actions.restrictions import refuse_restricted
from models.checks import Checks
from models.refused import Reason, Refused
from models.tables import Complaint, Message, Note, Obligation, RightsRequest, Service
from models.tables.access import NoteContents
from models.tables.events import EventContents, EventKind
from models.tables.letters import MessageContents, MessageKind
from models.world import World

SUBJECTS = {
    "RightsRequest": RightsRequest,
    "Complaint": Complaint,
    "Service": Service,
    "Obligation": Obligation,
    "Message": Message,
}
"""What a message to a customer may be about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What support writes, and what it is about: a kind of record of the customer's, and its id. One key says a thing once."""

    idempotency_key: str
    text: str
    about: tuple[str, UUID] | None = None


async def add_note(world: World, colleague: Colleague, customer_id: UUID, text: str) -> tuple[Note, NoteContents]:
    """Internal words; the customer finds them in their report all the same.

    Raises Refused(LOCKED, NOT_PERMITTED, GRANT_REQUIRED, INVALID_INPUT, RESTRICTED).
    """
    checks = Checks(today=world.today())
    contents = NoteContents(text=checks.text("text", text, "note"))
    checks.done()
    async with in_record(world, colleague, customer_id, ANSWERERS) as (account, _):
        refuse_restricted(account.customer)
        note = Note(id=world.new_id(), customer_id=account.id, at=account.now, author_id=colleague.staff.id)
        note.seal(account.keys, contents)
        await note.save(force_create=True)
        await account.event(EventKind.CREATE, "note.added", fields=["notes"])
    return note, contents


async def send_to_customer(
    world: World, colleague: Colleague, customer_id: UUID, new: Answer
) -> tuple[Message, MessageContents]:
    """Write to a customer; a letter without a word of it tells them. The same key again answers with the message sent then.

    Raises Refused(LOCKED, NOT_PERMITTED, GRANT_REQUIRED, INVALID_INPUT, NOT_FOUND, NOT_READY to a closed account).
    """
    checks = Checks(today=world.today())
    key = checks.idempotency_key("idempotencyKey", new.idempotency_key)
    text = checks.text("text", new.text, "message")
    checks.done()
    digest = world.vault.index("idempotency", f"message|{colleague.staff.id}|{key}")
    async with in_record(world, colleague, customer_id, ANSWERERS) as (account, _):
        sent = await Message.filter(customer_id=account.id, idempotency=digest).first()
        if sent is not None:
            return sent, sent.opened(account.keys)
        if account.customer.is_closed:
            raise Refused(Reason.NOT_READY)
        kind, about = new.about or (None, None)
        if kind and not await SUBJECTS[kind].filter(id=about, customer_id=account.id).exists():
            raise Refused(Reason.NOT_FOUND)
        message = Message(
            id=world.new_id(), customer_id=account.id, kind=MessageKind.FROM_SUPPORT, at=account.now,
            author_id=colleague.staff.id, about_kind=kind, about_id=about, idempotency=digest,
        )  # fmt: skip
        contents = MessageContents(text=text)
        message.seal(account.keys, contents)
        await message.save(force_create=True)
        await answered(account)
        await account.event(EventKind.CREATE, "message.from-support", fields=["messages"])
        await account.letter("message-from-support", portal_link=f"{world.base_url}/messages")
    return message, contents


async def secure_account(world: World, colleague: Colleague, customer_id: UUID, reason: str) -> int:
    """End every session, stop changes, mail a link to set the password anew; nobody sees a secret. How many sessions ended.

    Raises Refused(LOCKED, NOT_PERMITTED, GRANT_REQUIRED, INVALID_INPUT, NOT_READY for a closed account).
    """
    checks = Checks(today=world.today())
    reason = checks.text("reason", reason, "reason")
    checks.done()
    async with in_record(world, colleague, customer_id, ANSWERERS) as (account, grant):
        if account.customer.is_closed:
            raise Refused(Reason.NOT_READY)
        return await secure(account, EventContents(reason=reason, ticket=grant.ticket))

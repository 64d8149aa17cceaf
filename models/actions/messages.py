"""One conversation between a customer and support, kept with the account (clause 2)."""

from dataclasses import dataclass
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.actions import throttle
from models.actions.account import changing, customer_actor
from models.actions.conversations import waits
from models.actions.origin import Viewer
from models.checks import Checks
from models.database import reader
from models.policy import limits
from models.refused import Reason, Refused
from models.tables import Message
from models.tables.events import EventKind
from models.tables.letters import MessageContents, MessageKind
from models.tables.paging import Page, page_of
from models.world import World

MESSAGES = limits.throttle("messages")
Opened = tuple[Message, MessageContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What the customer writes, and what it is about: a kind of record and its id. One key says a thing once."""

    idempotency_key: str
    text: str
    about: tuple[str, UUID] | None = None


async def messages_of(customer_id: UUID, first: int, after: str | None) -> Page:
    """The conversation, newest first. Raises Refused(INVALID_INPUT)."""
    return await page_of(Message.filter(customer_id=customer_id).using_db(reader()), "at", first, after)


async def unread_messages(customer_id: UUID) -> int:
    """How many messages and letters to the customer were not read yet."""
    return await _unread(customer_id).using_db(reader()).count()


async def send_message(world: World, viewer: Viewer, new: NewMessage) -> Opened:
    """Write to support. The same key again answers with the message sent then; about 20 an hour.

    Raises Refused(INVALID_INPUT, TOO_MANY_ATTEMPTS).
    """
    text, digest = _checked(world, new)
    customer_id = viewer.customer.id
    sent = await Message.filter(customer_id=customer_id, idempotency=digest).first()
    if sent is None:
        await throttle.count(world, MESSAGES, str(customer_id))
    async with changing(world, customer_id, by=customer_actor(viewer.customer)) as account:
        message = sent or await Message.filter(customer_id=customer_id, idempotency=digest).first()
        if message is not None:
            return message, message.opened(account.keys)
        kind, about = new.about or (None, None)
        message = Message(
            id=world.new_id(), customer_id=account.id, kind=MessageKind.FROM_CUSTOMER, at=account.now,
            author_id=account.id, about_kind=kind, about_id=about, idempotency=digest,
        )  # fmt: skip
        contents = MessageContents(text=text)
        message.seal(account.keys, contents)
        await message.save(force_create=True)
        await waits(account)
        await account.event(EventKind.CREATE, "message.sent")
    return message, contents


async def mark_messages_read(world: World, viewer: Viewer, up_to: UUID) -> int:
    """Everything up to and with this message is read; how many are not. Raises Refused(NOT_FOUND)."""
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        last = await Message.filter(id=up_to, customer_id=account.id).first()
        if last is None:
            raise Refused(Reason.NOT_FOUND)
        earlier = Q(at__lt=last.at) | Q(at=last.at, id__lte=last.id)
        await _unread(account.id).filter(earlier).update(read_at=account.now)
        return await _unread(account.id).count()


def _unread(customer_id: UUID) -> QuerySet[Message]:
    return Message.filter(customer_id=customer_id, read_at=None).exclude(kind=MessageKind.FROM_CUSTOMER)


def _checked(world: World, new: NewMessage) -> tuple[str, bytes]:
    checks = Checks(today=world.today())
    key = checks.idempotency_key("idempotencyKey", new.idempotency_key)
    text = checks.text("text", new.text, "message")
    checks.done()
    return text, world.vault.index("idempotency", "message|" + key)

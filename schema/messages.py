"""One conversation with support, and a copy, without links, of every letter sent (clause 2)."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import messages as writing
from models.actions.messages import NewMessage
from models.refused import Reason, Refused
from models.tables.events import ActorKind
from models.tables.letters import MessageKind
from schema.access import Context, context, viewer
from schema.actors import Actor
from schema.loading import customer_of, keys_of, once
from schema.nodes import Node, decode, encode, given_id, node_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed
from schema.staff_names import member, named, roles_of

AUTHORS = {
    MessageKind.FROM_CUSTOMER: ActorKind.CUSTOMER,
    MessageKind.FROM_SUPPORT: ActorKind.STAFF,
    MessageKind.LETTER: ActorKind.SYSTEM,
}


def _about(ctx: Context, row: Any, _: Any) -> strawberry.ID | None:
    return encode(ctx, row.about_kind, row.about_id) if row.about_kind and row.about_id else None


def _author(ctx: Context, row: Any, _: Any) -> Actor:
    """Support by name and role, once ``named`` has read them."""
    found = member(ctx, row.author_id) if row.kind is MessageKind.FROM_SUPPORT else None
    role = roles_of(ctx, row.author_id) if found else None
    return Actor(kind=AUTHORS[row.kind], name=found[1].name if found else None, role=role)


@strawberry.type(description="One message of the conversation.")
class Message(Node, FromRow):
    """The contract's Message."""

    id: strawberry.ID = node_id("Message")
    at: datetime = column()
    kind: MessageKind = column()
    author: Actor = derived(_author, columns=("kind", "author_id"))
    subject: str | None = sealed()
    text: str = sealed()
    about: strawberry.ID | None = derived(
        _about,
        columns=("about_kind", "about_id"),
        description="The request, complaint, event or other record it is about.",
    )
    read_at: datetime | None = column(description="When the customer read it.")


MessageConnection, MessageEdge = connection("Message", Message)


async def messages(ctx: Context, first: int, after: str | None) -> Any:
    """The viewer's conversation, newest first; a MessageConnection."""
    page = await writing.messages_of(customer_of(ctx).id, first, after)
    await named(ctx, [row.author_id for row in page.rows if row.kind is MessageKind.FROM_SUPPORT])
    keys = await keys_of(ctx)
    return MessageConnection.of(page, lambda row: Message.of(ctx, row, row.opened(keys)))


async def unread_messages(ctx: Context) -> int:
    """How many of the viewer's messages and letters wait to be read."""
    return await once(ctx, "unread_messages", lambda: writing.unread_messages(customer_of(ctx).id))


def _given_about(ctx: Context, about: str | None) -> tuple[str, Any] | None:
    """What a message is about: something of the viewer's own. Raises Refused(NOT_FOUND)."""
    found = decode(ctx, about) if about else None
    if about and (found is None or found[0] == "Customer"):
        raise Refused(Reason.NOT_FOUND)
    return found


# ---- results --------------------------------------------------------------------------------------------------------
@strawberry.type(description="The message is in the conversation.")
class MessageSent:
    """The contract's MessageSent."""

    sent: Message


@strawberry.type(description="They are read.")
class MessagesRead:
    """The contract's MessagesRead."""

    unread_messages: int = strawberry.field(description="How many are not read yet.")


SendMessageResult = Annotated[MessageSent | Refusal, result("SendMessageResult")]
MarkMessagesReadResult = Annotated[MessagesRead | Refusal, result("MarkMessagesReadResult")]


@strawberry.type
class MessageMutations:
    """Write to support; say what was read."""

    @strawberry.mutation(description="Write to support. The same idempotencyKey again sends nothing and answers alike.")
    async def send_message(
        self, info: Info[Any, Any], idempotency_key: str, text: str, about: strawberry.ID | None = strawberry.UNSET
    ) -> SendMessageResult:
        ctx, who = context(info), viewer(info)
        new = NewMessage(idempotency_key=idempotency_key, text=text, about=_given_about(ctx, about or None))
        row, contents = await writing.send_message(ctx.world, who, new)
        return MessageSent(sent=Message.of(ctx, row, contents))

    @strawberry.mutation(description="Everything up to and with this message is read.")
    async def mark_messages_read(self, info: Info[Any, Any], up_to: strawberry.ID) -> MarkMessagesReadResult:
        ctx, who = context(info), viewer(info)
        return MessagesRead(
            unread_messages=await writing.mark_messages_read(ctx.world, who, given_id(ctx, up_to, "Message"))
        )

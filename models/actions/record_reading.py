"""What is read in an open record: the rows of a customer, one statement each. A section of which the role sees nothing is empty."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tortoise.expressions import Q

from models.actions import history, messages, reading
from models.actions.masked_values import MASKED
from models.actions.open_record import Record
from models.database import reader
from models.policy import Reading
from models.tables import (
    Change,
    Closure,
    Customer,
    Message,
    Note,
    Passkey,
    PaymentMethod,
    RelatedPerson,
    Service,
    Session,
    Totp,
)
from models.tables.credentials import SessionKind
from models.tables.letters import MessageContents, MessageKind
from models.tables.paging import Page

AT_MOST = 50


@dataclass(frozen=True, slots=True)
class AccessState:
    """How the account is reached now; the two times are None for a role that may not know."""

    sessions: int
    second_factor: bool
    last_sign_in_at: datetime | None
    secured_at: datetime | None


async def access_state(record: Record) -> AccessState:
    """Open sessions and whether a second factor is set. Three statements."""
    now, customer = record.world.now(), record.customer
    used = Q(kind=SessionKind.NATIVE) | Q(idle_until__gt=now)
    sessions = Session.filter(used, customer_id=record.id, ended_at=None, expires_at__gt=now)
    totp = Totp.filter(customer_id=record.id, confirmed_at__isnull=False)
    passkey = Passkey.filter(customer_id=record.id)
    told = record.reading("customer", "last_sign_in_at") is not Reading.NONE
    return AccessState(
        sessions=await sessions.using_db(reader()).count(),
        second_factor=await totp.using_db(reader()).exists() or await passkey.using_db(reader()).exists(),
        last_sign_in_at=customer.last_sign_in_at if told else None,
        secured_at=customer.secured_at if told else None,
    )


async def sign_ins_in(record: Record, first: int, after: str | None) -> Page:
    """Attempts to sign in, newest first. Raises Refused(INVALID_INPUT)."""
    page = await reading.sign_ins_of(record.customer, first, after)
    return page if record.reading("sign_in", "ip") is not Reading.NONE else _nothing(page)


async def messages_in(record: Record, first: int, after: str | None) -> Page:
    """The conversation, newest first. Raises Refused(INVALID_INPUT)."""
    page = await messages.messages_of(record.id, first, after)
    return page if record.reads("message", "text") else _nothing(page)


def message_in(record: Record, row: Message) -> MessageContents:
    """A message's words. A letter greets by name and may say an address: there a value that is masked stays masked."""
    contents: MessageContents = row.opened(record.keys)
    if row.kind is MessageKind.LETTER:
        contents.text = _masked(record, contents.text)
        contents.subject = _masked(record, contents.subject) if contents.subject else None
    return contents


def _masked(record: Record, text: str) -> str:
    for name, field in MASKED.items():
        said = field.said(record.customer, record.profile) if field.table is Customer else None
        if said:
            mask = record.shown(name, record.customer, record.profile).masked
            text = re.sub(rf"(?<!\w){re.escape(said)}(?!\w)", mask, text)
    return text


async def notes_in(record: Record) -> list[Note]:
    """Notes of staff, newest first."""
    if not record.reads("note", "text"):
        return []
    return await Note.filter(customer_id=record.id).using_db(reader()).order_by("-at", "-id").limit(AT_MOST)


async def related_persons_in(record: Record) -> list[RelatedPerson]:
    """The people a customer named, oldest first."""
    return await RelatedPerson.filter(customer_id=record.id).using_db(reader()).order_by("added_at", "id")


async def payment_methods_in(record: Record) -> list[PaymentMethod]:
    """Ways to pay, oldest first."""
    return await PaymentMethod.filter(customer_id=record.id).using_db(reader()).order_by("added_at", "id")


async def services_in(record: Record) -> list[Service]:
    """Contracts, newest first."""
    found = Service.filter(customer_id=record.id).using_db(reader())
    return await found.order_by("-started_at", "-id").limit(AT_MOST)


async def changes_in(record: Record) -> list[Change]:
    """Old values that can still be restored, newest first."""
    found = Change.filter(customer_id=record.id, restorable_until__gt=record.world.now()).using_db(reader())
    return await found.order_by("-changed_at", "-id").limit(AT_MOST)


async def obligations_in(record: Record) -> list[Any]:
    """Every date the policy sets, met ones too, soonest first."""
    return await history.obligations_of(record.id, open=None)


async def closure_in(record: Record) -> Closure | None:
    """How the account ended, if it did."""
    if not record.customer.is_closed:
        return None
    return await Closure.filter(customer_id=record.id).using_db(reader()).order_by("-closed_at").first()


def _nothing(page: Page) -> Page:
    return Page([], page.by, more=False, after=page.after)

"""Who waits for an answer, since when, and who answers: one line a customer beside their messages (clause 2)."""

from typing import Any
from uuid import UUID

from models.actions.account import Account
from models.actions.colleagues import assignee
from models.actions.desk import serving
from models.actions.origin import Colleague
from models.database import reader
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Conversation, Staff
from models.tables.events import EventKind
from models.tables.paging import EPOCH, LARGEST, Page, page_of, read_cursor, write_cursor
from models.world import World


class ByCustomer(Page):
    """A page of conversations in which nobody has to be waiting: a cursor names a row by its id alone."""

    __slots__ = ()

    def cursor(self, row: Any) -> str:
        return write_cursor(EPOCH, row.id)


async def waits(account: Account) -> None:
    """The customer wrote, in the caller's transaction: they wait since their first message without an answer."""
    found = await _of(account)
    found.waiting_since = found.waiting_since or account.now
    found.unanswered += 1
    await found.save(update_fields=["waiting_since", "unanswered"])


async def answered(account: Account) -> None:
    """Support wrote, in the caller's transaction: nobody waits any more."""
    await Conversation.filter(id=account.id).update(waiting_since=None, unanswered=0)


async def assign_conversation(
    world: World, colleague: Colleague, customer_id: UUID, staff_id: UUID | None
) -> Staff | None:
    """Somebody's to answer from now on; None puts it back. Raises Refused(NOT_PERMITTED, NOT_FOUND)."""
    chosen = await assignee(colleague, staff_id)
    async with serving(world, customer_id, by=colleague) as account:
        found = await Conversation.filter(id=account.id).first()
        if found is None:
            raise Refused(Reason.NOT_FOUND)
        found.assigned_to = chosen.id if chosen else None
        await found.save(update_fields=["assigned_to"])
        await account.event(EventKind.MODIFY, "conversation.assigned")
    return chosen


async def conversations_page(first: int, after: str | None, unanswered: bool | None, assigned_to: UUID | None) -> Page:
    """Customers who wait, longest first; with ``unanswered`` False those who do not, with None all. One statement.

    Raises Refused(INVALID_INPUT).
    """
    found = wanted(unanswered, assigned_to)
    if unanswered:
        return await page_of(found, "waiting_since", first, after, oldest_first=True)
    if not 1 <= first <= LARGEST:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("first",), ProblemCode.NOT_ALLOWED, LARGEST)])
    if after is not None:
        found = found.filter(id__gt=read_cursor(after)[1])
    rows = await found.order_by("id").limit(first + 1)
    return ByCustomer(rows[:first], "id", more=len(rows) > first, after=after is not None)


def wanted(unanswered: bool | None, assigned_to: UUID | None) -> Any:
    """The conversations meant, in no order."""
    found = Conversation.all().using_db(reader())
    if unanswered is not None:
        found = found.filter(waiting_since__isnull=not unanswered)
    return found.filter(assigned_to=assigned_to) if assigned_to is not None else found


async def _of(account: Account) -> Conversation:
    """The account's line, made with its first message; the account is locked, so nobody makes it twice."""
    found = await Conversation.filter(id=account.id).first()
    return found or await Conversation.create(id=account.id, customer_id=account.id)

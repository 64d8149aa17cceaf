"""Holds (clause 4.2): in a dispute the erasure of what they name is held back, and of nothing else, with a date of review.

While a hold stands, rows of the tables it names do not age, and what its customer would destroy in them is refused. A closed
account is not begun to be erased under any hold, for its rows share one key: its date moves, and says why. A hold that must not be
told leaves no event under the customer's alias, no obligation, no letter; it is in no report. Releasing one takes two people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Final
from uuid import UUID

from models.actions.account import Account
from models.actions.approvals import Opened as Proposed
from models.actions.approvals import Proposal, decides, propose
from models.actions.desk import DESK, permitted, serving
from models.actions.origin import Colleague
from models.checks import Checks
from models.database import reader
from models.policy import Role
from models.refused import ProblemCode, Reason, Refused
from models.tables import Event, Hold, Obligation
from models.tables.cases import HoldContents
from models.tables.events import EventContents, EventKind
from models.tables.obligations import ObligationContents
from models.tables.paging import Page, page_of
from models.tables.staff import ApprovalKind
from models.world import World

ALL: Final = "all"
KEEPERS: Final = (Role.PRIVACY_OFFICER,)
WAITS: Final = {
    "EN": "A hold stops the erasure until it is released.",
    "LV": "Dzēšana ir apturēta, līdz apturējumu atceļ.",
}
ERASURES: Final = ("CLOSED", "OFFICE_ERASE")
Opened = tuple[Hold, HoldContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewHold:
    """On which basis, what is kept (tables of the inventory, or 'all'), until which day it is reviewed."""

    basis: str
    scope: Sequence[str]
    review_by: date
    told: bool = True


async def place_hold(world: World, colleague: Colleague, customer_id: UUID, new: NewHold) -> Opened:
    """Keep what is named from being erased. Raises Refused(NOT_PERMITTED, INVALID_INPUT, NOT_FOUND)."""
    permitted(colleague, KEEPERS)
    basis, scope = _checked(world, new)
    async with serving(world, customer_id, by=colleague) as account:
        hold = Hold(
            id=world.new_id(), customer_id=account.id, scope=scope, placed_at=account.now, placed_by=colleague.staff.id,
            review_by=_moment(new.review_by), told_to_customer=new.told,
        )  # fmt: skip
        contents = HoldContents(basis=basis)
        hold.seal(account.keys, contents)
        await hold.save(force_create=True)
        await _promise_review(account, hold)
        await _note(account, hold, "hold.placed", basis)
        await say_why_it_waits(account)
        if hold.told_to_customer:
            await account.letter("hold-placed", basis=basis, review_by=hold.review_by)
    return hold, contents


async def review_hold(world: World, colleague: Colleague, hold_id: UUID, review_by: date, reason: str) -> Opened:
    """It still has to stand, and why; the next date. Raises Refused(NOT_PERMITTED, NOT_FOUND, INVALID_INPUT)."""
    permitted(colleague, KEEPERS)
    checks = Checks(today=world.today())
    reason = checks.text("reason", reason, "reason")
    _check_date(world, checks, review_by)
    checks.done()
    found = await _standing(hold_id)
    async with serving(world, found.customer_id, by=colleague) as account:
        hold = await _standing(hold_id)
        hold.review_by = _moment(review_by)
        await hold.save(update_fields=["review_by"])
        await account.fulfil("HOLD", subject=hold.id)
        await _promise_review(account, hold)
        await _note(account, hold, "hold.reviewed", reason)
    return hold, hold.opened(account.keys)


async def release_hold(world: World, colleague: Colleague, hold_id: UUID, reason: str) -> Proposed:
    """Propose to let it go; a second person decides. Raises Refused(NOT_PERMITTED, NOT_FOUND, INVALID_INPUT)."""
    permitted(colleague, KEEPERS)
    checks = Checks(today=world.today())
    reason = checks.text("reason", reason, "reason")
    checks.done()
    found = await _standing(hold_id)
    async with serving(world, found.customer_id, by=colleague) as account:
        hold = await _standing(hold_id)
        return await propose(
            account, ApprovalKind.HOLD_RELEASE, subject=hold.id, reason=reason, by=colleague, told=hold.told_to_customer
        )


@decides(ApprovalKind.HOLD_RELEASE, proposers=KEEPERS, approvers=DESK)
async def _release(proposal: Proposal) -> None:
    account, hold = proposal.about, await _standing(UUID(proposal.approval.subject))
    hold.released_at = account.now
    await hold.save(update_fields=["released_at"])
    await account.fulfil("HOLD", subject=hold.id)
    await _note(account, hold, "hold.released", proposal.contents.reason)
    if hold.told_to_customer:
        await account.letter("hold-released", at=account.now)


# ---- what a hold stops -----------------------------------------------------------------------------------------------
async def refuse_held(account: Account, table: str) -> None:
    """For whatever would destroy rows of a table. Raises Refused(ON_HOLD)."""
    if any(names(hold, table) for hold in await Hold.filter(customer_id=account.id, released_at=None)):
        raise Refused(Reason.ON_HOLD)


async def refuse_if_any(account: Account) -> None:
    """For erasing the whole account. Raises Refused(ON_HOLD)."""
    if await Hold.filter(customer_id=account.id, released_at=None).exists():
        raise Refused(Reason.ON_HOLD)


def names(hold: Hold, table: str) -> bool:
    """Whether a hold keeps the rows of a table."""
    return ALL in hold.scope or table in hold.scope


async def standing_holds() -> list[Hold]:
    """Every hold not released, whose customer and scope the retention duties ask for. One statement."""
    return await Hold.filter(released_at=None).only("id", "customer_id", "scope")


async def say_why_it_waits(account: Account) -> None:
    """A closed account's date of erasure says that a hold moved it, unless the hold must not be told."""
    if not await Hold.filter(customer_id=account.id, released_at=None, told_to_customer=True).exists():
        return
    for owed in await Obligation.filter(customer_id=account.id, rule__in=list(ERASURES), done_at=None):
        owed.seal(account.keys, ObligationContents(moved_because=WAITS[await account.locale()]))
        await owed.save(update_fields=["sealed"])


# ---- reading ---------------------------------------------------------------------------------------------------------
async def holds_page(first: int, after: str | None, review_before: date | None = None) -> tuple[Page, int]:
    """Holds that stand, the next to be reviewed first, and how many. Raises Refused(INVALID_INPUT)."""
    found = Hold.filter(released_at=None).using_db(reader())
    if review_before is not None:
        found = found.filter(review_by__lt=_moment(review_before))
    return await page_of(found, "review_by", first, after, oldest_first=True), await found.count()


async def holds_of(customer_id: UUID, *, told: bool = False) -> list[Hold]:
    """A customer's holds, newest first; with ``told`` those that stand and that the customer may know of."""
    found = Hold.filter(customer_id=customer_id).using_db(reader())
    if told:
        found = found.filter(told_to_customer=True, released_at=None)
    return await found.order_by("-placed_at", "-id").limit(20)


def _checked(world: World, new: NewHold) -> tuple[str, list[str]]:
    checks = Checks(today=world.today())
    basis = checks.text("basis", new.basis, "reason")
    scope = sorted(set(new.scope))
    tables = {entity.table for entity in world.policy.inventory.erased_with_person}
    if not scope:
        checks.problem("scope", ProblemCode.REQUIRED)
    elif not tables.issuperset(scope) and scope != [ALL]:
        checks.problem("scope", ProblemCode.NOT_ALLOWED)
    _check_date(world, checks, new.review_by)
    checks.done()
    return basis, scope


def _check_date(world: World, checks: Checks, review_by: date) -> None:
    latest = world.rule("HOLD").promised_at(world.now()).date()
    if not world.today() < review_by <= latest:
        checks.problem("reviewBy", ProblemCode.NOT_ALLOWED)


def _moment(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


async def _promise_review(account: Account, hold: Hold) -> None:
    """The review is a date like any other; it comes no later than the rule's."""
    if not hold.told_to_customer:
        return
    owed = await account.owe("HOLD", subject=hold.id)
    if hold.review_by < owed.due_at:
        owed.due_at = hold.review_by
        await owed.save(update_fields=["due_at"])


async def _standing(hold_id: UUID) -> Hold:
    found = await Hold.filter(id=hold_id, released_at=None).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


async def _note(account: Account, hold: Hold, action: str, reason: str) -> None:
    """In the customer's history, or, when they must not be told, in the audit alone and without the reason."""
    if hold.told_to_customer:
        await account.event(EventKind.NOTICE, action, fields=hold.scope, details=EventContents(reason=reason))
        return
    await Event(
        id=account.world.new_id(), at=account.now, kind=EventKind.NOTICE, action=action,
        actor_kind=account.by.kind, actor_id=account.by.id, fields_named=hold.scope,
    ).save(force_create=True)  # fmt: skip

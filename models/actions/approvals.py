"""What takes two people: proposed by one, decided by another, in one list.

Each kind of proposal is a ``Decision`` in DECISIONS, put there with ``decides`` by the action that it belongs to: who may
propose, who may approve, what is done then, in the same transaction as the decision. A proposal about a customer is sealed under
the customer's key and decided inside a transaction on that account; any other under the proposer's.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.actions.account import Account
from models.actions.desk import permitted, serving
from models.actions.origin import Colleague
from models.checks import Checks
from models.database import reader, transaction
from models.keys import Keys
from models.policy import Role
from models.refused import Reason, Refused
from models.tables import Approval, Event
from models.tables.events import ActorKind, EventContents, EventKind
from models.tables.paging import Page, page_of
from models.tables.staff import ApprovalContents, ApprovalKind
from models.world import World

Opened = tuple[Approval, ApprovalContents]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal that is being approved, by whom; ``account`` is the customer's, in the same transaction, if it is about one."""

    world: World
    approval: Approval
    contents: ApprovalContents
    by: Colleague
    account: Account | None

    @property
    def about(self) -> Account:
        """The account, of a proposal about a customer."""
        assert self.account is not None
        return self.account


@dataclass(frozen=True, slots=True)
class Decision:
    """Who may propose, who may approve (never the proposer), and what is done then."""

    proposers: tuple[Role, ...]
    approvers: tuple[Role, ...]
    run: Callable[[Proposal], Awaitable[None]]


DECISIONS: Final[dict[ApprovalKind, Decision]] = {}


def decides(
    kind: ApprovalKind, *, proposers: tuple[Role, ...], approvers: tuple[Role, ...]
) -> Callable[[Callable[[Proposal], Awaitable[None]]], Callable[[Proposal], Awaitable[None]]]:
    """Decorates what is done when a proposal of this kind is approved. It may refuse: then nothing is decided."""

    def keep(run: Callable[[Proposal], Awaitable[None]]) -> Callable[[Proposal], Awaitable[None]]:
        DECISIONS[kind] = Decision(proposers, approvers, run)
        return run

    return keep


# ---- proposing -------------------------------------------------------------------------------------------------------
async def propose(
    account: Account,
    kind: ApprovalKind,
    *,
    subject: UUID,
    reason: str,
    by: Colleague,
    due_at: datetime | None = None,
    details: dict[str, str] | None = None,
    told: bool = True,
) -> Opened:
    """Propose something about a customer, in the caller's transaction; proposed twice, the open proposal is answered.

    ``due_at``: when it has to be decided, the rule APPROVAL's date unless given. Raises Refused(NOT_PERMITTED).
    """
    permitted(by, DECISIONS[kind].proposers)
    there = await Approval.filter(customer_id=account.id, kind=kind, subject=str(subject), decided_at=None).first()
    if there is not None:
        return there, there.opened(account.keys)
    due = due_at or account.until("APPROVAL")
    approval = _new(account.world, kind, str(subject), by, account.now, due)
    approval.customer_id, approval.told_to_customer = account.id, told
    contents = ApprovalContents(reason=reason, details=details or {})
    approval.seal(account.keys, contents)
    await approval.save(force_create=True)
    await _note(account.world, account, "approval.proposed", approval, by, reason)
    return approval, contents


async def propose_alone(
    world: World,
    kind: ApprovalKind,
    *,
    subject: str,
    reason: str,
    by: Colleague,
    details: dict[str, str] | None = None,
) -> Opened:
    """Propose something about no customer, in a transaction of its own. Raises Refused(NOT_PERMITTED)."""
    permitted(by, DECISIONS[kind].proposers)
    keys, now = await world.vault.keys([by.staff.id]), world.now()
    contents = ApprovalContents(reason=reason, details=details or {})
    async with transaction():
        approval = _new(world, kind, subject, by, now, world.rule("APPROVAL").due_at(now))
        approval.seal(keys, contents)
        await approval.save(force_create=True)
        await _note(world, None, "approval.proposed", approval, by, reason)
    return approval, contents


def _new(world: World, kind: ApprovalKind, subject: str, by: Colleague, now: datetime, due_at: datetime) -> Approval:
    return Approval(
        id=world.new_id(), kind=kind, subject=subject, proposed_by=by.staff.id, proposed_at=now, due_at=due_at
    )


# ---- deciding --------------------------------------------------------------------------------------------------------
async def approve(world: World, colleague: Colleague, approval_id: UUID) -> Opened:
    """A second person agrees, and it is done in the same transaction.

    Raises Refused(NOT_FOUND, NOT_PERMITTED, SECOND_PERSON_REQUIRED), and whatever doing it refuses.
    """
    found = await _waiting(approval_id)
    decision = DECISIONS[found.kind]
    permitted(colleague, decision.approvers)
    if found.proposed_by == colleague.staff.id:
        raise Refused(Reason.SECOND_PERSON_REQUIRED)
    return await _settled(world, colleague, found, decision.run, None)


async def reject(world: World, colleague: Colleague, approval_id: UUID, reason: str) -> Opened:
    """Not to be done, and why; the proposer may take it back the same way.

    Raises Refused(NOT_FOUND, NOT_PERMITTED, INVALID_INPUT).
    """
    checks = Checks(today=world.today())
    reason = checks.text("reason", reason, "reason")
    checks.done()
    found = await _waiting(approval_id)
    if found.proposed_by != colleague.staff.id:
        permitted(colleague, DECISIONS[found.kind].approvers)
    return await _settled(world, colleague, found, None, reason)


async def cancel(account: Account, subject: str) -> None:
    """What the proposals were about has ended otherwise, in the caller's transaction."""
    for approval in await Approval.filter(customer_id=account.id, subject=subject, decided_at=None):
        await Approval.filter(id=approval.id).update(decided_at=account.now, approved=False)


async def _settled(
    world: World,
    by: Colleague,
    found: Approval,
    run: Callable[[Proposal], Awaitable[None]] | None,
    rejected_because: str | None,
) -> Opened:
    if found.customer_id is not None:
        async with serving(world, found.customer_id, by=by) as account:
            return await _decide(Decider(world, by, account.keys, account), found, run, rejected_because)
    keys = await world.vault.keys([found.proposed_by])
    async with transaction():
        return await _decide(Decider(world, by, keys, None), found, run, rejected_because)


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decides, with which keys."""

    world: World
    by: Colleague
    keys: Keys
    account: Account | None


async def _decide(
    who: Decider,
    found: Approval,
    run: Callable[[Proposal], Awaitable[None]] | None,
    rejected_because: str | None,
) -> Opened:
    """One atomic claim: of two who decide at once, the second finds nothing that waits."""
    contents: ApprovalContents = found.opened(who.keys)
    contents.rejected_because = rejected_because
    found.seal(who.keys, contents)
    found.decided_by, found.decided_at, found.approved = who.by.staff.id, who.world.now(), run is not None
    claimed = await Approval.filter(id=found.id, decided_at=None).update(
        decided_by=found.decided_by, decided_at=found.decided_at, approved=found.approved, sealed=found.sealed
    )
    if not claimed:
        raise Refused(Reason.NOT_FOUND)
    if who.account is not None:
        who.account.because = EventContents(reason=contents.reason)
    action = "approval.rejected" if run is None else "approval.approved"
    await _note(who.world, who.account, action, found, who.by, rejected_because)
    if run is not None:
        await run(Proposal(who.world, found, contents, who.by, who.account))
    return found, contents


async def _waiting(approval_id: UUID) -> Approval:
    found = await Approval.filter(id=approval_id, decided_at=None).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


async def _note(
    world: World, account: Account | None, action: str, approval: Approval, by: Colleague, reason: str | None
) -> None:
    """In the customer's history, unless they must not be told; then, and about no customer, in the audit alone."""
    if account is not None and approval.told_to_customer:
        details = EventContents(reason=reason) if reason else None
        await account.event(EventKind.NOTICE, action, fields=[approval.kind.value], details=details)
        return
    await Event(
        id=world.new_id(), at=world.now(), kind=EventKind.NOTICE, action=action, actor_kind=ActorKind.STAFF,
        actor_id=by.staff.id, fields_named=[approval.kind.value],
    ).save(force_create=True)  # fmt: skip


# ---- reading ---------------------------------------------------------------------------------------------------------
async def waiting_approvals(first: int, after: str | None) -> tuple[Page, int]:
    """What waits for a second person, the most urgent first, and how many. Raises Refused(INVALID_INPUT)."""
    waiting = Approval.filter(decided_at=None).using_db(reader())
    return await page_of(waiting, "due_at", first, after, oldest_first=True), await waiting.count()


async def approvals_of(subjects: list[UUID]) -> dict[str, Approval]:
    """The newest proposal about each of these, open or decided. One statement."""
    found = Approval.filter(subject__in=[str(one) for one in subjects]).using_db(reader())
    return {row.subject: row for row in await found.order_by("proposed_at", "id")}


def may_decide(colleague: Colleague, approval: Approval) -> bool:
    """Whether somebody is the second person that a proposal waits for, or may be."""
    return approval.proposed_by != colleague.staff.id and colleague.has_any(*DECISIONS[approval.kind].approvers)


async def opened_approvals(world: World, rows: list[Approval]) -> list[Opened]:
    """Each with its reason: one read of the keys."""
    keys = await world.vault.keys(row.person for row in rows)
    return [(row, row.opened(keys)) for row in rows if row.person in keys]

"""Doing what a request asks for, by its kind (clauses 4.1.4, 4.1.5, 4.2.2 and 5).

Copies, edits, restoring and deleting only for an owner who was identified. Deleting takes a second person; once approved the
account is closed, if it was not, and erased at once.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.exceptions import IntegrityError

from models.actions.account import Account
from models.actions.addresses import earlier_addresses
from models.actions.approvals import Opened as Proposed
from models.actions.approvals import Proposal, decides, propose
from models.actions.change_email import take_back
from models.actions.copies import order_copy
from models.actions.delete_profile import close
from models.actions.desk import DESK
from models.actions.edit_profile import ProfileChanges, checked_changes, supersede
from models.actions.holds import refuse_held, refuse_if_any
from models.actions.office import Opened, handling
from models.actions.origin import Colleague
from models.actions.preferences import object_to_all
from models.actions.related_persons import erase_related_person
from models.actions.reopening import reopen
from models.actions.requests import OPEN, Case
from models.actions.reset_access import reset_access
from models.actions.restore import put_back
from models.actions.restrictions import refuse_restricted, restrict
from models.checks import Checks
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Change, Closure, RelatedPerson, RightsRequest
from models.tables.cases import RequestKind, RequestStatus
from models.tables.events import EventKind
from models.tables.staff import ApprovalKind
from models.world import World

IDENTIFIED: Final = (RequestKind.COPY, RequestKind.UPDATE, RequestKind.DELETE, RequestKind.RESTORE)
DONE: Final = {
    RequestKind.UPDATE: ("Your profile was changed as you asked.", "Jūsu profils mainīts, kā lūdzāt."),
    RequestKind.RESTORE: ("Your profile was restored as you asked.", "Jūsu profils atjaunots, kā lūdzāt."),
    RequestKind.DELETE: (
        "We are erasing your profile now; within two days of your request nothing of it is left on our servers.",
        "Mēs tagad dzēšam Jūsu profilu; divu dienu laikā pēc lūguma mūsu serveros no tā nekas nepaliks.",
    ),
    RequestKind.RESTRICT: (
        "We only store your data now and do nothing else with it, until you take the request back.",
        "Tagad Jūsu datus tikai glabājam un neko citu ar tiem nedarām, līdz pieprasījumu atsaucat.",
    ),
    RequestKind.OBJECT: (
        "Marketing letters and personalisation have stopped.",
        "Reklāmas vēstules un personalizācija ir apturēta.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How to do it: new values, old values to bring back (ids of changes), access to be reset, a word for the customer."""

    revision: int | None = None
    changes: ProfileChanges | None = None
    email: str | None = None
    restore: Sequence[UUID] = ()
    reset_access: bool = False
    explanation: str | None = None

    @property
    def edits(self) -> bool:
        return self.changes is not None or self.email is not None or bool(self.restore)


async def fulfil(world: World, colleague: Colleague, request_id: UUID, doing: Doing) -> tuple[Opened, Proposed | None]:
    """Do it; the request, and for DELETE the proposal that now waits for a second person.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY before the identity check or after its end, INVALID_INPUT,
    STALE_REVISION, EXPIRED_TOKEN for a value that can no longer be restored, RESTRICTED, ON_HOLD).
    """
    values, email, explanation = await _checked(world, doing)
    try:
        async with handling(world, request_id, by=colleague) as case:
            proposal = await _by_kind(case, colleague, doing, values, email, explanation)
    except IntegrityError:  # somebody else took the address a moment ago
        if email is None:
            raise
        raise _taken() from None
    return (case.request, case.contents), proposal


async def _by_kind(
    case: Case, by: Colleague, doing: Doing, values: dict[str, object], email: str | None, explanation: str | None
) -> Proposed | None:
    request, account = case.request, case.account
    if request.related_person_id is None and request.kind in IDENTIFIED and request.checked_at is None:
        raise Refused(Reason.NOT_READY)
    if doing.revision is not None and doing.revision != account.customer.revision:
        raise Refused(Reason.STALE_REVISION)
    match request.kind:
        case RequestKind.COPY:
            await order_copy(case)
            await case.event(EventKind.ACCESS, "request.copy-ordered")
            return None
        case RequestKind.DELETE if request.related_person_id is None:
            return await _propose_deletion(case, by, explanation)
        case RequestKind.DELETE:
            await _erase_third_person(case)
        case RequestKind.UPDATE | RequestKind.RESTORE:
            await _edit(case, doing, values, email, explanation)
        case RequestKind.RESTRICT:
            await restrict(account, request.id)
        case RequestKind.OBJECT:
            await object_to_all(account)
    await _done(case, explanation)
    return None


async def _done(case: Case, explanation: str | None) -> None:
    await case.end(RequestStatus.FULFILLED, explanation)
    await case.event(EventKind.MODIFY, "request.fulfilled")
    if case.request.related_person_id is None:
        english, latvian = DONE[case.request.kind]
        said = explanation or (latvian if await case.account.locale() == "LV" else english)
        await case.account.letter("request-done", number=case.request.number, explanation=said)


# ---- updating and restoring ------------------------------------------------------------------------------------------
async def _edit(
    case: Case, doing: Doing, values: dict[str, object], email: str | None, explanation: str | None
) -> None:
    account, kind = case.account, case.request.kind
    if doing.edits:
        refuse_restricted(account.customer)
    reopening = kind is RequestKind.RESTORE and account.customer.is_closed
    if not (doing.edits or doing.reset_access or reopening or (kind is RequestKind.UPDATE and explanation)):
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("input", "changes"), ProblemCode.REQUIRED)])
    if reopening:
        await reopen(account, case.request.number)
    await _bring_back(account, doing)
    if email is not None:
        await take_back(account, email, revertible=not doing.reset_access)
        await account.event(EventKind.MODIFY, "email.changed", fields=["email"])
        for address in (await earlier_addresses(account))[1:] if doing.reset_access else ():
            await account.letter("contact-changed", to=address, field="email", at=account.now)
    if values:
        await supersede(account, values, action="profile.edited")
    if doing.reset_access:
        await reset_access(account)


async def _bring_back(account: Account, doing: Doing) -> None:
    """Old values, the latest change first, so that of two changes of one field the older value stays."""
    found = await Change.filter(id__in=list(doing.restore), customer_id=account.id).order_by("-changed_at", "-id")
    if len(found) != len(set(doing.restore)):
        raise Refused(Reason.NOT_FOUND)
    for change in found:
        if change.restored_at is not None or change.restorable_until <= account.now:
            raise Refused(Reason.EXPIRED_TOKEN)
        await put_back(account, change, revertible=not doing.reset_access)


async def _checked(world: World, doing: Doing) -> tuple[dict[str, object], str | None, str | None]:
    """New values by the profile's field, the new address, the explanation; canonical. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    explanation = checks.optional(checks.text, "explanation", doing.explanation, "explanation")
    email = checks.optional(checks.email, ("changes", "email"), doing.email)
    try:
        values = checked_changes(world, doing.changes, at=("changes",)) if doing.changes else {}
    except Refused as refused:
        values = {}
        checks.problems += refused.problems
    checks.done()
    return values, email, explanation


def _taken() -> Refused:
    return Refused(Reason.INVALID_INPUT, problems=[Problem(("changes", "email"), ProblemCode.DUPLICATE)])


# ---- deleting --------------------------------------------------------------------------------------------------------
async def _propose_deletion(case: Case, by: Colleague, explanation: str | None) -> Proposed:
    """It waits for a second person; the request's own date is the proposal's."""
    await refuse_if_any(case.account)
    return await propose(
        case.account,
        ApprovalKind.OFFICE_DELETION,
        subject=case.request.id,
        reason=explanation or case.request.number,
        by=by,
        due_at=case.request.due_at,
    )


@decides(ApprovalKind.OFFICE_DELETION, proposers=DESK, approvers=DESK)
async def _delete(proposal: Proposal) -> None:
    """Closed if it was not, and due to be erased at once; verified within two days of the request (rule OFFICE_ERASE)."""
    account = proposal.about
    request = await RightsRequest.filter(id=UUID(proposal.approval.subject)).first()
    if request is None or request.status not in OPEN:
        raise Refused(Reason.NOT_READY)
    await refuse_if_any(account)
    case = Case(account, request, request.opened(account.keys))
    request.confirmed_by = proposal.by.staff.id
    await _done(case, None)
    closure = await Closure.filter(customer_id=account.id).first()
    if closure is None:
        await close(account, closed_by="OFFICE", clause="5", received_at=request.received_at)
        return
    rule = account.world.rule("OFFICE_ERASE", account.customer.governed_by)
    closure.closed_by, closure.erase_at = "OFFICE", rule.due_at(request.received_at)
    closure.erase_by = min(closure.erase_by, rule.promised_at(request.received_at))
    await closure.save(update_fields=["closed_by", "erase_at", "erase_by"])
    await account.owe("OFFICE_ERASE", subject=closure.id, started_at=request.received_at)


async def _erase_third_person(case: Case) -> None:
    """Somebody the customer named asks to be erased (clause 4.1.5)."""
    person = await RelatedPerson.filter(id=case.request.related_person_id, customer_id=case.account.id).first()
    if person is not None:  # else the customer was faster
        await refuse_held(case.account, "related_person")
        await erase_related_person(case.account, person, owed_already=True)
        await case.account.event(EventKind.REMOVE, "related-person.removed-themselves", fields=["relatedPersons"])

"""The office desk (clauses 4.2.2 and 5): what comes in at the counter or by post, who the owner is, what is refused and why.

Staff need no open record for it: nothing of the customer is read here. Roles: OFFICE and PRIVACY_OFFICER.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.actions.account import Account
from models.actions.addresses import earlier_addresses
from models.actions.desk import DESK, permitted, serving
from models.actions.origin import Colleague
from models.actions.requests import OPEN, Case, new_request
from models.checks import Checks
from models.policy import Role
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import RelatedPerson, RightsRequest, Staff
from models.tables.cases import IdentityDocument, RequestChannel, RequestKind, RequestStatus, RightsRequestContents
from models.tables.events import EventContents, EventKind
from models.world import World

ASSIGNERS = (*DESK, Role.SENIOR_SUPPORT)
Opened = tuple[RightsRequest, RightsRequestContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentShown:
    """The document that somebody showed: its kind, its last four signs, at which office. Never a scan or the whole number."""

    document: IdentityDocument
    last_four: str
    office_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A request that came to the office or by post. With ``related_person_id`` it is that person's own (clause 4.1.5)."""

    customer_id: UUID
    kind: RequestKind
    channel: RequestChannel
    received_at: datetime
    related_person_id: UUID | None = None
    text: str | None = None
    shown: DocumentShown | None = None


@asynccontextmanager
async def handling(world: World, request_id: UUID, *, by: Colleague) -> AsyncIterator[Case]:
    """An open request in one transaction with its account.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY when it has ended already).
    """
    permitted(by, DESK)
    found = await RightsRequest.filter(id=request_id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    async with serving(world, found.customer_id, by=by) as account:
        request = await RightsRequest.filter(id=request_id).first()
        if request is None or request.status not in OPEN:
            raise Refused(Reason.NOT_READY)
        case = Case(account, request, request.opened(account.keys))
        case.is_why()
        yield case


async def receive(world: World, colleague: Colleague, given: Received) -> Opened:
    """Take a request in; its clock starts when it was received, not when it was written down.

    Raises Refused(NOT_PERMITTED, INVALID_INPUT, NOT_FOUND).
    """
    permitted(colleague, DESK)
    text = _checked(world, given)
    shown = checked_document(world, given.shown, at=("check",)) if given.shown else None
    async with serving(world, given.customer_id, by=colleague) as account:
        await _owned(account, given.related_person_id)
        case = await new_request(
            account,
            given.kind,
            given.channel,
            text=text,
            received_at=given.received_at,
            related_person_id=given.related_person_id,
        )
        case.is_why()
        await case.event(EventKind.CREATE, "request.received")
        if shown is not None:
            await _identified(case, shown, colleague)
        for address in await _addresses(case):
            await account.letter(
                "request-received",
                to=address,
                number=case.request.number,
                what=given.kind.value,
                due_at=case.request.due_at,
            )
    return case.request, case.contents


async def identify(world: World, colleague: Colleague, request_id: UUID, shown: DocumentShown) -> Opened:
    """The owner showed a document: its kind and last four signs, where, and who looked at it.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY, INVALID_INPUT).
    """
    checked = checked_document(world, shown, at=("check",))
    async with handling(world, request_id, by=colleague) as case:
        await _identified(case, checked, colleague)
    return case.request, case.contents


async def deny(world: World, colleague: Colleague, request_id: UUID, reason: str) -> Opened:
    """Refuse a request, with its reason and who supervises us (clause 4.2.1).

    The letter goes to the address we hold, never to one given at the desk: whoever is not who they say learns nothing.
    Raises Refused(NOT_PERMITTED, NOT_FOUND, NOT_READY, INVALID_INPUT).
    """
    checks = Checks(today=world.today())
    reason = checks.text("reason", reason, "reason")
    checks.done()
    async with handling(world, request_id, by=colleague) as case:
        await case.end(RequestStatus.DENIED, reason)
        await case.event(EventKind.MODIFY, "request.denied", EventContents(reason=reason))
        if case.request.related_person_id is None:
            account = case.account
            authorities = world.policy.company.authorities_in(await account.locale())
            await account.letter("request-denied", number=case.request.number, reason=reason, authorities=authorities)
    return case.request, case.contents


async def assign_request(world: World, colleague: Colleague, request_id: UUID, staff_id: UUID | None) -> Staff | None:
    """Somebody's work from now on; None puts it back. Raises Refused(NOT_PERMITTED, NOT_FOUND)."""
    permitted(colleague, ASSIGNERS)
    member = None
    if staff_id is not None:
        member = await Staff.filter(id=staff_id, deactivated_at=None).first()
        if member is None:
            raise Refused(Reason.NOT_FOUND)
    found = await RightsRequest.filter(id=request_id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    async with serving(world, found.customer_id, by=colleague) as account:
        await RightsRequest.filter(id=request_id).update(assigned_to=staff_id)
        await Case(account, found, found.opened(account.keys)).event(EventKind.MODIFY, "request.assigned")
    return member


def checked_document(world: World, shown: DocumentShown, *, at: tuple[str, ...]) -> DocumentShown:
    """In canonical form. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    last_four = checks.last_four((*at, "lastFour"), shown.last_four)
    if shown.office_id not in {office.id for office in world.policy.company.offices}:
        checks.problem((*at, "officeId"), ProblemCode.NOT_ALLOWED)
    checks.done()
    return DocumentShown(document=shown.document, last_four=last_four, office_id=shown.office_id)


async def _identified(case: Case, shown: DocumentShown, by: Colleague) -> None:
    request = case.request
    request.document, request.office_id = shown.document, shown.office_id
    request.checked_by, request.checked_at, request.confirmed_by = by.staff.id, case.account.now, None
    request.status = RequestStatus.IN_PROGRESS
    case.contents.last_four = shown.last_four
    await case.save()
    await case.event(EventKind.MODIFY, "request.identified")


def _checked(world: World, given: Received) -> str | None:
    checks, now = Checks(today=world.today()), world.now()
    text = checks.optional(checks.text, "text", given.text, "request")
    if given.channel is RequestChannel.PORTAL:  # the customer's own way in
        checks.problem("channel", ProblemCode.NOT_ALLOWED)
    if given.received_at > now:
        checks.problem("receivedAt", ProblemCode.IN_THE_FUTURE)
    elif given.received_at < world.rule("LATE_ENTRY").expired_before(now):
        checks.problem("receivedAt", ProblemCode.NOT_ALLOWED)
    if given.related_person_id is not None and given.kind is not RequestKind.DELETE:
        checks.problem("relatedPersonId", ProblemCode.NOT_ALLOWED)
    checks.done()
    return text


async def _owned(account: Account, related_person_id: UUID | None) -> None:
    """Raises Refused(INVALID_INPUT) for a person that this customer did not name."""
    if related_person_id is None:
        return
    if not await RelatedPerson.filter(id=related_person_id, customer_id=account.id).exists():
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("relatedPersonId",), ProblemCode.NOT_ALLOWED)])


async def _addresses(case: Case) -> list[str]:
    """Where a notice of the request goes: every address of the last 90 days; nowhere for a third person's own request."""
    return [] if case.request.related_person_id is not None else await earlier_addresses(case.account)

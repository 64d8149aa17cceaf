"""Requests of a customer's rights, with their clocks: how one begins, how it ends, and what customers file themselves.

A request's ``due_at`` is what is promised (the rule's ceiling); its obligation has both, so that work is done earlier.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from models.actions import throttle
from models.actions.account import Account, changing, customer_actor
from models.actions.approvals import cancel
from models.actions.origin import Viewer
from models.actions.preferences import object_to_all
from models.actions.restrictions import lift, restrict
from models.actions.sign_up import customer_number
from models.checks import Checks
from models.database import reader
from models.policy import limits
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Export, Obligation, RightsRequest
from models.tables.cases import RequestChannel, RequestKind, RequestStatus, RightsRequestContents
from models.tables.events import REQUESTED, EventContents, EventKind
from models.tables.exports import ExportStatus
from models.world import World

OPEN: Final = (RequestStatus.RECEIVED, RequestStatus.IN_PROGRESS)
OWN: Final = (RequestKind.RESTRICT, RequestKind.OBJECT, RequestKind.UPDATE)
"""What customers file themselves; a copy, a deletion and a restored value have their own ways."""
ONE_OF_A_KIND: Final = (RequestKind.RESTRICT, RequestKind.OBJECT)
AT_MOST: Final = limits.most("open requests").most
REQUESTS = limits.throttle("requests")
Opened = tuple[RightsRequest, RightsRequestContents]


@dataclass(slots=True)
class Case:
    """A request, opened, beside the account it is about. Only inside their transaction."""

    account: Account
    request: RightsRequest
    contents: RightsRequestContents

    def is_why(self) -> None:
        """What staff do to the account from here on is done because it was asked for."""
        self.account.because = EventContents(reason=REQUESTED, ticket=self.request.number)

    async def save(self) -> None:
        self.request.seal(self.account.keys, self.contents)
        await self.request.save()

    async def event(self, kind: EventKind, action: str, details: EventContents | None = None) -> None:
        """What happened with it; its number is named, so that the event is found by it, and its row says it too."""
        request, now = self.request, self.account.now
        await self.account.event(kind, action, fields=[request.number], details=details)
        request.last_action, request.last_action_at = action, now
        await RightsRequest.filter(id=request.id).update(last_action=action, last_action_at=now)

    async def clock_stops(self) -> None:
        """What was promised is done."""
        request = self.request
        subject = request.related_person_id or request.id
        await Obligation.filter(customer_id=self.account.id, subject_id=subject, done_at=None).update(
            done_at=self.account.now
        )

    async def end(self, status: RequestStatus, explanation: str | None) -> None:
        """It has ended, and with it what only waited for it: a proposal, a restriction, a copy nobody fetched."""
        request = self.request
        request.status, request.ended_at = status, self.account.now
        self.contents.explanation = explanation or self.contents.explanation
        await self.save()
        await self.clock_stops()
        await cancel(self.account, str(request.id))
        if status is not RequestStatus.FULFILLED:
            await lift(self.account, request.id)
            waiting = Export.filter(id=request.export_id, status__in=[ExportStatus.REQUESTED, ExportStatus.READY])
            await waiting.update(status=ExportStatus.EXPIRED)


async def new_request(
    account: Account,
    kind: RequestKind,
    channel: RequestChannel,
    *,
    text: str | None,
    received_at: datetime,
    related_person_id: UUID | None = None,
) -> Case:
    """A request and the obligation that measures it, in the caller's transaction."""
    request_id = account.world.new_id()
    rule = rule_of(kind, channel, third_person=related_person_id is not None)
    owed = await account.owe(rule, subject=related_person_id or request_id, started_at=received_at)
    request = RightsRequest(
        id=request_id,
        customer_id=account.id,
        number=f"R-{received_at:%Y}-{customer_number(request_id)[1:]}",
        related_person_id=related_person_id,
        kind=kind,
        channel=channel,
        status=RequestStatus.RECEIVED,
        clause=owed.clause,
        received_at=received_at,
        recorded_at=account.now,
        due_at=owed.ceiling,
    )
    contents = RightsRequestContents(text=text)
    request.seal(account.keys, contents)
    await request.save(force_create=True)
    return Case(account, request, contents)


def rule_of(kind: RequestKind, channel: RequestChannel, *, third_person: bool) -> str:
    """Which promise a request falls under."""
    if third_person:
        return "RELATED_PERSON"
    if kind is RequestKind.COPY:
        return "COPY"
    if kind in ONE_OF_A_KIND or channel is RequestChannel.PORTAL:
        return "REQUEST"
    return "OFFICE_48H"


async def file_request(world: World, viewer: Viewer, kind: RequestKind, text: str) -> Opened:
    """A customer asks for a restriction or objects, which takes effect at once, or for an edit that cannot be made here.

    Raises Refused(INVALID_INPUT, LIMIT_REACHED, TOO_MANY_ATTEMPTS).
    """
    checks = Checks(today=world.today())
    text = checks.text("text", text, "request")
    if kind not in OWN:
        checks.problem("kind", ProblemCode.NOT_ALLOWED)
    checks.done()
    await throttle.count(world, REQUESTS, str(viewer.customer.id))
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        await _room_for(account, kind)
        case = await new_request(account, kind, RequestChannel.PORTAL, text=text, received_at=account.now)
        request = case.request
        if kind is RequestKind.RESTRICT:
            await restrict(account, request.id)
        elif kind is RequestKind.OBJECT:
            await object_to_all(account)
        await case.event(EventKind.CREATE, "request.filed")
        await account.letter("request-received", number=request.number, what=kind.value, due_at=request.due_at)
    return request, case.contents


async def withdraw_request(world: World, viewer: Viewer, request_id: UUID) -> Opened:
    """Take a request back, and what it brought: a restriction is lifted. Consents stay withdrawn until given anew.

    Raises Refused(NOT_FOUND), also for one that has ended and has no effect any more.
    """
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        request = await RightsRequest.filter(id=request_id, customer_id=account.id).first()
        if request is None or not _can_be_taken_back(request):
            raise Refused(Reason.NOT_FOUND)
        case = Case(account, request, request.opened(account.keys))
        await case.end(RequestStatus.CANCELLED, None)
        await case.event(EventKind.MODIFY, "request.withdrawn")
    return request, case.contents


def _can_be_taken_back(request: RightsRequest) -> bool:
    lasting = request.status is RequestStatus.FULFILLED and request.kind in ONE_OF_A_KIND
    return request.related_person_id is None and (request.status in OPEN or lasting)


async def _room_for(account: Account, kind: RequestKind) -> None:
    open_ones = await RightsRequest.filter(customer_id=account.id, status__in=list(OPEN))
    if kind in ONE_OF_A_KIND and any(one.kind is kind for one in open_ones):
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("kind",), ProblemCode.DUPLICATE)])
    if len(open_ones) >= AT_MOST:
        raise Refused(Reason.LIMIT_REACHED)


async def under_way(customer_id: UUID) -> list[RightsRequest]:
    """A customer's open requests, the most urgent first. One statement."""
    found = RightsRequest.filter(customer_id=customer_id, related_person_id=None, status__in=list(OPEN))
    return await found.using_db(reader()).order_by("due_at", "id").limit(AT_MOST)


async def requests_of_record(customer_id: UUID, at_most: int = 20) -> list[RightsRequest]:
    """All requests about a customer, third persons' too, newest first: for staff. One statement."""
    found = RightsRequest.filter(customer_id=customer_id).using_db(reader())
    return await found.order_by("-received_at", "-id").limit(at_most)

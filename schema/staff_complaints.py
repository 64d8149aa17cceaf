"""Complaints, as staff handle them: words and names only under an open grant, or for the privacy officer."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import masks
from models.actions import complaint_handling as handling
from models.actions import complaint_queue
from models.actions.complaint_queue import Beside
from models.actions.complaints import NewComplaint, receive_complaint
from models.actions.powers import MAY, Power
from models.tables import Complaint as Row
from models.tables.cases import ComplaintContents, RequestChannel
from schema.access import Context, context, staff
from schema.complaints import ContactInput
from schema.customer_hits import CustomerHit
from schema.masking import MaskedValue
from schema.nodes import Node, encode, given_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.staff import StaffMember


@strawberry.type(description="Who complained, when that is no customer.")
class MaskedContact:
    """The contract's MaskedContact."""

    name: MaskedValue
    email: MaskedValue


@strawberry.type(
    description="A complaint. text, complainant and outcome are null without an open grant or the privacy officer's role."
)
class StaffComplaint(Node):
    """The contract's StaffComplaint."""

    id: strawberry.ID
    number: str
    channel: RequestChannel
    customer: CustomerHit | None = strawberry.field(description="Null when the complainant is not a customer.")
    complainant: MaskedContact | None
    received_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    closed_at: datetime | None
    overdue: bool
    assigned_to: StaffMember | None
    text: str | None
    outcome: str | None
    authority: str | None
    regulator_reference: str | None
    evidence_sha256: str | None = strawberry.field(description="Of the evidence as it was when it was referred.")
    case: strawberry.Private[tuple[Row, ComplaintContents | None]]

    @strawberry.field(description="What an authority is shown, as canonical JSON; null where the text is.")
    async def evidence(self, info: Info[Any, Any]) -> str | None:
        row, contents = self.case
        return (await handling.evidence_bundle(context(info).world, row, contents)).decode() if contents else None


StaffComplaintConnection, StaffComplaintEdge = connection("StaffComplaint", StaffComplaint, counted=True)


async def staff_complaints(ctx: Context, rows: Sequence[Row]) -> dict[Row, StaffComplaint]:
    """Complaints with all that stands beside them: as many statements for fifty as for one."""
    assert ctx.colleague is not None
    found = await complaint_queue.beside(ctx.world, ctx.colleague, rows)
    return {row: _complaint(ctx, row, found) for row in rows}


async def complaints_of_customer(ctx: Context, customer_id: Any) -> list[StaffComplaint]:
    """Those of one customer, newest first: for an open record."""
    return list((await staff_complaints(ctx, await complaint_queue.complaints_of_record(customer_id))).values())


def _complaint(ctx: Context, row: Row, found: Beside) -> StaffComplaint:
    contents = found.contents.get(row.id) if row.id in found.readable else None
    hit = found.hits.get(row.customer_id) if row.customer_id else None
    assignee = found.members.get(row.assigned_to) if row.assigned_to else None
    return StaffComplaint(
        id=encode(ctx, "StaffComplaint", row.id),
        number=row.number,
        channel=row.channel,
        customer=CustomerHit.of(ctx, hit) if hit else None,
        complainant=_contact() if row.customer_id is None and contents else None,
        received_at=row.received_at,
        acknowledge_by=row.acknowledge_by,
        acknowledged_at=row.acknowledged_at,
        closed_at=row.closed_at,
        overdue=row.acknowledged_at is None and row.closed_at is None and row.acknowledge_by <= ctx.world.now(),
        assigned_to=StaffMember.of(ctx, *assignee) if assignee else None,
        text=contents.text if contents else None,
        outcome=contents.outcome if contents else None,
        authority=row.authority,
        regulator_reference=row.regulator_reference,
        evidence_sha256=row.evidence_sha256,
        case=(row, contents),
    )


def _contact() -> MaskedContact:
    """A stranger's name and address are never needed to answer: the letter finds its way by itself."""
    return MaskedContact(
        name=MaskedValue(masked=masks.mask_name(), present=True, ref=None),
        email=MaskedValue(masked=masks.mask_email(), present=True, ref=None),
    )


@strawberry.input(description="A complaint that came to the office or by post.")
class ReceiveComplaintInput:
    """The contract's ReceiveComplaintInput."""

    customer_id: strawberry.ID | None = strawberry.UNSET
    contact: ContactInput | None = strawberry.UNSET
    channel: RequestChannel
    received_at: datetime
    text: str

    def new(self) -> NewComplaint:
        contact = (self.contact.name, self.contact.email) if self.contact else None
        return NewComplaint(text=self.text, contact=contact, channel=self.channel, received_at=self.received_at)


@strawberry.type(description="The complaint as it stands now.")
class ComplaintUpdated:
    """The contract's ComplaintUpdated."""

    complaint: StaffComplaint


ComplaintResult = Annotated[ComplaintUpdated | Refusal, result("ComplaintResult")]


async def _updated(ctx: Context, row: Row) -> ComplaintUpdated:
    return ComplaintUpdated(complaint=(await staff_complaints(ctx, [row]))[row])


@strawberry.type
class StaffComplaintQueries:
    """The queue of complaints."""

    @strawberry.field(description="Open ones unless said, the next to acknowledge first; number finds one.")
    async def complaints(
        self,
        info: Info[Any, Any],
        first: int = 20,
        after: str | None = strawberry.UNSET,
        number: str | None = strawberry.UNSET,
        open: bool | None = strawberry.UNSET,
        overdue: bool | None = strawberry.UNSET,
        assigned_to: strawberry.ID | None = strawberry.UNSET,
    ) -> StaffComplaintConnection:  # type: ignore[valid-type]
        ctx, _ = context(info), staff(info, *MAY[Power.READ_COMPLAINTS])
        to = given_id(ctx, assigned_to, "StaffMember") if assigned_to else None
        wanted = complaint_queue.wanted(ctx.world.now(), number or None, open, overdue, to)
        page, total = await complaint_queue.queue(wanted, first, after or None)
        built = await staff_complaints(ctx, page.rows)
        return StaffComplaintConnection.of(page, built.__getitem__, total)


@strawberry.type
class StaffComplaintMutations:
    """What staff do with a complaint."""

    @strawberry.mutation(description="Of a customer or anybody; the clock starts at receivedAt.")
    async def receive_complaint(self, info: Info[Any, Any], input: ReceiveComplaintInput) -> ComplaintResult:
        ctx, who = context(info), staff(info)
        customer = given_id(ctx, input.customer_id, "Customer", "CustomerRecord") if input.customer_id else None
        row, _ = await receive_complaint(ctx.world, who, customer, input.new())
        return await _updated(ctx, row)

    @strawberry.mutation(description="A person has read it; a letter says so.")
    async def acknowledge_complaint(self, info: Info[Any, Any], id: strawberry.ID) -> ComplaintResult:
        ctx, who = context(info), staff(info)
        row, _ = await handling.acknowledge_complaint(ctx.world, who, given_id(ctx, id, "StaffComplaint"))
        return await _updated(ctx, row)

    @strawberry.mutation(description="A supervisory authority has it too, under a number of its own.")
    async def refer_complaint(
        self, info: Info[Any, Any], id: strawberry.ID, authority: str, reference: str
    ) -> ComplaintResult:
        ctx, who = context(info), staff(info)
        row, _ = await handling.refer_complaint(
            ctx.world, who, given_id(ctx, id, "StaffComplaint"), authority, reference
        )
        return await _updated(ctx, row)

    @strawberry.mutation(description="What came of it; a letter tells, with the authorities to go to.")
    async def close_complaint(self, info: Info[Any, Any], id: strawberry.ID, outcome: str) -> ComplaintResult:
        ctx, who = context(info), staff(info)
        row, _ = await handling.close_complaint(ctx.world, who, given_id(ctx, id, "StaffComplaint"), outcome)
        return await _updated(ctx, row)

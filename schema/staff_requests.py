"""A customer's request as staff see it; what stands beside it is read once for a list."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

import strawberry

from models.actions import request_queue
from models.actions import requests as asking
from models.tables import RightsRequest as Row
from models.tables.cases import RequestChannel, RequestKind, RequestStatus
from schema.access import Context
from schema.approvals import Approval
from schema.audit_entries import AuditEntry
from schema.beside_requests import CHECKED, NAMED, SEALED, approvals, assignees, checks, texts
from schema.customer_hits import OF_ROW, CustomerHit
from schema.identity_checks import IdentityCheck
from schema.latest_events import LAST_ACTION, latest
from schema.nodes import Node, encode, node_id
from schema.pages import connection
from schema.related import beside
from schema.request_customers import HIT, customers
from schema.requests import fulfilled_at
from schema.sources import FromRow, column, derived, told
from schema.staff import StaffMember


def _about(ctx: Context, row: Any, _: Any) -> strawberry.ID | None:
    return encode(ctx, "MaskedRelatedPerson", row.related_person_id) if row.related_person_id else None


@strawberry.type(
    description="A customer's request with its deadline; the office's are due in two days, a copy in two weeks."
)
class StaffRequest(Node, FromRow):
    """The contract's StaffRequest."""

    id: strawberry.ID = node_id("StaffRequest")
    number: str = column()
    kind: RequestKind = column()
    channel: RequestChannel = column()
    status: RequestStatus = column()
    received_at: datetime = column()
    due_at: datetime = column()
    overdue: bool = told(
        lambda ctx: partial(request_queue.is_overdue, ctx.world.now()), "status", "copy_ready_at", "due_at"
    )
    customer: CustomerHit = beside(customers, columns=("id", "customer_id"), joined=OF_ROW)
    related_person_id: strawberry.ID | None = derived(
        _about, columns=("related_person_id",), description="Whose own request it is (clause 4.1.5)."
    )
    text: str | None = beside(texts, columns=SEALED, description="Null without an open grant.")
    identity_check: IdentityCheck | None = beside(checks, columns=CHECKED)
    assigned_to: StaffMember | None = beside(assignees, columns=NAMED)
    approval: Approval | None = beside(approvals, columns=("id", "customer_id", *HIT))
    copy_ready_at: datetime | None = column(description="When the worker finished it: stops the two weeks.")
    handed_over_at: datetime | None = column()
    fulfilled_at: datetime | None = derived(fulfilled_at, columns=("ended_at", "status"))
    explanation: str | None = derived(
        lambda _, __, contents: contents.explanation if contents else None, sealed=("explanation",)
    )
    latest_event: AuditEntry | None = beside(
        latest, columns=("id", "number", "customer_id", "recorded_at", *HIT), known=LAST_ACTION
    )
    clause: str = column()


StaffRequestConnection, StaffRequestEdge = connection("StaffRequest", StaffRequest, counted=True)


async def staff_requests(ctx: Context, rows: Sequence[Row]) -> dict[Row, StaffRequest]:
    """Requests; all that stands beside them costs as many statements for fifty as for one."""
    keys = await ctx.world.vault.keys({row.customer_id for row in rows})
    built = {}
    for row in rows:
        built[row] = StaffRequest.of(ctx, row, row.opened(keys) if row.customer_id in keys else None)
        built[row].rows = rows  # type: ignore[misc]  # of this list
    return built


async def staff_request(ctx: Context, row: Row) -> StaffRequest:
    """One of them."""
    return (await staff_requests(ctx, [row]))[row]


async def requests_of_customer(ctx: Context, customer_id: Any) -> list[StaffRequest]:
    """Those about one customer, newest first: for an open record."""
    return list((await staff_requests(ctx, await asking.requests_of_record(customer_id))).values())

"""What the tests of the office desk share: ids as a member of staff sees them, and the desk's operations."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from models.tables import AccessGrant, Customer
from models.tables.access import GrantReason
from schema.nodes import encode
from tests.factories import Client, House

REQUEST = """id number kind channel status receivedAt dueAt overdue customer {id number state maskedName maskedEmail} text
    identityCheck {document lastFour officeId checkedBy confirmedBy} assignedTo {name} approval {kind mine} copyReadyAt
    handedOverAt fulfilledAt explanation latestEvent {action actor title} clause relatedPersonId"""
RECEIVE = f"""mutation($i: ReceiveRequestInput!) {{receiveRequest(input: $i) {{__typename ...R
    ... on RequestUpdated {{request {{{REQUEST}}}}}}}}}"""
IDENTIFY = f"""mutation($id: ID!, $c: IdentityCheckInput!) {{identify(requestId: $id, check: $c) {{__typename ...R
    ... on RequestUpdated {{request {{{REQUEST}}}}}}}}}"""
FULFIL = f"""mutation($id: ID!, $i: FulfilInput) {{fulfilRequest(requestId: $id, input: $i) {{__typename ...R
    ... on RequestFulfilled {{request {{{REQUEST}}}}} ... on ApprovalAwaited {{approval {{id kind reason mine dueAt
    customer {{number}} proposedBy {{name}}}}}}}}}}"""
HAND_OVER = f"""mutation($id: ID!) {{handOverCopy(requestId: $id) {{__typename ...R
    ... on CopyHandedOver {{collectionCode expiresAt request {{{REQUEST}}}}}}}}}"""
DENY = f"""mutation($id: ID!, $r: String!) {{denyRequest(requestId: $id, reason: $r) {{__typename ...R
    ... on RequestUpdated {{request {{{REQUEST}}}}}}}}}"""
APPROVE = """mutation($id: ID!) {approve(id: $id) {__typename ...R ... on Decided {approved approval {kind}}}}"""
REJECT = """mutation($id: ID!, $r: String!) {reject(id: $id, reason: $r) {__typename ...R ... on Decided {approved}}}"""
COLLECT = """mutation($c: String!) {collectCopy(code: $c) {__typename ...R
    ... on CopyReady {export {status bytes downloadUrl}}}}"""
PASSPORT = {"document": "PASSPORT", "lastFour": "12a4", "officeId": "riga"}
PLAIN = " fragment R on Refusal {code problems {field code}}"


async def row(person: Client) -> Customer:
    """The customer's row (the newest one is whoever came last)."""
    found = [one for one in await Customer.all() if await _is(person, one)]
    return found[0]


async def _is(person: Client, customer: Customer) -> bool:
    keys = await person.house.world.vault.keys([customer.id])
    return bool(customer.opened(keys).email == person.email)


def seen_by(member: Any, kind: str, row_id: UUID) -> str:
    """A node id as this member of staff sees it."""
    colleague = SimpleNamespace(row=SimpleNamespace(id=member.id))
    return str(encode(SimpleNamespace(world=member.house.world, viewer=None, colleague=colleague), kind, row_id))  # type: ignore[arg-type]


async def received(member: Any, person: Client | Customer, kind: str, **given: Any) -> dict[str, Any]:
    """A request taken in at the counter, its owner identified unless said otherwise."""
    customer = person if isinstance(person, Customer) else await row(person)
    wanted = {
        "customerId": seen_by(member, "Customer", customer.id), "kind": kind, "channel": "OFFICE",
        "receivedAt": member.house.clock.now.isoformat(), "check": PASSPORT,
    } | given  # fmt: skip
    answer = await member.ok(RECEIVE + PLAIN, i={name: value for name, value in wanted.items() if value is not None})
    return answer["request"]  # type: ignore[no-any-return]


async def open_grant(house: House, member: Any, customer: Customer) -> None:
    """The member of staff has this customer's record open."""
    now = house.clock.now
    await AccessGrant.create(
        id=house.world.new_id(), customer_id=customer.id, staff_id=member.id, reason=GrantReason.OFFICE_VISIT,
        ticket="SUP-1", opened_at=now, expires_at=now + timedelta(minutes=15),
    )  # fmt: skip

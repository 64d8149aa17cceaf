"""What later steps fill in: passkeys, requests under the data protection laws, complaints. Empty lists for now."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import strawberry

from models.tables.paging import Page
from schema.access import Context
from schema.nodes import Node, node_id
from schema.pages import connection
from schema.sources import FromRow, column, sealed


@strawberry.enum(description="What is asked for.")
class RequestKind(StrEnum):
    """The contract's RequestKind."""

    COPY = "COPY"
    UPDATE = "UPDATE"
    DELETE = "DELETE"
    RESTORE = "RESTORE"
    RESTRICT = "RESTRICT"
    OBJECT = "OBJECT"


@strawberry.enum(description="How a request came.")
class RequestChannel(StrEnum):
    """The contract's RequestChannel."""

    PORTAL = "PORTAL"
    OFFICE = "OFFICE"
    MAIL = "MAIL"


@strawberry.enum(description="Where a request stands.")
class RequestStatus(StrEnum):
    """The contract's RequestStatus."""

    RECEIVED = "RECEIVED"
    IN_PROGRESS = "IN_PROGRESS"
    FULFILLED = "FULFILLED"
    DENIED = "DENIED"
    CANCELLED = "CANCELLED"


@strawberry.type(description="A passkey (WebAuthn).")
class Passkey(Node, FromRow):
    """The contract's Passkey."""

    id: strawberry.ID = node_id("Passkey")
    label: str = sealed(description="The customer's own name for it.")
    created_at: datetime = column()
    last_used_at: datetime | None = column()


@strawberry.type(description="A request under the data protection laws, with its deadline.")
class RightsRequest(Node, FromRow):
    """The contract's RightsRequest."""

    id: strawberry.ID = node_id("RightsRequest")
    number: str = column()
    kind: RequestKind = column()
    channel: RequestChannel = column()
    status: RequestStatus = column()
    received_at: datetime = column()
    due_at: datetime = column()
    fulfilled_at: datetime | None = column()
    clause: str = column()
    text: str | None = sealed(description="The customer's words.")
    explanation: str | None = sealed(description="Ours: why denied, or what was done.")


@strawberry.type(description="A complaint, with its acknowledgement and outcome (clause 8).")
class Complaint(Node, FromRow):
    """The contract's Complaint."""

    id: strawberry.ID = node_id("Complaint")
    number: str = column()
    received_at: datetime = column()
    acknowledge_by: datetime = column()
    acknowledged_at: datetime | None = column()
    closed_at: datetime | None = column()
    text: str = sealed()
    outcome: str | None = sealed()
    regulator_reference: str | None = column()


RightsRequestConnection, RightsRequestEdge = connection("RightsRequest", RightsRequest)


async def requests(ctx: Context, first: int, after: str | None, open: bool | None = None) -> Any:
    """The viewer's requests, newest first; a RightsRequestConnection."""
    nothing = Page([], "received_at", more=False, after=after is not None)
    return RightsRequestConnection.of(nothing, lambda row: RightsRequest.of(ctx, row))


async def complaints(ctx: Context) -> list[Complaint]:
    """The viewer's complaints, newest first."""
    return []


async def passkeys(ctx: Context) -> list[Passkey]:
    """The viewer's passkeys."""
    return []

"""Requests under the data protection laws, with their deadlines; the copy that the office hands over."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import tables
from models.actions import copies
from models.actions import requests as asking
from models.selections import Condition
from models.tables.cases import RequestChannel, RequestKind, RequestStatus
from schema.access import Context, context, viewer
from schema.exports import Export
from schema.nodes import Node, given_id, node_id
from schema.pages import connection
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed


def fulfilled_at(_: Any, row: Any, __: Any) -> datetime | None:
    """When it was done, if it was."""
    return row.ended_at if row.status is RequestStatus.FULFILLED else None


@strawberry.type(description="A request under the data protection laws, with its deadline.")
class RightsRequest(Node, FromRow):
    """The contract's RightsRequest."""

    id: strawberry.ID = node_id("RightsRequest")
    number: str = column()
    kind: RequestKind = column()
    channel: RequestChannel = column()
    status: RequestStatus = column()
    received_at: datetime = column()
    due_at: datetime = column(description="The promise: done or answered by then.")
    fulfilled_at: datetime | None = derived(fulfilled_at, columns=("ended_at", "status"))
    clause: str = column()
    text: str | None = sealed(description="The customer's words.")
    explanation: str | None = sealed(description="Ours: why denied, or what was done.")


RightsRequestConnection, RightsRequestEdge = connection("RightsRequest", RightsRequest)


def requests_wanted(open: bool | None = strawberry.UNSET) -> tuple[Condition, ...]:
    """All, the open ones, or those that have ended; not those of related persons."""
    own = Condition("related_person_id", "is null")
    if open is None or open is strawberry.UNSET:
        return (own,)
    return (own, Condition("status", "in" if open else "not in", asking.OPEN))


async def requests_under_way(ctx: Context, customer_id: Any) -> list[RightsRequest]:
    """Those of a closed account, whose owner is not signed in."""
    rows = await asking.under_way(customer_id)
    keys = await ctx.world.vault.keys([customer_id])
    return [RightsRequest.of(ctx, row, row.opened(keys)) for row in rows]


# ---- results and mutations ------------------------------------------------------------------------------------------
@strawberry.type(description="The request is recorded, with its deadline.")
class RequestFiled:
    """The contract's RequestFiled."""

    request: RightsRequest


@strawberry.type(description="The copy may be downloaded, once, with its downloadUrl and without signing in.")
class CopyReady:
    """The contract's CopyReady."""

    export: Export


FileRequestResult = Annotated[RequestFiled | Refusal, result("FileRequestResult")]
CollectCopyResult = Annotated[CopyReady | Refusal, result("CollectCopyResult")]


def _copy(ctx: Context, row: tables.Export, contents: Any, token: str) -> Export:
    """The export with a link that needs no session: the token opens it."""
    found = Export.of(ctx, row, contents)
    found.download_url = f"{ctx.world.base_url}/exports/{row.id}?token={token}"
    return found


@strawberry.type
class RequestMutations:
    """File a request and take it back; fetch the copy from the office."""

    @strawberry.mutation(description="RESTRICT and OBJECT take effect at once; UPDATE of what cannot be edited here.")
    async def file_request(self, info: Info[Any, Any], kind: RequestKind, text: str) -> FileRequestResult:
        ctx = context(info)
        row, contents = await asking.file_request(ctx.world, viewer(info), kind, text)
        return RequestFiled(request=RightsRequest.of(ctx, row, contents))

    @strawberry.mutation(description="Also lifts a restriction or takes back an objection.")
    async def withdraw_request(self, info: Info[Any, Any], id: strawberry.ID) -> FileRequestResult:
        ctx, who = context(info), viewer(info)
        row, contents = await asking.withdraw_request(ctx.world, who, given_id(ctx, id, "RightsRequest"))
        return RequestFiled(request=RightsRequest.of(ctx, row, contents))

    @strawberry.mutation(
        description="With the code the office handed to the identified owner: one download. Signed out."
    )
    async def collect_copy(self, info: Info[Any, Any], code: str) -> CollectCopyResult:
        ctx = context(info)
        return CopyReady(export=_copy(ctx, *await copies.collect_copy(ctx.world, code, origin=ctx.origin)))

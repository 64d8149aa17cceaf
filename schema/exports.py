"""A copy of everything held: requested, built by the worker, downloaded once."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import export as exporting
from models.tables.exports import ExportStatus
from schema.access import Context, context, viewer
from schema.nodes import Node, node_id
from schema.refusal import Refusal, result
from schema.sources import FromRow, column, derived, sealed


def _download_url(ctx: Context, row: Any, _: Any) -> str | None:
    return f"{ctx.world.base_url}/exports/{row.id}" if row.status is ExportStatus.READY else None


@strawberry.type(description="One archive of everything held about the viewer.")
class Export(Node, FromRow):
    """The contract's Export."""

    id: strawberry.ID = node_id("Export")
    status: ExportStatus = column()
    requested_at: datetime = column()
    due_at: datetime = column()
    ready_at: datetime | None = column()
    expires_at: datetime | None = column()
    bytes: int | None = column()
    sha256: str | None = sealed()
    download_url: str | None = derived(
        _download_url,
        columns=("id", "status"),
        description="Fetched with GET by the same session, after a fresh proof; null until ready.",
    )


@strawberry.type(description="The worker builds the archive; a letter tells when it is ready.")
class ExportRequested:
    """The contract's ExportRequested."""

    export: Export


RequestExportResult = Annotated[ExportRequested | Refusal, result("RequestExportResult")]


@strawberry.type
class ExportMutations:
    """Ask for a copy."""

    @strawberry.mutation(description="A copy of everything held (clause 3.1); needs a fresh proof.")
    async def request_export(self, info: Info[Any, Any]) -> RequestExportResult:
        ctx = context(info)
        row = await exporting.request_export(ctx.world, viewer(info))
        keys = await ctx.world.vault.keys([row.customer_id])
        return ExportRequested(export=Export.of(ctx, row, row.opened(keys)))

"""The audit: who did what and who looked, with its place in the chain."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry
from strawberry.types import Info

from models.actions.audit import Wanted, audit
from models.tables.events import EventContents
from models.tables.paging import Page
from schema.access import Context, context, staff
from schema.audit_entries import AuditEntry
from schema.customer_hits import CustomerHit
from schema.nodes import given_id
from schema.pages import connection
from schema.staff_names import name_of, named

AuditEntryConnection, AuditEntryEdge = connection("AuditEntry", AuditEntry)


async def audit_entries(ctx: Context, page: Page) -> Any:
    """A page of entries with their actors' names: one statement more; an AuditEntryConnection."""
    await named(ctx, [entry.event.actor_id for entry in page.rows])
    return AuditEntryConnection.of(page, lambda entry: _entry(ctx, entry))


def _entry(ctx: Context, entry: Any) -> AuditEntry:
    event, contents = entry.event, EventContents(reason=entry.reason, ticket=entry.ticket)
    actor = name_of(ctx, event.actor_id) if event.actor_id else None
    return AuditEntry.of(
        ctx, event, contents, actor=actor, customer=CustomerHit.of(ctx, entry.hit) if entry.hit else None
    )


def _given(ctx: Context, node_id: str | None, *kinds: str) -> UUID | None:
    return given_id(ctx, node_id, *kinds) if node_id else None


@strawberry.type
class AuditQueries:
    """For AUDITOR and PRIVACY_OFFICER."""

    @strawberry.field(
        description="Newest first. customer is known where the filter names one, or a record of theirs was open to the actor."
    )
    async def audit(
        self,
        info: Info[Any, Any],
        first: int = 50,
        after: str | None = strawberry.UNSET,
        staff: strawberry.ID | None = strawberry.UNSET,
        customer: strawberry.ID | None = strawberry.UNSET,
        action: str | None = strawberry.UNSET,
        from_: Annotated[datetime | None, strawberry.argument(name="from")] = strawberry.UNSET,
        to: datetime | None = strawberry.UNSET,
    ) -> AuditEntryConnection:  # type: ignore[valid-type]
        ctx, who = context(info), asking(info)
        wanted = Wanted(
            staff_id=_given(ctx, staff or None, "StaffMember"),
            customer_id=_given(ctx, customer or None, "Customer", "CustomerRecord"),
            action=action or None, since=from_ or None, until=to or None,
        )  # fmt: skip
        return await audit_entries(ctx, await audit(ctx.world, who, wanted, first, after or None))


asking = staff
"""An argument of the field above has the function's name."""

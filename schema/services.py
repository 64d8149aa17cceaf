"""The contracts a customer has with the company: why the data is held (clauses 4.1.3 and 7)."""

from datetime import datetime

import strawberry

from models.actions.services import services_of
from models.tables.services import ServiceKind
from schema.access import Context
from schema.loading import built, customer_of, once
from schema.nodes import Node, node_id
from schema.sources import FromRow, column, sealed


@strawberry.type(description="A contract the customer has with the company: why the data is held, and until when.")
class Service(Node, FromRow):
    """The contract's Service."""

    id: strawberry.ID = node_id("Service")
    kind: ServiceKind = column()
    name: str = sealed()
    started_at: datetime = column()
    ended_at: datetime | None = column()


async def services(ctx: Context) -> list[Service]:
    """The viewer's, running ones first: one statement a request, whoever asks."""

    async def load() -> list[Service]:
        rows = await services_of(customer_of(ctx).id)
        return await built(ctx, rows, lambda row, contents: Service.of(ctx, row, contents))

    return await once(ctx, "services", load)

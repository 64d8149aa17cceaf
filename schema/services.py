"""The contracts a customer has with the company: why the data is held (clauses 4.1.3 and 7)."""

from datetime import datetime

import strawberry

from models.tables.services import ServiceKind
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

"""Who may act. An enum has to be the schema's before any type names it: take ActorKind from here."""

import strawberry

from models.tables.events import ActorKind

strawberry.enum(ActorKind, description="Who acted: the customer, a member of staff, or the software itself.")

__all__ = ["ActorKind"]

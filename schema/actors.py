"""Who did something, as customers are told."""

import strawberry

from models.tables.events import ActorKind


@strawberry.type(description="Who acted. A member of staff is named by role and staff name, never by e-mail.")
class Actor:
    """The contract's Actor."""

    kind: ActorKind
    name: str | None = None
    role: str | None = None

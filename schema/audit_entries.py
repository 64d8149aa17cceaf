"""One line of the audit, as staff see it: what happened, who did it, and its place in the chain."""

from datetime import datetime

import strawberry

from models.archive.event_titles import event_title
from models.tables import Event
from models.tables.events import ActorKind, EventContents
from schema.access import Context
from schema.customer_hits import CustomerHit


@strawberry.type(description="One line of the audit. sequence is 0 and hash empty until the chain is sealed over it.")
class AuditEntry:
    """The contract's AuditEntry."""

    sequence: int
    at: datetime
    action: str = strawberry.field(description="The action's own name, such as request.received.")
    title: str = strawberry.field(description="The action in the reader's language.")
    actor: str = strawberry.field(description="A member of staff's name, or who else it was.")
    customer: CustomerHit | None = strawberry.field(description="Null once erased, and for what concerns no customer.")
    reason: str | None
    ticket: str | None
    fields: list[str]
    hash: str = strawberry.field(description="SHA-256 of the chain up to and with this event, hexadecimal.")

    @classmethod
    def of(
        cls, ctx: Context, event: Event, contents: EventContents, *, actor: str | None, customer: CustomerHit | None
    ) -> "AuditEntry":
        return cls(
            sequence=event.position or 0,
            at=event.at,
            action=event.action,
            title=event_title(event.action, event.kind, ctx.locale),
            actor=actor or ACTORS[event.actor_kind][ctx.locale],
            customer=customer,
            reason=contents.reason,
            ticket=getattr(contents, "ticket", None),
            fields=[str(name) for name in event.fields_named],
            hash=bytes(event.hash).hex() if event.hash else "",
        )


ACTORS = {
    ActorKind.CUSTOMER: {"EN": "the customer", "LV": "klients"},
    ActorKind.STAFF: {"EN": "a member of staff", "LV": "darbinieks"},
    ActorKind.SYSTEM: {"EN": "the software", "LV": "programmatūra"},
}

"""The sign-in history and the sessions that are open."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import tables
from models.selections import Condition
from models.tables.credentials import SessionKind
from models.tables.sign_ins import IpPrecision, SignInMethod, SignInOutcome
from schema.access import Context, context
from schema.loading import built, customer_of, once
from schema.nodes import Node, node_id
from schema.pages import connection
from schema.related import when
from schema.sources import FromRow, column, derived, group, sealed


@strawberry.type(description="Estimated from the IP address alone, with a table on our own servers.")
class Place(FromRow):
    """The contract's Place."""

    country: str | None = sealed()
    region: str | None = sealed()
    city: str | None = sealed()
    latitude: float | None = derived(lambda _, __, c: getattr(c, "latitude", None), sealed=("latitude",))
    longitude: float | None = derived(lambda _, __, c: getattr(c, "longitude", None), sealed=("longitude",))
    source: str = derived(lambda _, __, c: getattr(c, "place_source", None) or "unknown", sealed=("place_source",))


@strawberry.type(description="What the browser or app said of itself.")
class UserAgent(FromRow):
    """The contract's UserAgent."""

    raw: str = sealed("agent")
    browser: str | None = sealed()
    os: str | None = sealed()
    device: str | None = sealed()


@strawberry.type(description="A place where somebody is signed in.")
class Session(Node, FromRow):
    """The contract's Session."""

    id: strawberry.ID = node_id("Session")
    label: str = sealed()
    kind: SessionKind = column()
    created_at: datetime = column()
    last_seen_at: datetime = column()
    expires_at: datetime = column()
    is_current: bool = derived(
        lambda ctx, row, _: ctx.viewer is not None and ctx.viewer.session_row.id == row.id, columns=("id",)
    )
    user_agent: UserAgent | None = group(lambda: UserAgent, of=("agent",))
    place: Place | None = group(lambda: Place)


@strawberry.type(description="One attempt to sign in (clause 1.2).")
class SignIn(Node, FromRow):
    """The contract's SignIn."""

    id: strawberry.ID = node_id("SignIn")
    at: datetime = column()
    outcome: SignInOutcome = column()
    method: SignInMethod = column()
    ip: str | None = sealed(description="Shortened, then gone, as the record ages; ipPrecision says which.")
    ip_precision: IpPrecision = column()
    place: Place | None = group(lambda: Place)
    user_agent: UserAgent | None = group(lambda: UserAgent, of=("agent",))
    is_new_device: bool = column()
    reported_at: datetime | None = column(description="When the customer said 'this was not me'.")
    count: int = column(description="How many attempts it stands for, when they were throttled.")

    @strawberry.field(description="The session it began, while that is open.")
    async def session(self, info: Info[Any, Any]) -> Session | None:
        if self.row.session_id is None:
            return None
        return (await open_sessions(context(info))).get(self.row.session_id)


SignInConnection, SignInEdge = connection("SignIn", SignIn)


def sign_ins_wanted(
    outcome: SignInOutcome | None = strawberry.UNSET,
    from_: Annotated[datetime | None, strawberry.argument(name="from")] = strawberry.UNSET,
    to: datetime | None = strawberry.UNSET,
) -> tuple[Condition, ...]:
    """From then on, until before that, with this outcome: whatever is said."""
    return (*when("outcome", "=", outcome), *when("at", ">=", from_), *when("at", "<", to))


async def open_sessions(ctx: Context) -> dict[Any, Session]:
    """The viewer's open sessions by row id: one statement a request, whoever asks."""

    async def load() -> dict[Any, Session]:
        customer, now = customer_of(ctx), ctx.world.now()
        rows = await tables.Session.filter(customer_id=customer.id, ended_at=None, expires_at__gt=now)
        alive = [row for row in rows if row.kind is SessionKind.NATIVE or row.idle_until > now]
        alive.sort(key=lambda row: row.last_seen_at, reverse=True)
        shown = await built(ctx, alive, lambda row, contents: Session.of(ctx, row, contents))
        return {row.id: session for row, session in zip(alive, shown, strict=True)}

    return await once(ctx, "sessions", load)

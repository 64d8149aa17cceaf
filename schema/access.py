"""The only way for a resolver to learn who asks."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from strawberry.types import Info

from models.actions.origin import Colleague, Origin, Viewer
from models.policy import Role
from models.refused import Reason, Refused
from models.world import World


class SessionPort(Protocol):
    """How an answer carries a session to the client or takes it away: a cookie, for browsers."""

    def begin(self, token: str, expires_at: datetime) -> None: ...
    def end(self) -> None: ...
    def remember_device(self, token: str) -> None: ...


class Allowance(Protocol):
    """What this caller has left, for the field rateLimit."""

    limit: int
    cost: int
    remaining: int
    reset_at: datetime


@dataclass(slots=True)
class Context:
    """One request: who asks, from where, in which language (EN or LV), and what is loaded once for all its fields."""

    world: World
    origin: Origin
    port: SessionPort
    viewer: Viewer | None = None
    colleague: Colleague | None = None
    newcomer: Colleague | None = None  # from accepting an invitation until the first second factor
    locale: str = "EN"
    allowance: Allowance | None = None
    loaded: dict[Any, Any] = field(default_factory=dict)
    refused: Reason | None = None


def context(info: Info[Any, Any]) -> Context:
    """The request's context."""
    return info.context


def viewer(info: Info[Any, Any]) -> Viewer:
    """Who is signed in. Raises Refused(NOT_SIGNED_IN)."""
    found = context(info).viewer
    if found is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    return found


def staff(info: Info[Any, Any], *roles: Role) -> Colleague:
    """Which member of staff asks, with at least one of these roles. Raises Refused(NOT_SIGNED_IN, LOCKED or NOT_PERMITTED)."""
    found = context(info).colleague
    if found is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    if found.row.locked_at is not None:
        raise Refused(Reason.LOCKED)
    if roles and not found.has_any(*roles):
        raise Refused(Reason.NOT_PERMITTED)
    return found


def proven(info: Info[Any, Any]) -> Viewer:
    """Who is signed in, with a fresh proof. Raises Refused(NOT_SIGNED_IN or STEP_UP_REQUIRED)."""
    found = viewer(info)
    found.must_have_stepped_up(context(info).world.now())
    return found

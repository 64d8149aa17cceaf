"""From where somebody calls, and who they turned out to be."""

from dataclasses import dataclass
from datetime import datetime

from models.tables import Customer, Session


@dataclass(frozen=True, slots=True)
class Origin:
    """The caller's IP address, raw user agent, and the device token that an earlier sign-in left with them (or None)."""

    ip: str
    agent: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in customer and the session they came with."""

    customer: Customer
    session: Session

    def has_stepped_up(self, now: datetime) -> bool:
        return self.session.has_stepped_up(now)

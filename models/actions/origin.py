"""From where somebody calls, and who they turned out to be."""

from dataclasses import dataclass
from datetime import datetime

from models.policy import Role
from models.tables import Customer, Session, Staff, StaffSession
from models.tables.staff import StaffContents


@dataclass(frozen=True, slots=True)
class Origin:
    """The caller's IP address, raw user agent, and the device token that an earlier sign-in left with them (or None)."""

    ip: str
    agent: str | None = None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Colleague:
    """A signed-in member of staff, opened, and the session they came with."""

    staff: Staff
    session: StaffSession
    contents: StaffContents

    @property
    def roles(self) -> frozenset[Role]:
        """What they may do."""
        return frozenset(Role(role) for role in self.staff.roles)

    @property
    def enrolled(self) -> bool:
        """Whether they set up a second factor; until then they can do nothing but that."""
        return self.contents.enrolled

    def has_any(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True)
class Viewer:
    """A signed-in customer and the session they came with."""

    customer: Customer
    session: Session

    def has_stepped_up(self, now: datetime) -> bool:
        return self.session.has_stepped_up(now)

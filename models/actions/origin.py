"""From where somebody calls, and who they turned out to be."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

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


class Viewer:
    """A signed-in customer and the session they came with.

    What a query reads stands in two light rows, ``row`` and ``session_row``; instances are made of them when they are wanted.
    """

    __slots__ = ("_customer", "_session", "row", "session_row")

    def __init__(self, customer: Any, session: Any) -> None:
        """Of instances, or of light rows with every column."""
        self.row, self.session_row = customer, session
        self._customer: Customer | None = customer if isinstance(customer, Customer) else None
        self._session: Session | None = session if isinstance(session, Session) else None

    @property
    def customer(self) -> Customer:
        """As an instance."""
        if self._customer is None:
            self._customer = Customer._init_from_db(**self.row._asdict())
        return self._customer

    @property
    def session(self) -> Session:
        """As an instance."""
        if self._session is None:
            self._session = Session._init_from_db(**self.session_row._asdict())
            object.__setattr__(self._session, "_customer", self.customer)  # as select_related leaves it
        return self._session

    def has_stepped_up(self, now: datetime) -> bool:
        """A fresh proof of who is there, at most five minutes old."""
        until = self.session_row.stepped_up_until
        return until is not None and until > now

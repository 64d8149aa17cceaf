"""From where somebody calls, and who they turned out to be."""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from models.policy import Role
from models.refused import Reason, Refused
from models.tables import Customer, Session, Staff, StaffSession
from models.tables.staff import StaffContents


@dataclass(frozen=True, slots=True)
class Origin:
    """The caller's IP address, raw user agent, and the device token that an earlier sign-in left with them (or None)."""

    ip: str
    agent: str | None = None
    device: str | None = None


class Colleague:
    """A signed-in member of staff, opened, and the session they came with.

    As of a viewer, what a query reads stands in two light rows; instances are made of them when they are wanted.
    """

    __slots__ = ("_session", "_staff", "contents", "roles", "row", "session_row")

    def __init__(self, staff: Any, session: Any, contents: StaffContents) -> None:
        """Of instances, or of light rows with every column."""
        self.row, self.session_row, self.contents = staff, session, contents
        self.roles = _roles(tuple(staff.roles))
        """What they may do."""
        self._staff: Staff | None = staff if type(staff) is Staff else None
        self._session: StaffSession | None = session if type(session) is StaffSession else None

    @property
    def staff(self) -> Staff:
        """As an instance."""
        if self._staff is None:
            self._staff = Staff._init_from_db(**self.row._asdict())
        return self._staff

    @property
    def session(self) -> StaffSession:
        """As an instance."""
        if self._session is None:
            self._session = StaffSession._init_from_db(**self.session_row._asdict())
            object.__setattr__(self._session, "_staff", self.staff)  # as select_related leaves it
        return self._session

    @property
    def enrolled(self) -> bool:
        """Whether they set up a second factor; until then they can do nothing but that."""
        return self.contents.enrolled

    def has_any(self, *roles: Role) -> bool:
        """Whether one of these roles is theirs."""
        return not self.roles.isdisjoint(roles)


@lru_cache(maxsize=1024)
def _roles(names: tuple[str, ...]) -> frozenset[Role]:
    return frozenset(map(Role, names))


class Viewer:
    """A signed-in customer and the session they came with.

    What a query reads stands in two light rows, ``row`` and ``session_row``; instances are made of them when they are wanted.
    """

    __slots__ = ("_customer", "_session", "row", "session_row")

    def __init__(self, customer: Any, session: Any) -> None:
        """Of instances, or of light rows with every column."""
        self.row, self.session_row = customer, session
        # (isinstance asks the models' metaclass, which takes longer than all the rest of this)
        self._customer: Customer | None = customer if type(customer) is Customer else None
        self._session: Session | None = session if type(session) is Session else None

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

    def must_have_stepped_up(self, now: datetime) -> None:
        """Raises Refused(STEP_UP_REQUIRED) without a fresh proof."""
        if not self.has_stepped_up(now):
            raise Refused(Reason.STEP_UP_REQUIRED)

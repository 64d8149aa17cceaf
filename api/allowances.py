"""How much one caller may ask for: the cost of operations within a window of a minute, counted in this process.

A customer and a member of staff have a window each, wherever they call from; whoever is not signed in shares that of
their address (of IPv6, its /64: one line has them all). Guessing is counted elsewhere, in the database
(models/actions/throttle.py): this keeps one caller from taking the server's time from the others.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network

from models.actions.origin import Colleague, Origin, Viewer

WINDOW = timedelta(minutes=1)
CALLERS = 50_000  # windows kept; of more, the oldest begin anew


@dataclass(slots=True)
class Allowance:
    """What an operation costs of what its caller may ask for: the field ``rateLimit``."""

    limit: int
    cost: int
    remaining: int
    reset_at: datetime


class UsedUp(Exception):
    """Nothing is left for this operation until ``reset_at``."""

    def __init__(self, reset_at: datetime) -> None:
        super().__init__(reset_at)
        self.reset_at = reset_at


@dataclass(slots=True)
class _Window:
    ends_at: datetime
    used: int = 0


class Allowances:
    """Every caller's window; ``limit`` is the cost that one of them holds."""

    def __init__(self, now: Callable[[], datetime], limit: int) -> None:
        self._now, self._limit = now, limit
        self._windows: OrderedDict[Hashable, _Window] = OrderedDict()

    def spend(self, caller: Hashable, cost: int) -> Allowance:
        """Count an operation, and say what is left after it. Raises UsedUp, and counts nothing then."""
        now = self._now()
        window = self._windows.get(caller)
        if window is None or window.ends_at <= now:
            window = self._begin(caller, now)
        if window.used + cost > self._limit:
            raise UsedUp(window.ends_at)
        window.used += cost
        return Allowance(self._limit, cost, self._limit - window.used, window.ends_at)

    def _begin(self, caller: Hashable, now: datetime) -> _Window:
        self._windows.pop(caller, None)  # the oldest window stands first
        while self._windows and (len(self._windows) >= CALLERS or next(iter(self._windows.values())).ends_at <= now):
            self._windows.popitem(last=False)
        window = self._windows[caller] = _Window(now + WINDOW)
        return window


def caller_of(who: Viewer | Colleague | None, origin: Origin) -> Hashable:
    """Whose window it is: a person's id, or an address."""
    return _line(origin.ip) if who is None else who.row.id


def _line(ip: str) -> str:
    return str(ip_network(f"{ip}/64", strict=False)) if ":" in ip else ip

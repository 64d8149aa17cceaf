"""How often and how many: the numbers that guard the promises, in limits.yaml. They belong to no version."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from models.policy.files import known, lines, read_yaml

FILE: Final = Path(__file__).with_name("limits.yaml")
NONE_AT_ALL = timedelta(0)


class Throttle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """``free`` tries at once, one more every ``drain``; past them the delay doubles with each try up to ``slowest``."""

    name: str
    clause: str
    free: int
    drain: timedelta
    slowest: timedelta

    def wait(self, level: float) -> timedelta:
        """How long after the last try the next one may come."""
        if level < self.free:
            return NONE_AT_ALL
        return min(timedelta(seconds=2 ** min(level - self.free, 20)), self.slowest)


class Most(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """So many at most, within ``per`` or at once; ``share``: or that part of all customers, whichever is more."""

    name: str
    clause: str
    most: int
    share: float | None = None
    per: timedelta | None = None

    @property
    def within(self) -> timedelta:
        """The span of a count that has one. Raises ValueError."""
        if self.per is None:
            raise ValueError(f"count {self.name} has no span")
        return self.per


class Limits(msgspec.Struct, frozen=True):
    """The whole file."""

    throttles: Mapping[str, Throttle]
    counts: Mapping[str, Most]


@cache
def read_limits(file: Path = FILE) -> Limits:
    """Raises PolicyContradiction, with every line that does not hold."""
    raw = known(read_yaml(file), Limits.__struct_fields__, file.name)
    return Limits(
        lines(raw["throttles"], Throttle, f"{file.name}, throttle"), lines(raw["counts"], Most, f"{file.name}, count")
    )


def throttle(name: str) -> Throttle:
    """Raises KeyError."""
    return read_limits().throttles[name]


def most(name: str) -> Most:
    """Raises KeyError."""
    return read_limits().counts[name]

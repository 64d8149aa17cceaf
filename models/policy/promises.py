"""The promises, one line each: a clause, a limit, the event that starts it, and the evidence that measures it."""

from datetime import timedelta
from pathlib import Path

import msgspec

from models.policy.durations import parse
from models.policy.files import lines, read_yaml
from models.policy.words import Words


class Promise(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One promise. ``limit`` is an ISO 8601 duration counted from ``start``; both null for a promise without a date.

    ``evidence`` names the query of ``models/retention/compliance.py``, ``test`` the file in ``tests/promises/``.
    """

    name: str
    clause: str
    title: Words
    limit: str | None
    start: str | None
    evidence: str
    test: str
    rule: str | None = None

    @property
    def span(self) -> timedelta | None:
        """The limit as a span. Raises ValueError when it is not a duration."""
        return None if self.limit is None else parse(self.limit)


def read_promises(file: Path) -> tuple[Promise, ...]:
    """In the file's order, which is that of the clauses. Raises PolicyContradiction."""
    return tuple(lines(read_yaml(file), Promise, file.name).values())

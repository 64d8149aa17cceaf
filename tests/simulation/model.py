"""What must be true, in plain Python: who there is, which values they gave, when they may be erased, and who is gone."""

import copy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

UNCONFIRMED, ACTIVE, CLOSED, GOING, GONE = "UNCONFIRMED", "ACTIVE", "CLOSED", "GOING", "GONE"
"""GOING: a tombstone stands, and rows may still be there; GONE: nothing may be."""


@dataclass
class Ending:
    """A closed account: since when, when it may be erased, until when it must be; by whom."""

    closed_at: datetime
    erase_at: datetime
    erase_by: datetime
    by: str


@dataclass
class Person:
    """Somebody. ``token``: letters that stand in every value of theirs, and nowhere else."""

    token: str
    email: str
    given: str
    family: str
    phone: str
    signed_up_at: datetime
    id: UUID | None = None
    state: str = UNCONFIRMED
    password: str | None = None
    pending: str | None = None
    pending_until: datetime | None = None
    earlier: list[str] = field(default_factory=list)
    methods: int = 0
    related: frozenset[str] = frozenset()
    restricted: bool = False
    secured: bool = False
    holds: dict[UUID, tuple[str, ...]] = field(default_factory=dict)
    ending: Ending | None = None
    codes: list[str] = field(default_factory=list)
    begun_by: datetime | None = None
    edits: int = 0
    governed: str = ""
    answers: dict[str, bool] = field(default_factory=dict)
    news: bool = False
    used_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def here(self) -> bool:
        """Whether the account lives: nothing of it may be missing."""
        return self.state in (UNCONFIRMED, ACTIVE, CLOSED)

    @property
    def facts(self) -> dict[str, Any]:
        """What the database must say of them as well."""
        return {
            "state": self.state, "email": self.email, "given": self.given, "family": self.family, "phone": self.phone,
            "pending": self.pending, "methods": self.methods, "related": self.related, "restricted": self.restricted,
            "secured": self.secured, "holds": frozenset(self.holds), "ending": self.ending and vars(self.ending),
        }  # fmt: skip


@dataclass
class Model:
    """Everybody there ever was."""

    people: list[Person] = field(default_factory=list)
    tokens: int = 0

    def by_id(self) -> dict[UUID, Person]:
        return {one.id: one for one in self.people if one.id is not None}

    def here(self, *states: str) -> list[Person]:
        """Those in one of these states."""
        return [one for one in self.people if one.state in states]

    def token(self) -> str:
        """Ten letters that nobody has yet, nor any file by chance: ``qzj`` stands in no language."""
        self.tokens += 1
        number, letters = self.tokens, ""
        for _ in range(7):
            number, rest = divmod(number, 26)
            letters = chr(ord("a") + rest) + letters
        return "qzj" + letters

    def copied(self) -> "Model":
        """As it is now, for the day a backup of now comes back."""
        return copy.deepcopy(self)

"""How a field is protected: classes, readers, purposes, and the closed words that the inventory is written in."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from models.policy.words import Words


class Role(StrEnum):
    """The roles of staff; they decide what can be revealed (clause 6.1.3)."""

    SUPPORT = "SUPPORT"
    SENIOR_SUPPORT = "SENIOR_SUPPORT"
    OFFICE = "OFFICE"
    PRIVACY_OFFICER = "PRIVACY_OFFICER"
    FINANCE = "FINANCE"
    AUDITOR = "AUDITOR"
    ADMIN = "ADMIN"


class _Ranked(StrEnum):
    """Words that stand in order, the strictest first."""

    @property
    def rank(self) -> int:
        return list(type(self)).index(self)


class Reading(_Ranked):
    """What a reader sees: nothing, that there is a value, a mask, a mask that can be revealed, the value."""

    NONE = "none"
    PRESENT = "present"
    MASK = "mask"
    REVEAL = "reveal"
    FULL = "full"


class Exported(_Ranked):
    """The owner's copy: nothing (no personal data), that it exists, to read (Art. 15), to carry away (Art. 20)."""

    NONE = "none"
    EXISTENCE = "existence"
    ACCESS = "access"
    PORTABILITY = "portability"


class Erased(StrEnum):
    """What happens to a field when its person is erased."""

    DELETE = "delete"
    NULL_SEALED = "null_sealed"
    UNLINK = "unlink"
    KEEP = "keep"


class Source(StrEnum):
    """Where a value comes from (clause 1)."""

    CUSTOMER = "customer"
    OBSERVED = "observed"
    DERIVED = "derived"
    STAFF = "staff"
    GENERATED = "generated"


class Whose(StrEnum):
    """Whose data an entity holds."""

    CUSTOMER = "customer"
    STAFF = "staff"


class Purpose(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What data is used for. ``basis`` names a legal basis; ``reads``, the only classes it may read (null: any)."""

    name: str
    title: Words
    basis: str
    dpv: str
    clauses: tuple[str, ...]
    reads: tuple[str, ...] | None = None


class Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A protection class: who reads its fields, how they are exported, their fideslang category by default.

    ``read`` has a line for the subject and for every role.
    """

    name: str
    title: Words
    category: str
    exported: Exported
    read: dict[str, Reading]


SUBJECT = "subject"
READERS = (SUBJECT, *Role)
SENSITIVE = frozenset({"government_id", "financial", "secret"})
"""Classes that no purpose resting on consent may ever read, whatever it declares (clause 2)."""


def looser(read: Mapping[str, Reading], than: Mapping[str, Reading]) -> list[str]:
    """The readers who would see more in ``read`` than in ``than``."""
    return [reader for reader in READERS if read[reader].rank > than[reader].rank]

"""One table's place in the inventory: its fields, whose they are, how long they stay, how they go."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.policy.classes import SUBJECT, Erased, Exported, Reading, Role, Source, Whose
from models.policy.words import Words


@dataclass(frozen=True, slots=True)
class Field:
    """One stored field, everything it inherits filled in. ``sealed``: it stands in the row's sealed struct.

    ``start`` names the columns that start the rule's clock: the earliest that is not null counts.
    """

    name: str
    sealed: bool
    title: Words
    class_name: str
    purposes: tuple[str, ...]
    source: Source
    clause: str
    rule: str
    start: tuple[str, ...]
    category: str
    exported: Exported
    erased: Erased
    read: Mapping[str, Reading]

    @property
    def shown(self) -> bool:
        """It stands in the report and the export, with its value or (a secret) with its existence."""
        return self.exported is not Exported.NONE

    @property
    def to_subject(self) -> Reading:
        """What its owner sees before a fresh proof of who they are."""
        return self.read[SUBJECT]

    def for_role(self, role: Role) -> Reading:
        return self.read[role.value]

    def for_roles(self, roles: frozenset[Role] | set[Role] | tuple[Role, ...] | list[Role]) -> Reading:
        """The most that any of these roles sees."""
        return max((self.for_role(role) for role in roles), key=lambda reading: reading.rank, default=Reading.NONE)

    @property
    def readers(self) -> tuple[Role, ...]:
        """The roles that can come to see the value."""
        return tuple(role for role in Role if self.for_role(role) in (Reading.REVEAL, Reading.FULL))


@dataclass(frozen=True, slots=True)
class Entity:
    """One table. ``person`` is the column that links to the person; ``section`` its name in report and export."""

    table: str
    title: Words
    store: str
    whose: Whose
    person: str | None
    section: str | None
    rule: str
    start: tuple[str, ...]
    erased: Erased
    fields: tuple[Field, ...]

    def field(self, name: str) -> Field:
        """Raises KeyError."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(f"the inventory names no field {name} of {self.table}")

    @property
    def columns(self) -> tuple[Field, ...]:
        """The plain columns (``sealed`` itself is one)."""
        return tuple(field for field in self.fields if not field.sealed)

    @property
    def sealed(self) -> tuple[Field, ...]:
        """The fields of the sealed struct."""
        return tuple(field for field in self.fields if field.sealed)

    @property
    def shown(self) -> tuple[Field, ...]:
        """What the report and the export show."""
        return tuple(field for field in self.fields if field.shown)

    @property
    def erased_with_person(self) -> bool:
        """Rows go when their customer is erased; none may be found afterwards."""
        return self.whose is Whose.CUSTOMER and self.goes_with_somebody

    @property
    def goes_with_somebody(self) -> bool:
        """Rows go when their person is erased, customer or member of staff."""
        return self.person is not None and self.erased is Erased.DELETE

    @property
    def has_clock(self) -> bool:
        """Rows go by themselves, when their rule is due."""
        return bool(self.start)

"""The inventory: what is stored, why, who reads it, how long it stays. Nothing is stored that it does not name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from models.policy.classes import READERS, Class, Erased, Exported, Purpose, Reading, Role, Source, Whose
from models.policy.contradiction import PolicyContradiction
from models.policy.entities import Entity, Field
from models.policy.files import file_sha256, known, lines, read_yaml, shaped
from models.policy.words import Words

E = TypeVar("E", bound=StrEnum)
FILE_KEYS = ("bases", "purposes", "sources", "roles", "classes", "shapes", "entities")


class FieldLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A field as it is written; what is null is inherited."""

    name: str
    title: Words
    class_name: str = msgspec.field(name="class")
    purposes: tuple[str, ...] | None = None
    source: Source | None = None
    clause: str | None = None
    rule: str | None = None
    start: str | tuple[str, ...] | None = None
    category: str | None = None
    exported: Exported | None = None
    erased: Erased | None = None
    read: dict[str, Reading] = {}


class EntityLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an entity says of itself and for its fields."""

    rule: str
    clause: str
    purposes: tuple[str, ...]
    source: Source
    start: str | tuple[str, ...] | None = None
    store: str = "main"
    whose: Whose = Whose.CUSTOMER
    person: str | None = None
    section: str | None = None
    erased: Erased = Erased.DELETE


class EntityBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """An entity as it is written."""

    name: str
    title: Words
    of: EntityLine
    columns: dict[str, Any]
    sealed: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every stored field. Entities stand in the order of erasure: children before the customer."""

    bases: Mapping[str, Words]
    purposes: Mapping[str, Purpose]
    sources: Mapping[Source, Words]
    roles: Mapping[Role, Words]
    classes: Mapping[str, Class]
    entities: tuple[Entity, ...]
    sha256: str

    def entity(self, table: str) -> Entity:
        """By table name. Raises KeyError."""
        for entity in self.entities:
            if entity.table == table:
                return entity
        raise KeyError(f"the inventory names no table {table}")

    @property
    def sections(self) -> Mapping[str, Entity]:
        """What the report and the export show, by section name, the profile first."""
        shown = sorted(self.entities, key=lambda entity: entity.table != "customer")
        return {entity.section: entity for entity in shown if entity.section is not None}

    @property
    def erased_with_person(self) -> tuple[Entity, ...]:
        """The main store's tables whose rows go with their customer, in the order to delete them in."""
        return tuple(each for each in self.entities if each.erased_with_person and each.store == "main")

    @property
    def erased_with_anybody(self) -> tuple[Entity, ...]:
        """The same, and after them those that go with a member of staff: an id is only ever one person's."""
        theirs = tuple(each for each in self.entities if each.goes_with_somebody and each.store == "main")
        return (*self.erased_with_person, *(each for each in theirs if not each.erased_with_person))

    @property
    def rules_named(self) -> frozenset[str]:
        return frozenset(field.rule for entity in self.entities for field in entity.fields) | frozenset(
            entity.rule for entity in self.entities
        )


def read_inventory(file: Path) -> Inventory:
    """Raises PolicyContradiction, with every line that does not hold."""
    raw = known(read_yaml(file), FILE_KEYS, file.name)
    classes = lines(raw["classes"], Class, f"{file.name}, class")
    for name, each in classes.items():
        known(each.read, READERS, f"{file.name}, readers of class {name}")
    blocks = lines(raw["entities"], EntityBlock, f"{file.name}, entity")
    entities: list[Entity] = []
    troubles: list[str] = []
    for block in blocks.values():
        try:
            entities.append(_entity(block, classes))
        except PolicyContradiction as trouble:
            troubles += trouble.sentences
    if troubles:
        raise PolicyContradiction(troubles)
    return Inventory(
        bases=shaped(raw["bases"], dict[str, Words], f"{file.name}, bases"),
        purposes=lines(raw["purposes"], Purpose, f"{file.name}, purpose"),
        sources=shaped(
            known(raw["sources"], Source, f"{file.name}, sources"), dict[Source, Words], f"{file.name}, sources"
        ),
        roles=shaped(known(raw["roles"], Role, f"{file.name}, roles"), dict[Role, Words], f"{file.name}, roles"),
        classes=classes,
        entities=tuple(entities),
        sha256=file_sha256(file),
    )


def _entity(block: EntityBlock, classes: Mapping[str, Class]) -> Entity:
    of, table = block.of, block.name
    fields: list[tuple[bool, FieldLine]] = []
    troubles: list[str] = []
    for sealed, written in ((False, block.columns), (True, block.sealed)):
        try:
            fields += [(sealed, line) for line in lines(written, FieldLine, f"inventory.yaml, {table}").values()]
        except PolicyContradiction as trouble:
            troubles += trouble.sentences
    troubles += [f"Field {table}.{name} is named twice." for name in sorted(block.columns.keys() & block.sealed.keys())]
    for _, line in fields:
        if line.class_name not in classes:
            troubles.append(f"Field {table}.{line.name} names class {line.class_name}, which does not exist.")
        strange = sorted(line.read.keys() - set(READERS))
        troubles += [f"Field {table}.{line.name} names reader {each}, who does not exist." for each in strange]
    if troubles:
        raise PolicyContradiction(troubles)
    return Entity(
        table=table,
        title=block.title,
        store=of.store,
        whose=of.whose,
        person=of.person,
        section=of.section,
        rule=of.rule,
        start=_columns(of.start),
        erased=of.erased,
        fields=tuple(_field(line, sealed, of, classes[line.class_name]) for sealed, line in fields),
    )


def _field(line: FieldLine, sealed: bool, of: EntityLine, protection: Class) -> Field:
    return Field(
        name=line.name,
        sealed=sealed,
        title=line.title,
        class_name=line.class_name,
        purposes=of.purposes if line.purposes is None else line.purposes,
        source=line.source or of.source,
        clause=line.clause or of.clause,
        rule=line.rule or of.rule,
        start=_columns(of.start if line.rule is None else line.start),
        category=line.category or protection.category,
        exported=line.exported or protection.exported,
        erased=line.erased or of.erased,
        read={**protection.read, **line.read},
    )


def _columns(start: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (start,) if isinstance(start, str) else start or ()

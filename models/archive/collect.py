"""Everything held about one person, by the inventory: one statement a table, each row opened when it is looked at.

The export and the profile report read the same records, so that neither can show more or less than the other.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from tortoise import Tortoise
from tortoise.models import Model

from models.database import dialect, reader
from models.keys import Key
from models.policy import Entity, Exported, Field, Rule
from models.tables import Customer
from models.tables.accounts import ProfileContents
from models.world import World

Record = Mapping[str, Any]
"""One row's shown fields by name: plain values and structs; of a secret, whether it is held."""

TOLD = "told_to_customer"
"""The column that says whether the person may know of a row."""


class Nobody(Exception):
    """There is no such customer any more."""


@dataclass(frozen=True, slots=True)
class Section:
    """One kind of record: the rows as stored; ``records`` opens them one after the other, each time anew."""

    entity: Entity
    model: type[Model]
    fields: tuple[Field, ...]
    stored: tuple[Mapping[str, Any], ...]
    key: Key

    @property
    def name(self) -> str:
        return self.entity.section or self.entity.table

    @property
    def count(self) -> int:
        return len(self.stored)

    def records(self, first: int = 0, last: int | None = None) -> Iterator[Record]:
        """The records of a slice, oldest first. Synchronous; about 20 µs each."""
        for row in self.stored[first:last]:
            yield self._record(row)

    def last_moment(self, record: Mapping[str, Any], rule: Rule) -> datetime | None:
        """Until when a record may be held at the latest; None while no clock runs for it: as long as the account."""
        starts = [record[name] for name in self.entity.start if record.get(name) is not None]
        return rule.ceiling_at(min(starts)) if starts else None

    def last_moment_of_all(self, rule: Rule) -> datetime | None:
        """Until when the last of the records on the clock may be held."""
        columns = {name: self.model._meta.fields_map[name] for name in self.entity.start}
        started = ({name: columns[name].to_python_value(row[name]) for name in columns} for row in self.stored)
        return max(filter(None, (self.last_moment(row, rule) for row in started)), default=None)

    def _record(self, row: Mapping[str, Any]) -> Record:
        sealed = self._sealed(row)
        record: dict[str, Any] = {}
        for field in self.fields:
            if field.sealed:
                value = getattr(sealed, field.name, None)
            else:
                value = self.model._meta.fields_map[field.name].to_python_value(row[field.name])
            record[field.name] = _held(value) if field.exported is Exported.EXISTENCE else value
        return record

    def _sealed(self, row: Mapping[str, Any]) -> msgspec.Struct | None:
        envelope = row.get("sealed")
        if envelope is None:
            return None
        contents, row_id = self.model.contents, row["id"]  # type: ignore[attr-defined]
        at = row_id if isinstance(row_id, UUID) else UUID(row_id)
        opened: msgspec.Struct = self.key.open(self.entity.table, at, bytes(envelope), contents)
        return opened


@dataclass(frozen=True, slots=True)
class Held:
    """All sections of one person, the profile first, and what the dates in them depend on."""

    customer: Customer
    profile: ProfileContents
    sections: tuple[Section, ...]

    def section(self, name: str) -> Section | None:
        return next((section for section in self.sections if section.name == name), None)


async def collect(world: World, customer_id: UUID, only: Collection[str] | None = None) -> Held:
    """What is held about a customer; ``only``: these sections. Raises Nobody, KeystoreDown, KeyAbsent.

    The rows are read here; nothing is decrypted but the profile, whose alias finds the person's events.
    """
    customer = await Customer.filter(id=customer_id).using_db(reader()).first()
    if customer is None:
        raise Nobody
    keys = await world.vault.keys([customer_id])
    profile: ProfileContents = customer.opened(keys)
    persons = {"alias": profile.alias}
    sections = []
    for entity in sections_of(world):
        if only is None or entity.section in only:
            stored = await _rows(entity, persons.get(entity.person or "", customer_id))
            sections.append(Section(entity, model_of(entity), entity.shown, stored, keys[customer_id]))
    return Held(customer, profile, tuple(sections))


async def count(world: World, customer_id: UUID, profile: ProfileContents) -> dict[str, int]:
    """How many records each section has, without reading them: one statement for all."""
    parts, values = [], []
    for number, entity in enumerate(sections_of(world), 1):
        parts.append(f'(SELECT count(*) {_theirs(entity, number)}) AS "{entity.section}"')
        values.append(_bound(entity, profile.alias if entity.person == "alias" else customer_id))
    found = await reader().execute_query_dict("SELECT " + ", ".join(parts), values)
    return {name: int(value) for name, value in found[0].items()}


def sections_of(world: World) -> list[Entity]:
    """The entities that have a section, in the order people read: the profile, then the inventory's."""
    named = list(world.policy.inventory.sections.values())
    return sorted(named, key=lambda entity: entity.table != "customer")


def model_of(entity: Entity) -> type[Model]:
    """The table's model. Raises KeyError."""
    return _models()[entity.table]


def _models() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in Tortoise.apps["models"].values()}


async def _rows(entity: Entity, person: UUID | bytes) -> tuple[Mapping[str, Any], ...]:
    wanted = {field.name for field in entity.shown if not field.sealed} | {"id", *entity.start}
    if any(field.sealed for field in entity.shown):
        wanted.add("sealed")
    columns = ", ".join(f'"{name}"' for name in sorted(wanted))
    query = f'SELECT {columns} {_theirs(entity)} ORDER BY "{entity.table}"."id"'
    return tuple(await reader().execute_query_dict(query, [_bound(entity, person)]))


def _theirs(entity: Entity, number: int = 1) -> str:
    """Whose rows, by parameter ``number``, in the policy's own names. A hold that must not be told is not listed."""
    mark = f"${number}" if dialect() == "postgres" else "?"
    told = f' AND "{TOLD}"' if any(field.name == TOLD for field in entity.fields) else ""
    return f'FROM "{entity.table}" WHERE "{entity.person}" = {mark}{told}'


def _bound(entity: Entity, person: UUID | bytes) -> Any:
    """The person as the database's driver takes it."""
    return str(person) if isinstance(person, UUID) and dialect() == "sqlite" else person


def _held(value: Any) -> bool:
    return value is not None and value not in (b"", "", {}, [])

"""A table's columns as a driver brings them, and as the model has them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from functools import cache, lru_cache
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from tortoise import fields
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from models.database import Dialect


@dataclass(frozen=True, slots=True)
class ColumnKind:
    """A column: how its raw value becomes the model's (``convert``; None: it is already), an enum's class, and whether null."""

    convert: Callable[[Any], Any] | None
    enum: type | None
    nullable: bool
    kind: type


def column_kind(table: type[Model], name: str, database: Dialect) -> ColumnKind:
    """Of one column of a table, or of a row that it names (``customer.number``). Raises KeyError for none of that name."""
    joined, _, name = name.rpartition(".")
    if joined:
        table = table._meta.fields_map[joined].related_model  # type: ignore[attr-defined]
    held = table._meta.fields_map[name]
    if isinstance(held, CharEnumFieldInstance):
        return ColumnKind(member_of(held.enum_type), held.enum_type, held.null, str)
    for field_type, kind in KINDS.items():
        if isinstance(held, field_type):
            return ColumnKind(CONVERT[database].get(kind), None, held.null, kind)
    raise KeyError(name)


@cache
def member_of(kind: type[Enum]) -> Callable[[Any], Any]:
    """A stored value → the enum's member; quicker than to call the enum."""
    return {one.value: one for one in kind}.__getitem__


def columns_of(table: type[Model]) -> tuple[str, ...]:
    """Every column of a table, by the model's names."""
    return tuple(table._meta.fields_db_projection)


KINDS: dict[type, type] = {
    fields.UUIDField: UUID,
    fields.DatetimeField: datetime,
    fields.BooleanField: bool,
    fields.BigIntField: object,
    fields.IntField: int,
    fields.FloatField: float,
    fields.JSONField: list,
    fields.BinaryField: bytes,
    fields.CharField: str,
    fields.TextField: str,
}
CONVERT: dict[Dialect, dict[type, Callable[[Any], Any]]] = {
    "postgres": {list: orjson.loads},
    "sqlite": {list: orjson.loads, UUID: UUID, datetime: datetime.fromisoformat, bool: bool},
}


# ---- light rows --------------------------------------------------------------------------------------------------------
def row_class(name: str, columns: tuple[str, ...]) -> Any:
    """A light class with these attributes."""
    return NamedTuple(name, [(column, Any) for column in columns])


@lru_cache(maxsize=256)
def maker(table: type[Model], columns: tuple[str, ...], database: Dialect) -> Callable[[Any], Any]:
    """Makes light rows of records."""
    made = row_class(table.__name__, columns)
    kinds = (column_kind(table, column, database) for column in columns)
    whole = tuple.__new__  # without a named tuple's own, which takes its values apart
    converts = [(place, kind.convert) for place, kind in enumerate(kinds) if kind.convert is not None]

    if not converts:
        return made._make

    def make(row: Any) -> Any:
        values = list(row)
        for place, convert in converts:
            value = values[place]
            if value is not None:
                values[place] = convert(value)
        return whole(made, values)

    return make

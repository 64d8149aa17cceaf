"""JSON Schemas (2020-12) of the data files, from the inventory and the tables; and a small check against them."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import msgspec
from tortoise import fields as columns
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.models import Model

from models.archive.collect import Section
from models.policy import Exported, Field

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VERSION = 1
Schema = dict[str, Any]

PLAIN: Mapping[type, Schema] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bytes: {"type": "string", "contentEncoding": "base64"},
    datetime: {"type": "string", "format": "date-time"},
    date: {"type": "string", "format": "date"},
    UUID: {"type": "string", "format": "uuid"},
}


def schema_of(section: Section, locale: str) -> Schema:
    """What a section's data file looks like: a list of records, every field there, null where nothing is held."""
    properties = {field.name: _property(section.model, field, locale) for field in section.fields}
    record = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "$schema": DIALECT,
        "$id": f"urn:octopus:export:{VERSION}:{section.name}",
        "title": section.entity.title.said(locale),
        "type": "array",
        "items": record,
    }


def parts_of(section: Section) -> dict[str, tuple[str, ...]]:
    """The parts of each field that is a struct, such as an address; the others have none."""
    return {field.name: _struct_parts(section.model, field) for field in section.fields}


def _struct_parts(model: type[Model], field: Field) -> tuple[str, ...]:
    struct = next((each for each in _choices(_sealed_type(model, field)) if _is_struct(each)), None)
    return struct.__struct_fields__ if field.sealed and struct is not None else ()


def _property(model: type[Model], field: Field, locale: str) -> Schema:
    if field.exported is Exported.EXISTENCE:
        held: Schema = {"type": "boolean", "description": "whether it is held; the value itself is a secret"}
    elif field.sealed:
        held = _nullable(_of_type(_sealed_type(model, field)))
    else:
        column = model._meta.fields_map[field.name]
        held = _nullable(_of_column(column)) if column.null else _of_column(column)
    return {"title": field.title.said(locale), **held}


def _sealed_type(model: type[Model], field: Field) -> Any:
    return _hints(model.contents)[field.name] if field.sealed else None  # type: ignore[attr-defined]


@cache
def _hints(struct: type) -> dict[str, Any]:
    """The types of a struct's fields: reading them anew for every field would take a seventh of an archive's time."""
    return get_type_hints(struct)


def _of_column(column: Any) -> Schema:
    if isinstance(column, columns.JSONField):
        return {}
    if isinstance(column, CharEnumFieldInstance):
        return _of_type(column.enum_type)
    return dict(PLAIN[column.field_type])


def _of_type(kind: Any) -> Schema:
    options = _choices(kind)
    if len(options) > 1:
        return _nullable(_of_type(next(each for each in options if each is not type(None))))
    if _is_struct(kind):
        hints = _hints(kind)
        required = [field.name for field in msgspec.structs.fields(kind) if field.required]
        inner = {name: _of_type(hints[name]) for name in kind.__struct_fields__}
        return {"type": "object", "properties": inner, "required": required, "additionalProperties": False}
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return {"type": "string", "enum": [each.value for each in kind]}
    if get_origin(kind) is dict:
        return {"type": "object"}
    if get_origin(kind) is list:
        return {"type": "array", "items": _of_type(get_args(kind)[0])}
    return dict(PLAIN[kind])


def _choices(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, msgspec.Struct)


def _nullable(schema: Schema) -> Schema:
    kind = schema.get("type")
    if kind is None or isinstance(kind, list):
        return schema
    wider = {**schema, "type": [kind, "null"]}
    return {**wider, "enum": [*schema["enum"], None]} if "enum" in schema else wider


# ---- checking ----------------------------------------------------------------------------------------------------

KNOWN = frozenset({"type", "enum", "format", "properties", "required", "additionalProperties", "items"})
SAID_ONLY = frozenset({"$schema", "$id", "title", "description", "contentEncoding"})
TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, float),
    "null": (type(None),),
}
ZONED = re.compile(r".*(?:Z|[+-]\d\d:\d\d)", re.DOTALL)


def _is_moment(value: str) -> bool:
    datetime.fromisoformat(value)
    return "T" in value and ZONED.fullmatch(value) is not None


FORMATS = {"date-time": _is_moment, "date": date.fromisoformat, "uuid": UUID}


def mismatches(value: Any, schema: Any, at: str = "") -> Iterator[str]:
    """Where a value is not what a schema says, by path. Only the keywords that our schemas use are understood: any
    other one is a mismatch of its own, so that nothing is left unchecked in silence."""
    if not isinstance(schema, dict) or not schema.keys() <= KNOWN | SAID_ONLY:
        yield f"{at or '/'}: a schema this check does not understand"
        return
    kinds = schema.get("type")
    if kinds is not None and not any(_is(value, kind) for kind in ([kinds] if isinstance(kinds, str) else kinds)):
        yield f"{at or '/'}: not of type {kinds}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at or '/'}: none of the values allowed"
    if "format" in schema and isinstance(value, str) and not _formatted(value, schema["format"]):
        yield f"{at or '/'}: no {schema['format']}"
    if isinstance(value, dict):
        yield from _object(value, schema, at)
    if isinstance(value, list) and "items" in schema:
        for number, item in enumerate(value):
            yield from mismatches(item, schema["items"], f"{at}/{number}")


def _object(value: dict[str, Any], schema: Schema, at: str) -> Iterator[str]:
    properties = schema.get("properties", {})
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{at}/{name}: missing"
    for name, item in value.items():
        if name in properties:
            yield from mismatches(item, properties[name], f"{at}/{name}")
        elif schema.get("additionalProperties") is False:
            yield f"{at}/{name}: not expected"


def _is(value: Any, kind: Any) -> bool:
    if isinstance(value, bool):
        return bool(kind == "boolean")
    return isinstance(value, TYPES.get(kind, ()))


def _formatted(value: str, form: Any) -> bool:
    try:
        return bool(FORMATS[form](value))
    except (KeyError, TypeError, ValueError):
        return False

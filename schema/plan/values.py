"""What the generated functions call: leaves as graphql-core serializes them, and the one exception they raise."""

from collections.abc import Callable
from datetime import UTC, datetime
from math import isfinite
from typing import Any

from graphql import GraphQLBoolean, GraphQLEnumType, GraphQLFloat, GraphQLID, GraphQLInt, GraphQLLeafType, GraphQLString

from schema.scalars import write_datetime

LARGEST_INT = 2**31


class Otherwise(Exception):
    """Not as a plan knows it: graphql-core answers."""


def present(value: Any) -> Any:
    """A value that may not be null."""
    if value is None:
        raise Otherwise
    return value


def listed(value: Any) -> Any:
    """A list's items."""
    if type(value) in (list, tuple):
        return value
    raise Otherwise


def text(value: Any) -> Any:
    """A String, an ID."""
    return value if type(value) is str else GraphQLString.serialize(value)


def identity(value: Any) -> Any:
    """An ID."""
    return value if type(value) is str else GraphQLID.serialize(value)


def integer(value: Any) -> Any:
    """An Int."""
    return value if type(value) is int and -LARGEST_INT <= value < LARGEST_INT else GraphQLInt.serialize(value)


def fraction(value: Any) -> Any:
    """A Float."""
    return value if type(value) is float and isfinite(value) else GraphQLFloat.serialize(value)


def truth(value: Any) -> Any:
    """A Boolean."""
    return value if value is True or value is False else GraphQLBoolean.serialize(value)


def moment(value: Any) -> Any:
    """A DateTime; one in UTC is written when the answer is."""
    return value if type(value) is datetime and value.tzinfo is UTC else write_datetime(value)


PLAIN: dict[str, Callable[[Any], Any]] = {
    "String": text, "ID": identity, "Int": integer, "Float": fraction, "Boolean": truth,
}  # fmt: skip


def as_it_is(kind: GraphQLLeafType, name: str) -> str | None:
    """The question whether a serializer changes nothing of a value, to be written into the generated function; None: ask it."""
    if kind.name in ("String", "ID"):
        return f"type({name}) is str"
    return f"{name} is True or {name} is False" if kind.name == "Boolean" else None


def refuses_null(kind: GraphQLLeafType) -> bool:
    """Whether its serializer raises for null."""
    return isinstance(kind, GraphQLEnumType) or kind.name in PLAIN or kind.name == "DateTime"


def serializer(kind: GraphQLLeafType) -> Callable[[Any], Any]:
    """Of a value that is not null. It may raise anything."""
    if isinstance(kind, GraphQLEnumType):
        return names_of(kind).__getitem__
    if kind.name == "DateTime":
        return moment
    return PLAIN.get(kind.name) or kind.serialize


def names_of(kind: GraphQLEnumType) -> dict[Any, str]:
    """An enum's stored value, which a member equals, → its name in the schema."""
    return {one.value: name for name, one in kind.values.items()}

"""What compiling a document gives: the source of a function with all that it needs, or that it cannot be."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from graphql.execution.values import VariableValues

from models.rows import Carried

Carrier = Callable[[VariableValues | None], Carried | None]


class CannotCompile(Exception):
    """The document asks for something that only graphql-core's executor does; the text says what."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """A function's source, what its free names stand for, its statements, and the fields that call a resolver.

    ``carried``: of the statements those that can come with the viewer's session; each tells its values from the variables'.
    """

    source: str
    bound: Mapping[str, Any]
    statements: tuple[str, ...]
    resolvers: tuple[str, ...]
    carried: tuple[Carrier, ...] = ()

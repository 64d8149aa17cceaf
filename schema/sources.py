"""Where a field's value comes from: declared once, read by every executor.

A type's plain fields are a ``column`` of its row, a ``sealed`` field of the row's struct, ``derived`` from either, a ``group`` of
fields of the same row, or the row's ``node_id``. Fields that bring rows of another table are ``related`` resolvers. The
declaration stands in the field's metadata under ``SOURCE``; ``of`` builds a type from a row by it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Self, TypeVar

import strawberry

from schema.access import Context

SOURCE = "source"
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the row."""

    name: str | None = None

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        return getattr(row, self.name or field)


@dataclass(frozen=True, slots=True)
class SealedField:
    """A field of the row's sealed struct."""

    name: str | None = None

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        return getattr(contents, self.name or field)


@dataclass(frozen=True, slots=True)
class Derived:
    """Computed from the row and its struct; pure. ``columns`` and ``sealed`` name what it reads."""

    function: Callable[[Context, Any, Any], Any]
    columns: tuple[str, ...] = ()
    sealed: tuple[str, ...] = ()

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        return self.function(context, row, contents)


@dataclass(frozen=True, slots=True)
class Group:
    """An object made of the same row; None when ``empty`` says there is nothing to show."""

    type: Callable[[], Any]
    empty: Callable[[Any, Any], bool] | None = None

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        if self.empty is not None and self.empty(row, contents):
            return None
        return self.type().of(context, row, contents)


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of another table: which, joined by which column, newest or oldest first by which column."""

    table: Any
    by: str
    order: str
    paged: bool = False


def column(name: str | None = None, *, description: str | None = None) -> Any:
    """A plain field that is a column of the row."""
    return _field(Column(name), description)


def sealed(name: str | None = None, *, description: str | None = None) -> Any:
    """A plain field that is a field of the row's sealed struct."""
    return _field(SealedField(name), description)


def derived(
    function: Callable[[Context, Any, Any], Any],
    *,
    columns: tuple[str, ...] = (),
    sealed: tuple[str, ...] = (),
    description: str | None = None,
) -> Any:
    """A plain field computed by a pure function of (context, row, struct)."""
    return _field(Derived(function, columns, sealed), description)


def group(
    type: Callable[[], Any], *, empty: Callable[[Any, Any], bool] | None = None, description: str | None = None
) -> Any:
    """A plain field that is an object of its own, made of the same row."""
    return _field(Group(type, empty), description)


def related(table: Any, *, by: str = "customer_id", order: str, paged: bool = False, description: str) -> Any:
    """Decorates the resolver of a field that brings rows of another table, and says which."""
    return strawberry.field(description=description, metadata={SOURCE: Related(table, by, order, paged)})


def _field(source: Any, description: str | None) -> Any:
    return strawberry.field(description=description, metadata={SOURCE: source})


class FromRow:
    """A type whose plain fields all declare their source."""

    _sources: ClassVar[dict[str, Any] | None] = None
    row: ClassVar[Any]  # the row itself, for the resolvers of related fields

    @classmethod
    def sources(cls) -> dict[str, Any]:
        """Python field name → source, of the plain fields."""
        if "_sources" not in cls.__dict__ or cls._sources is None:
            definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
            cls._sources = {
                one.python_name: one.metadata[SOURCE]
                for one in definition.fields
                if SOURCE in one.metadata and not isinstance(one.metadata[SOURCE], Related)
            }
        return cls._sources

    @classmethod
    def of(cls, context: Context, row: Any, contents: Any = None) -> Self:
        """Build from a row and its opened struct."""
        made: Any = cls.__new__(cls)
        made.row = row
        for name, source in cls.sources().items():
            setattr(made, name, source.read(name, context, row, contents))
        return made

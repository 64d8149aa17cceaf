"""Where a field's value comes from: declared once, read by every executor.

A type's plain fields are a ``column`` of its row, a ``sealed`` field of the row's struct, ``derived`` from either, a ``group`` of
fields of the same row, or the row's ``node_id``. Fields that bring rows of another table are ``Related`` (``schema.related``
declares them). The declaration stands in the field's metadata under ``SOURCE``: ``of`` builds a type from a row by it, for
graphql-core, and ``schema.plan`` compiles it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, Literal, Self, TypeVar

import strawberry

from models.policy import Role
from models.selections import Condition, Selection
from schema.access import Context

SOURCE = "source"
EFFECT = "effect"
"""In the metadata of a query's field that leaves a trace when it is read: a search that is recorded, a throttled code."""
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
class Told:
    """Computed from columns by what ``prepare`` makes of the context, once for all rows of a list; pure.

    ``keyed``: and, after them, from whether their owner still has a key.
    """

    prepare: Callable[[Context], Callable[..., Any]]
    columns: tuple[str, ...]
    keyed: bool = False

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        return self.prepare(context)(*(getattr(row, one) for one in self.columns))


@dataclass(frozen=True, slots=True)
class Group:
    """An object made of the same row; None where the struct has none of the fields ``of``: then there is nothing to show."""

    type: Callable[[], Any]
    of: tuple[str, ...] = ()

    def read(self, field: str, context: Context, row: Any, contents: Any) -> Any:
        if self.of and all(getattr(contents, one) is None for one in self.of):
            return None
        return self.type().of(context, row, contents)


@dataclass(frozen=True, slots=True)
class Later:
    """An object made of the same row, which is not opened unless it is asked for."""

    type: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Own:
    """The viewer's own row, which came with their session; null when nobody is signed in."""

    table: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands beside the rows of a list, read for all of them at once: ``load`` answers it by row id.

    It is told which fields of it are selected; None: maybe all. ``columns`` are those of the rows that it reads; a plan joins
    ``customer.number`` and tells it as ``customer_number``, graphql-core's rows have none of those.
    """

    load: Callable[[Context, Sequence[Any], frozenset[str] | None], Awaitable[Mapping[Any, Any]]]
    columns: tuple[str, ...]
    joined: "Joined | None" = None
    known: "Known | None" = None


@dataclass(frozen=True, slots=True)
class Known:
    """Fields of what stands beside a row that the row knows itself: if no others are selected, a plan loads nothing.

    There is something beside it when the time in the column ``at`` is later than ``since`` and its owner has a key.
    """

    fields: Mapping[str, Column | Told]
    at: str
    since: Callable[[Context], datetime]


@dataclass(frozen=True, slots=True)
class Joined:
    """Made of the row of ``table`` that the column ``by_id`` names: a plan joins that, and loads nothing."""

    table: Any
    type: Any
    by: str


@dataclass(frozen=True, slots=True)
class Related:
    """Rows of another table that belong to this one: ``by`` names their column that holds its id; None for a root's.

    ``roles``: whose eyes a root's rows are for; ``where`` takes the context first then, which these arguments
    (``personal``) need: the others are known when compiling.

    ``type`` is made of each, or one of ``types`` by the enum column ``kind``. ``where`` turns the field's arguments into
    conditions. ``shape``: a page of ``connection``, a list, or one row that is always there.
    """

    table: Any
    type: Any
    order: tuple[str, ...]
    shape: Literal["page", "list", "one"]
    by: str | None = "customer_id"
    at_most: int | None = None
    roles: tuple[Role, ...] = ()
    personal: tuple[str, ...] = ()
    where: Callable[..., Sequence[Condition]] | None = None
    connection: Any = None
    kind: str | None = None
    types: Mapping[Any, Any] | None = None

    def selection(self, context: Context | None, **given: Any) -> Selection:
        """Which rows, for these arguments."""
        asked = (context,) if self.by is None else ()
        conditions = self.where(*asked, **given) if self.where is not None else ()
        return Selection(self.table, self.by, self.order, self.at_most, tuple(conditions))

    def build(self, context: Context, row: Any, contents: Any) -> Any:
        """One row as its type."""
        made = self.type if self.types is None else self.types[getattr(row, str(self.kind))]
        return made.of(context, row, contents)


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


def told(
    prepare: Callable[[Context], Callable[..., Any]],
    *columns: str,
    keyed: bool = False,
    description: str | None = None,
) -> Any:
    """A plain field computed from these columns by the function that ``prepare`` makes of the context."""
    return _field(Told(prepare, columns, keyed), description)


def group(type: Callable[[], Any], *, of: tuple[str, ...] = (), description: str | None = None) -> Any:
    """A plain field that is an object of its own, made of the same row; null where the struct has none of ``of``."""
    return _field(Group(type, of), description)


def _field(source: Any, description: str | None) -> Any:
    return strawberry.field(description=description, metadata={SOURCE: source})


class FromRow:
    """A type whose plain fields all declare their source."""

    _sources: ClassVar[dict[str, Any] | None] = None
    row: ClassVar[Any]  # the row itself, for the resolvers of related fields
    rows: ClassVar[Sequence[Any]]  # all rows of its list, for what stands beside them

    @classmethod
    def sources(cls) -> dict[str, Any]:
        """Python field name → source, of the plain fields."""
        if "_sources" not in cls.__dict__ or cls._sources is None:
            definition = cls.__strawberry_definition__  # type: ignore[attr-defined]
            cls._sources = {
                one.python_name: one.metadata[SOURCE]
                for one in definition.fields
                if hasattr(one.metadata.get(SOURCE), "read")
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

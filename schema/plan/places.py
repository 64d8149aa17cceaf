"""Where a selection set's fields are read from: an object, a row that a statement brought, the viewer's own row."""

import typing
from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any

import msgspec

from models.columns import ColumnKind, column_kind, columns_of, row_class
from models.tables.paging import write_cursors
from schema.plan.code import Block, Code


class Thing:
    """An object that a resolver made: attributes, and resolvers of its own."""

    def __init__(self, name: str) -> None:
        self.name = name


class Listed:
    """What is done for all rows of a list before the loop over them: ids and cursors written, structs opened as far as is asked.

    ``opens``: whether they are sealed under one key, which ``key`` has known then; ``writes``: whether they are of one type, and so
    their ids of one kind.
    """

    def __init__(self, code: Code, rows: str, key: Callable[[], None], *, opens: bool, writes: bool) -> None:
        self._code, self._rows, self._key, self.opens, self.writes = code, rows, key, opens, writes
        self._bytes: dict[str, str] = {}  # of which column's bytes, under which name
        self._ids: dict[tuple[int, str], str] = {}
        self._cursors: dict[tuple[str, str], str] = {}
        self._opened: tuple[RowPlace, str, str] | None = None
        self._fields: dict[str, None] = {}

    def id(self, kind: int, row_bytes: str) -> str:
        """The name of a row's id."""
        self._known(row_bytes)
        return self._ids.setdefault((kind, row_bytes), self._code.fresh("id"))

    def cursor(self, at: str, row_bytes: str) -> str:
        """The name of a row's cursor."""
        self._known(row_bytes)
        return self._cursors.setdefault((at, row_bytes), self._code.fresh("cursor"))

    def _known(self, row_bytes: str) -> None:
        self._bytes.setdefault(row_bytes, self._code.fresh("bytes"))

    def opened(self, place: "RowPlace", *fields: str) -> str:
        """The name of a row's struct, which has these fields."""
        self._key()
        row_bytes = place.id_bytes("id")
        self._known(row_bytes)
        self._fields |= dict.fromkeys(fields)
        self._opened = place, row_bytes, place.raw("sealed")
        return f"{place.name}_open"

    def write(self, block: Block, row: str) -> tuple[list[str], list[str]]:
        """Lines of the block before the loop; what the loop goes over, and its names."""
        each, over = [row], [self._rows]
        for row_bytes, name in self._bytes.items():
            block(f"{name} = [{row_bytes} for {row} in {self._rows}]")
        for (kind, row_bytes), name in self._ids.items():
            block(f"{name}s = write_ids({kind}, {self._bytes[row_bytes]})")
            each.append(name)
            over.append(f"{name}s")
        for (at, row_bytes), name in self._cursors.items():
            times = f"[{at} for {row} in {self._rows}]"
            block(f"{name}s = {self._code.bind(write_cursors, 'write_cursors')}({times}, {self._bytes[row_bytes]})")
            each.append(name)
            over.append(f"{name}s")
        if self._opened is not None:
            place, row_bytes, sealed = self._opened
            into = self._code.bind(part(place.table.contents, frozenset(self._fields)), "contents")
            envelopes = f"[{sealed} for {row} in {self._rows}]"
            table = repr(place.table._meta.db_table)
            block(f"{row}_opens = key.open_all({table}, {self._bytes[row_bytes]}, {envelopes}, {into})")
            each.append(f"{row}_open")
            over.append(f"{row}_opens")
        return each, over


@lru_cache(maxsize=1024)
def part(contents: type[msgspec.Struct], fields: frozenset[str]) -> type[msgspec.Struct]:
    """A struct that knows these fields of another and passes over the rest, which takes half the time."""
    known = [one for one in msgspec.structs.fields(contents) if one.name in fields or one.required]
    if len(known) == len(msgspec.structs.fields(contents)):
        return contents
    defined: list[Any] = [
        (one.name, one.type)
        if one.required
        else (one.name, one.type, msgspec.field(default_factory=one.default_factory))
        if one.default is msgspec.NODEFAULT
        else (one.name, one.type, one.default)
        for one in known
    ]
    return msgspec.defstruct(f"{contents.__name__}Part", defined, kw_only=True, gc=False)


class RowPlace:
    """A row, by columns that are noted as they are asked for; its struct is opened at most once, in the block's head."""

    def __init__(self, code: Code, block: Block, table: Any, database: Any, opener: Callable[[], str]) -> None:
        self.code, self.block, self.table, self.database, self._opener = code, block, table, database, opener
        self.name = code.fresh("row")
        self.columns: dict[str, int] = {}
        self._needed: dict[str, None] = {}
        self._object: str | None = None
        self.beside: Callable[[Any, Any], str] | None = None  # reads what stands beside the rows of this one's list
        self.list: Listed | None = None

    def kind(self, column: str) -> ColumnKind:
        return column_kind(self.table, column, self.database)

    def raw(self, column: str) -> str:
        """The column as the driver brings it."""
        return f"{self.name}[{self.columns.setdefault(column, len(self.columns))}]"

    def value(self, column: str) -> str:
        """The column as the model has it."""
        kind, raw = self.kind(column), self.raw(column)
        if kind.convert is None:
            return raw
        hint = kind.enum.__name__ if kind.enum is not None else kind.convert.__name__
        made = f"{self.code.bind(kind.convert, hint)}({raw})"
        return f"(None if {raw} is None else {made})" if kind.nullable else made

    def id_bytes(self, column: str) -> str:
        """An id's 16 bytes."""
        if self.database == "postgres" and column == "id":
            return self.raw("id:bytes")  # of which the driver makes no UUID
        return f"{self.value(column)}.bytes"

    def sealed(self, field: str) -> str:
        """A field of the row's struct."""
        if self.list is not None and self.list.opens:
            return f"{self.list.opened(self, field)}.{field}"
        return f"{self.contents()}.{field}"

    def contents(self) -> str:
        """The row's struct, opened."""
        if "sealed" not in self.table._meta.fields_map:
            return "None"
        if self.list is not None and self.list.opens:
            return self.list.opened(self, *(one.name for one in msgspec.structs.fields(self.table.contents)))
        name = f"{self.name}_open"
        if name not in self.block.head:
            opener, empty = self._opener(), self.code.bind(self.table.contents, "contents")
            sealed = self.raw("sealed")
            opened = f"{opener}({self.id_bytes('id')}, {sealed})"
            self.block.first(name, f"{name} = {empty}() if {sealed} is None else {opened}")
        return name

    def obj(self, columns: tuple[str, ...]) -> str:
        """Something with these columns as attributes."""
        if not columns:
            return "None"
        for column in columns:
            self.raw(column)
            self._needed[column] = None
        if self._object is None:
            self._object = f"{self.name}_obj"
            self.block.first(self._object, "")  # its place; written when all columns are known
        return self._object

    def whole(self) -> str:
        """Something with every column as an attribute."""
        return self.obj(columns_of(self.table))

    def finish(self) -> None:
        """Every column is known by now."""
        if self._object is not None:
            wanted = tuple(self._needed)
            made = self.code.bind(row_class(self.table.__name__, wanted), "row")
            values = ", ".join(self.value(column) for column in wanted)
            self.block.head[self._object] = f"{self._object} = {made}({values})"


class EachPlace(RowPlace):
    """A row of anybody's, sealed under the key of whom its ``customer_id`` names: ``None`` for a struct whose key is gone."""

    def contents(self) -> str:
        name, person, keys = f"{self.name}_open", self.value("customer_id"), self._opener()
        if name not in self.block.head:
            made, sealed = self.code.bind(self.table.contents, "contents"), self.raw("sealed")
            opened = f"{keys}[{person}].open({self.table._meta.db_table!r}, {self.value('id')}, {sealed}, {made})"
            whole = f"{made}() if {sealed} is None else {opened}"
            self.block.first(name, f"{name} = None if {person} not in {keys} else {whole}")
        return name

    def has_key(self) -> str:
        """Whether its owner has a key."""
        return f"{self.value('customer_id')} in {self._opener()}"


class JoinedPlace(RowPlace):
    """The row that a column of an ``EachPlace`` names, brought by the same statement."""

    def __init__(self, outer: EachPlace, table: Any, by: str) -> None:
        super().__init__(outer.code, outer.block, table, outer.database, outer._opener)
        self._outer, self._by = outer, by
        self.list = outer.list

    def raw(self, column: str) -> str:
        return self._outer.raw(f"{self._by}_id" if column == "id" else f"{self._by}.{column}")

    def id_bytes(self, column: str) -> str:
        return f"{self.value(column)}.bytes"

    def has_key(self) -> str:
        """Whether it has a key."""
        return f"{self.value('id')} in {self._opener()}"


class OwnPlace(RowPlace):
    """The viewer's own row, which came with their session."""

    def __init__(
        self, code: Code, block: Block, table: Any, database: Any, opener: Callable[[], str], name: str
    ) -> None:
        super().__init__(code, block, table, database, opener)
        self.row = name

    def raw(self, column: str) -> str:
        return f"{self.row}.{column}"

    def value(self, column: str) -> str:
        return self.raw(column)

    def id_bytes(self, column: str) -> str:
        return f"{self.raw(column)}.bytes"

    def kind(self, column: str) -> ColumnKind:
        found = super().kind(column)
        return ColumnKind(None, found.enum, found.nullable, found.kind)

    def obj(self, columns: tuple[str, ...]) -> str:
        return self.row

    def whole(self) -> str:
        return "ctx.viewer.customer"


def struct_type(contents: type, field: str) -> tuple[Any, bool]:
    """The type of a struct's field without None, and whether None is allowed."""
    hint = typing.get_type_hints(contents).get(field)
    parts = typing.get_args(hint)
    if NoneType in parts:
        rest = [part for part in parts if part is not NoneType]
        return (rest[0] if len(rest) == 1 else None), True
    return hint, False

"""Where a selection set's fields are read from: an object, a row that a statement brought, the viewer's own row."""

import typing
from collections.abc import Callable
from types import NoneType
from typing import Any

import msgspec

from models.columns import ColumnKind, column_kind, columns_of, row_class
from schema.plan.code import Block, Code
from schema.plan.lists import Listed


class Thing:
    """An object that a resolver made: attributes, and resolvers of its own."""

    def __init__(self, name: str) -> None:
        self.name = name


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
            return f"{self._opened_in_list(self.list, field)}.{field}"
        return f"{self.contents()}.{field}"

    def contents(self) -> str:
        """The row's struct, opened."""
        if "sealed" not in self.table._meta.fields_map:
            return "None"
        if self.list is not None and self.list.opens:
            return self._opened_in_list(self.list, *(one.name for one in msgspec.structs.fields(self.table.contents)))
        name = f"{self.name}_open"
        if name not in self.block.head:
            opener, empty = self._opener(), self.code.bind(self.table.contents, "contents")
            sealed = self.raw("sealed")
            opened = f"{opener}({self.id_bytes('id')}, {sealed})"
            self.block.first(name, f"{name} = {empty}() if {sealed} is None else {opened}")
        return name

    def _opened_in_list(self, rows: Listed, *fields: str) -> str:
        return rows.opened(self.name, self.table, self.id_bytes("id"), self.raw("sealed"), *fields)

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
    """The viewer's own row, which came with their session; ``key`` tells the name of their key."""

    def __init__(self, code: Code, block: Block, table: Any, database: Any, key: Callable[[], str], name: str) -> None:
        super().__init__(code, block, table, database, key)
        self.row = name

    def raw(self, column: str) -> str:
        return f"{self.row}.{column}"

    def value(self, column: str) -> str:
        return self.raw(column)

    def id_bytes(self, column: str) -> str:
        return f"{self.raw(column)}.bytes"

    def contents(self) -> str:
        name = f"{self.name}_open"
        if name not in self.block.head:
            key, made, sealed = self._opener(), self.code.bind(self.table.contents, "contents"), self.raw("sealed")
            opened = f"{key}.open({self.table._meta.db_table!r}, {self.raw('id')}, {sealed}, {made})"
            self.block.first(name, f"{name} = {made}() if {sealed} is None else {opened}")
        return name

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

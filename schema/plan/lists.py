"""What is done for all rows of a list at once, which costs less than to do it one by one."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import msgspec

from models.tables.paging import write_cursors
from schema.plan.code import Block, Code


class Listed:
    """Ids and cursors are written before the loop over the rows, structs opened as far as is asked.

    ``opens``: whether they are sealed under one key, which ``key`` names; ``writes``: whether they are of one type, and so
    their ids of one kind.
    """

    def __init__(self, code: Code, rows: str, key: Callable[[], str], *, opens: bool, writes: bool) -> None:
        self._code, self._rows, self._key, self.opens, self.writes = code, rows, key, opens, writes
        self._bytes: dict[str, str] = {}  # of which column's bytes, under which name
        self._ids: dict[tuple[int, str], str] = {}
        self._cursors: dict[tuple[str, str], str] = {}
        self._opened: tuple[Any, str, str] | None = None
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

    def opened(self, row: str, table: Any, row_bytes: str, sealed: str, *fields: str) -> str:
        """The name of a row's struct, which has these fields."""
        self._known(row_bytes)
        self._fields |= dict.fromkeys(fields)
        self._opened = table, row_bytes, sealed
        return f"{row}_open"

    def write(self, block: Block, row: str) -> tuple[list[str], list[str]]:
        """Lines of the block before the loop; the names in its head, and what they go over."""
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
            table, row_bytes, sealed = self._opened
            into = self._code.bind(part(table.contents, frozenset(self._fields)), "contents")
            envelopes = f"[{sealed} for {row} in {self._rows}]"
            block(
                f"{row}_opens = {self._key()}.open_all({table._meta.db_table!r}, {self._bytes[row_bytes]}, {envelopes}, {into})"
            )
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

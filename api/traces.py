"""Every file the service writes, searched as bytes: how 'erased' becomes 'verified' (clauses 5.1 and 5.2)."""

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

CHUNK = 64 * 1024  # the interpreter is blocked while one chunk is searched
FEW = 64  # up to here one search per needle is faster than one regular expression for all
PREFIX = 16
SIDES = ("", "-wal", "-shm", "-journal")


class FileTraces:
    """The World's traces: all of ``data_dir`` and of ``places`` outside it; ``databases`` are SQLite's main files."""

    def __init__(self, data_dir: Path, *, places: Iterable[Path] = (), databases: Iterable[Path] = ()) -> None:
        self._data_dir = data_dir
        self._places = [data_dir, *places]
        self._databases = [path.with_name(path.name + side) for path in databases for side in SIDES]
        self._canary = data_dir / "canary"

    async def search(self, needles: Iterable[bytes], *, databases: bool) -> list[str]:
        """Names of the files that hold any needle, sorted; compared as bytes. Raises ValueError for an empty needle."""
        return await asyncio.to_thread(self._search, list(needles), databases)

    async def plant(self, needle: bytes) -> None:
        """The next search finds this, or was none."""
        await asyncio.to_thread(self._plant, needle)

    async def pluck(self) -> None:
        """Take it away again; safe to repeat."""
        await asyncio.to_thread(self._canary.unlink, missing_ok=True)

    def _plant(self, needle: bytes) -> None:
        self._data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        with os.fdopen(os.open(self._canary, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            file.write(b"planted: " + needle + b"\n")

    def _search(self, needles: list[bytes], databases: bool) -> list[str]:
        if not needles:
            return []
        holds, longest = _searcher(needles), max(map(len, needles))
        return sorted(self._name(path) for path in self._files(databases) if _found(path, holds, longest - 1))

    def _files(self, databases: bool) -> set[Path]:
        own = {path.absolute() for path in self._databases}
        found = {path.absolute() for place in self._places for path in _below(place)} - own
        return found | own if databases else found

    def _name(self, path: Path) -> str:
        home = self._data_dir.absolute()
        return str(path.relative_to(home) if path.is_relative_to(home) else path)


def _below(place: Path) -> Iterator[Path]:
    if not place.is_dir():
        yield place
    for folder, _, names in os.walk(place):
        yield from (Path(folder, name) for name in names)


def _found(path: Path, holds: Callable[[bytes], bool], overlap: int) -> bool:
    """A needle that lies across two chunks is found too. A file that goes away meanwhile holds nothing."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            tail = b""
            while chunk := file.read(CHUNK):
                if holds(tail + chunk):
                    return True
                tail = (tail + chunk)[-overlap:] if overlap else b""
    except FileNotFoundError:
        pass
    return False


def _searcher(needles: list[bytes]) -> Callable[[bytes], bool]:
    needles = list(dict.fromkeys(needles))
    if not all(needles):
        raise ValueError("an empty needle is everywhere")

    def one_by_one(chunk: bytes) -> bool:
        return any(needle in chunk for needle in needles)

    if len(needles) <= FEW:
        return one_by_one
    beginnings = re.compile(_pattern({needle[:PREFIX] for needle in needles}), re.DOTALL)
    return lambda chunk: beginnings.search(chunk) is not None and one_by_one(chunk)


def _pattern(words: set[bytes]) -> bytes:
    """A regular expression that shares what the words' beginnings share."""
    tree: dict[int, Any] = {}
    for word in words:
        node = tree
        for byte in word:
            node = node.setdefault(byte, {})
        node[-1] = {}
    return _written(tree)


def _written(node: dict[int, Any]) -> bytes:
    if -1 in node:  # a shorter word ends here: whatever follows is found already
        return b""
    branches = [re.escape(bytes([byte])) + _written(below) for byte, below in node.items()]
    return branches[0] if len(branches) == 1 else b"(?:" + b"|".join(branches) + b")"

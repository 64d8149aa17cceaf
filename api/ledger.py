"""Files of lines outside the databases, so that no restored backup brings anybody back or loses what was signed.

The tombstones' second home is one (the ledger), the signed states of the event chain are another.
"""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterable
from pathlib import Path
from typing import BinaryIO

from api.folders import settle

CHUNK = 64 * 1024


class FileLedger:
    """The World's ledger and its checkpoints. Lines stay once ``append`` returns; one torn by a crash never was acknowledged."""

    def __init__(self, path: Path) -> None:
        self.path = path

    async def append(self, lines: Iterable[str]) -> None:
        """Add lines, fsynced. Raises ValueError for a line that is more than one, OSError (a full disk)."""
        await asyncio.to_thread(self._append, list(lines))

    async def lines(self) -> list[str]:
        """Every whole line, oldest first."""
        return await asyncio.to_thread(self._lines)

    async def last(self) -> str | None:
        """The newest whole line; None while there is none."""
        return await asyncio.to_thread(self._last)

    async def stream(self) -> AsyncIterator[list[str]]:
        """Every whole line, oldest first, a few hundred at a time: the file may be longer than the memory."""
        try:
            file = await asyncio.to_thread(self.path.open, "rb")
        except FileNotFoundError:
            return
        with file:
            while lines := await asyncio.to_thread(file.readlines, CHUNK):
                yield [line[:-1].decode(errors="replace") for line in lines if line.endswith(b"\n")]

    def _append(self, lines: list[str]) -> None:
        if any("\n" in line or "\r" in line or not line for line in lines):
            raise ValueError("a ledger line is exactly one line")
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600)
        with os.fdopen(descriptor, "r+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = _whole(file)
            file.seek(end)
            file.truncate()  # what a crash tore, or a full disk
            try:
                file.write("".join(line + "\n" for line in lines).encode())
                file.flush()
            except OSError:
                os.ftruncate(descriptor, end)
                raise
            os.fsync(descriptor)
        if end == 0:
            settle(self.path.parent)

    def _last(self) -> str | None:
        try:
            with self.path.open("rb") as file:
                end = _whole(file)
                if end == 0:
                    return None
                start = _whole(file, end - 1)
                file.seek(start)
                return file.read(end - 1 - start).decode(errors="replace")
        except FileNotFoundError:
            return None

    def _lines(self) -> list[str]:
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return []
        return content.decode(errors="replace").split("\n")[:-1]


def _whole(file: BinaryIO, before: int | None = None) -> int:
    """Where the last whole line (that ends at or before a byte) ends, from there backwards."""
    end = file.seek(0, os.SEEK_END) if before is None else before
    while end:
        start = max(0, end - CHUNK)
        file.seek(start)
        if (found := file.read(end - start).rfind(b"\n")) >= 0:
            return start + found + 1
        end = start
    return 0

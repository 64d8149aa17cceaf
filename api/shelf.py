"""Sealed archives in a folder, one file each, named by their id."""

import asyncio
import fcntl
import os
from collections.abc import AsyncIterator, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from api.folders import settle

CHUNK = 64 * 1024


class FileShelf:
    """The World's shelf. A file has its name only once it is whole; what a crash left half written is cleared away."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def put(self, archive_id: UUID, chunks: Iterable[bytes]) -> None:
        """All or nothing, fsynced; the second replaces the first. Raises OSError (a full disk) and leaves nothing."""
        await asyncio.to_thread(self._put, archive_id, chunks)

    async def read(self, archive_id: UUID) -> AsyncIterator[bytes]:
        """The archive in chunks of 64 kB. Raises FileNotFoundError."""
        file = await asyncio.to_thread(self._path(archive_id).open, "rb")
        try:
            while chunk := await asyncio.to_thread(file.read, CHUNK):
                yield chunk
        finally:
            file.close()

    async def remove(self, archive_id: UUID) -> None:
        """Nothing is left of it; safe to repeat."""
        await asyncio.to_thread(self._remove, archive_id)

    async def ids(self) -> set[UUID]:
        """Every whole archive."""
        return await asyncio.to_thread(self._ids)

    def _path(self, archive_id: UUID) -> Path:
        return self.folder / f"{archive_id}.sealed"

    def _put(self, archive_id: UUID, chunks: Iterable[bytes]) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        beside = self.folder / f".{archive_id}.tmp"
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)  # says that somebody is at it
            try:
                file.truncate()
                for chunk in chunks:
                    file.write(chunk)
                file.flush()
                os.fsync(file.fileno())
                os.replace(beside, self._path(archive_id))
            except BaseException:
                beside.unlink(missing_ok=True)
                raise
        settle(self.folder)

    def _remove(self, archive_id: UUID) -> None:
        path = self._path(archive_id)
        if path.exists():
            path.unlink(missing_ok=True)
            settle(self.folder)

    def _ids(self) -> set[UUID]:
        for beside in self.folder.glob(".*.tmp"):
            _clear(beside)
        return {UUID(path.stem) for path in self.folder.glob("*.sealed")}


def _clear(beside: Path) -> None:
    """Remove a half-written file unless somebody is writing it."""
    with suppress(FileNotFoundError, BlockingIOError), beside.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        beside.unlink()

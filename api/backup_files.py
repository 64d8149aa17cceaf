"""Copies of the two databases as files: SQLite by its online backup, PostgreSQL by pg_dump. Taken whole or not at all.

``octopus-main-20261123T090000000000Z.db`` (or ``.dump``), mode 0600, and beside it what ``sha256sum -c`` reads.
"""

import asyncio
import hashlib
import os
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from api.folders import settle
from models.world import BackupFailed, Store, Taken

CHUNK = 1024 * 1024
STAMP = "%Y%m%dT%H%M%S%fZ"
NAME = re.compile(r"octopus-(main|keystore)-(\d{8}T\d{12}Z)\.(db|dump)")
LONGEST_PLACE = 200  # characters that the register holds


class FileBackups:
    """The World's backups, in ``folder`` unless another is named. ``urls`` are those of the settings, by store."""

    def __init__(
        self, folder: Path, urls: Mapping[str, str], *, now: Callable[[], datetime], expected: bool = False
    ) -> None:
        self.folder, self._urls, self._now, self.expected = folder, urls, now, expected

    async def take(self, store: Store, folder: str | None = None) -> Taken:
        """Copy one database. Raises BackupFailed, OSError (a full disk); then nothing is left of it."""
        url, at = self._urls[store], self._now().astimezone(UTC)
        to = (Path(folder) if folder else self.folder).absolute()
        path = to / f"octopus-{store}-{at.strftime(STAMP)}.{'db' if url.startswith('sqlite') else 'dump'}"
        if len(str(path)) > LONGEST_PLACE:
            raise BackupFailed(f"the path of the backup is longer than {LONGEST_PLACE} characters: {path}")
        beside = path.with_name(f".{path.name}.tmp")
        try:
            await asyncio.to_thread(_make_room, beside)
            if url.startswith("sqlite"):
                await asyncio.to_thread(_copy, Path(unquote(urlsplit(url).path.removeprefix("/"))), beside)
            else:
                await _dump(url, beside)
            sha256 = await asyncio.to_thread(_settle, beside, path)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
        return Taken(store, str(path), at, sha256, path.stat().st_size)

    async def destroy(self, place: str) -> None:
        """Overwrite and remove; safe to repeat. Raises BackupFailed when its folder is not there: another machine's, say."""
        await asyncio.to_thread(_destroy, Path(place))

    async def found(self, beside: Iterable[str] = ()) -> list[Taken]:
        """The backups in our folder and in those of these places; their names say of what and when."""
        folders = {self.folder.absolute(), *(Path(place).parent for place in beside)}
        return await asyncio.to_thread(lambda: [one for folder in sorted(folders) for one in _found(folder)])


def _make_room(beside: Path) -> None:
    beside.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.close(os.open(beside, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))


def _copy(database: Path, to: Path) -> None:
    """SQLite's online backup: what is committed now, while others write; then the copy is looked through."""
    if not database.exists():
        raise BackupFailed(f"there is no database {database}")
    with (
        closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as source,
        closing(sqlite3.connect(to)) as copy,
    ):
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE").fetchall()
        if (found := copy.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
            raise BackupFailed(f"the copy of {database} is damaged: {found}")


async def _dump(url: str, to: Path) -> None:
    """pg_dump of one snapshot, in its own format for pg_restore. The password is in nobody's list of processes."""
    program = shutil.which("pg_dump")
    if program is None:
        raise BackupFailed("there is no pg_dump here: install PostgreSQL's client programs of the server's version")
    parts = urlsplit(url)
    words = {"PGHOST": parts.hostname, "PGPORT": str(parts.port or 5432), "PGUSER": parts.username,
             "PGPASSWORD": parts.password, "PGDATABASE": parts.path.removeprefix("/"),
             "PGSSLMODE": parse_qs(parts.query).get("sslmode", ["prefer"])[0]}  # fmt: skip
    environment = {**os.environ, **{name: unquote(word) for name, word in words.items() if word}}
    options = ("--format=custom", "--no-owner", "--no-privileges", "--no-password", f"--file={to}")
    pipe, nothing = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(
        program, *options, env=environment, stdin=nothing, stdout=nothing, stderr=pipe
    )
    try:
        _, said = await process.communicate()
    except BaseException:
        process.kill()
        raise
    if process.returncode:
        raise BackupFailed(f"pg_dump failed: {said.decode(errors='replace').strip().partition(chr(10))[0]}")


def _settle(beside: Path, path: Path) -> str:
    """Fsynced, its checksum beside it, then named: its SHA-256 in hex."""
    with beside.open("rb+") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    sums = _sums(path)
    with os.fdopen(os.open(sums, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "w") as file_of_sums:
        file_of_sums.write(f"{sha256}  {path.name}\n")
        file_of_sums.flush()
        os.fsync(file_of_sums.fileno())
    os.replace(beside, path)
    settle(path.parent)
    return sha256


def _sums(path: Path) -> Path:
    return path.with_name(f"{path.name}.sha256")


def _destroy(path: Path) -> None:
    if not path.parent.is_dir():
        raise BackupFailed(f"the folder {path.parent} cannot be reached: is it another machine's, or not mounted?")
    if path.exists():
        with path.open("rb+") as file:
            for start in range(0, os.fstat(file.fileno()).st_size, CHUNK):
                left = os.fstat(file.fileno()).st_size - start
                file.write(bytes(min(CHUNK, left)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
    _sums(path).unlink(missing_ok=True)
    settle(path.parent)


def _found(folder: Path) -> Iterator[Taken]:
    for path in sorted(folder.glob("octopus-*")):
        if (named := NAME.fullmatch(path.name)) and path.is_file():
            store: Store = "main" if named[1] == "main" else "keystore"
            taken_at = datetime.strptime(named[2], STAMP).replace(tzinfo=UTC)
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
            yield Taken(store, str(path), taken_at, sha256, path.stat().st_size)

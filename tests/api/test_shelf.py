"""Archives stand on the shelf whole or not at all; the ledger's lines stay."""

import asyncio
import fcntl
import stat
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest

from api.ledger import FileLedger
from api.shelf import CHUNK, FileShelf

ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.fixture
def shelf(tmp_path: Path) -> FileShelf:
    return FileShelf(tmp_path / "exports")


async def read(shelf: FileShelf, archive: UUID) -> list[bytes]:
    return [chunk async for chunk in shelf.read(archive)]


@pytest.mark.asvs("5.3.1")
async def test_an_archive_comes_back_in_chunks(shelf: FileShelf) -> None:
    """As it was put, readable by nobody else, until it is removed."""
    await shelf.put(ONE, [b"a" * CHUNK, b"b" * 10])

    assert await read(shelf, ONE) == [b"a" * CHUNK, b"b" * 10]
    assert stat.S_IMODE((shelf.folder / f"{ONE}.sealed").stat().st_mode) == 0o600
    assert await shelf.ids() == {ONE}

    await shelf.remove(ONE)
    await shelf.remove(ONE)
    assert await shelf.ids() == set()
    with pytest.raises(FileNotFoundError):
        await read(shelf, ONE)


async def test_the_second_replaces_the_first(shelf: FileShelf) -> None:
    """A worker that was killed after the first starts again."""
    await shelf.put(ONE, [b"first, and longer"])
    await shelf.put(ONE, [b"second"])

    assert await read(shelf, ONE) == [b"second"]


async def test_a_full_disk_leaves_nothing(shelf: FileShelf) -> None:
    """The fault rises; neither the archive nor half of it is there."""

    def chunks() -> Iterator[bytes]:
        yield b"begun"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        await shelf.put(ONE, chunks())

    assert list(shelf.folder.iterdir()) == []


async def test_what_a_crash_left_is_cleared_away_but_not_what_is_being_written(shelf: FileShelf) -> None:
    """A half-written file whose writer lives is locked."""
    await shelf.put(ONE, [b"whole"])
    left, written = (shelf.folder / f".{archive}.tmp" for archive in (ONE, OTHER))
    left.write_bytes(b"half")
    with written.open("wb") as writing:
        fcntl.flock(writing, fcntl.LOCK_EX)
        assert await shelf.ids() == {ONE}

        assert not left.exists()
        assert written.exists()


async def test_an_empty_shelf_has_no_ids(shelf: FileShelf) -> None:
    """Before the first archive there is no folder."""
    assert await shelf.ids() == set()


async def test_the_ledger_keeps_its_lines(tmp_path: Path) -> None:
    """In order, over processes, and several writers at once."""
    path = tmp_path / "elsewhere" / "ledger"
    assert await FileLedger(path).lines() == []

    await FileLedger(path).append(["first", "second"])
    await asyncio.gather(*(FileLedger(path).append([f"line {number}"]) for number in range(20)))

    lines = await FileLedger(path).lines()
    assert lines[:2] == ["first", "second"]
    assert sorted(lines[2:]) == sorted(f"line {number}" for number in range(20))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


async def test_a_line_torn_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    """It never was acknowledged; the next one does not continue it."""
    ledger = FileLedger(tmp_path / "ledger")
    await ledger.append(["whole"])
    with ledger.path.open("ab") as file:
        file.write("torn in the middle of an ā".encode()[:-1])

    assert await ledger.lines() == ["whole"]
    await ledger.append(["next"])
    assert await ledger.lines() == ["whole", "next"]


async def test_a_line_is_one_line(tmp_path: Path) -> None:
    """Nobody smuggles a second one in."""
    ledger = FileLedger(tmp_path / "ledger")

    with pytest.raises(ValueError, match="exactly one line"):
        await ledger.append(["one\ntwo"])
    assert await ledger.lines() == []

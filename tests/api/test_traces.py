"""A search that finds nothing is believed only because it finds what was planted."""

from pathlib import Path

import pytest

from api.traces import CHUNK, FEW, FileTraces

ANNA = "Anna Bērziņa".encode()


@pytest.fixture
def traces(tmp_path: Path) -> FileTraces:
    """A data folder with databases in it, and letters elsewhere."""
    for folder in ("var/exports", "letters"):
        (tmp_path / folder).mkdir(parents=True)
    databases = [tmp_path / "var/octopus.db", tmp_path / "var/keystore.db"]
    return FileTraces(tmp_path / "var", places=[tmp_path / "letters", tmp_path / "nowhere"], databases=databases)


async def test_what_is_planted_is_found_until_it_is_plucked(traces: FileTraces) -> None:
    """Otherwise the search was none."""
    await traces.plant(b"canary 7")
    assert await traces.search([ANNA, b"canary 7"], databases=False) == ["canary"]

    await traces.pluck()
    await traces.pluck()
    assert await traces.search([ANNA, b"canary 7"], databases=False) == []


async def test_every_file_is_searched(traces: FileTraces, tmp_path: Path) -> None:
    """Those below the data folder, and those the settings put elsewhere; no needle, no hit."""
    (tmp_path / "var/exports/one.sealed").write_bytes(b"x" * 10 + ANNA)
    (tmp_path / "letters/one.eml").write_bytes(ANNA)
    (tmp_path / "letters/other.eml").write_bytes(ANNA[:-1])

    assert await traces.search([ANNA], databases=False) == [str(tmp_path / "letters/one.eml"), "exports/one.sealed"]
    assert await traces.search([], databases=True) == []


async def test_databases_are_searched_when_asked(traces: FileTraces, tmp_path: Path) -> None:
    """SQLite's files with their logs: deleted text may still lie there."""
    for name in ("octopus.db", "octopus.db-wal", "keystore.db-shm"):
        (tmp_path / "var" / name).write_bytes(ANNA)

    assert await traces.search([ANNA], databases=False) == []
    assert await traces.search([ANNA], databases=True) == ["keystore.db-shm", "octopus.db", "octopus.db-wal"]


@pytest.mark.parametrize("many", [0, FEW, 3000])
@pytest.mark.parametrize("shift", [-len(ANNA), -5, -1, 0])
async def test_a_needle_across_two_chunks_is_found(traces: FileTraces, tmp_path: Path, many: int, shift: int) -> None:
    """Wherever the file was cut, however many other needles there are, and beside what only begins like it."""
    others = [f"somebody.else.{number}@example.com".encode() for number in range(many)]
    begins = b"somebody.else.in.particular"
    (tmp_path / "var/file").write_bytes(begins + b"x" * (2 * CHUNK + shift - len(begins)) + ANNA + b"x" * 100)

    assert await traces.search([*others, ANNA], databases=False) == ["file"]
    assert await traces.search([*others, b"nobody"], databases=False) == []


async def test_bytes_are_compared_as_they_are(traces: FileTraces, tmp_path: Path) -> None:
    """Binary needles, and no confusion of Anna with Susanna."""
    (tmp_path / "var/file").write_bytes(bytes(range(256)) + b"susanna\n")

    assert await traces.search([b"\x00\x01\x02"], databases=False) == ["file"]
    assert await traces.search([b"Anna"], databases=False) == []


async def test_an_empty_needle_is_refused(traces: FileTraces) -> None:
    """It would be everywhere, or nowhere."""
    with pytest.raises(ValueError, match="everywhere"):
        await traces.search([b""], databases=False)

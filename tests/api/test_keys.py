"""The key file is made once, rotated whole or not at all, and never half-believed."""

import json
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from api import keys
from api.keys import FileKeyRing, HeldRing, KeyFileUnusable, UnknownKek, make_key_file
from api.settings import Settings
from api.world import key_ring


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "var" / "keys.json"
    make_key_file(path, os.urandom)
    return path


@pytest.fixture
def ring(path: Path) -> FileKeyRing:
    return FileKeyRing(path, os.urandom)


@pytest.mark.asvs("13.3.2")
def test_it_is_ours_alone(path: Path) -> None:
    """The file is 0600, its folder 0700, and nothing lies beside it."""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert [one.name for one in path.parent.iterdir()] == ["keys.json"]


def test_it_is_never_made_twice(path: Path, ring: FileKeyRing) -> None:
    """Who overwrites it has lost everybody's data."""
    root = ring.root

    with pytest.raises(KeyFileUnusable, match="already"):
        make_key_file(path, os.urandom)

    assert FileKeyRing(path, os.urandom).root == root


def test_a_rotation_is_durable_and_seen_by_others(path: Path, ring: FileKeyRing) -> None:
    """Another process's ring wraps under the new key at once: what it wrapped under the old one would be lost."""
    other = FileKeyRing(path, os.urandom)
    old = other.current

    new = ring.add()
    assert other.current == new
    assert other.kek(new) == ring.kek(new)
    assert other.kek(old) == ring.kek(old)

    ring.retire(old)
    assert other.ids() == [new]
    with pytest.raises(UnknownKek):
        other.kek(old)
    ring.retire(old)


def test_the_current_key_is_not_retired(ring: FileKeyRing) -> None:
    """It wraps living people's keys."""
    with pytest.raises(ValueError, match="in use"):
        ring.retire(ring.current)


def test_what_is_retired_is_overwritten(path: Path, ring: FileKeyRing) -> None:
    """The old file's blocks hold nothing when they are given back."""
    old = ring.current
    ring.add()
    with path.open("rb") as file:
        assert old.encode() in file.read()
        ring.retire(old)
        file.seek(0)
        assert not any(file.read())


def test_two_who_rotate_at_once_lose_nothing(path: Path) -> None:
    """The file is locked while somebody writes it."""
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: FileKeyRing(path, os.urandom).add(), range(20)))

    assert set(made) < set(FileKeyRing(path, os.urandom).ids())


def test_a_full_disk_leaves_the_old_ring(path: Path, ring: FileKeyRing, monkeypatch: pytest.MonkeyPatch) -> None:
    """All or nothing, and nothing beside it."""
    before, full = path.read_bytes(), OSError(28, "No space left on device")

    def refuse(_: int) -> None:
        raise full

    monkeypatch.setattr(keys.os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        ring.add()

    assert path.read_bytes() == before
    assert not list(path.parent.glob("*.tmp"))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda raw: "{",
        lambda raw: "[]",
        lambda raw: json.dumps(raw | {"current": "other"}),
        lambda raw: json.dumps(raw | {"root": "c2hvcnQ="}),
        lambda raw: json.dumps(raw | {"extra": 1}),
        lambda raw: json.dumps({"keks": raw["keks"]}),
    ],
)
def test_a_damaged_file_is_refused(spoil, path: Path) -> None:  # type: ignore[no-untyped-def]
    """In one sentence that holds no key."""
    raw = json.loads(path.read_text())
    path.write_text(spoil(raw))

    with pytest.raises(KeyFileUnusable, match="is damaged") as refused:
        FileKeyRing(path, os.urandom)

    assert raw["root"] not in str(refused.value)


@pytest.mark.asvs("13.3.2")
def test_a_file_open_to_everybody_is_refused(path: Path) -> None:
    """The sentence says how to close it."""
    path.chmod(0o644)

    with pytest.raises(KeyFileUnusable, match="chmod 600"):
        FileKeyRing(path, os.urandom)


def test_the_environment_may_hold_the_ring(path: Path, ring: FileKeyRing) -> None:
    """Read only: somebody else rotates it."""
    held = HeldRing(path.read_text())

    assert (held.root, held.current, held.kek(ring.current)) == (ring.root, ring.current, ring.kek(ring.current))
    with pytest.raises(KeyFileUnusable, match="rotated"):
        held.add()


def test_development_makes_its_own_and_production_says_how(tmp_path: Path) -> None:
    """A new key file in production would hide that the real one is missing."""
    settings = {
        "profile": "production", "base_url": "https://a.example.com", "smtp_url": "smtp://m", "data_dir": tmp_path,
    }  # fmt: skip

    with pytest.raises(KeyFileUnusable, match="octopus keys new"):
        key_ring(Settings(**settings))  # type: ignore[arg-type]

    assert key_ring(Settings(data_dir=tmp_path)).current

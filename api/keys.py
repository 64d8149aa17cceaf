"""The key ring in a file: key-encryption keys (KEK), the root of the blind indexes, the signing seed.

``{"keks": {id: base64}, "current": id, "root": base64, "signing": base64}``, mode 0600. Written whole or not at all;
what a rotation retires is overwritten before its blocks are given back. Others see a rotation at their next use.
"""

import base64
import binascii
import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.folders import settle

SIZE = 32
ROTATE_AFTER = timedelta(days=90)
NOT_FROM_HERE = "OCTOPUS_KEY_RING cannot be rotated from here: keep the keys in OCTOPUS_KEY_FILE for that"


class KeyFileUnusable(Exception):
    """No key file, a damaged one, or one that others can read."""


class UnknownKek(KeyError):
    """A data key is wrapped by a KEK that this ring does not hold."""


def age_of(path: Path, now: datetime) -> timedelta | None:
    """Since when the key-encryption key in use has been it: every rotation writes the file. None without a file."""
    try:
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None


class HeldRing:
    """A key ring out of the environment: read only, rotated by whoever put it there."""

    def __init__(self, text: str) -> None:
        """Raises KeyFileUnusable."""
        self._contents = _decode(text.encode(), "OCTOPUS_KEY_RING")

    def contents(self) -> "_Contents":
        """What the ring holds now."""
        return self._contents

    @property
    def current(self) -> str:
        return self.contents().current

    @property
    def root(self) -> bytes:
        return self.contents().root

    @property
    def signing(self) -> bytes:
        return self.contents().signing

    def kek(self, kek_id: str) -> bytes:
        """Raises UnknownKek."""
        try:
            return self.contents().keks[kek_id]
        except KeyError:
            raise UnknownKek(kek_id) from None

    def ids(self) -> list[str]:
        return list(self.contents().keks)

    def add(self) -> str:
        """Raises KeyFileUnusable."""
        raise KeyFileUnusable(NOT_FROM_HERE)

    def add_beside(self, kek_id: str) -> str:
        """The current one: whoever put the ring there rotates it, and what it wraps goes with that rotation."""
        return self.current

    def retire(self, kek_id: str) -> None:
        """Raises KeyFileUnusable."""
        raise KeyFileUnusable(NOT_FROM_HERE)


class FileKeyRing(HeldRing):
    """The key ring of ``path``; ``random`` makes new keys."""

    def __init__(self, path: Path, random: Callable[[int], bytes]) -> None:
        """Raises KeyFileUnusable."""
        self.path, self._random = path, random
        self._seen: tuple[int, ...] = ()
        self.contents()

    def contents(self) -> "_Contents":
        """Read again when another process has written: a key wrapped by a retired KEK would be lost."""
        try:
            if (now := self._signature()) != self._seen:
                self._contents, self._seen = self._read(), now
        except OSError as trouble:
            raise KeyFileUnusable(f"the key file {self.path} cannot be read: {trouble.strerror}") from None
        return self._contents

    def add(self) -> str:
        """A new KEK, from now on the current one."""
        with self._locked():
            contents = self._read()
            kek_id = self._random(8).hex()
            self._write(replace(contents, keks={**contents.keks, kek_id: self._random(SIZE)}, current=kek_id))
        return kek_id

    def add_beside(self, kek_id: str) -> str:
        """A new KEK of that name; the current one stays."""
        with self._locked():
            contents = self._read()
            self._write(replace(contents, keks={**contents.keks, kek_id: self._random(SIZE)}))
        return kek_id

    def retire(self, kek_id: str) -> None:
        """The KEK is gone for ever; safe to repeat. Raises ValueError for the current one."""
        with self._locked():
            contents = self._read()
            if kek_id == contents.current:
                raise ValueError("the current key-encryption key is in use")
            kept = {known: kek for known, kek in contents.keks.items() if known != kek_id}
            self._write(replace(contents, keks=kept))

    def _signature(self) -> tuple[int, ...]:
        found = self.path.stat()
        if found.st_mode & 0o007:
            raise KeyFileUnusable(f"the key file {self.path} is open to everybody: chmod 600 {self.path}")
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _read(self) -> "_Contents":
        try:
            return _decode(self.path.read_bytes(), str(self.path))
        except KeyFileUnusable:
            # Perhaps the old file, overwritten while we had it open: the new one stands under its name.
            return _decode(self.path.read_bytes(), str(self.path))

    def _write(self, contents: "_Contents") -> None:
        with self.path.open("r+b") as old:
            _put(self.path, contents)
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())
        self._seen = ()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self.path.with_name(self.path.name + ".lock"), os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def make_key_file(path: Path, random: Callable[[int], bytes]) -> None:
    """A new key ring in a new file. Raises KeyFileUnusable if there is one, OSError (a full disk)."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    kek_id = random(8).hex()
    contents = _Contents({kek_id: random(SIZE)}, kek_id, random(SIZE), random(SIZE))
    try:
        _put(path, contents, new=True)
    except FileExistsError:
        raise KeyFileUnusable(f"there is a key file {path} already: without it nobody's data can be read") from None


@dataclass(frozen=True, slots=True, repr=False)
class _Contents:
    keks: dict[str, bytes]
    current: str
    root: bytes
    signing: bytes


def _decode(text: bytes, where: str) -> _Contents:
    try:
        raw: dict[str, Any] = json.loads(text)
        keks = {str(kek_id): _key(kek) for kek_id, kek in raw.pop("keks").items()}
        contents = _Contents(keks, raw.pop("current"), _key(raw.pop("root")), _key(raw.pop("signing")))
        if raw or contents.current not in keks:
            raise ValueError
    except (ValueError, KeyError, AttributeError, TypeError):
        raise KeyFileUnusable(f"the key file {where} is damaged: put its backup in its place") from None
    return contents


def _key(text: str) -> bytes:
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        raise ValueError from None
    if len(key) != SIZE:
        raise ValueError
    return key


def _put(path: Path, contents: _Contents, *, new: bool = False) -> None:
    """Written beside, fsynced, then named: a crash leaves the old file or the new one."""
    keks = {kek_id: base64.b64encode(kek).decode() for kek_id, kek in contents.keks.items()}
    rest = {name: base64.b64encode(getattr(contents, name)).decode() for name in ("root", "signing")}
    beside = path.with_name(f".{path.name}.tmp")
    beside.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump({"keks": keks, "current": contents.current, **rest}, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path) if new else os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)
    settle(path.parent)

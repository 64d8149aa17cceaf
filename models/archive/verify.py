"""Is this archive what was signed, whole and nothing but that? Pure: no database, no network, no key of ours needed.

The archive may come from anybody: nothing is unpacked to disk, and what is larger than it says, or than is sensible, is
not read any further.
"""

import hashlib
import json
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import IO
from zipfile import BadZipFile, ZipFile
from zlib import error as ZlibError

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from models.archive.build import FORMAT, MANIFEST, SIGNATURE
from models.archive.schemas import VERSION, mismatches

MOST_FILES = 1_000
LARGEST_MANIFEST = 4 * 1024**2
LARGEST_FILE = 512 * 1024**2
LARGEST_ALL = 2 * 1024**3
MOST_TOLD = 5  # mismatches of one file


@dataclass(slots=True)
class Verdict:
    """What was found. ``key_id`` is worked out from ``public_key``, the raw 32 bytes that the signature was checked
    with: whoever trusts the archive compares it with the issuer's own. ``sections`` are the record counts by name."""

    problems: list[str] = field(default_factory=list)
    key_id: str | None = None
    public_key: bytes | None = None
    generated_at: datetime | None = None
    sections: dict[str, int] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return not self.problems


class _File(msgspec.Struct, forbid_unknown_fields=True):
    path: str
    bytes: int
    sha256: str


class _Section(msgspec.Struct):
    name: str
    count: int
    data: str
    schema: str
    csv: str


class _Manifest(msgspec.Struct):
    format: str
    schema_version: int
    generated_at: datetime
    files: list[_File]
    sections: list[_Section]


class _Signature(msgspec.Struct):
    algorithm: str
    key_id: str
    public_key: str
    signature: str


class _TooLarge(Exception):
    pass


def verify(archive: str | IO[bytes]) -> Verdict:
    """Check an archive, by path or as an open binary file: signature, every file's SHA-256, nothing missing or extra,
    data as its schema says. Raises OSError when it cannot be read at all."""
    verdict = Verdict()
    try:
        with ZipFile(archive) as file:
            verdict.problems += _check(file, verdict)
    except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError, ValueError) as fault:
        verdict.problems.append(f"the archive is damaged ({type(fault).__name__})")
    return verdict


def _check(file: ZipFile, verdict: Verdict) -> Iterator[str]:
    names = [entry.filename for entry in file.infolist()]
    if len(names) > MOST_FILES:
        yield f"more than {MOST_FILES} files"
        return
    yield from (f"{name}: stands there twice" for name in sorted({name for name in names if names.count(name) > 1}))
    yield from (f"{name}: missing" for name in (MANIFEST, SIGNATURE) if name not in names)
    if not {MANIFEST, SIGNATURE} <= set(names):
        return
    try:
        raw = _read(file, MANIFEST, LARGEST_MANIFEST)
        signature = msgspec.json.decode(_read(file, SIGNATURE, LARGEST_MANIFEST), type=_Signature)
        manifest = msgspec.json.decode(raw, type=_Manifest)
    except _TooLarge:
        yield f"{MANIFEST}: too large"
        return
    except msgspec.DecodeError:
        yield f"{MANIFEST} or {SIGNATURE}: not in our form"
        return
    yield from _signed(raw, signature, verdict)
    if (manifest.format, manifest.schema_version) != (FORMAT, VERSION):
        yield f"{MANIFEST}: of a form this version does not know"
        return
    verdict.generated_at = manifest.generated_at
    verdict.sections = {section.name: section.count for section in manifest.sections}
    listed = {one.path: one for one in manifest.files}
    yield from (f"{name}: missing" for name in sorted(listed.keys() - set(names)))
    yield from (f"{name}: not in the manifest" for name in sorted(set(names) - listed.keys() - {MANIFEST, SIGNATURE}))
    if sum(one.bytes for one in manifest.files) > LARGEST_ALL:
        yield "too large as a whole"
        return
    yield from _files(file, [listed[name] for name in sorted(listed.keys() & set(names))])
    for section in manifest.sections:
        if {section.data, section.schema} <= listed.keys() & set(names):
            yield from _data(file, section)
        if not {section.data, section.schema, section.csv} <= listed.keys():
            yield f"{section.name}: a file of it is not in the manifest"


def _signed(raw: bytes, signature: _Signature, verdict: Verdict) -> Iterator[str]:
    try:
        public, signed = (b64decode(text, validate=True) for text in (signature.public_key, signature.signature))
        Ed25519PublicKey.from_public_bytes(public).verify(signed, raw)
    except (InvalidSignature, ValueError):
        yield f"{SIGNATURE}: the signature is wrong"
        return
    verdict.public_key, verdict.key_id = public, hashlib.sha256(public).hexdigest()[:16]
    if signature.algorithm != "Ed25519" or signature.key_id != verdict.key_id:
        yield f"{SIGNATURE}: names another key than it is made with"


def _files(file: ZipFile, listed: list[_File]) -> Iterator[str]:
    for one in listed:
        try:
            digest, size = hashlib.sha256(), 0
            for piece in _pieces(file, one.path, min(one.bytes, LARGEST_FILE)):
                digest.update(piece)
                size += len(piece)
        except _TooLarge:
            yield f"{one.path}: larger than it says"
        except (BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError):
            yield f"{one.path}: damaged"
        else:
            if (size, digest.hexdigest()) != (one.bytes, one.sha256):
                yield f"{one.path}: not what was signed"


def _data(file: ZipFile, section: _Section) -> Iterator[str]:
    try:
        schema = json.loads(_read(file, section.schema, LARGEST_MANIFEST))
        records = json.loads(_read(file, section.data, LARGEST_FILE))
        yield from [f"{section.data}{mismatch}" for mismatch in islice(mismatches(records, schema), MOST_TOLD)]
    except _TooLarge:
        yield f"{section.data}: too large"
        return
    except (ValueError, RecursionError, BadZipFile, ZlibError, EOFError, NotImplementedError, RuntimeError):
        yield f"{section.data}: no JSON"
        return
    if not isinstance(records, list) or len(records) != section.count:
        yield f"{section.data}: the manifest says {section.count} records"


def _read(file: ZipFile, name: str, most: int) -> bytes:
    return b"".join(_pieces(file, name, most))


def _pieces(file: ZipFile, name: str, most: int) -> Iterator[bytes]:
    """A file's content, never more than ``most`` bytes of it. Raises _TooLarge."""
    left = most
    with file.open(name) as entry:
        while piece := entry.read(min(64 * 1024, left + 1)):
            left -= len(piece)
            if left < 0:
                raise _TooLarge
            yield piece

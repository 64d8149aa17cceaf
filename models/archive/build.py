"""octopus-export-DATE.zip, written as a stream: data, schemas, spreadsheets, the page, a signed manifest of them all.

The same records at the same moment give the same bytes: files stand in a fixed order and carry the moment of making.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import msgspec

from models.archive import words
from models.archive.codes import Codes, Subject
from models.archive.collect import Held, Record, Section
from models.archive.page import Page, files_of
from models.archive.schemas import VERSION, schema_of
from models.archive.spreadsheets import csv_of
from models.policy import Policy
from models.vault import Vault

FORMAT = "octopus-export"
MANIFEST, SIGNATURE = "manifest.json", "manifest.sig"
BATCH = 16 * 1024
PIECE = 64 * 1024


class Archive:
    """One archive. ``chunks`` may be taken once; ``bytes`` and ``sha256`` are known after the last of them.

    ``subject``: see Codes.
    """

    def __init__(self, policy: Policy, vault: Vault, held: Held, *, now: datetime, subject: Subject) -> None:
        self.policy, self.vault, self.held, self.now = policy, vault, held, now
        self.codes = Codes(policy, subject)
        chosen: Mapping[str, Any] = next(self._preferences(), {})
        self.locale = str(chosen.get("locale") or "EN").lower()
        self.time_zone = str(chosen.get("time_zone") or "UTC")
        self.bytes, self._digest = 0, hashlib.sha256()

    @property
    def sha256(self) -> str:
        """In hex, of what was handed out."""
        return self._digest.hexdigest()

    def chunks(self) -> Iterator[bytes]:
        """The zip file. Synchronous: take it in a thread."""
        for chunk in self._zipped():
            self.bytes += len(chunk)
            self._digest.update(chunk)
            yield chunk

    def _zipped(self) -> Iterator[bytes]:
        pipe, listed = _Pipe(), []
        with ZipFile(pipe, "w", ZIP_DEFLATED) as file:
            for path, pieces in self._files():
                digest, size = hashlib.sha256(), 0
                with file.open(self._entry(path), "w") as entry:
                    for piece in _larger(pieces):
                        digest.update(piece)
                        size += len(piece)
                        entry.write(piece)
                        if pipe.size >= PIECE:
                            yield pipe.take()
                listed.append({"path": path, "bytes": size, "sha256": digest.hexdigest()})
            manifest = pretty({**self._manifest(), "files": listed})
            file.writestr(self._entry(MANIFEST), manifest)
            file.writestr(self._entry(SIGNATURE), pretty(self._signature(manifest)))
        yield pipe.take()

    def _entry(self, path: str) -> ZipInfo:
        at = self.now
        entry = ZipInfo(path, (at.year, at.month, at.day, at.hour, at.minute, at.second))
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        entry.create_system = 3  # Unix, wherever it was written
        return entry

    def _files(self) -> Iterator[tuple[str, Iterator[bytes]]]:
        page = Page(self.policy, self.held, self.codes, locale=self.locale, time_zone=self.time_zone, now=self.now)
        yield "index.html", page.html()
        for section in self.held.sections:
            csv, json = files_of(section.name)
            yield json, json_of(section)
            yield schema_file(section.name), iter([pretty(schema_of(section, self.locale))])
            yield csv, csv_of(section)

    def _manifest(self) -> dict[str, Any]:
        company, customer, locale = self.policy.company, self.held.customer, self.locale
        return {
            "format": FORMAT,
            "schema_version": VERSION,
            "generated_at": self.now,
            "language": locale,
            "customer_number": customer.number,
            "policy_version": customer.governed_by,
            "policy_sha256": self.policy.version(customer.governed_by).sha256,
            "inventory_sha256": self.policy.inventory.sha256,
            "controller": {
                "name": company.name,
                "registration_number": company.registration_number,
                "country": company.country,
                "email": company.email,
                "phone_number": company.phone_number,
            },
            "rights": [right.said(locale) for right in words.RIGHTS_TEXT],
            "recipients": [text.said(locale) for text in words.RECIPIENTS_TEXT],
            "automated_decisions": words.AUTOMATED_TEXT.said(locale),
            "authorities": [
                {
                    "name": one.name,
                    "country": one.country,
                    "website": one.website,
                    "how_to_complain": one.how_to_complain.said(locale),
                }
                for one in company.authorities
            ],
            "sections": [self._listed(section) for section in self.held.sections],
        }

    def _listed(self, section: Section) -> dict[str, Any]:
        csv, json = files_of(section.name)
        rule = self.policy.rule(section.entity.rule, self.held.customer.governed_by)
        last = section.last_moment_of_all(rule)
        return {
            "name": section.name,
            "title": section.entity.title.said(self.locale),
            "count": section.count,
            "data": json,
            "schema": schema_file(section.name),
            "csv": csv,
            "retention": rule.kept(self.locale),
            "last_possible_day": last.date() if last else None,
        }

    def _signature(self, manifest: bytes) -> dict[str, str]:
        signer = self.vault.signer
        return {
            "algorithm": "Ed25519",
            "signs": MANIFEST,
            "key_id": self.vault.signing_key_id,
            "public_key": b64encode(signer.public_key().public_bytes_raw()).decode(),
            "signature": b64encode(signer.sign(manifest)).decode(),
        }

    def _preferences(self) -> Iterator[Record]:
        section = self.held.section("preferences")
        return section.records() if section else iter(())


def json_of(section: Section) -> Iterator[bytes]:
    """A list with one record a line."""
    held, first = bytearray(b"["), True
    for record in section.records():
        held += (b"\n" if first else b",\n") + msgspec.json.encode(record)
        first = False
        if len(held) > BATCH:
            yield bytes(held)
            held.clear()
    yield bytes(held) + b"\n]\n"


def _larger(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same in fewer pieces: a cell of a table is too little to be compressed by itself."""
    held, size = list[bytes](), 0
    for piece in pieces:
        held.append(piece)
        size += len(piece)
        if size > BATCH:
            yield b"".join(held)
            held, size = [], 0
    yield b"".join(held)


def schema_file(section: str) -> str:
    return f"schemas/{section}.schema.json"


def filename(at: datetime) -> str:
    """What the archive is called when it is downloaded."""
    return f"octopus-export-{at:%Y-%m-%d}.zip"


def pretty(value: Any) -> bytes:
    """JSON for people to read as well."""
    return msgspec.json.format(msgspec.json.encode(value), indent=1) + b"\n"


class _Pipe:
    """What a zip file is written into and taken out of again, piece by piece; it cannot be gone back in."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        self._held.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """There is nowhere to flush to."""

    def close(self) -> None:
        """What is left can still be taken."""

    def take(self) -> bytes:
        taken, self._held, self.size = b"".join(self._held), [], 0
        return taken

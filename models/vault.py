"""Sealed by person: one data key each, kept in a second database; destroying the key destroys every copy of the person.

AES-256-GCM (NIST SP 800-38D). An envelope is ``format, struct version, nonce (12), ciphertext``; the associated data binds
it to its table, row and person, so that a ciphertext moved elsewhere does not open. Blind indexes are HMAC-SHA-256 (RFC 2104)
with a key per field, derived by HKDF (RFC 5869).
"""

import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Literal, Protocol, TypeVar
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.connection import get_connection
from tortoise.exceptions import BaseORMException, IntegrityError

from models.database import dialect, transaction
from models.keystore import KeystoreMark, PersonKey
from models.sets import Row, as_uuid, insert, of_ids

FORMAT = 1
CACHED_FOR = timedelta(minutes=1)
CACHED_AT_MOST = 5_000
"""Keys, of 2.5 kB each."""
READ = 'SELECT "person_id", "kek_id", "wrapped" FROM "person_key" WHERE "person_id" {ids}'


class Sealed(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The personal fields of one row. New fields always have defaults; none is ever renamed."""


S = TypeVar("S", bound=Sealed)
T = TypeVar("T", bound=msgspec.Struct)


class KeystoreDown(Exception):
    """The keystore cannot be reached: answer 503, do nothing, destroy nothing."""


class KeyAbsent(Exception):
    """The person has no key: erased if there is a tombstone, an alarm otherwise."""


class WrongKeyFile(Exception):
    """The key file does not belong to this keystore."""


class KeyRing(Protocol):
    """The key-encryption keys (KEK) and the root secret, from a file, the environment or a KMS."""

    @property
    def current(self) -> str: ...
    @property
    def root(self) -> bytes: ...
    @property
    def signing(self) -> bytes:
        """Ed25519 private seed, 32 bytes."""

    def kek(self, kek_id: str) -> bytes: ...
    def ids(self) -> list[str]: ...
    def add(self) -> str:
        """A new KEK becomes the current one; durable when this returns."""

    def add_beside(self, kek_id: str) -> str:
        """A new KEK of that name that does not become the current one; the name of the one to use. Durable when this returns."""

    def retire(self, kek_id: str) -> None:
        """The KEK is gone for ever; durable when this returns."""


class Key:
    """One person's data key, ready to use. ``alias``: theirs in the events, kept beside it once somebody has read it."""

    __slots__ = ("_aes", "_random", "alias", "at", "person")

    def __init__(self, person: UUID, raw: bytes, at: datetime, random: Callable[[int], bytes]) -> None:
        self.person, self.at = person, at
        self.alias: bytes | None = None
        self._aes, self._random = AESGCM(raw), random

    def seal(self, table: str, row: UUID, contents: Sealed, version: int = 1) -> bytes:
        head = bytes((FORMAT, version))
        nonce = self._random(12)
        sealed = self._aes.encrypt(nonce, msgspec.msgpack.encode(contents), self._bind(head, table, row))
        return head + nonce + sealed

    def open(self, table: str, row: UUID, envelope: bytes, into: type[S]) -> S:
        head, nonce, sealed = envelope[:2], envelope[2:14], envelope[14:]
        if head[0] != FORMAT:
            raise InvalidTag
        return _decoder(into).decode(self._aes.decrypt(nonce, sealed, self._bind(head, table, row)))

    def opener(self, table: str, into: type[S]) -> Callable[[bytes, bytes], S]:
        """``open`` for many rows of one table, each by its id's bytes and its envelope."""
        decrypt, decode = self._aes.decrypt, _decoder(into).decode
        before, after = table.encode() + b"\0", self.person.bytes

        def opened(row: bytes, envelope: bytes) -> S:
            if envelope[0] != FORMAT:
                raise InvalidTag
            return decode(decrypt(envelope[2:14], envelope[14:], envelope[:2] + before + row + after))

        return opened

    def open_all(self, table: str, rows: Iterable[bytes], envelopes: Iterable[bytes | None], into: type[T]) -> list[T]:
        """``open`` for all of a person's rows of one table at once, into a struct that may know fewer fields.

        What was never sealed is an empty one.
        """
        decrypt, decode = self._aes.decrypt, _decoder(into).decode
        before, after = table.encode() + b"\0", self.person.bytes
        opened = []
        for row, envelope in zip(rows, envelopes, strict=True):
            if envelope is None:
                opened.append(into())
                continue
            if envelope[0] != FORMAT:
                raise InvalidTag
            opened.append(decode(decrypt(envelope[2:14], envelope[14:], envelope[:2] + before + row + after)))
        return opened

    def _bind(self, head: bytes, table: str, row: UUID) -> bytes:
        return head + table.encode() + b"\0" + row.bytes + self.person.bytes


class Keys(dict[UUID, Key]):
    """The keys of one operation; asking for an absent one raises KeyAbsent."""

    __slots__ = ()

    def __missing__(self, person: UUID) -> Key:
        raise KeyAbsent(str(person))


class Vault:
    """Per-person keys, blind indexes, signatures. Reads are batched; seal, open and index are synchronous."""

    def __init__(self, ring: KeyRing, *, now: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self.ring, self._now, self.random = ring, now, random
        self._cache: dict[UUID, Key] = {}
        self._wrappers: dict[str, AESGCM] = {}
        self._secrets: dict[str, bytes] = {}

    # ---- keys -------------------------------------------------------------------------------------------------
    async def keys(self, people: Iterable[UUID]) -> Keys:
        """One batched read; people without a key are absent from the answer. Raises KeystoreDown."""
        wanted, kept, fresh_since = set(people), self._cache.get, self._now() - CACHED_FOR
        found = Keys([(each, key) for each in wanted if (key := kept(each)) is not None and key.at > fresh_since])
        if len(found) < len(wanted):
            with keystore():
                _, rows = await of_ids(get_connection("keystore"), READ, list(wanted - found.keys()))
            if len(self._cache) > CACHED_AT_MOST:
                self._cache.clear()
            at = self._now()
            for stored, kek_id, wrapped in rows:
                person = as_uuid(stored)
                found[person] = self._cache[person] = Key(person, self.unwrap(person, kek_id, wrapped), at, self.random)
        return found

    async def key(self, person: UUID) -> Key:
        """One person's key. Raises KeystoreDown or KeyAbsent."""
        return (await self.keys([person]))[person]

    async def create(self, people: Iterable[UUID]) -> Keys:
        """New keys, committed in the keystore before the rows they will seal (a key without rows is swept up later)."""
        at = self._now()
        raws = {person: self.random(32) for person in people}
        with keystore():
            async with _wrapping("share") as tx:
                kek = self.ring.current
                rows: list[Row] = [
                    {"person_id": person, "kek_id": kek, "wrapped": self.wrap(person, raw, kek), "created_at": at}
                    for person, raw in raws.items()
                ]
                if rows:
                    await insert(tx, "person_key", rows)
        return Keys({person: Key(person, raw, at, self.random) for person, raw in raws.items()})

    async def destroy(self, people: Iterable[UUID]) -> int:
        """Remove keys; from here on nothing of theirs opens. Safe to repeat; how many were still there."""
        people = list(people)
        with keystore():
            gone, _ = await of_ids(
                get_connection("keystore"), 'DELETE FROM "person_key" WHERE "person_id" {ids}', people
            )
        for person in people:
            self._cache.pop(person, None)
        return gone

    def wrap(self, person: UUID, raw: bytes, kek: str) -> bytes:
        """A data key under a KEK."""
        nonce = self.random(12)
        return nonce + self._wrapper(kek).encrypt(nonce, raw, person.bytes)

    def unwrap(self, person: UUID, kek_id: str, wrapped: bytes) -> bytes:
        return self._wrapper(kek_id).decrypt(wrapped[:12], bytes(wrapped[12:]), person.bytes)

    def _wrapper(self, kek_id: str) -> AESGCM:
        if kek_id not in self._wrappers:
            self._wrappers[kek_id] = AESGCM(self.ring.kek(kek_id))
        return self._wrappers[kek_id]

    async def rewrap(self, limit: int) -> int:
        """Move up to ``limit`` keys from older KEKs to the current one; how many moved."""
        with keystore():
            async with _wrapping("share") as tx:
                kek = self.ring.current
                old = PersonKey.exclude(kek_id=kek).using_db(tx).limit(limit)
                rows = await (old.select_for_update(skip_locked=True) if dialect("keystore") == "postgres" else old)
                for row in rows:
                    raw = self.unwrap(row.person_id, row.kek_id, bytes(row.wrapped))
                    row.wrapped, row.kek_id = self.wrap(row.person_id, raw, kek), kek
                if rows:
                    await PersonKey.bulk_update(rows, ["wrapped", "kek_id"], using_db=tx)
        return len(rows)

    async def retire(self, kek_ids: Iterable[str]) -> int:
        """Make KEKs vanish that no key is wrapped with any more, oldest first; how many went. None goes before an older one:
        a destroyed key may have been wrapped with either. Whoever wraps a key just now is waited for."""
        gone = 0
        with keystore():
            async with _wrapping("alone") as tx:
                for kek in kek_ids:
                    if kek == self.ring.current or await PersonKey.filter(kek_id=kek).using_db(tx).exists():
                        break
                    self.ring.retire(kek)
                    self._wrappers.pop(kek, None)
                    gone += 1
        return gone

    def retire_beside(self, kek_id: str) -> None:
        """A KEK that wraps no person's key vanishes, here and in the ring. Safe to repeat."""
        self.ring.retire(kek_id)
        self._wrappers.pop(kek_id, None)

    async def belongs(self) -> None:
        """Raise WrongKeyFile unless the key ring is the one this keystore was made with; mark a new keystore."""
        mark = hmac.digest(self._derived("mark"), b"octopus keystore", "sha256")
        with keystore():
            stored = await KeystoreMark.all().first()
            if stored is None:
                try:
                    stored = await KeystoreMark.create(id=1, mark=mark)
                except IntegrityError:
                    stored = await KeystoreMark.get(id=1)
            used = set(await PersonKey.all().distinct().values_list("kek_id", flat=True))
        if not hmac.compare_digest(bytes(stored.mark), mark) or not used <= set(self.ring.ids()):
            raise WrongKeyFile("the key file is not the one this keystore was made with")

    # ---- derived secrets --------------------------------------------------------------------------------------
    def index(self, field: str, value: str) -> bytes:
        """Blind index of a normalised value: equal values of one field are found, nothing is read."""
        return hmac.digest(self._derived("index:" + field), value.encode(), "sha256")

    def digest(self, secret: str) -> bytes:
        """How a token is stored: SHA-256; the tokens themselves are 256 random bits."""
        return hashlib.sha256(secret.encode()).digest()

    def mac(self, purpose: str, data: bytes, size: int = 16) -> bytes:
        """Keyed BLAKE2b (RFC 7693) for what is sent out and must come back unchanged."""
        return hashlib.blake2b(data, key=self._derived(purpose), digest_size=size).digest()

    def macs(self, purpose: str, prefix: bytes, size: int) -> Callable[[bytes], bytes]:
        """``mac`` of many data that begin alike: the prefix is hashed once."""
        begun = hashlib.blake2b(prefix, key=self._derived(purpose), digest_size=size)

        def mac(data: bytes) -> bytes:
            hashed = begun.copy()
            hashed.update(data)
            return hashed.digest()

        return mac

    def marked(self, purpose: str, prefix: bytes, size: int) -> Callable[[Iterable[bytes]], list[bytes]]:
        """Each of many data with its ``mac`` behind it; what they all begin with is not repeated in the answer."""
        begin = hashlib.blake2b(prefix, key=self._derived(purpose), digest_size=size).copy

        def marked(many: Iterable[bytes]) -> list[bytes]:
            found = []
            for data in many:
                hashed = begin()
                hashed.update(data)
                found.append(data + hashed.digest())
            return found

        return marked

    def _derived(self, purpose: str) -> bytes:
        """A secret of its own for each purpose; the root never changes while a keystore lives."""
        if purpose not in self._secrets:
            self._secrets[purpose] = HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(self.ring.root)
        return self._secrets[purpose]

    @property
    def signer(self) -> Ed25519PrivateKey:
        """Signs manifests, certificates and reports (RFC 8032)."""
        return _signer(self.ring.signing)[0]

    @property
    def signing_key_id(self) -> str:
        return _signer(self.ring.signing)[1]


@lru_cache(maxsize=2)
def _signer(seed: bytes) -> tuple[Ed25519PrivateKey, str]:
    """The key of a seed, and its id."""
    key = Ed25519PrivateKey.from_private_bytes(seed)
    return key, hashlib.sha256(key.public_key().public_bytes_raw()).hexdigest()[:16]


@lru_cache(maxsize=64)
def _decoder(into: type[T]) -> "msgspec.msgpack.Decoder[T]":
    return msgspec.msgpack.Decoder(into)


@asynccontextmanager
async def _wrapping(how: Literal["share", "alone"]) -> AsyncIterator[BaseDBAsyncClient]:
    """A keystore transaction that a KEK's retirement excludes: no key may be wrapped with one that is going."""
    async with transaction("keystore") as tx:
        if dialect("keystore") == "postgres":
            mark = "select id from keystore_mark where id = 1 "
            await tx.execute_query(mark + ("for share" if how == "share" else "for update"))
        yield tx


@contextmanager
def keystore() -> Iterator[None]:
    """Whatever goes wrong with the second database is KeystoreDown, never mistaken for an absent key."""
    try:
        yield
    except IntegrityError:
        raise
    except (BaseORMException, OSError) as fault:
        raise KeystoreDown(type(fault).__name__) from fault
    except Exception as fault:
        if type(fault).__module__.startswith(("asyncpg", "sqlite3", "aiosqlite")):
            raise KeystoreDown(type(fault).__name__) from fault
        raise

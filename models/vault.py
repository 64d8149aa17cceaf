"""Sealed by person: one data key each, kept in a second database; destroying the key destroys every copy of the person."""

import hmac
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise.connection import get_connection
from tortoise.exceptions import IntegrityError

from models.database import dialect
from models.derived_secrets import DerivedSecrets
from models.key_ring import KeyRing
from models.keys import Key, Keys
from models.keystore import KeystoreMark, PersonKey, keystore, wrapping
from models.sets import Row, as_uuid, insert, of_ids

CACHED_FOR = timedelta(minutes=1)
CACHED_AT_MOST = 5_000
"""Keys, of 2.5 kB each."""
READ = 'SELECT "person_id", "kek_id", "wrapped" FROM "person_key" WHERE "person_id" {ids}'


class WrongKeyFile(Exception):
    """The key file does not belong to this keystore."""


class Vault(DerivedSecrets):
    """Per-person keys. Reads are batched; sealing and opening, by a key, are synchronous."""

    def __init__(self, ring: KeyRing, *, now: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        super().__init__(ring)
        self._now, self.random = now, random
        self._cache: dict[UUID, Key] = {}
        self._wrappers: dict[str, AESGCM] = {}

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

    def at_hand(self, person: UUID) -> Key | None:
        """One person's key if it was read within the last minute."""
        key = self._cache.get(person)
        return key if key is not None and key.at > self._now() - CACHED_FOR else None

    async def key(self, person: UUID) -> Key:
        """One person's key. Raises KeystoreDown or KeyAbsent."""
        return (await self.keys([person]))[person]

    async def create(self, people: Iterable[UUID]) -> Keys:
        """New keys, committed in the keystore before the rows they will seal (a key without rows is swept up later)."""
        at = self._now()
        raws = {person: self.random(32) for person in people}
        with keystore():
            async with wrapping("share") as tx:
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

    def wrap(self, person: UUID, raw: bytes, kek: str, nonce: bytes = b"") -> bytes:
        """A data key under a KEK. ``nonce``: 12 random bytes, drawn for this and nothing else."""
        nonce = nonce or self.random(12)
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
            async with wrapping("share") as tx:
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
            async with wrapping("alone") as tx:
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

"""One person's data key, which seals and opens their rows.

AES-256-GCM (NIST SP 800-38D). An envelope is ``format, struct version, nonce (12), ciphertext``; the associated data binds
it to its table, row and person, so that a ciphertext moved elsewhere does not open.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import TypeVar, cast
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = 1
NONCE, SEALED = itemgetter(slice(2, 14)), itemgetter(slice(14, None))  # of an envelope


class Sealed(msgspec.Struct, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    """The personal fields of one row. New fields always have defaults; none is ever renamed."""


S = TypeVar("S", bound=Sealed)
T = TypeVar("T", bound=msgspec.Struct)


class KeyAbsent(Exception):
    """The person has no key: erased if there is a tombstone, an alarm otherwise."""


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
        bound = head + table.encode() + b"\0" + row.bytes + self.person.bytes
        return head + nonce + self._aes.encrypt(nonce, msgspec.msgpack.encode(contents), bound)

    def open(self, table: str, row: UUID, envelope: bytes, into: type[S]) -> S:
        if envelope[0] != FORMAT:
            raise InvalidTag
        bound = envelope[:2] + table.encode() + b"\0" + row.bytes + self.person.bytes
        return _decoder(into).decode(self._aes.decrypt(envelope[2:14], envelope[14:], bound))

    def opener(self, table: str, into: type[T]) -> Callable[[bytes, bytes], T]:
        """``open`` for many rows of one table, each by its id's bytes and its envelope."""
        decrypt, decode = self._aes.decrypt, _decoder(into).decode
        before, after = table.encode() + b"\0", self.person.bytes

        def opened(row: bytes, envelope: bytes) -> T:
            if envelope[0] != FORMAT:
                raise InvalidTag
            return decode(decrypt(envelope[2:14], envelope[14:], envelope[:2] + before + row + after))

        return opened

    def open_all(self, table: str, rows: Sequence[bytes], envelopes: Sequence[bytes | None], into: type[T]) -> list[T]:
        """``open`` for all of a person's rows of one table at once, into a struct that may know fewer fields.

        What was never sealed is an empty one.
        """
        decrypt, decode, after = self._aes.decrypt, _decoder(into).decode, self.person.bytes
        before, sealed = table.encode() + b"\0", cast(Sequence[bytes], envelopes)
        try:  # each step for all of them, without a loop of ours; a head of another format is bound to nothing that was sealed
            bound = [one[:2] + before + row + after for row, one in zip(rows, sealed, strict=True)]
            return list(map(decode, map(decrypt, map(NONCE, sealed), map(SEALED, sealed), bound)))
        except TypeError:  # None is among them
            opened = self.opener(table, into)
            return [into() if one is None else opened(row, one) for row, one in zip(rows, envelopes, strict=True)]


class Keys(dict[UUID, Key]):
    """The keys of one operation; asking for an absent one raises KeyAbsent."""

    __slots__ = ()

    def __missing__(self, person: UUID) -> Key:
        raise KeyAbsent(str(person))


@lru_cache(maxsize=64)
def _decoder(into: type[T]) -> "msgspec.msgpack.Decoder[T]":
    return msgspec.msgpack.Decoder(into)

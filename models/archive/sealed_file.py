"""A file sealed in chunks: it can be written and read as a stream, and a cut, swapped or changed one does not open.

The STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM: each chunk's nonce is its number
and whether it is the last; the associated data is the header and what the file is about. The header's salt makes a key
of its own (HKDF, RFC 5869) for every writing, so that building an archive again under one key repeats no nonce.

    header  "OCTS" 0x01 salt (32)
    chunk   ciphertext of 65,536 bytes (the last one: of what is left), tag (16)
"""

from collections.abc import AsyncIterator, Iterable, Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

MAGIC = b"OCTS\x01"
SALT = 32
HEADER = len(MAGIC) + SALT
CHUNK = 64 * 1024
SEALED_CHUNK = CHUNK + 16


class Damaged(Exception):
    """The file is not what was sealed: cut, changed, of another archive or under another key."""


def seal(chunks: Iterable[bytes], *, key: bytes, salt: bytes, about: bytes) -> Iterator[bytes]:
    """The sealed file of ``chunks`` of any size. ``key`` has 32 bytes, ``salt`` 32 that were never used before."""
    if len(salt) != SALT:
        raise ValueError(f"the salt has {SALT} bytes")
    header = MAGIC + salt
    yield header
    aes, bound, number = _cipher(key, salt), header + about, 0
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > CHUNK:  # a full chunk may still be the last one
            yield aes.encrypt(_nonce(number, last=False), bytes(held[:CHUNK]), bound)
            del held[:CHUNK]
            number += 1
    yield aes.encrypt(_nonce(number, last=True), bytes(held), bound)


async def unseal(sealed: AsyncIterator[bytes], *, key: bytes, about: bytes) -> AsyncIterator[bytes]:
    """What was sealed, each chunk verified before it is handed out. Raises Damaged, at the end at the latest."""
    held = bytearray()
    aes: AESGCM | None = None
    bound, number = b"", 0
    async for piece in sealed:
        held += piece
        if aes is None and len(held) >= HEADER:
            header = bytes(held[:HEADER])
            if not header.startswith(MAGIC):
                raise Damaged
            del held[:HEADER]
            aes, bound = _cipher(key, header[len(MAGIC) :]), header + about
        while aes is not None and len(held) > SEALED_CHUNK:
            yield _open(aes, number, held[:SEALED_CHUNK], bound, last=False)
            del held[:SEALED_CHUNK]
            number += 1
    if aes is None:
        raise Damaged
    if rest := _open(aes, number, held, bound, last=True):
        yield rest


def _open(aes: AESGCM, number: int, sealed: bytearray, bound: bytes, *, last: bool) -> bytes:
    try:
        return aes.decrypt(_nonce(number, last=last), bytes(sealed), bound)
    except InvalidTag:
        raise Damaged from None


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=salt, info=b"octopus archive").derive(key))


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes((last,))

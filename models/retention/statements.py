"""Signed statements about the event chain: how it stood, where it begins now, that it was taken back by a restore.

The first two stand in table checkpoint; the first and the last are lines of a file outside the database.
"""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

import msgspec
from cryptography.exceptions import InvalidSignature

from models.tables import Checkpoint
from models.tables.events import EPOCH, framed
from models.world import World

NOTHING = bytes(32)
"""The hash before the first event."""


class Said(StrEnum):
    """CHECKPOINT: the chain stood at position with hash. ANCHOR: what came before has expired. RESTORED: the database was
    brought back from a backup and goes on from there; later checkpoints of the file are void."""

    CHECKPOINT = "CHECKPOINT"
    ANCHOR = "ANCHOR"
    RESTORED = "RESTORED"


class Statement(msgspec.Struct, frozen=True):
    """One statement; hash and signature are lower-case hex."""

    said: Said
    position: int
    hash: str
    at: datetime
    key_id: str
    signature: str

    def stands(self, world: World) -> bool:
        """It was signed by this installation, exactly so."""
        if self.key_id != world.vault.signing_key_id:
            return False
        try:
            signed = _bytes(self.said, self.position, bytes.fromhex(self.hash), self.at)
            world.vault.signer.public_key().verify(bytes.fromhex(self.signature), signed)
        except (InvalidSignature, ValueError, OverflowError):
            return False
        return True

    @property
    def line(self) -> str:
        """A line of the file."""
        return msgspec.json.encode(self).decode()


def sign(world: World, said: Said, position: int, hash_: bytes, at: datetime) -> Statement:
    """Ed25519 (RFC 8032) over ``octopus chain 1``, a zero byte and the framed parts: what is said, position (8 bytes, big
    endian), hash, time (microseconds since 1970 in UTC, 8 bytes, signed)."""
    signature = world.vault.signer.sign(_bytes(said, position, hash_, at))
    return Statement(said, position, hash_.hex(), at.astimezone(UTC), world.vault.signing_key_id, signature.hex())


def _bytes(said: Said, position: int, hash_: bytes, at: datetime) -> bytes:
    microseconds = (at - EPOCH) // timedelta(microseconds=1)
    parts = (said.encode(), position.to_bytes(8), hash_, microseconds.to_bytes(8, signed=True))
    return b"octopus chain 1\0" + b"".join(map(framed, parts))


def of_row(row: Checkpoint) -> Statement:
    """What a row of table checkpoint says."""
    said = Said.ANCHOR if row.is_anchor else Said.CHECKPOINT
    return Statement(said, row.position, bytes(row.hash).hex(), row.at, row.key_id, bytes(row.signature).hex())


def as_row(statement: Statement) -> Checkpoint:
    """The row of a checkpoint or an anchor."""
    return Checkpoint(
        position=statement.position, hash=bytes.fromhex(statement.hash), at=statement.at, key_id=statement.key_id,
        signature=bytes.fromhex(statement.signature), is_anchor=statement.said is Said.ANCHOR,
    )  # fmt: skip


def read(line: str) -> Statement:
    """A line of the file. Raises msgspec.DecodeError for anything else."""
    return msgspec.json.decode(line, type=Statement)

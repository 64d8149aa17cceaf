"""The second database: one wrapped key per person, with backups of its own that are only ever the latest."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Literal

from tortoise import fields
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import BaseORMException, IntegrityError
from tortoise.models import Model

from models.database import dialect, transaction


class PersonKey(Model):
    """A data key wrapped by a key-encryption key. Its row gone and that KEK retired, the person is unreadable everywhere."""

    person_id = fields.UUIDField(primary_key=True)
    kek_id = fields.CharField(max_length=32, db_index=True)
    wrapped = fields.BinaryField()
    created_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "person_key"


class ErasureProbe(Model):
    """The values to search for while an erasure is verified, under a one-time key of their own; at most 24 hours.

    That key is wrapped by a key-encryption key that serves for nothing else and is retired with the row: the row may live on in a
    log or a backup, but opens nothing.
    """

    id = fields.UUIDField(primary_key=True)
    person_id = fields.UUIDField(unique=True)
    kek_id = fields.CharField(max_length=32)
    probe_key = fields.BinaryField()
    values = fields.BinaryField()
    made_at = fields.DatetimeField(db_index=True)

    class Meta:
        table = "erasure_probe"


class KeystoreMark(Model):
    """Tells a wrong key file before it can do harm."""

    id = fields.IntField(primary_key=True)
    mark = fields.BinaryField()

    class Meta:
        table = "keystore_mark"


class KeystoreDown(Exception):
    """The keystore cannot be reached: answer 503, do nothing, destroy nothing."""


@asynccontextmanager
async def wrapping(how: Literal["share", "alone"]) -> AsyncIterator[BaseDBAsyncClient]:
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

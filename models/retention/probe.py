"""What the verifier will search for: the person's known values, sealed under a one-time key for at most a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from tortoise.connection import get_connection

from models.database import dialect
from models.keystore import ErasureProbe
from models.retention.ageing import TABLES
from models.tables.sealed import SealedRow
from models.vault import Keys, keystore
from models.world import World

SHORTEST = 6
"""A value of fewer signs is found everywhere by chance."""
SEARCHED = frozenset({"contact", "government_id", "financial", "access"})
HOLDING = ("customer", "change", "payment_method", "related_person", "sign_in", "session")


class Probe(msgspec.Struct):
    """The values of one person as bytes, and the aliases that events name them by."""

    needles: list[bytes] = msgspec.field(default_factory=list)
    aliases: list[bytes] = msgspec.field(default_factory=list)


@dataclass(slots=True)
class Known:
    """What is known of one person before the key is destroyed."""

    values: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    aliases: list[bytes] = field(default_factory=list)


async def known_values(world: World, ids: Sequence[UUID], keys: Keys) -> dict[UUID, Known]:
    """Contact, government, payment and access values of these people; one statement a table."""
    known = {person: Known() for person in ids if person in keys}
    for table in HOLDING:
        model: Any = TABLES[table]
        entity = world.policy.inventory.entity(table)
        person = entity.person or "id"
        wanted = [one.name for one in entity.sealed if one.class_name in SEARCHED]
        for row_id, owner, sealed in await _sealed_rows(table, person, list(known)):
            if sealed is not None:
                _note(known[owner], keys[owner].open(table, row_id, bytes(sealed), model.contents), wanted)
    return known


async def _sealed_rows(table: str, person: str, ids: Sequence[UUID]) -> list[tuple[UUID, UUID, bytes | None]]:
    """Id, person and sealed part of their rows, by a statement of our own: an instance of each would take most of the time."""
    query = f'SELECT "id", "{person}", "sealed" FROM "{table}" WHERE "{person}" '  # noqa: S608  our own names
    if dialect() == "postgres":
        _, found = await get_connection("default").execute_query(query + "= ANY($1)", [list(ids)])
        return [tuple(row) for row in found]
    marks = ", ".join("?" * len(ids))
    _, found = await get_connection("default").execute_query(f"{query} IN ({marks})", [str(one) for one in ids])
    return [(UUID(row_id), UUID(owner), sealed) for row_id, owner, sealed in map(tuple, found)]


def _note(known: Known, contents: Any, wanted: Iterable[str]) -> None:
    for name in wanted:
        for text in _texts(getattr(contents, name)):
            known.values.add(text)
            if "@" in text:
                known.addresses.add(text)
    if hasattr(contents, "alias"):
        known.aliases.append(contents.alias)
        known.values.add(contents.name)


def _texts(value: Any) -> Iterable[str]:
    """The single texts of a value: an address and a personal code are several, a JSON text is none that stands anywhere."""
    if isinstance(value, str) and not value.startswith("{"):
        yield value
    elif isinstance(value, msgspec.Struct):
        yield from (text for text in msgspec.structs.astuple(value) if isinstance(text, str))


async def make_probes(world: World, known: dict[UUID, Known]) -> None:
    """Seal what is known, once; a person whose probe stands already is left as is."""
    now, rows = world.now(), []
    with keystore():
        there = set(await ErasureProbe.filter(person_id__in=list(known)).values_list("person_id", flat=True))
    for person, found in known.items():
        if person in there:
            continue
        needles = [text.encode() for text in found.values if len(text) >= SHORTEST]
        sealed, key = _seal(world, person, Probe(needles=needles, aliases=found.aliases))
        rows.append(ErasureProbe(id=world.new_id(), person_id=person, probe_key=key, values=sealed, made_at=now))
    if rows:
        with keystore():
            await ErasureProbe.bulk_create(rows, ignore_conflicts=True)


async def probes_of(world: World, ids: Iterable[UUID]) -> dict[UUID, Probe]:
    """What was sealed for these people, opened."""
    with keystore():
        rows = await ErasureProbe.filter(person_id__in=list(ids))
    return {row.person_id: _open(row) for row in rows}


async def drop_probes(ids: Iterable[UUID]) -> None:
    """Verified: nothing is known of them any more."""
    with keystore():
        await ErasureProbe.filter(person_id__in=list(ids)).delete()


def _seal(world: World, person: UUID, probe: Probe) -> tuple[bytes, bytes]:
    key, nonce = world.vault.random(32), world.vault.random(12)
    return nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(probe), person.bytes), key


def _open(row: ErasureProbe) -> Probe:
    raw = bytes(row.values)
    plain = AESGCM(bytes(row.probe_key)).decrypt(raw[:12], raw[12:], row.person_id.bytes)
    return msgspec.msgpack.decode(plain, type=Probe)


assert all(issubclass(TABLES[table], SealedRow) for table in HOLDING)

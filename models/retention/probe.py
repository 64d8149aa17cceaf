"""What the verifier will search for: the person's known values, sealed under a one-time key for at most a day."""

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, get_args
from uuid import UUID

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from msgspec.structs import astuple
from tortoise.connection import get_connection

from models.database import dialect
from models.keys import Keys
from models.keystore import ErasureProbe, keystore
from models.retention.ageing import TABLES
from models.sets import as_uuid, insert, of_ids
from models.tables.sealed import SealedRow
from models.world import World

SHORTEST = 6
"""A value of fewer signs is found everywhere by chance."""
SEARCHED = frozenset({"contact", "government_id", "financial", "access"})
BREATH = 200
"""Rows opened, or a fourth as many people dealt with, after which others may have the processor: their transactions would stay open
meanwhile."""
DRAWN = 32 + 12 + 12
"""Random bytes of a probe: its key, its nonce and the one that wraps the key. Drawn for many at once: asking takes the longest."""
HOLDING = ("customer", "change", "payment_method", "related_person", "sign_in", "session", "staff")
NAMED = ("customer", "staff")
BESIDE, SETTLED = "probe-", 600
"""How the names of key-encryption keys for probes begin; after so many seconds without a row, one is no longer waited for."""


class Probe(msgspec.Struct):
    """The values of one person as bytes, and the aliases that events name them by."""

    needles: list[bytes] = msgspec.field(default_factory=list)
    aliases: list[bytes] = msgspec.field(default_factory=list)


PROBE = msgspec.msgpack.Decoder(Probe)


@dataclass(slots=True)
class Known:
    """What is known of one person before the key is destroyed. ``texts``: whatever was found, texts or not."""

    texts: set[Any] = field(default_factory=set)
    values: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    aliases: list[bytes] = field(default_factory=list)


async def known_values(world: World, ids: Sequence[UUID], keys: Keys) -> dict[UUID, Known]:
    """Contact, government, payment and access values of these people; one statement a table."""
    known = {person: Known() for person in ids if person in keys}
    for table in HOLDING:
        model: Any = TABLES[table]
        entity = world.policy.inventory.entity(table)
        wanted = tuple(one.name for one in entity.sealed if one.class_name in SEARCHED)
        into, since = model.contents if table in NAMED else _only(model.contents, wanted), 0
        for person, rows, sealed in await _sealed_rows(table, entity.person or "id", list(known)):
            since += len(rows)
            if since > BREATH:
                await asyncio.sleep(0)
                since = 0
            found, opened = known[person], keys[person].open_all(table, rows, sealed, into)
            if table not in NAMED:
                found.texts.update(*map(astuple, opened))
                continue
            for contents in opened:
                _note(found, contents, wanted)
                found.values.add(contents.name)
                if table == "customer":
                    found.aliases.append(contents.alias)
    for number, found in enumerate(known.values(), 1):
        if number % (BREATH // 4) == 0:
            await asyncio.sleep(0)
        for text in found.texts:
            if type(text) is str and text[:1] != "{":  # a JSON text stands nowhere as it is
                found.values.add(text)
                if "@" in text:
                    found.addresses.add(text)
    return known


@cache
def _only(contents: type[msgspec.Struct], names: tuple[str, ...]) -> type[msgspec.Struct]:
    """These fields of a row's contents, as far as they are texts; none is a struct. The others are skipped where they lie."""
    there = [one for one in msgspec.structs.fields(contents) if one.name in names]
    fields = [(one.name, one.type, one.default) for one in there if str in (one.type, *get_args(one.type))]
    return msgspec.defstruct(contents.__name__, fields, kw_only=True)


async def _sealed_rows(
    table: str, person: str, ids: Sequence[UUID]
) -> Iterable[tuple[UUID, Sequence[bytes], Sequence[bytes]]]:
    """Each person's rows of a table: their ids as bytes, their sealed parts. PostgreSQL lays them together: an object for each
    id would take most of the time."""
    main, of = get_connection("default"), f'FROM "{table}" WHERE "{person}" {{ids}} AND "sealed" IS NOT NULL'
    if dialect() == "postgres":
        together = f'SELECT "{person}", array_agg(uuid_send("id")), array_agg("sealed") {of} GROUP BY "{person}"'
        return [(owner, rows, sealed) for owner, rows, sealed in (await of_ids(main, together, ids))[1]]
    found: dict[UUID, tuple[list[bytes], list[bytes]]] = defaultdict(lambda: ([], []))
    for row, owner, sealed in (await of_ids(main, f'SELECT "id", "{person}", "sealed" {of}', ids))[1]:
        rows, envelopes = found[UUID(owner)]
        rows.append(UUID(row).bytes)
        envelopes.append(sealed)
    return [(owner, rows, sealed) for owner, (rows, sealed) in found.items()]


def _note(known: Known, contents: Any, wanted: Iterable[str]) -> None:
    for name in wanted:
        value = getattr(contents, name)
        # An address and a personal code are several texts.
        known.texts.update(astuple(value) if isinstance(value, msgspec.Struct) else (value,))


async def make_probes(world: World, known: dict[UUID, Known]) -> None:
    """Seal what is known, once; a person whose probe stands already is left as is."""
    now, rows = world.now(), []
    query = 'SELECT "person_id" FROM "erasure_probe" WHERE "person_id" {ids}'
    with keystore():
        there = {as_uuid(row[0]) for row in (await of_ids(get_connection("keystore"), query, list(known)))[1]}
    new = {person: found for person, found in known.items() if person not in there}
    kek = await asyncio.to_thread(world.vault.ring.add_beside, _name(world)) if new else ""
    drawn = world.vault.random(DRAWN * len(new))
    for number, (person, found) in enumerate(new.items()):
        if number % (BREATH // 4) == 0:
            await asyncio.sleep(0)
        needles = [text.encode() for text in found.values if len(text) >= SHORTEST]
        own = drawn[DRAWN * number : DRAWN * (number + 1)]
        sealed, key = _seal(world, person, Probe(needles=needles, aliases=found.aliases), kek, own)
        row = {
            "id": world.new_id(),
            "person_id": person,
            "kek_id": kek,
            "probe_key": key,
            "values": sealed,
            "made_at": now,
        }
        rows.append(row)
    if rows:
        with keystore():
            await insert(get_connection("keystore"), "erasure_probe", rows)


async def probes_of(world: World, ids: Iterable[UUID]) -> dict[UUID, Probe]:
    """What was sealed for these people, opened. A row that an older copy brought back opens no more, and counts as none."""
    query = 'SELECT "person_id", "kek_id", "probe_key", "values" FROM "erasure_probe" WHERE "person_id" {ids}'
    with keystore():
        _, rows = await of_ids(get_connection("keystore"), query, list(ids))
    there, found = set(world.vault.ring.ids()), {}
    for stored, kek, wrapped, values in rows:
        if kek in there:
            person = as_uuid(stored)
            plain = AESGCM(world.vault.unwrap(person, kek, wrapped)).decrypt(values[:12], values[12:], person.bytes)
            found[person] = PROBE.decode(plain)
    return found


async def drop_probes(world: World, ids: Iterable[UUID]) -> None:
    """Verified: nothing is known of them any more, in no copy of the rows either."""
    with keystore():
        rows = ErasureProbe.filter(person_id__in=list(ids))
        keks = {str(kek) for kek in await rows.distinct().values_list("kek_id", flat=True)}
        await rows.delete()
    await _retire(world, keks)


async def sweep_probe_keys(world: World) -> int:
    """Key-encryption keys that a crash left without a probe; one just made, whose rows are still to come, stays."""
    settled = world.now().timestamp() - SETTLED
    return await _retire(world, {kek for kek in world.vault.ring.ids() if is_beside(kek) and _made_at(kek) <= settled})


async def _retire(world: World, keks: set[str]) -> int:
    with keystore():
        used = await ErasureProbe.filter(kek_id__in=list(keks)).values_list("kek_id", flat=True) if keks else []
    idle = sorted(kek for kek in keks - {str(one) for one in used} if is_beside(kek))
    for kek in idle:
        world.vault.retire_beside(kek)
    return len(idle)


def is_beside(kek_id: str) -> bool:
    """A key-encryption key that wraps probes only."""
    return kek_id.startswith(BESIDE)


def _name(world: World) -> str:
    return f"{BESIDE}{int(world.now().timestamp())}-{world.vault.random(7).hex()}"


def _made_at(kek_id: str) -> int:
    return int(kek_id.split("-")[1])


def _seal(world: World, person: UUID, probe: Probe, kek: str, drawn: bytes) -> tuple[bytes, bytes]:
    """``drawn``: DRAWN random bytes of this probe's own."""
    key, nonce, wrapping = drawn[:32], drawn[32:44], drawn[44:]
    sealed = nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(probe), person.bytes)
    return sealed, world.vault.wrap(person, key, kek, wrapping)


assert all(issubclass(TABLES[table], SealedRow) for table in HOLDING)

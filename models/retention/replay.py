"""Nothing is resurrected: the ledger outside the database knows who was erased, whichever backup came back (clause 5.1).

A restored database is known by two signs: somebody of the ledger is there again without a tombstone (or with a key), or the file of
checkpoints knows more of the event chain than the database. Then nobody is served until ``octopus restore`` has replayed it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from models.database import transaction
from models.keystore import PersonKey, keystore
from models.retention.ageing import TABLES
from models.retention.backups import register_found
from models.retention.claims import RELEASED
from models.retention.guards import watch_keys
from models.retention.sealing import is_behind, last_filed, newest
from models.retention.statements import NOTHING, Said, sign
from models.tables import Customer, Event, Letter, Session, StaffSession, Tombstone
from models.tables.accounts import ErasureStage, State
from models.tables.events import ActorKind, EventKind
from models.world import World

BATCH = 500
NEWEST = 2_000
"""Customers whose keys are looked at before each start; all of them are once a day."""


class RestoredBackup(Exception):
    """The databases are an older copy; the text is one sentence."""


class Buried(msgspec.Struct, frozen=True):
    """One line of the ledger, as ``erase.ledger_line`` writes it. ``code``: the digest of the certificate's code, in hex."""

    id: UUID
    clause: str
    closed_at: datetime
    erase_by: datetime
    begun_at: datetime
    code: str | None = None


@dataclass(slots=True)
class Returned:
    """What an older copy brought back: people whose key is there, people of whom only rows are; an event chain cut short."""

    with_key: list[Buried] = field(default_factory=list)
    rows_only: list[Buried] = field(default_factory=list)
    chain: bool = False

    @property
    def people(self) -> int:
        return len(self.with_key) + len(self.rows_only)

    def __bool__(self) -> bool:
        return bool(self.people or self.chain)


async def before_work(world: World) -> None:
    """What is looked at before anybody is served or anything erased: RestoredBackup is raised, missing keys stop what destroys."""
    await refuse_restored(world)
    await watch_keys(world, newest=NEWEST)


async def refuse_restored(world: World) -> None:
    """Raise RestoredBackup when the databases are an older copy than the files outside them: nobody may be served."""
    found = await find_returned(world)
    if found.people:
        raise RestoredBackup(
            f"an older database was restored, in which {found.people} erased people are back: run octopus restore"
        )
    if found.chain:
        raise RestoredBackup("an older database was restored, which lacks the newest events: run octopus restore")


async def find_returned(world: World) -> Returned:
    """Compare the files with the databases. The files are read first: what they say was committed before."""
    try:
        filed = await last_filed(world)
    except msgspec.DecodeError:
        raise RestoredBackup(
            "the last line of the file of checkpoints is none of ours: put its own copy in its place"
        ) from None
    buried = {one.id: one for one in map(_line, await world.ledger.lines())}
    found = Returned(chain=filed is not None and is_behind(filed, await newest()))
    for some in _batches(list(buried)):
        stages = dict(await Tombstone.filter(id__in=some).values_list("id", "stage"))
        with keystore():
            keys: set[Any] = set(await PersonKey.filter(person_id__in=some).values_list("person_id", flat=True))
        missing = [person for person in some if person not in stages]
        rows = await _with_rows(world, missing) if missing else set()
        for person in some:
            if person in keys and stages.get(person) is not ErasureStage.ERASING:
                found.with_key.append(buried[person])
            elif person in rows:
                found.rows_only.append(buried[person])
    return found


async def replay(world: World) -> Returned:
    """Give everybody who came back their tombstone: the duties erase, verify and certify them again. What there was to do.

    In an older copy sessions and letters are alive that were ended and sent since: sessions end, letters to erased people go. The
    chain goes on from where it stands, which a signed line of the file and an event say. Safe to repeat, and to be killed in.
    """
    await register_found(world)
    found = await find_returned(world)
    if found:
        now = world.now()
        async with transaction():
            await Session.filter(ended_at=None).update(ended_at=now)
            await StaffSession.filter(ended_at=None).update(ended_at=now)
            await Event.create(
                id=world.new_id(), at=now, kind=EventKind.RESTORE, action="database.restored", actor_kind=ActorKind.SYSTEM,
                fields_named=[],
            )  # fmt: skip
    for some in _batches(found.with_key):
        await _bury(world, some, ErasureStage.ERASING)
    for some in _batches(found.rows_only):
        await _bury(world, some, ErasureStage.KEY_DESTROYED)
    if found.chain:
        head = await newest()
        position, hash_ = (head.position, bytes(head.hash)) if head else (0, NOTHING)
        await world.checkpoints.append([sign(world, Said.RESTORED, position, hash_, world.now()).line])
    return found


async def _bury(world: World, people: Sequence[Buried], stage: ErasureStage) -> None:
    """Tombstones, in one transaction with the customers' state. Whoever has one already is erased anew from that stage on."""
    ids, now = [one.id for one in people], world.now()
    gone = stage is ErasureStage.KEY_DESTROYED
    reached: dict[str, Any] = {
        "stage": stage, "in_ledger_at": now, "key_destroyed_at": now if gone else None,
        "kek_id": world.vault.ring.current if gone else None, "rows_gone_at": None, "verified_at": None,
    }  # fmt: skip
    async with transaction() as tx:
        await Customer.filter(id__in=ids).using_db(tx).update(state=State.ERASING)
        await Letter.filter(customer_id__in=ids, posted_at=None).using_db(tx).delete()
        again = Tombstone.filter(id__in=ids).using_db(tx)
        there = set(await again.values_list("id", flat=True))
        await again.update(**reached, **RELEASED, dead_at=None)
        new = [_tombstone(world, one, reached) for one in people if one.id not in there]
        await Tombstone.bulk_create(new, using_db=tx)


def _tombstone(world: World, one: Buried, reached: dict[str, Any]) -> Tombstone:
    code = bytes.fromhex(one.code) if one.code else world.vault.digest(world.new_secret())
    return Tombstone(
        id=one.id, clause=one.clause, closed_at=one.closed_at, erase_by=one.erase_by, begun_at=one.begun_at, code_digest=code,
        **reached,
    )  # fmt: skip


async def _with_rows(world: World, ids: Sequence[UUID]) -> set[UUID]:
    """Who of them has a row in any table of the inventory."""
    found: set[UUID] = set()
    for entity in world.policy.inventory.erased_with_anybody:
        if entity.person is not None:
            rows = TABLES[entity.table].filter(**{f"{entity.person}__in": list(ids)})
            found.update(await rows.distinct().values_list(entity.person, flat=True))  # type: ignore[arg-type]
    return found


def _line(line: str) -> Buried:
    try:
        return msgspec.json.decode(line, type=Buried)
    except msgspec.DecodeError:
        raise RestoredBackup("a line of the ledger is none of ours: put the ledger's own copy in its place") from None


def _batches(of: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(of), BATCH):
        yield of[start : start + BATCH]

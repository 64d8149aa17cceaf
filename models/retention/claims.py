"""Work that one worker at a time may do: claimed by a short transaction with a lease, tried again later when it fails.

    for row in await claim(world, Letter, Q(posted_at=None), limit, lease=LEASE, worker=worker):
        ... the effect, outside any transaction ...
        async with transaction():
            await finish(row, posted_at=world.now())  # raises ClaimLost when another worker has the row by now
            ... what else becomes true with it ...

Whoever is killed in between leaves a lease that ends; every try is counted when it begins, so that a row which kills
its worker is given up as well.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from uuid import UUID

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.expressions import F, Q

from models.database import dialect, is_database_down, transaction
from models.keystore import KeystoreDown
from models.sets import as_uuid, of_ids
from models.tables import Export, Letter, Tombstone
from models.tables.sealed import Claimed
from models.world import World

TRIES = 8
FIRST_WAIT, GROWS, LONGEST_WAIT = timedelta(minutes=1), 3, timedelta(hours=6)  # half a day in all

RELEASED: dict[str, Any] = {"leased_by": None, "leased_until": None, "retry_at": None, "tries": 0, "trouble": None}

C = TypeVar("C", bound=Claimed)


class ClaimLost(Exception):
    """The lease ended and another worker has the row, or it is done already: what was begun is rolled back."""


@dataclass(frozen=True, slots=True)
class Lot(Generic[C]):
    """Rows under one claim, by their ids: where there are many, an instance of each takes longer than what is done with it."""

    model: type[C]
    worker: str
    ids: list[UUID]

    async def rows(self) -> list[C]:
        """As instances, oldest first: those that are still this worker's."""
        return await self.model.filter(id__in=self.ids, leased_by=self.worker).order_by("id") if self.ids else []


async def claim(world: World, model: type[C], due: Q, limit: int, *, lease: timedelta, worker: str) -> list[C]:
    """Up to ``limit`` rows that are due, that nobody else has and that wait for no later try; oldest first.

    They are this worker's until the lease ends. Rows tried too often already are given up instead.
    """
    return await (await claim_lot(world, model, due, limit, lease=lease, worker=worker)).rows()


async def claim_lot(
    world: World, model: type[C], due: Q, limit: int, *, lease: timedelta, worker: str, order: str = "id"
) -> Lot[C]:
    """``claim``, without reading the rows."""
    now = world.now()
    free = (
        Q(dead_at=None) & (Q(retry_at=None) | Q(retry_at__lte=now)) & (Q(leased_until=None) | Q(leased_until__lte=now))
    )
    async with transaction() as tx:
        wanted = model.filter(due & free).using_db(tx).order_by(order).limit(limit)
        wanted = wanted.select_for_update(skip_locked=True) if dialect() == "postgres" else wanted
        wanted = wanted.only("id", "tries")  # values_list would leave the lock away
        wanted._make_query()
        _, found = await tx.execute_query(*wanted.query.get_parameterized_sql())  # an instance of each takes long
        tries: dict[UUID, int] = {as_uuid(row["id"]): row["tries"] for row in found}
        spent = [row for row, count in tries.items() if count >= TRIES]
        mine = [row for row, count in tries.items() if count < TRIES]
        if spent:
            given_up = model.filter(id__in=spent).using_db(tx)
            await given_up.update(dead_at=now, leased_by=None, leased_until=None)
        if mine:
            taken = '"leased_by" = {0}, "leased_until" = {1}, "tries" = "tries" + 1'
            query = f'UPDATE "{model._meta.db_table}" SET {taken} WHERE "id" {{ids}}'  # noqa: S608  our own names
            await of_ids(tx, query, mine, worker, now + lease)
    for row in spent:
        _alarm(world, model, row, tries[row])
    return Lot(model, worker, mine)


async def hold(world: World, row: Claimed, lease: timedelta) -> None:
    """Make the lease last again, before a step that must not be done twice at once. Raises ClaimLost."""
    until = world.now() + lease
    if not await _mine(row).update(leased_until=until):
        raise ClaimLost
    row.leased_until = until


async def finish(row: Claimed, **done: Any) -> None:
    """Mark the work done and give the claim back, in the transaction of its effect. Raises ClaimLost.

    On PostgreSQL the row stays locked until that transaction ends, on SQLite everything is.
    """
    if not await _mine(row).update(**RELEASED, **done):
        raise ClaimLost


async def finish_all(tx: BaseDBAsyncClient, lot: Lot[C], **done: Any) -> set[UUID]:
    """``finish`` for a whole lot, in the transaction of its effect: the ids of those that were still this worker's."""
    mine = lot.model.filter(id__in=lot.ids, leased_by=lot.worker).using_db(tx)
    rows = await (mine.select_for_update() if dialect() == "postgres" else mine).only("id")
    still = {row.pk for row in rows}
    await lot.model.filter(id__in=list(still)).using_db(tx).update(**RELEASED, **done)
    return still


async def release_after(world: World, row: Claimed, trouble: str) -> None:
    """It failed: try again later, or give it up and alarm. ``trouble`` is a short word, never a value."""
    now = world.now()
    dead_at: datetime | None = now if row.tries >= TRIES else None
    wait = min(FIRST_WAIT * GROWS ** (row.tries - 1), LONGEST_WAIT)
    mine = await _mine(row).update(
        leased_by=None, leased_until=None, retry_at=now + wait, dead_at=dead_at, trouble=trouble[:80]
    )
    if mine and dead_at is not None:
        _alarm(world, type(row), row.pk, row.tries)


async def give_back(rows: Sequence[Claimed]) -> None:
    """Not tried after all: nobody's fault, so it counts as no try."""
    for row in rows:
        await _mine(row).update(leased_by=None, leased_until=None, tries=F("tries") - 1)


async def each(world: World, rows: Sequence[C], do: Callable[[C], Awaitable[object]]) -> int:
    """Do each claimed row; how many were done. One that fails waits for its next try and stops nobody else.

    Raises what says that nothing can be done now: KeystoreDown, and whatever means that the database is down.
    """
    done = 0
    for at, row in enumerate(rows):
        try:
            await do(row)
            done += 1
        except ClaimLost:
            continue
        except KeystoreDown:
            await give_back(rows[at:])
            raise
        except Exception as fault:
            if is_database_down(fault):
                raise
            world.log("claim.failed", kind=row._meta.db_table, attempt=row.tries, exc_info=fault)
            await release_after(world, row, type(fault).__name__)
    return done


@asynccontextmanager
async def together(world: World, lot: Lot[C]) -> AsyncIterator[None]:
    """One piece of work for a whole lot: when it fails, all of it waits for its next try.

    A keystore that is down is nobody's fault: it counts as no try, however long that lasts.
    """
    try:
        yield
    except KeystoreDown:
        await give_back(await lot.rows())
        raise
    except Exception as fault:
        if not is_database_down(fault):
            for row in await lot.rows():
                await release_after(world, row, type(fault).__name__)
        raise


async def given_up() -> dict[str, int]:
    """Rows that failed too often and wait for a person, by table. A letter that nobody may get any more is none."""
    tables: tuple[type[Claimed], ...] = (Letter, Export, Tombstone)
    return {
        model._meta.db_table: await model.filter(dead_at__isnull=False, tries__gte=TRIES).count() for model in tables
    }


def _mine(row: Claimed) -> Any:
    return type(row).filter(pk=row.pk, leased_by=row.leased_by)


def _alarm(world: World, model: type[Claimed], row: UUID, tries: int) -> None:
    world.log("claim.dead", level="error", kind=model._meta.db_table, name=str(row), attempt=tries)

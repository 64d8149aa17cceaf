"""What a customer reads of their own account, page by page: one statement each, through the reading connection."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import lru_cache, partial
from typing import Any
from uuid import UUID

from tortoise.models import Model

from models.columns import columns_of, maker
from models.database import Dialect, reader
from models.rows import Brings, Reading, carried_rows, carrying, reading
from models.tables import Customer, Session, SignIn, Staff, StaffSession
from models.tables.paging import Page, page_of
from models.tables.sign_ins import SignInOutcome
from models.together import FEW, MANY


def session_of(digest: bytes, db: Reading | None = None) -> Awaitable[tuple[Any, Any] | None]:
    """The session of a token and its customer, as light rows with every column; every request asks this: one statement.

    ``db``: what is read of the customer afterwards; the statement brings along what that is to carry.
    """
    return _session_and_owner(Session, Customer, "customer_id", digest, db or reading())


def staff_session_of(digest: bytes, db: Reading | None = None) -> Awaitable[tuple[Any, Any] | None]:
    """A member of staff's, and they. ``db``: what they will probably read."""
    return _session_and_owner(StaffSession, Staff, "staff_id", digest, db or reading())


async def _session_and_owner(
    sessions: type[Model], owners: type[Model], by: str, digest: bytes, db: Reading
) -> tuple[Any, Any] | None:
    carried = db.carry if db.database == "postgres" else ()
    brings = tuple([one.what for one in carried])
    statement, session, owner, mine, theirs, most = _session_query(sessions, owners, by, db.database, brings)
    brought = await db.together(statement, digest, tuple([value for one in carried for value in one.values]), most)
    row = brought.of(digest)
    if row is None:
        return None
    found = owner(row[mine:theirs])
    for at, ((text, times, owned), values) in enumerate(carried, theirs):
        if owned:
            db.brought[text, found.id, *values] = carried_rows(times, row[at])
        else:
            db.brought[text, *values] = brought.common(at, partial(carried_rows, times)).copy()
    return session(row[1:mine]), found


@lru_cache(maxsize=1024)
def _session_query(
    sessions: type[Model], owners: type[Model], by: str, database: Dialect, brings: tuple[Brings, ...]
) -> tuple[str, Callable[[Any], Any], Callable[[Any], Any], int, int, int]:
    """The statement for many tokens, what makes the two rows of a record, where each ends, and how many tokens are looked up at
    once; before the rows stands the token's digest, behind them what the statement carries."""
    mine, theirs = sessions._meta.db_table, owners._meta.db_table
    columns = columns_of(sessions), columns_of(owners)
    parts = [f'"{mine}"."token_digest"']
    parts += [f'"{table}"."{name}"' for table, names in zip((mine, theirs), columns, strict=True) for name in names]
    ends = 1 + len(columns[0]), len(parts)
    parts += carrying(brings, f'"{theirs}"."id"', taken=1)
    statement = (
        f'select {", ".join(parts)} from "{mine}" join "{theirs}" on "{theirs}"."id" = "{mine}"."{by}" '  # noqa: S608
        f'where "{mine}"."token_digest" {"= any($1)" if database == "postgres" else "= ?"}'
    )
    most = FEW if any(one.owned for one in brings) else MANY
    return statement, maker(sessions, columns[0], database), maker(owners, columns[1], database), *ends, most


async def sign_ins_of(
    customer: Customer,
    first: int,
    after: str | None,
    *,
    outcome: SignInOutcome | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Page:
    """Attempts to sign in, newest first; ``since`` included, ``until`` not."""
    wanted: dict[str, Any] = {"outcome": outcome, "at__gte": since, "at__lt": until}
    chosen = {name: value for name, value in wanted.items() if value is not None}
    return await page_of(SignIn.filter(customer_id=customer.id, **chosen).using_db(reader()), "at", first, after)


async def own_row(table: type[Model], row_id: UUID, customer_id: UUID) -> Model | None:
    """One row of the customer's; None when there is none, or it is somebody else's."""
    return await table.filter(id=row_id, customer_id=customer_id).using_db(reader()).first()

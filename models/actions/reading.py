"""What a customer reads of their own account, page by page: one statement each, through the reading connection."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from tortoise.models import Model

from models.database import Dialect, dialect, reader
from models.tables import Customer, Session, SignIn
from models.tables.paging import Page, page_of
from models.tables.sign_ins import SignInOutcome


async def session_of(digest: bytes) -> Session | None:
    """The session of a token, with its customer. Every request asks this: its statement is written once, not built anew."""
    _, rows = await reader().execute_query(_session_query(dialect()), [digest])
    if not rows:
        return None
    values, ours = tuple(rows[0]), _columns(Session)
    session = Session._init_from_db(**dict(zip(ours, values, strict=False)))
    customer = Customer._init_from_db(**dict(zip(_columns(Customer), values[len(ours) :], strict=True)))
    object.__setattr__(session, "_customer", customer)  # as select_related leaves it
    return session


@cache
def _session_query(dialect: Dialect) -> str:
    parts = [f'"{model._meta.db_table}"."{name}"' for model in (Session, Customer) for name in _columns(model)]
    return (
        f'SELECT {", ".join(parts)} FROM "session" JOIN "customer" ON "customer"."id" = "session"."customer_id" '  # noqa: S608
        f'WHERE "session"."token_digest" = {"$1" if dialect == "postgres" else "?"}'
    )


@cache
def _columns(model: type[Model]) -> tuple[str, ...]:
    return tuple(model._meta.fields_db_projection.values())


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

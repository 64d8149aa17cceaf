"""What a customer reads of their own account, page by page: one statement each, through the reading connection."""

from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.models import Model

from models.database import reader
from models.tables import Change, Customer, SignIn
from models.tables.paging import Page, page_of
from models.tables.sign_ins import SignInOutcome


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


async def changes_of(customer: Customer, now: datetime, first: int, after: str | None) -> Page:
    """Old values that can still be restored, newest first (clause 4.1.4)."""
    wanted = Change.filter(customer_id=customer.id, restorable_until__gt=now)
    return await page_of(wanted.using_db(reader()), "changed_at", first, after)


async def own_row(table: type[Model], row_id: UUID, customer_id: UUID) -> Model | None:
    """One row of the customer's; None when there is none, or it is somebody else's."""
    return await table.filter(id=row_id, customer_id=customer_id).using_db(reader()).first()

"""Staff find a customer by one exact identifier (clause 6.1.3): no browsing, no partial match; recorded, throttled, told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from models.actions import finding, throttle
from models.actions.account import Actor, changing
from models.actions.finding import name_key
from models.actions.origin import Colleague
from models.checks.emails import email_key
from models.checks.personal_codes import latvian_personal_code
from models.checks.phones import phone_number
from models.checks.wrong import Wrong
from models.database import reader
from models.refused import Reason, Refused
from models.tables import Customer, IndexEntry, Search, Tombstone
from models.tables.accounts import ProfileContents, State
from models.tables.events import ActorKind, EventKind
from models.world import World

AT_MOST = 10
HOURLY = throttle.Limit("searches", 60, timedelta(minutes=1), timedelta(hours=1))
RELATED_EMAIL = "related_email"


class AccountState(StrEnum):
    """What staff see of an account's state."""

    UNCONFIRMED = "UNCONFIRMED"
    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    CLOSED = "CLOSED"
    ERASED = "ERASED"


@dataclass(frozen=True, slots=True)
class Identifier:
    """One exact identifier: its field (the contract's name) and its value."""

    field: str
    value: str
    birthdate: date | None = None
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """A customer as the queue and a search show them: no value, only masks."""

    customer: Customer
    profile: ProfileContents | None

    @property
    def state(self) -> AccountState:
        """RESTRICTED while processing is; an account being erased counts as closed."""
        if self.customer.state is State.ACTIVE and self.customer.restricted_at is not None:
            return AccountState.RESTRICTED
        return AccountState.CLOSED if self.customer.is_closed else AccountState(self.customer.state.value)


async def find_customers(world: World, colleague: Colleague, by: Identifier) -> list[Hit]:
    """At most ten customers with exactly this identifier. Each search is recorded, and every customer found sees it.

    Raises Refused(TOO_MANY_ATTEMPTS; LOCKED for a member of staff who was stopped).
    """
    if colleague.staff.locked_at is not None:
        raise Refused(Reason.LOCKED)
    await throttle.count(world, HOURLY, str(colleague.staff.id))
    ids = await _found(world, by)
    hits = await hits_of(world, ids)
    await Search.create(
        id=world.new_id(), staff_id=colleague.staff.id, at=world.now(), field=by.field, hits=len(hits)
    )
    for person in hits:
        await _tell(world, colleague, person, by.field)
    return list(hits.values())


async def hits_of(world: World, ids: Iterable[UUID]) -> dict[UUID, Hit]:
    """These customers by id, opened: one statement and one key read for all of them."""
    rows = await Customer.filter(id__in=list(ids)).using_db(reader()).order_by("id")
    keys = await world.vault.keys([row.id for row in rows])
    return {row.id: Hit(row, row.opened(keys) if row.id in keys else None) for row in rows}


async def is_erased(customer_id: UUID) -> bool:
    """Somebody who was a customer, and of whom only the tombstone is left."""
    return await Tombstone.filter(id=customer_id).exists()


async def _found(world: World, by: Identifier) -> list[UUID]:
    if by.field == "number":
        rows = await Customer.filter(number=by.value.strip().upper()).using_db(reader()).limit(AT_MOST)
        return [row.id for row in rows]
    field, value = _indexed(by, world.today())
    if value is None:
        return []
    wanted = IndexEntry.filter(digest=world.vault.index(field, value), field=field).using_db(reader())
    return list({entry.person_id for entry in await wanted.limit(AT_MOST)})


def _indexed(by: Identifier, today: date) -> tuple[str, str | None]:
    """The blind index's field and normalised value; None for what can be nobody's."""
    try:
        match by.field:
            case "email":
                return finding.EMAIL, email_key(by.value)
            case "phoneNumber":
                return finding.PHONE, phone_number(by.value)
            case "personalCode":
                return finding.PERSONAL_CODE, f"{by.country}|{latvian_personal_code(by.value, today)}"
            case "name" if by.birthdate is not None:
                return finding.NAME, name_key(" ".join(by.value.split()), by.birthdate)
            case "relatedPersonEmail":
                return RELATED_EMAIL, email_key(by.value)
    except Wrong:
        return by.field, None
    return finding.SERVICE, by.value.strip().casefold()


async def _tell(world: World, colleague: Colleague, person: UUID, field: str) -> None:
    """The customer's events show who looked for them, and by what."""
    actor = Actor(ActorKind.STAFF, colleague.staff.id)
    try:
        async with changing(world, person, by=actor, closed_too=True) as account:
            await account.event(EventKind.ACCESS, "staff.searched", fields=[field])
    except Refused:  # being erased just now: there is nobody to tell
        return

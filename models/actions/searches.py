"""Staff find a customer by one exact identifier (clause 6.1.3): no browsing, no partial match; recorded, limited, told."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple
from uuid import UUID

from models.actions import finding
from models.actions.account import changing, staff_actor
from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.actions.related_persons import RELATED_EMAIL
from models.checks.emails import email_key, service_name
from models.checks.identifiers import number_asked_for
from models.checks.names import personal_name
from models.checks.personal_codes import latvian_personal_code
from models.checks.phones import phone_number
from models.checks.wrong import Wrong
from models.database import dialect, reader, transaction
from models.keys import Key
from models.policy import Role, limits
from models.refused import Reason, Refused
from models.rows import light
from models.selections import Selection
from models.tables import Customer, IndexEntry, Search, Staff
from models.tables.accounts import ProfileContents, State
from models.tables.events import EventKind
from models.world import World

SHOWN = ("id", "number", "state", "restricted_at", "sealed")
AT_MOST = limits.most("hits of a search").most
HOURLY, HOUR = limits.most("searches").most, limits.most("searches").within
SEARCHERS = tuple(role for role in Role if role is not Role.ADMIN)
"""Everybody who works with customers, and the auditor, who asks for one customer's events."""


class AccountState(StrEnum):
    """What staff see of an account's state."""

    UNCONFIRMED = "UNCONFIRMED"
    ACTIVE = "ACTIVE"
    RESTRICTED = "RESTRICTED"
    CLOSED = "CLOSED"
    ERASED = "ERASED"


STATES: Final = {
    State.UNCONFIRMED: AccountState.UNCONFIRMED, State.ACTIVE: AccountState.ACTIVE, State.CLOSED: AccountState.CLOSED,
    State.ERASING: AccountState.CLOSED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Identifier:
    """One exact identifier: its field (the contract's name) and its value."""

    field: str
    value: str
    birthdate: date | None = None
    country: str | None = None


class Hit(NamedTuple):
    """A customer as the queue and a search show them: no value, only masks. Without ``key`` they are erased."""

    customer: Any  # a row, of which ``SHOWN`` is known
    key: Key | None

    @property
    def state(self) -> AccountState:
        """As ``account_state`` says."""
        return account_state(self.customer.state, self.customer.restricted_at, self.key is not None)

    @property
    def alias(self) -> bytes | None:
        """By which events name them; read once while the key is at hand, since nobody's ever changes."""
        if self.key is None:
            return None
        if self.key.alias is None:
            row = self.customer
            self.key.alias = self.key.open("customer", row.id, bytes(row.sealed), ProfileContents).alias
        return self.key.alias


def account_state(state: State, restricted_at: datetime | None, has_key: bool = True) -> AccountState:
    """An account's state for staff: RESTRICTED while processing is; one being erased is ERASED once its key is gone."""
    if not has_key:
        return AccountState.ERASED
    if state is State.ACTIVE and restricted_at is not None:
        return AccountState.RESTRICTED
    return STATES[state]


async def find_customers(world: World, colleague: Colleague, by: Identifier) -> list[Hit]:
    """At most ten customers with exactly this identifier. Each search is recorded, and every customer found sees it.

    Raises Refused(LOCKED, NOT_PERMITTED, TOO_MANY_ATTEMPTS).
    """
    if colleague.staff.locked_at is not None:
        raise Refused(Reason.LOCKED)
    permitted(colleague, SEARCHERS)
    search = await _recorded(world, colleague, by.field)
    hits = await hits_of(world, await _found(world, by))
    await Search.filter(id=search.id).update(hits=len(hits))
    for person in hits:
        await _tell(world, colleague, person, by.field)
    return list(hits.values())


async def hits_of(world: World, ids: Iterable[UUID]) -> dict[UUID, Hit]:
    """These customers by id, opened: one statement and one key read for all of them."""
    wanted = list(ids)
    rows = await light(Selection(Customer, "id", ("number",)), SHOWN, world.now(), owners=wanted) if wanted else []
    return await hits_among(world, {row.id: row for row in rows})


async def hits_among(world: World, rows: Mapping[UUID, Any]) -> dict[UUID, Hit]:
    """The same of rows by id that were read already: one key read."""
    keys = await world.vault.keys(rows)
    return {person: Hit(row, keys.get(person)) for person, row in rows.items()}


async def _recorded(world: World, colleague: Colleague, field: str) -> Search:
    """The record comes before the search, and counts against the hour; two at once are counted one after the other."""
    now, staff_id = world.now(), colleague.staff.id
    async with transaction() as tx:
        own = Staff.filter(id=staff_id).using_db(tx)
        await (own.select_for_update() if dialect() == "postgres" else own).first()
        latest = await Search.filter(staff_id=staff_id, at__gt=now - HOUR).using_db(tx).order_by("-at").limit(HOURLY)
        if len(latest) == HOURLY:
            raise Refused(Reason.TOO_MANY_ATTEMPTS, retry_at=latest[-1].at + HOUR)
        return await Search.create(id=world.new_id(), staff_id=staff_id, at=now, field=field, hits=0, using_db=tx)


async def _found(world: World, by: Identifier) -> list[UUID]:
    if by.field == "number":
        rows = await Customer.filter(number=number_asked_for(by.value)).using_db(reader()).limit(AT_MOST)
        return [row.id for row in rows]
    try:
        field, value = _indexed(by, world.today())
    except Wrong:  # what is no such identifier can be nobody's
        return []
    wanted = IndexEntry.filter(digest=world.vault.index(field, value), field=field).using_db(reader())
    return list(dict.fromkeys([entry.person_id for entry in await wanted.order_by("id").limit(2 * AT_MOST)]))[:AT_MOST]


def _indexed(by: Identifier, today: date) -> tuple[str, str]:
    """The blind index's field, and the value in the form it was indexed in. Raises Wrong."""
    match by.field:
        case "email":
            return finding.EMAIL, email_key(by.value)
        case "phoneNumber":
            return finding.PHONE, phone_number(by.value)
        case "personalCode":
            return finding.PERSONAL_CODE, f"{(by.country or '').upper()}|{latvian_personal_code(by.value, today)}"
        case "name":
            assert by.birthdate is not None
            return finding.NAME, finding.name_key(personal_name(by.value), by.birthdate)
        case "relatedPersonEmail":
            return RELATED_EMAIL, email_key(by.value)
        case _:
            return finding.SERVICE, service_name(by.value).casefold()


async def _tell(world: World, colleague: Colleague, person: UUID, field: str) -> None:
    """The customer's events show who looked for them, and by what."""
    try:
        async with changing(world, person, by=staff_actor(colleague), closed_too=True) as account:
            await account.event(EventKind.ACCESS, "staff.searched", fields=[field])
    except Refused:  # being erased just now: there is nobody to tell
        return

"""Opening a customer's record (clause 6.1.3): a reason, a ticket, fifteen minutes; the customer sees who, when, why, which fields.

A Record is the only way to a customer's object for staff: ``open_record`` writes the grant, ``granted`` finds the open one,
``in_record`` is the transaction of whoever writes into it. Need to know is enforced here and not where things are shown.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from models.actions.account import SYSTEM, Account
from models.actions.desk import permitted, serving
from models.actions.masked_values import MASKED, REVEALED, Shown, shown
from models.actions.member import employing
from models.actions.origin import Colleague
from models.checks import Checks
from models.database import dialect, reader
from models.keys import Keys
from models.policy import Reading, Role, limits
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import AccessGrant, Customer, Staff
from models.tables.access import GrantReason
from models.tables.accounts import ProfileContents, State
from models.tables.events import EventContents, EventKind
from models.world import World

OPENERS = (Role.SUPPORT, Role.SENIOR_SUPPORT, Role.OFFICE, Role.PRIVACY_OFFICER, Role.FINANCE)
HOURLY, HOUR = limits.most("records opened").most, limits.most("records opened").within
REFS = 50  # revealed at once
PARTS = ("message", "note", "preferences", "rights_request", "complaint", "hold", "closure")
"""The tables of a record of which a role may read values without revealing them one by one."""


@dataclass(frozen=True, slots=True)
class Record:
    """A customer's record, open to one colleague for a while."""

    world: World
    colleague: Colleague
    grant: AccessGrant
    customer: Customer
    profile: ProfileContents
    keys: Keys

    @property
    def id(self) -> UUID:
        return self.customer.id

    def reading(self, table: str, field: str) -> Reading:
        """What the colleague may see of a field."""
        return self.world.policy.inventory.entity(table).field(field).for_roles(self.colleague.roles)

    def reads(self, table: str, field: str) -> bool:
        """Whether they see its value without a reveal."""
        return self.reading(table, field) is Reading.FULL

    def shown(self, name: str, row: Any, contents: Any) -> Shown:
        """A masked value, as they see it."""
        return shown(self.world.policy.inventory, self.colleague.roles, name, row, contents)


@dataclass(frozen=True, slots=True)
class Ref:
    """One masked value: its name in MASKED, and its row."""

    name: str
    row_id: UUID


# ---- opening and closing -----------------------------------------------------------------------------------------
async def open_record(
    world: World, colleague: Colleague, customer_id: UUID, reason: GrantReason, ticket: str
) -> AccessGrant:
    """Open a record, for the time that the rule GRANT gives; an earlier grant of the same colleague for it ends.

    Whoever opens too many within an hour is stopped, until an ADMIN invites them again.
    Raises Refused(LOCKED, NOT_PERMITTED, INVALID_INPUT, NOT_FOUND).
    """
    _refuse_locked(colleague)
    permitted(colleague, OPENERS)
    checks = Checks(today=world.today())
    ticket = checks.ticket("ticket", ticket)
    checks.done()
    async with serving(world, customer_id, by=colleague) as account:
        too_many = await _too_many(account, colleague)
        if not too_many:
            grant = await _grant(account, colleague, reason, ticket)
    if too_many:
        await _stop(world, colleague)
        raise Refused(Reason.LOCKED)
    return grant


async def close_record(world: World, colleague: Colleague, grant_id: UUID) -> AccessGrant:
    """Done with it before its time. Closing it again changes nothing. Raises Refused(NOT_FOUND)."""
    await AccessGrant.filter(id=grant_id, staff_id=colleague.staff.id, closed_at=None).update(closed_at=world.now())
    found = await AccessGrant.filter(id=grant_id, staff_id=colleague.staff.id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found


async def open_grants(world: World, colleague: Colleague) -> list[AccessGrant]:
    """The colleague's own, the newest first. One statement."""
    open_ones = AccessGrant.filter(staff_id=colleague.staff.id, closed_at=None, expires_at__gt=world.now())
    return await open_ones.using_db(reader()).order_by("-opened_at", "-id")


# ---- inside --------------------------------------------------------------------------------------------------------
async def granted(world: World, colleague: Colleague, customer_id: UUID) -> Record:
    """The record that an open grant opens, to read in. One statement. Raises Refused(LOCKED, GRANT_REQUIRED)."""
    _refuse_locked(colleague)
    wanted = AccessGrant.filter(
        staff_id=colleague.staff.id, customer_id=customer_id, closed_at=None, expires_at__gt=world.now()
    )
    grant = await wanted.using_db(reader()).select_related("customer").order_by("-opened_at").first()
    if grant is None or grant.customer.state is State.ERASING:  # before a key is read: who is there takes no longer
        raise Refused(Reason.GRANT_REQUIRED)
    keys = await world.vault.keys([customer_id])
    if customer_id not in keys:
        raise Refused(Reason.GRANT_REQUIRED)
    return Record(world, colleague, grant, grant.customer, grant.customer.opened(keys), keys)


@asynccontextmanager
async def in_record(
    world: World, colleague: Colleague, customer_id: UUID, roles: Sequence[Role] = OPENERS
) -> AsyncIterator[tuple[Account, AccessGrant]]:
    """One transaction of whoever has the record open, and may: a grant that ended meanwhile opens nothing.

    Raises Refused(LOCKED, NOT_PERMITTED, GRANT_REQUIRED).
    """
    _refuse_locked(colleague)
    permitted(colleague, roles)
    mine = AccessGrant.filter(staff_id=colleague.staff.id, customer_id=customer_id, closed_at=None)
    if not await mine.filter(expires_at__gt=world.now()).exists():  # without one, nobody learns who is a customer
        raise Refused(Reason.GRANT_REQUIRED)
    async with serving(world, customer_id, by=colleague) as account:
        grant = await mine.filter(expires_at__gt=account.now).order_by("-opened_at").first()
        if grant is None:
            raise Refused(Reason.GRANT_REQUIRED)
        account.because = _why(grant)
        yield account, grant


async def reveal(world: World, colleague: Colleague, grant_id: UUID, refs: Sequence[Ref]) -> list[str | None]:
    """The values themselves, in the order asked for: all of them or none. The grant and the customer's events name the fields.

    Raises Refused(LOCKED, NOT_FOUND, INVALID_INPUT, NOT_PERMITTED, GRANT_REQUIRED).
    """
    if not 1 <= len(refs) <= REFS:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("refs",), ProblemCode.NOT_ALLOWED, REFS)])
    inventory = world.policy.inventory
    if any(MASKED[ref.name].reading(inventory, colleague.roles) not in REVEALED for ref in refs):
        raise Refused(Reason.NOT_PERMITTED)
    asked = await AccessGrant.filter(id=grant_id, staff_id=colleague.staff.id).first()
    if asked is None:
        raise Refused(Reason.NOT_FOUND)
    async with in_record(world, colleague, asked.customer_id) as (account, grant):
        if grant.id != asked.id:
            raise Refused(Reason.GRANT_REQUIRED)
        rows = await _rows(account, refs)
        values = [MASKED[ref.name].said(row, row.opened(account.keys)) for ref, row in zip(refs, rows, strict=True)]
        names = {ref.name for ref in refs}
        grant.revealed = sorted(names.union(grant.revealed))
        await grant.save(update_fields=["revealed"])
        await account.event(EventKind.ACCESS, "record.revealed", fields=names, details=_why(grant))
    return values


async def _rows(account: Account, refs: Sequence[Ref]) -> list[Any]:
    """One statement a table. Raises Refused(NOT_FOUND) for what is not this customer's, or gone."""
    found: dict[UUID, Any] = {account.id: account.customer}
    for table in {MASKED[ref.name].table for ref in refs} - {Customer}:
        ids = [ref.row_id for ref in refs if MASKED[ref.name].table is table]
        found |= {row.pk: row for row in await table.filter(id__in=ids, customer_id=account.id)}
    rows = [found.get(ref.row_id) for ref in refs]
    if any(not isinstance(row, MASKED[ref.name].table) for ref, row in zip(refs, rows, strict=True)):
        raise Refused(Reason.NOT_FOUND)
    return rows


# ---- the grant -----------------------------------------------------------------------------------------------------
async def _grant(account: Account, colleague: Colleague, reason: GrantReason, ticket: str) -> AccessGrant:
    mine = AccessGrant.filter(customer_id=account.id, staff_id=colleague.staff.id)
    await mine.filter(closed_at=None, expires_at__gt=account.now).update(closed_at=account.now)
    grant = AccessGrant(
        id=account.world.new_id(), customer_id=account.id, staff_id=colleague.staff.id, reason=reason, ticket=ticket,
        opened_at=account.now, expires_at=account.until("GRANT"), revealed=[],
    )  # fmt: skip
    await grant.save(force_create=True)
    await account.event(EventKind.ACCESS, "record.opened", fields=_readable(colleague, account), details=_why(grant))
    return grant


def _why(grant: AccessGrant) -> EventContents:
    return EventContents(reason=grant.reason.value, ticket=grant.ticket)


def _readable(colleague: Colleague, account: Account) -> list[str]:
    """The sections whose values the role reads as soon as the record is open."""
    found = []
    for table in PARTS:
        entity = account.world.policy.inventory.entity(table)
        personal = [field for field in entity.fields if field.class_name in ("casework", "preference", "consent")]
        if any(field.for_roles(colleague.roles) is Reading.FULL for field in personal):
            found.append(entity.section or table)
    return found


async def _too_many(account: Account, colleague: Colleague) -> bool:
    """Whether this record would be one too many within the hour; a record opened again counts once. Two at once take turns."""
    own = Staff.filter(id=colleague.staff.id)
    await (own.select_for_update() if dialect() == "postgres" else own).first()
    lately = AccessGrant.filter(staff_id=colleague.staff.id, opened_at__gt=account.now - HOUR)
    others = await lately.exclude(customer_id=account.id).distinct().values_list("customer_id", flat=True)
    return len(others) >= HOURLY


async def _stop(world: World, colleague: Colleague) -> None:
    """Locked, and an alarm: nothing of theirs stays open."""
    async with employing(world, colleague.staff.id, by=SYSTEM) as member:
        if member.staff.locked_at is None:
            await Staff.filter(id=member.id).update(locked_at=member.now)
            await AccessGrant.filter(staff_id=member.id, closed_at=None, expires_at__gt=member.now).update(
                closed_at=member.now
            )
            await member.event("staff.locked")
    world.log("staff.locked", level="error", name=str(colleague.staff.id))


def _refuse_locked(colleague: Colleague) -> None:
    if colleague.staff.locked_at is not None:
        raise Refused(Reason.LOCKED)

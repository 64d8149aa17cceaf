"""Deleting the profile (clauses 4.1.2 and 5.1): blocked at once, in the same transaction; erased by the worker when due."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from models.actions.account import Account, changing, customer_actor
from models.actions.addresses import earlier_addresses
from models.actions.holds import ALL, holds_of, say_why_it_waits
from models.actions.origin import Viewer
from models.actions.sessions import end_sessions
from models.actions.tokens import revoke
from models.database import reader
from models.policy.classes import Erased
from models.refused import Reason, Refused
from models.tables import Closure, Customer, Service
from models.tables.accounts import ClosureContents, State
from models.tables.credentials import Purpose
from models.tables.events import EventContents, EventKind
from models.tables.services import ServiceContents
from models.world import World

CLOSED = {"CUSTOMER": "profile.closed", "SYSTEM": "profile.closed-unused"}
EVERYTHING = {"en": "Everything", "lv": "Viss"}


@dataclass(frozen=True, slots=True)
class Remains:
    """Something that stays after the erasure: its title in the reader's language, its legal basis, its last day."""

    title: str
    basis: str
    until: date | None


@dataclass(frozen=True, slots=True)
class Preview:
    """What deleting would do if it were done now."""

    erase_at: datetime
    erase_by: datetime
    services: list[tuple[Service, ServiceContents]]


async def delete_profile(world: World, viewer: Viewer) -> tuple[Closure, str]:
    """Close the account now and have it erased when due; the closure, and the code that opens the certificate later.

    Access ends in the same transaction; letters go to every address of the last 90 days. Raises Refused(STEP_UP_REQUIRED).
    """
    viewer.must_have_stepped_up(world.now())
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        closure, code = await close(account, closed_by="CUSTOMER", clause="5.1")
    return closure, code


async def close(
    account: Account,
    *,
    closed_by: str,
    clause: str,
    terms_clause: str | None = None,
    reason: str | None = None,
    received_at: datetime | None = None,
) -> tuple[Closure, str]:
    """Close an account in the caller's transaction: sessions and links dead, the obligation and the letters written.

    ``received_at``: when the office was asked to erase at once (clause 5); then nothing waits 90 days.
    """
    code = account.world.new_secret()
    name, start = ("CLOSED", account.now) if received_at is None else ("OFFICE_ERASE", received_at)
    rule = account.world.rule(name, account.customer.governed_by)
    closure = Closure(
        id=account.world.new_id(),
        customer_id=account.id,
        closed_at=account.now,
        closed_by=closed_by,
        terms_clause=terms_clause,
        erase_at=rule.due_at(start),
        erase_by=rule.promised_at(start),
        code_digest=account.world.vault.digest(code),
    )
    closure.seal(account.keys, ClosureContents(reason=reason))
    await closure.save(force_create=True)
    await account.fulfil("DORMANT")
    await end_sessions(account)
    await revoke(account, *Purpose)
    account.customer.state = State.CLOSED
    await account.save()
    await account.owe(name, subject=closure.id, started_at=start)
    await say_why_it_waits(account)
    await account.event(
        EventKind.REMOVE,
        CLOSED.get(closed_by, "profile.closed-by-company"),
        details=EventContents(reason=reason) if reason else None,
    )
    await _tell(account, closure, code, reason)
    return closure, code


async def _tell(account: Account, closure: Closure, code: str, reason: str | None) -> None:
    """A letter to every address held in the last 90 days."""
    if closure.terms_clause:
        template = "profile-closed-by-company"
        more: dict[str, Any] = {"terms_clause": closure.terms_clause, "reason": reason}
    elif closure.closed_by == "SYSTEM":
        template, more = "profile-closed-unused", {"closed_at": closure.closed_at}
    else:
        template, more = "profile-deleted", {"closed_at": closure.closed_at}
    for address in await earlier_addresses(account):
        await account.letter(
            template, to=address, erase_at=closure.erase_at, erase_by=closure.erase_by, certificate_code=code, **more
        )


async def preview(world: World, customer: Customer) -> Preview:
    """The dates of a deletion done now, and the services it would end."""
    rule, now = world.rule("CLOSED", customer.governed_by), world.now()
    running = (
        await Service.filter(customer_id=customer.id, ended_at=None).using_db(reader()).order_by("started_at", "id")
    )
    keys = await world.vault.keys([customer.id])
    return Preview(rule.due_at(now), rule.promised_at(now), [(one, one.opened(keys)) for one in running])


async def closure_of(world: World, customer_id: UUID) -> tuple[Closure, ClosureContents]:
    """The closure of a closed account, opened. Raises Refused(NOT_FOUND)."""
    found = await Closure.filter(customer_id=customer_id).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found, found.opened(await world.vault.keys([customer_id]))


async def held(world: World, customer_id: UUID, locale: str) -> list[Remains]:
    """What a hold keeps, as far as the customer may know of it: reviewed by that day. One statement."""
    found, inventory = [], world.policy.inventory
    holds = await holds_of(customer_id, told=True)
    keys = await world.vault.keys([customer_id] if holds else [])
    for hold in holds:
        titles = [inventory.entity(table).title.said(locale) for table in hold.scope if table != ALL]
        title = ", ".join(titles) or EVERYTHING[locale]
        found.append(Remains(title, hold.opened(keys).basis, hold.review_by.date()))
    return found


def remains(world: World, at: datetime, locale: str) -> list[Remains]:
    """What stays after an erasure at ``at``, from the inventory: the proof itself, and events that point at nobody."""
    found = []
    inventory = world.policy.inventory
    for entity in inventory.entities:
        rule = world.rule(entity.rule)
        proves = entity.erased is not Erased.DELETE and any("proof" in field.purposes for field in entity.fields)
        if proves and rule.has_clock:
            basis = inventory.bases[inventory.purposes["proof"].basis]
            until = rule.ceiling_at(at)
            found.append(Remains(entity.title.said(locale), basis.said(locale), until.date() if until else None))
    return found

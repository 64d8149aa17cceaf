"""What will go and when, counted by day and rule; nothing is changed. Each governing version by its own numbers."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.queryset import QuerySet

from models.actions.holds import names, standing_holds
from models.policy import Rule
from models.policy.entities import Entity
from models.retention.ageing import TABLES, due_before, governing
from models.tables import Backup, Closure, Customer, Obligation, SignIn
from models.tables.accounts import State
from models.tables.sign_ins import IpPrecision
from models.world import World


@dataclass(frozen=True, slots=True, order=True)
class Forecast:
    """On ``day`` a rule does ``action`` (erase, close, destroy, or a stage such as cut_ip) to ``count`` rows of ``table``."""

    day: date
    rule: str
    table: str
    action: str
    count: int


@dataclass(slots=True)
class _Days:
    """The days ahead. What is overdue counts for today."""

    now: datetime
    until: datetime
    found: Counter[tuple[date, str, str, str]]

    def count(self, due: datetime, rule: str, table: str, action: str = "erase") -> None:
        if due <= self.until:
            self.found[(max(due, self.now).date(), rule, table, action)] += 1


async def forecast(world: World, days: int) -> list[Forecast]:
    """The next ``days`` days, soonest first. What a hold keeps is left out: it does not go (clause 4.2)."""
    now = world.now()
    ahead = _Days(now, now + timedelta(days=days), Counter())
    holds = await standing_holds()
    all_held = [hold.customer_id for hold in holds]
    await _accounts(world, ahead, all_held)
    for entity in world.policy.inventory.entities:
        if entity.has_clock and entity.store == "main":
            await _rows(world, ahead, entity, [hold.customer_id for hold in holds if names(hold, entity.table)])
    await _addresses(world, ahead, [hold.customer_id for hold in holds if names(hold, "sign_in")])
    backups = world.rule("BACKUP")
    for (taken,) in await Backup.filter(destroyed_at=None, store="main").values_list("taken_at"):
        ahead.count(backups.due_at(taken), "BACKUP", "backup", "destroy")
    return sorted(Forecast(*what, count) for what, count in ahead.found.items())


async def _accounts(world: World, ahead: _Days, held: list[UUID]) -> None:
    """Closed ones, sign-ups never confirmed, accounts that nobody uses."""
    closures = Closure.filter(erase_at__lte=ahead.until, customer__state=State.CLOSED).exclude(customer_id__in=held)
    for due, by in await closures.values_list("erase_at", "closed_by"):
        ahead.count(due, "OFFICE_ERASE" if by == "OFFICE" else "CLOSED", "customer")
    waiting = Customer.filter(state=State.UNCONFIRMED).exclude(id__in=held)
    for created_at, version in await waiting.values_list("created_at", "governed_by"):
        ahead.count(world.rule("UNCONFIRMED", version).due_at(created_at), "UNCONFIRMED", "customer")
    unused = Obligation.filter(rule="DORMANT", done_at=None, due_at__lte=ahead.until)
    for (due,) in await unused.values_list("due_at"):
        ahead.count(due, "DORMANT", "customer", "close")


async def _rows(world: World, ahead: _Days, entity: Entity, held: list[UUID]) -> None:
    model = TABLES[entity.table]
    if entity.person != "customer_id":
        await _counted(ahead, model.all(), entity, world.rule(entity.rule))
        return
    for version in await governing(world):
        rows = model.filter(customer__governed_by=version).exclude(customer_id__in=held)
        await _counted(ahead, rows, entity, world.rule(entity.rule, version))
    if model._meta.fields_map["customer"].null:
        await _counted(ahead, model.filter(customer_id=None), entity, world.rule(entity.rule))


async def _counted(ahead: _Days, rows: QuerySet[Any], entity: Entity, rule: Rule) -> None:
    """Only the rows that are due by then are read."""
    if not rule.has_clock:
        return
    for starts in await rows.filter(due_before(entity, ahead.until - rule.span)).values_list(*entity.start):
        ahead.count(rule.due_at(_earliest(starts)), rule.name, entity.table)


def _earliest(starts: Iterable[datetime | None]) -> datetime:
    return min(start for start in starts if start is not None)


async def _addresses(world: World, ahead: _Days, held: list[UUID]) -> None:
    """IP addresses cut to their networks."""
    for version in await governing(world):
        at = world.rule("SIGN_IN", version).stage("cut_ip").at
        whole = SignIn.filter(ip_precision=IpPrecision.FULL, at__lte=ahead.until - at, customer__governed_by=version)
        for (made,) in await whole.exclude(customer_id__in=held).values_list("at"):
            ahead.count(made + at, "SIGN_IN", "sign_in", "cut_ip")

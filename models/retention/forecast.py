"""What will be erased and when, counted by day and rule; nothing is changed."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.retention.ageing import TABLES, ageing
from models.tables import Closure, Customer
from models.tables.accounts import State
from models.world import World


@dataclass(frozen=True, slots=True)
class Forecast:
    """``count`` rows of ``table`` become due on ``day`` by ``rule``."""

    day: date
    rule: str
    table: str
    count: int


async def forecast(world: World, days: int) -> list[Forecast]:
    """The next ``days`` days, soonest first; what is overdue counts for today."""
    now = world.now()
    until = now + timedelta(days=days)
    found: Counter[tuple[date, str, str]] = Counter()
    closures = Closure.filter(erase_at__lte=until, customer__state=State.CLOSED)
    for (due,) in await closures.values_list("erase_at"):
        found[(_day(due, now), "CLOSED", "customer")] += 1
    waiting = Customer.filter(state=State.UNCONFIRMED).values_list("created_at", "governed_by")
    for created_at, version in await waiting:
        _count(found, world.rule("UNCONFIRMED", version).due_at(created_at), now, until, "UNCONFIRMED", "customer")
    for entity in ageing(world):
        rule = world.rule(entity.rule)
        if not rule.has_clock:
            continue
        for starts in await TABLES[entity.table].all().values_list(*entity.start):
            begun = [start for start in starts if start is not None]
            if begun:
                _count(found, rule.due_at(min(begun)), now, until, rule.name, entity.table)
    return [Forecast(*what, count) for what, count in sorted(found.items())]


def _count(
    found: "Counter[tuple[date, str, str]]", due: datetime, now: datetime, until: datetime, rule: str, table: str
) -> None:
    if due <= until:
        found[(_day(due, now), rule, table)] += 1


def _day(due: datetime, now: datetime) -> date:
    return max(due, now).date()

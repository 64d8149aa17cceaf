"""The profile report (clause 3.1): what is held about a customer, by the collector that the export uses too."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from models.archive.collect import Held, Record, Section, collect, count, sections_of
from models.keys import Keys
from models.policy import Words
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Customer
from models.tables.paging import EPOCH, LARGEST, Page, read_cursor, write_cursor
from models.world import World


@dataclass(frozen=True, slots=True)
class Numbered:
    """A record and the id of its row."""

    id: UUID
    record: Record


class Slice(Page):
    """A page of a section, oldest first: a cursor names a row by its id alone."""

    __slots__ = ()

    def cursor(self, row: Any) -> str:
        return write_cursor(EPOCH, row.id)


async def summaries(world: World, customer: Customer, keys: Keys) -> list[tuple[str, Words, int]]:
    """Name, title and number of records of every section, empty ones too. One statement."""
    counts = await count(world, customer.id, customer.opened(keys))
    return [(entity.section or "", entity.title, counts[entity.section or ""]) for entity in sections_of(world)]


async def section_of(world: World, customer_id: UUID, name: str) -> Held | None:
    """One section, read; None for an unknown name."""
    if name not in world.policy.inventory.sections:
        return None
    return await collect(world, customer_id, only=[name])


def slice_of(section: Section, first: int, after: str | None) -> Slice:
    """Some records, opened. Raises Refused(INVALID_INPUT) for a wrong ``first`` or ``after``."""
    if not 1 <= first <= LARGEST:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("first",), ProblemCode.NOT_ALLOWED, LARGEST)])
    ids = [one if isinstance(one := row["id"], UUID) else UUID(one) for row in section.stored]
    last = read_cursor(after)[1] if after is not None else None
    start = 0 if last is None else next((n for n, one in enumerate(ids) if one > last), len(ids))
    records = section.records(start, start + first)
    rows = [Numbered(one, record) for one, record in zip(ids[start : start + first], records, strict=True)]
    return Slice(rows, "id", more=len(ids) > start + first, after=after is not None)


def last_day(world: World, customer: Customer, section: Section, record: Record) -> date | None:
    """The last day on which a record may still be held; None while it lives as long as the account."""
    moment = section.last_moment(record, world.rule(section.entity.rule, customer.governed_by))
    return moment.date() if moment else None

"""Clauses 7, 9 and 10: services recorded, notices before a change, answers kept apart."""

from uuid import UUID

from tortoise.expressions import Subquery

from models.database import reader
from models.policy import Change
from models.retention.evidence.register import evidence
from models.retention.measures import Measure, Period, Span, of_counts, of_spans
from models.tables import Customer, PolicyAcceptance, Service
from models.tables.accounts import State
from models.tables.policy import AcceptanceEvent
from models.world import World


@evidence
async def services_recorded(world: World, period: Period) -> Measure:
    """7: services on record; one that says nothing explains nothing."""
    services = Service.all().using_db(reader())
    return of_counts(await services.count(), await services.filter(sealed=None).count())


@evidence
async def notices_delivered(world: World, period: Period) -> Measure:
    """9: each customer is told of a version that matters thirty days before it is valid; open from the day it is published."""
    spans = []
    lead = world.rule("POLICY_NOTICE").span
    for version in world.policy.versions[:-1]:  # the first one changed nothing for anybody
        under_way = version.published_at < period.end and version.valid_from >= period.start
        if not version.change.matters or not under_way:
            continue
        customers = Customer.filter(state=State.ACTIVE, created_at__lt=version.published_at).using_db(reader())
        told = PolicyAcceptance.filter(version=version.name, event=AcceptanceEvent.NOTIFIED).using_db(reader())
        at = {row.customer_id: row.at for row in await told}
        by = version.valid_from - lead
        spans += [Span(version.published_at, at.get(row.id), by) for row in await customers.only("id")]
    return of_spans(spans, period)


@evidence
async def acceptances_recorded(world: World, period: Period) -> Measure:
    """10: answers, each a record of its own; and nobody is bound by what takes a right away without having accepted it."""
    said = PolicyAcceptance.filter(at__gte=period.start, at__lt=period.end).using_db(reader())
    bound: set[UUID] = set()
    for number, version in enumerate(world.policy.versions[:-1]):
        if version.change is not Change.REDUCES_RIGHTS:
            continue
        since = [one.name for one in world.policy.versions[: number + 1]]  # it, and those after it
        accepted = PolicyAcceptance.filter(version__in=since, event=AcceptanceEvent.ACCEPTED).values("customer_id")
        theirs = Customer.filter(governed_by__in=since, created_at__lt=version.valid_from).using_db(reader())
        bound |= {row.id for row in await theirs.exclude(id__in=Subquery(accepted)).only("id")}
    count = await said.count()
    return of_counts(count + len(bound), len(bound))

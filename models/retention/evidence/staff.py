"""Clauses 6 and 8: encryption, reviews, staff access, events, complaints."""

from uuid import UUID

from models.database import reader
from models.retention.evidence.aliases import aliases_of
from models.retention.evidence.register import evidence
from models.retention.measures import Measure, Period, Span, of_ages, of_counts, of_spans
from models.tables import AccessGrant, Complaint, Event, Review
from models.tables.events import ActorKind, EventKind
from models.world import World


@evidence
async def plain_requests_answered(world: World, period: Period) -> Measure:
    """6.1.1: every link we hand out begins with https, outside development."""
    safe = world.base_url.startswith("https://") or "//localhost" in world.base_url
    return of_counts(1, 0 if safe else 1)


@evidence
async def reviews_done(world: World, period: Period) -> Measure:
    """6.1.2"""
    rule = world.rule("REVIEW")
    rows = await Review.all().using_db(reader())
    return of_spans(
        [Span(row.due_at - rule.span, row.done_at, rule.promised_at(row.due_at - rule.span)) for row in rows], period
    )


@evidence
async def reads_without_grant(world: World, period: Period) -> Measure:
    """6.1.3: staff reads of a record in a time when their reader had no grant open for it."""
    read = Event.filter(
        actor_kind=ActorKind.STAFF,
        kind=EventKind.ACCESS,
        action__startswith="record.",
        at__gte=period.start,
        at__lt=period.end,
    ).using_db(reader())
    events = await read.order_by("-at", "-id").limit(10_000)
    since = events[-1].at - world.rule("GRANT").span if events else period.end
    grants = await AccessGrant.filter(opened_at__gte=since, opened_at__lt=period.end).using_db(reader())
    aliases = await aliases_of(world, [grant.customer_id for grant in grants])
    granted: dict[tuple[UUID | None, bytes | None], list[AccessGrant]] = {}
    for grant in grants:
        granted.setdefault((grant.staff_id, aliases.get(grant.customer_id)), []).append(grant)
    wrong = 0
    for event in events:
        theirs = [
            grant for alias in (bytes(event.alias or b""), None) for grant in granted.get((event.actor_id, alias), ())
        ]
        # Of customers whose profile does not open any more the alias is not known (None). A grant goes with its customer:
        # whoever was erased since has no sealed part left in the event either.
        wrong += event.sealed is not None and not any(_covers(grant, event) for grant in theirs)
    return of_counts(len(events), wrong)


def _covers(grant: AccessGrant, event: Event) -> bool:
    return grant.opened_at <= event.at <= min(grant.expires_at, grant.closed_at or grant.expires_at)


@evidence
async def grants_ended(world: World, period: Period) -> Measure:
    """6.1.3: no grant lasts longer than it may."""
    limit = world.rule("GRANT")
    rows = await AccessGrant.filter(opened_at__gte=period.start, opened_at__lt=period.end).using_db(reader())
    ends = [min(row.closed_at or row.expires_at, row.expires_at) for row in rows]
    spans = [
        Span(row.opened_at, end if end <= period.now else None, limit.due_at(row.opened_at))
        for row, end in zip(rows, ends, strict=True)
    ]
    return of_spans(spans, period)


@evidence
async def events_gone(world: World, period: Period) -> Measure:
    """6.1.3: the oldest events, by age."""
    rows = await Event.all().using_db(reader()).order_by("at").limit(1_000).only("id", "at")
    ceiling = world.rule("EVENT").ceiling
    assert ceiling is not None
    return of_ages([row.at for row in rows], ceiling, period)


@evidence
async def complaints_acknowledged(world: World, period: Period) -> Measure:
    """8"""
    rows = Complaint.all().using_db(reader())
    found = await rows.values_list("received_at", "acknowledged_at", "closed_at", "acknowledge_by")
    return of_spans([Span(at, read_at or closed_at, by) for at, read_at, closed_at, by in found], period)

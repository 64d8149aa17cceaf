"""Clauses 3 to 5: reports, deletions, old values, holds, copies, the office, erasures."""

from datetime import datetime, timedelta

from tortoise.queryset import QuerySet

from models.database import reader
from models.retention.begin import CLOSED_UNDER, OFFICE
from models.retention.evidence.aliases import aliases_of
from models.retention.evidence.register import evidence
from models.retention.measures import Measure, Period, Span, of_ages, of_counts, of_spans
from models.tables import (
    ActionToken,
    Backup,
    Certificate,
    Change,
    Closure,
    Event,
    Hold,
    Obligation,
    RightsRequest,
    Session,
    Tombstone,
)
from models.tables.accounts import ErasureStage
from models.tables.cases import RequestKind, RequestStatus
from models.tables.credentials import Purpose
from models.world import World

FAR = timedelta(days=36_500)
"""When a date without a ceiling, which promises nothing, would be late."""
LOOKED_AT = 1_000
"""So many old values, the oldest, and so many deletions of a period are looked at."""
COUNTED = 50_000
"""So many of anything else: there may be a million, and each is a line in memory."""


@evidence
async def reports_answered(world: World, period: Period) -> Measure:
    """3.1: a report is an answer, not a request that waits; exports that were asked for, and when they were ready."""
    return await _obligations("EXPORT_BUILD", period)


@evidence
async def copies_left(world: World, period: Period) -> Measure:
    """4: the last copy of an erased person (a backup) goes before clause 5.1's year is over, however soon the erasure was; one
    that is still there is not gone."""
    year = world.rule("CLOSED")
    certified = Certificate.filter(verified_at__lt=period.end).using_db(reader()).limit(COUNTED)
    there = Backup.filter(store="main", destroyed_at=None).using_db(reader()).order_by("taken_at")
    oldest = await there.first()
    spans = []
    for closed_at, erased_at, gone_by in await certified.values_list("closed_at", "erased_at", "last_copy_gone_by"):
        kept = oldest is not None and oldest.taken_at < erased_at
        spans.append(
            Span(closed_at, gone_by if gone_by <= period.now and not kept else None, year.promised_at(closed_at))
        )
    return of_spans(spans, period)


@evidence
async def deletions_with_proof(world: World, period: Period) -> Measure:
    """4.1.2: deletions by their owners that are not erased yet; before each stands a fresh proof in its history."""
    done = Closure.filter(closed_by="CUSTOMER", closed_at__gte=period.start, closed_at__lt=period.end)
    closures = await done.using_db(reader()).limit(LOOKED_AT)
    aliases = await aliases_of(world, [row.customer_id for row in closures])
    fresh = world.rule("STEP_UP").span
    proofs = Event.filter(action="session.stepped-up", alias__in=list(aliases.values())).using_db(reader())
    proved: dict[bytes, list[datetime]] = {}
    for event in await proofs.only("id", "alias", "at") if aliases else []:
        proved.setdefault(bytes(event.alias or b""), []).append(event.at)
    without = [
        row
        for row in closures
        if row.customer_id in aliases
        and not any(row.closed_at - fresh < at <= row.closed_at for at in proved.get(aliases[row.customer_id], ()))
    ]
    return of_counts(len(closures), len(without))


@evidence
async def dormant_accounts_closed(world: World, period: Period) -> Measure:
    """4.1.3"""
    return await _obligations("DORMANT", period)


@evidence
async def old_values_gone(world: World, period: Period) -> Measure:
    """4.1.4: the oldest old values, by age."""
    rows = await Change.all().using_db(reader()).order_by("changed_at").limit(LOOKED_AT).only("id", "changed_at")
    ceiling = world.rule("OLD_VALUE").ceiling
    assert ceiling is not None
    return of_ages([row.changed_at for row in rows], ceiling, period)


@evidence
async def revert_links_sent(world: World, period: Period) -> Measure:
    """4.1.4: each change of address by its owner has a link back."""
    changed = Event.filter(action="email.changed", at__gte=period.start, at__lt=period.end).using_db(reader())
    links = ActionToken.filter(
        purpose=Purpose.REVERT_EMAIL_CHANGE, created_at__gte=period.start, created_at__lt=period.end
    ).using_db(reader())
    looked_at = await changed.count()
    found = len({row.subject_id for row in await links.only("id", "subject_id")})
    recent = await changed.filter(at__gte=period.now - world.rule("REVERT_LINK").span).count()
    return of_counts(looked_at, max(0, recent - found))


@evidence
async def related_persons_erased(world: World, period: Period) -> Measure:
    """4.1.5"""
    return await _obligations("RELATED_PERSON", period)


@evidence
async def holds_reviewed(world: World, period: Period) -> Measure:
    """4.2"""
    rows = await Hold.all().using_db(reader()).values_list("placed_at", "released_at", "review_by")
    return of_spans([Span(*row) for row in rows], period)


@evidence
async def answers_naming_authorities(world: World, period: Period) -> Measure:
    """4.2.1: denials and outcomes; their letters take the authorities from the register, which may not be empty."""
    denied = RightsRequest.filter(status=RequestStatus.DENIED, ended_at__gte=period.start, ended_at__lt=period.end)
    looked_at = await denied.using_db(reader()).count()
    return of_counts(looked_at, 0 if world.policy.company.authorities else looked_at)


@evidence
async def copies_ready(world: World, period: Period) -> Measure:
    """4.2.2: from receipt to the finished copy."""
    rows = RightsRequest.filter(kind=RequestKind.COPY).exclude(status=RequestStatus.CANCELLED).using_db(reader())
    rule = world.rule("COPY")
    return of_spans(
        [
            Span(received_at, ready_at or ended_at, rule.promised_at(received_at))
            for received_at, ready_at, ended_at in await rows.values_list("received_at", "copy_ready_at", "ended_at")
        ],
        period,
    )


@evidence
async def office_restores(world: World, period: Period) -> Measure:
    """5: updates and restores asked for at the office."""
    return await _office(world, period, RequestKind.UPDATE, RequestKind.RESTORE)


@evidence
async def office_erasures(world: World, period: Period) -> Measure:
    """5: deletions asked for at the office: those that wait for a decision, were denied, are under way, and are certified."""
    waiting = await _office_spans(world, RequestKind.DELETE, but=(RequestStatus.CANCELLED, RequestStatus.FULFILLED))
    under_way = Closure.filter(closed_by=OFFICE).using_db(reader())
    return of_spans([*waiting, *await _spans_of(("5",), under_way)], period)


@evidence
async def access_after_closing(world: World, period: Period) -> Measure:
    """5.1: sessions of closed accounts, those being erased among them, that are still open."""
    closed = Closure.filter(closed_at__lt=period.end).using_db(reader())
    begun = Tombstone.filter(clause__in=CLOSED_UNDER, closed_at__lt=period.end, rows_gone_at=None).using_db(reader())
    ids = {row.customer_id for row in await closed.only("id", "customer_id")}
    ids |= {row.id for row in await begun.only("id")}  # some of them in both, after a restore
    alive = Session.filter(customer_id__in=list(ids), ended_at=None, expires_at__gt=period.now).using_db(reader())
    return of_counts(len(ids), await alive.count() if ids else 0)


@evidence
async def erasures_after_deletion(world: World, period: Period) -> Measure:
    """5.1: from closing to the verified erasure; accounts closed because nobody used them (4.1.3) go by the same year."""
    return await _erasures(("5.1", "4.1.3"), period, terms=False)


@evidence
async def erasures_for_terms(world: World, period: Period) -> Measure:
    """5.2: the same for accounts that the company closed."""
    return await _erasures(("5.2",), period, terms=True)


async def _erasures(clauses: tuple[str, ...], period: Period, *, terms: bool) -> Measure:
    waiting = Closure.filter(terms_clause__isnull=not terms).exclude(closed_by=OFFICE).using_db(reader())
    return of_spans(await _spans_of(clauses, waiting), period)


async def _spans_of(clauses: tuple[str, ...], closures: QuerySet[Closure]) -> list[Span]:
    """From closing to the verified erasure: certified under these clauses, begun, and still waiting."""
    done = Certificate.filter(clause__in=clauses).using_db(reader()).limit(COUNTED)
    begun = await Tombstone.filter(clause__in=clauses).exclude(stage=ErasureStage.CERTIFIED).using_db(reader())
    gone = {stone.id for stone in begun}
    spans = [Span(*row) for row in await done.values_list("closed_at", "verified_at", "erase_by")]
    spans += [Span(row.closed_at, None, row.erase_by) for row in begun]
    return spans + [Span(row.closed_at, None, row.erase_by) for row in await closures if row.customer_id not in gone]


async def _office(world: World, period: Period, *kinds: RequestKind) -> Measure:
    return of_spans(await _office_spans(world, *kinds), period)


async def _office_spans(
    world: World, *kinds: RequestKind, but: tuple[RequestStatus, ...] = (RequestStatus.CANCELLED,)
) -> list[Span]:
    """Requests under clause 5; what customers file themselves and what people they named ask for is promised elsewhere."""
    rows = RightsRequest.filter(kind__in=list(kinds), clause="5").exclude(status__in=list(but)).using_db(reader())
    limit = world.rule("OFFICE_48H")
    found = await rows.values_list("received_at", "ended_at")
    return [Span(received_at, ended_at, limit.promised_at(received_at)) for received_at, ended_at in found]


async def _obligations(rule: str, period: Period) -> Measure:
    rows = Obligation.filter(rule=rule, started_at__lt=period.end).using_db(reader()).limit(COUNTED)
    found = await rows.values_list("started_at", "done_at", "ceiling")
    return of_spans([Span(started_at, done_at, by or started_at + FAR) for started_at, done_at, by in found], period)

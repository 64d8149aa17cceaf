"""What an evidence query answers: how many times a promise was kept, broken and is still open, and how long it took."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil


@dataclass(frozen=True, slots=True)
class Period:
    """From ``start`` (included) to ``end`` (not), as seen at ``now``."""

    start: datetime
    end: datetime
    now: datetime

    @property
    def until(self) -> datetime:
        """The end, or now when that is sooner."""
        return min(self.end, self.now)

    def holds(self, moment: datetime) -> bool:
        return self.start <= moment < self.end


@dataclass(frozen=True, slots=True)
class Measure:
    """``measured`` = kept + broken; ``open`` ones are not due yet. Times in seconds."""

    measured: int = 0
    kept: int = 0
    broken: int = 0
    open: int = 0
    oldest_open_at: datetime | None = None
    worst_seconds: int | None = None
    p95_seconds: int | None = None
    next_ceiling_at: datetime | None = None
    """When the most urgent open one breaks the promise, unless something is done before."""


@dataclass(frozen=True, slots=True)
class Span:
    """One time a promise ran: from ``start``, done or not, promised for ``by``."""

    start: datetime
    done: datetime | None
    by: datetime


def of_spans(spans: Iterable[Span], period: Period) -> Measure:
    """Spans that ended in the period, or run past their promise in it, are measured; those that still run are open."""
    kept = broken = 0
    running: list[Span] = []
    lasted: list[float] = []
    for span in spans:
        if span.start >= period.end:
            continue
        if span.done is not None and span.done < period.end:
            if span.done >= period.start:
                kept, broken = kept + (span.done <= span.by), broken + (span.done > span.by)
                lasted.append((span.done - span.start).total_seconds())
        else:
            running.append(span)
            if span.by < period.until:
                broken += 1
                lasted.append((period.until - span.start).total_seconds())
    return Measure(
        measured=kept + broken,
        kept=kept,
        broken=broken,
        open=len(running),
        oldest_open_at=min((span.start for span in running), default=None),
        worst_seconds=round(max(lasted)) if lasted else None,
        p95_seconds=p95(lasted),
        next_ceiling_at=min((span.by for span in running), default=None),
    )


def of_counts(looked_at: int, wrong: int) -> Measure:
    """A promise without a clock: how many were looked at, how many do not hold."""
    return Measure(measured=looked_at, kept=looked_at - wrong, broken=wrong)


def of_ages(starts: Iterable[datetime], ceiling: timedelta, period: Period) -> Measure:
    """What goes when it is old leaves no trace: every row that is left is measured by its age."""
    ages = [period.now - start for start in starts]
    broken = sum(age > ceiling for age in ages)
    seconds = [age.total_seconds() for age in ages]
    return Measure(
        measured=len(ages),
        kept=len(ages) - broken,
        broken=broken,
        open=len(ages),
        oldest_open_at=period.now - max(ages) if ages else None,
        next_ceiling_at=period.now - max(ages) + ceiling if ages else None,
        worst_seconds=round(max(seconds)) if seconds else None,
        p95_seconds=p95(seconds),
    )


def p95(seconds: list[float]) -> int | None:
    """The smallest value that 95 of 100 do not exceed (nearest rank)."""
    return round(sorted(seconds)[ceil(0.95 * len(seconds)) - 1]) if seconds else None

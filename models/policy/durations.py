"""Spans of time as the policy writes them: ISO 8601 durations of days, hours, minutes and seconds; and working days.

Months and years are refused: a year is 365 days of 24 hours, so that a promise holds under any reading.
"""

from datetime import datetime, timedelta

import msgspec

from models.policy.words import Words

UNITS = (  # seconds, one of them, several (Latvian: accusative)
    (86_400, Words("day", "dienu"), Words("days", "dienas")),
    (3_600, Words("hour", "stundu"), Words("hours", "stundas")),
    (60, Words("minute", "minūti"), Words("minutes", "minūtes")),
    (1, Words("second", "sekundi"), Words("seconds", "sekundes")),
)
SATURDAY = 5


def parse(text: str) -> timedelta:
    """``P364D``, ``PT48H``, ``P1DT12H``. Raises ValueError for anything else, months and years included."""
    try:
        return msgspec.convert(text, timedelta)
    except msgspec.ValidationError as fault:
        raise ValueError(f"'{text}' is not an ISO 8601 duration of days, hours, minutes and seconds") from fault


def iso(span: timedelta) -> str:
    """The span as ISO 8601, in whole days where it can be: ``P91D``, ``PT15M``, ``PT0S``."""
    minutes, seconds = divmod(span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    parts = ((hours, "H"), (minutes, "M"), (seconds, "S"))
    clock = "".join(f"{count}{unit}" for count, unit in parts if count)
    text = (f"{span.days}D" if span.days else "") + (f"T{clock}" if clock else "")
    return "P" + (text or "T0S")


def plain(span: timedelta, locale: str) -> str:
    """The span in words, in its largest whole unit: '364 days', '24 hours', '90 dienas', '1 stundu'.

    One day is '24 hours'; Latvian stands in the accusative, as in 'dzēš 364 dienas pēc'.
    """
    total = int(span.total_seconds())
    for size, one, several in UNITS:
        count = total // size
        if total % size == 0 and (count > 1 or (count == 1 and size < UNITS[0][0])):
            words = one if _is_one(count, locale) else several
            return f"{count} {words.said(locale)}"
    return f"{total} {UNITS[-1][2].said(locale)}"


def _is_one(count: int, locale: str) -> bool:
    return count % 10 == 1 and count % 100 != 11 if locale.upper() == "LV" else count == 1


def working_days_after(start: datetime, days: int) -> datetime:
    """The same time of day, ``days`` days of Monday to Friday later."""
    at = start
    while days:
        at += timedelta(days=1)
        days -= at.weekday() < SATURDAY
    return at

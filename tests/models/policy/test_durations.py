"""Spans as the policy writes them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.policy.durations import iso, parse, plain, working_days_after


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P364D", timedelta(days=364)),
        ("PT48H", timedelta(hours=48)),
        ("PT15M", timedelta(minutes=15)),
        ("PT10S", timedelta(seconds=10)),
        ("P1DT12H", timedelta(days=1, hours=12)),
        ("PT0S", timedelta(0)),
    ],
)
def test_days_and_clock_units_are_read(text: str, span: timedelta) -> None:
    """Days, hours, minutes and seconds are all the policy needs."""
    assert parse(text) == span


@pytest.mark.parametrize("text", ["P1Y", "P3M", "P", "PT", "365", "", "1D", "P1.2.3D"])
def test_anything_else_is_refused(text: str) -> None:
    """A month or a year has no fixed length, so none is ever promised."""
    with pytest.raises(ValueError, match="not an ISO 8601 duration"):
        parse(text)


@given(st.integers(min_value=0, max_value=10**9))
def test_what_is_written_is_read_back(seconds: int) -> None:
    """Writing and reading a span agree."""
    assert parse(iso(timedelta(seconds=seconds))) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "english", "latvian"),
    [
        ("P364D", "364 days", "364 dienas"),
        ("P91D", "91 days", "91 dienu"),
        ("P11D", "11 days", "11 dienas"),
        ("PT24H", "24 hours", "24 stundas"),
        ("PT1H", "1 hour", "1 stundu"),
        ("PT15M", "15 minutes", "15 minūtes"),
        ("PT0S", "0 seconds", "0 sekundes"),
    ],
)
def test_a_span_is_said_in_both_languages(text: str, english: str, latvian: str) -> None:
    """Latvian counts 91 like 1, but not 11."""
    assert (plain(parse(text), "EN"), plain(parse(text), "LV")) == (english, latvian)


@pytest.mark.parametrize(
    ("start", "end"),
    [(20, 27), (21, 27), (22, 27), (23, 30)],  # a Friday, the weekend, a Monday of November 2026
)
def test_working_days_are_monday_to_friday(start: int, end: int) -> None:
    """Five working days after a Friday is the next Friday, after a weekend the Friday that follows it."""
    at = datetime(2026, 11, start, 15, tzinfo=UTC)

    assert working_days_after(at, 5) == datetime(2026, 11, end, 15, tzinfo=UTC)

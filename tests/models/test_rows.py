"""What a statement brings along: its times arrive as seconds and are the same times to the microsecond."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from models.rows import carried_rows

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(2106, 1, 1, tzinfo=UTC)
TIMES = st.integers(0, (LAST - FIRST) // timedelta(microseconds=1)).map(lambda n: FIRST + timedelta(microseconds=n))


@given(st.lists(TIMES | st.none(), min_size=1))
def test_times_are_what_they_were(times: list[datetime | None]) -> None:
    seconds = [None if at is None else (at - EPOCH) / timedelta(seconds=1) for at in times]

    rows = carried_rows((1,), [list(range(len(times))), seconds])

    assert rows == list(enumerate(times))
    assert all(at is None or at.tzinfo is UTC for _, at in rows)


def test_of_no_rows_nothing_comes() -> None:
    assert carried_rows((1,), [None, None]) == []

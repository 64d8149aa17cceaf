"""Keyset pages: a cursor names the last row seen, so that new rows shift nothing and deep pages cost no more."""

import base64
from binascii import b2a_base64
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models.refused import Problem, ProblemCode, Reason, Refused

LARGEST = 50
URL_SAFE = bytes.maketrans(b"+/", b"-_")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Page:
    """Rows of one page, ordered by ``(by, id)``; whether more follow, and whether some came before."""

    __slots__ = ("after", "by", "more", "rows")

    def __init__(self, rows: list[Any], by: str, *, more: bool, after: bool) -> None:
        self.rows, self.by, self.more, self.after = rows, by, more, after

    def cursor(self, row: Any) -> str:
        return write_cursor(getattr(row, self.by), row.id)


async def page_of(rows: QuerySet[Any], by: str, first: int, after: str | None, *, oldest_first: bool = False) -> Page:
    """One statement, newest first unless said. Raises Refused(INVALID_INPUT) for a wrong ``after`` or a ``first`` above 50."""
    if not 1 <= first <= LARGEST:
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("first",), ProblemCode.NOT_ALLOWED, LARGEST)])
    if after is not None:
        at, row_id = read_cursor(after)
        side = "gt" if oldest_first else "lt"
        beyond: dict[str, Any] = {f"{by}__{side}": at}
        beside: dict[str, Any] = {by: at, f"id__{side}": row_id}
        from_here: dict[str, Any] = {f"{by}__{side}e": at}  # where an index can begin, however deep the page
        rows = rows.filter(Q(**beyond) | Q(**beside), **from_here)
    sign = "" if oldest_first else "-"
    found = await rows.order_by(sign + by, sign + "id").limit(first + 1)
    return Page(found[:first], by, more=len(found) > first, after=after is not None)


def write_cursor(at: datetime, row_id: UUID) -> str:
    """Opaque, URL-safe: microseconds since 1970 and the row's id."""
    return write_cursors([at], [row_id.bytes])[0]


def write_cursors(times: Iterable[datetime], row_ids: Iterable[bytes]) -> list[str]:
    """The same of many rows at once: each is 24 bytes, and so 32 signs without a rest."""
    micros = [((at - EPOCH) // MICROSECOND).to_bytes(8, "big", signed=True) for at in times]
    raw = b"".join([at + row for at, row in zip(micros, row_ids, strict=True)])
    text = b2a_base64(raw, newline=False).translate(URL_SAFE).decode()  # what base64 does, in half its time
    return [text[begin : begin + 32] for begin in range(0, len(text), 32)]


def read_cursor(cursor: str) -> tuple[datetime, UUID]:
    """Raises Refused(INVALID_INPUT) for anything but a cursor."""
    try:
        raw = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True)
        if len(raw) != 24:
            raise ValueError
        at = EPOCH + timedelta(microseconds=int.from_bytes(raw[:8], "big", signed=True))
    except (ValueError, OverflowError):
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("after",), ProblemCode.MALFORMED)]) from None
    return at, UUID(bytes=raw[8:])

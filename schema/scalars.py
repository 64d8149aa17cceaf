"""DateTime and Date as the contract says: RFC 3339 in UTC, ISO 8601 calendar dates; nothing looser is taken."""

import re
from datetime import UTC, date, datetime
from typing import Any, NewType

import strawberry
from graphql import GraphQLError

RFC3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
CALENDAR = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)

JSON = NewType("JSON", object)


def write_datetime(value: datetime) -> str:
    """RFC 3339 in UTC, with ``Z``."""
    return value.astimezone(UTC).isoformat().replace("+00:00", "Z")


def read_datetime(value: Any) -> datetime:
    """Strict: with date, time and offset."""
    if not isinstance(value, str) or not RFC3339.fullmatch(value):
        raise GraphQLError("A DateTime is RFC 3339 text with an offset, such as 2026-11-22T10:00:00Z.")
    try:
        return datetime.fromisoformat(value.upper().replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        raise GraphQLError("There is no such DateTime.") from None


def read_date(value: Any) -> date:
    """Strict: ``YYYY-MM-DD``."""
    if not isinstance(value, str) or not CALENDAR.fullmatch(value):
        raise GraphQLError("A Date is ISO 8601 text, such as 2026-11-22.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise GraphQLError("There is no such Date.") from None


SCALARS: dict[object, Any] = {
    datetime: strawberry.scalar(
        name="DateTime", description="RFC 3339, in UTC.", serialize=write_datetime, parse_value=read_datetime
    ),
    date: strawberry.scalar(
        name="Date", description="ISO 8601 calendar date.", serialize=date.isoformat, parse_value=read_date
    ),
    JSON: strawberry.scalar(
        name="JSON",
        description="WebAuthn options and credentials only.",
        serialize=lambda v: v,
        parse_value=lambda v: v,
    ),
}

"""The last event of each of many requests, by one statement: events are found by their customer's alias, and name the request."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from models.columns import maker
from models.database import Dialect
from models.rows import reading
from models.selections import parameter
from models.tables import Event

COLUMNS: Final = ("id", "at", "kind", "action", "actor_kind", "actor_id", "fields_named", "position", "hash", "sealed")
HEAD: Final = (  # one text for all: an array's items are looked at one by one before they are sent
    "with wanted as (select n, decode(alias, 'hex') as alias, number from "
    "unnest(string_to_array($1, ','), string_to_array($2, ',')) with ordinality as w(alias, number, n))"
)
NAMES: Final[Mapping[Dialect, str]] = {
    "postgres": "named.fields_named ? wanted.number",
    "sqlite": "exists (select 1 from json_each(named.fields_named) where value = wanted.number)",
}


async def latest_events(rows: Sequence[Any], aliases: Mapping[UUID, bytes], gone: datetime) -> dict[UUID, Any]:
    """Request → the last event that names its number. ``aliases``: of those customers who have one; ``gone``: events up to
    then are not kept."""
    about = [row for row in rows if row.customer_id in aliases]
    if not about:
        return {}
    db = reading()
    database, since = db.database, max(min(row.recorded_at for row in about), gone + timedelta.resolution)
    if database == "postgres":
        given = [
            ",".join([aliases[row.customer_id].hex() for row in about]),
            ",".join([row.number for row in about]),
            since,
        ]
    else:
        given = [value for n, row in enumerate(about, 1) for value in (n, aliases[row.customer_id], row.number)]
        given.append(parameter(since, database))
    make = maker(Event, COLUMNS, database)
    try:
        found = await db.rows(_statement(database, 0 if database == "postgres" else len(about)), *given)
    finally:
        await db.rest()
    return {about[row[0] - 1].id: make(row[1:]) for row in found}


@lru_cache(maxsize=256)
def _statement(database: Dialect, many: int) -> str:
    values = f"with wanted(n, alias, number) as (values {', '.join(['(?, ?, ?)'] * many)})"
    head, since = (HEAD, "$3") if database == "postgres" else (values, "?")
    shown = ", ".join(f'event."{name}"' for name in COLUMNS)
    return (
        f"{head} select wanted.n, {shown} from wanted join event on event.id = (select named.id from event named "  # noqa: S608
        f"where named.alias = wanted.alias and named.\"at\" >= {since} and named.action like 'request.%' "
        f'and {NAMES[database]} order by named."at" desc, named.id desc limit 1)'
    )

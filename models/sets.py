"""Many rows by one statement, written once and prepared once, whatever their number.

An instance of each, or a statement written anew for each number of ids, would take longer than the database's own work.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import asyncpg
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.exceptions import IntegrityError

Row = dict[str, Any]


async def insert(tx: BaseDBAsyncClient, table: str, rows: Sequence[Row]) -> None:
    """Rows that all have the same columns; PostgreSQL copies them in. Raises IntegrityError."""
    names = list(rows[0])
    if tx.capabilities.dialect == "postgres":
        stored = [[json.dumps(value) if type(value) is list else value for value in row.values()] for row in rows]
        try:
            async with tx.acquire_connection() as connection:
                await connection.copy_records_to_table(table, records=stored, columns=names)
        except asyncpg.IntegrityConstraintViolationError as fault:
            raise IntegrityError(fault) from fault
        return
    columns, marks = ", ".join(f'"{name}"' for name in names), ", ".join("?" * len(names))
    query = f'INSERT INTO "{table}" ({columns}) VALUES ({marks})'  # noqa: S608  our own names
    await tx.execute_many(query, [[_as_sqlite(value) for value in row.values()] for row in rows])


async def of_ids(
    connection: BaseDBAsyncClient, query: str, ids: Sequence[UUID | bytes | str], *values: Any
) -> tuple[int, Sequence[Any]]:
    """Run a statement about these ids; how many rows it touched, and its rows.

    ``{ids}`` in the query becomes the comparison with the ids, ``{0}``, ``{1}`` … are the places of the other values.
    """
    if connection.capabilities.dialect == "postgres":
        places, among, given = [f"${2 + n}" for n in range(len(values))], "= ANY($1)", [list(ids), *values]
    else:
        first = len(ids) + 1
        places, among = (
            [f"?{first + n}" for n in range(len(values))],
            f"IN ({', '.join(f'?{n}' for n in range(1, first))})",
        )
        given = [_as_sqlite(value) for value in (*ids, *values)]
    return await connection.execute_query(query.format(*places, ids=among), given)


def as_uuid(value: UUID | str) -> UUID:
    """An id as a statement of our own brings it: SQLite keeps it as text."""
    return value if isinstance(value, UUID) else UUID(value)


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    return json.dumps(value) if isinstance(value, list) else value

"""When a session was last used: noted at most once a minute for each, and on a server together with others' notes.

A write of its own for each visit would cost more than most of what is asked. What a killed process had not written yet is a
second in which nobody was seen: their sessions go idle that much earlier.
"""

import asyncio
from contextlib import suppress
from datetime import datetime
from typing import Any
from uuid import UUID

from tortoise.connection import get_connection
from tortoise.models import Model

Notes = dict[UUID, tuple[datetime, datetime]]


class Visits:
    """Notes until when sessions of customers and staff stay open. ``gathered_for``: seconds until they are written; 0: at once."""

    def __init__(self, gathered_for: float = 0) -> None:
        self._gathered_for = gathered_for
        self._noted: dict[type[Model], Notes] = {}
        self._writing: set[asyncio.Task[None]] = set()

    async def note(self, sessions: type[Model], session_id: UUID, at: datetime, idle_until: datetime) -> None:
        """``sessions``: the table of the session. Raises what a database raises, if it is written at once."""
        if not self._gathered_for:
            await _write(sessions, {session_id: (at, idle_until)})
            return
        if not self._noted:
            asyncio.get_running_loop().call_later(self._gathered_for, self._begin)
        self._noted.setdefault(sessions, {})[session_id] = at, idle_until

    async def write(self) -> None:
        """What was noted. A database that cannot be reached has seen nobody; whoever comes next is noted again."""
        noted, self._noted = self._noted, {}
        with suppress(Exception):
            for sessions, notes in noted.items():
                await _write(sessions, notes)

    def _begin(self) -> None:
        task = asyncio.get_running_loop().create_task(self.write())
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)


def _postgres(table: str) -> str:
    """Whoever holds a row is about to change its session: no visit is worth waiting for them."""
    return f"""
        UPDATE "{table}" SET "last_seen_at" = seen."at", "idle_until" = seen."until"
        FROM (
            SELECT one."id", note."at", note."until"
            FROM unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[]) AS note("id", "at", "until")
            JOIN "{table}" AS one ON one."id" = note."id"
            WHERE one."ended_at" IS NULL
            FOR UPDATE OF one SKIP LOCKED
        ) AS seen
        WHERE "{table}"."id" = seen."id"
    """  # noqa: S608  our own name


def _sqlite(table: str) -> str:
    return f'UPDATE "{table}" SET "last_seen_at" = ?2, "idle_until" = ?3 WHERE "id" = ?1 AND "ended_at" IS NULL'  # noqa: S608


async def _write(sessions: type[Model], notes: Notes) -> None:
    connection, table = get_connection("default"), sessions._meta.db_table
    if connection.capabilities.dialect == "postgres":
        ats, untils = zip(*notes.values(), strict=True)
        await connection.execute_query(_postgres(table), [list(notes), list(ats), list(untils)])
        return
    rows: list[list[Any]] = [[str(one), at.isoformat(" "), until.isoformat(" ")] for one, (at, until) in notes.items()]
    await connection.execute_many(_sqlite(table), rows)

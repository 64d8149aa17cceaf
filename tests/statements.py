"""What is said to both databases, counted below everything of ours, in the drivers, so that no layer can slip past.

asyncpg's query loggers, sqlite3's trace.
"""

import sqlite3
from dataclasses import dataclass, field

import asyncpg
import pytest

from models import sqlite_engine

SPEAKS = ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE")
RESET = "pg_advisory_unlock_all"  # what a pool says when a connection comes back
KEYS = "person_key"


@dataclass
class Statements:
    """What was said to both databases since the last ``clear``."""

    said: list[str] = field(default_factory=list)

    def note(self, statement: str) -> None:
        if statement.lstrip().upper().startswith(SPEAKS) and RESET not in statement:
            self.said.append(statement)

    def clear(self) -> None:
        self.said.clear()

    @property
    def main(self) -> list[str]:
        return [one for one in self.said if KEYS not in one]

    @property
    def keystore(self) -> list[str]:
        return [one for one in self.said if KEYS in one]

    @property
    def writes(self) -> list[str]:
        """What changed something."""
        return [one for one in self.said if not one.lstrip().upper().startswith(("SELECT", "WITH"))]


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> Statements:
    """Listens to every connection that is opened from here on."""
    heard = Statements()
    begin, log, open_file = asyncpg.Connection.__init__, asyncpg.Connection._time_and_log, sqlite_engine.Client._open

    def connected(self: asyncpg.Connection, *args: object, **options: object) -> None:
        begin(self, *args, **options)
        self.add_query_logger(lambda _: None)  # which would be called a round of the loop later

    def logged(self: asyncpg.Connection, query: str, *args: object) -> object:
        heard.note(query)
        return log(self, query, *args)

    def opened(self: sqlite_engine.Client) -> sqlite3.Connection:
        connection = open_file(self)
        connection.set_trace_callback(heard.note)
        return connection

    monkeypatch.setattr(asyncpg.Connection, "__init__", connected)
    monkeypatch.setattr(asyncpg.Connection, "_time_and_log", logged)
    monkeypatch.setattr(sqlite_engine.Client, "_open", opened)
    return heard

"""Death at any step: a commit, a statement that writes, an effect of a port. Nothing that comes after it happens.

The steps are those of tests/trouble/victim.py, where real processes die by SIGKILL; here the same process goes on as the next
one, which is a thousand times faster. What such a process would keep in memory is thrown away (``Simulation.restart``).
"""

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from tortoise.backends.base.client import TransactionalDBClient

from models import postgres_engine, sqlite_engine

WRITES = ("INSERT", "UPDATE", "DELETE", "PRAGMA WAL_CHECKPOINT")


class Died(BaseException):
    """The process is dead: no `except Exception` catches it, and nothing it would do afterwards is done."""


class Fate:
    """Counts the steps that are still to live (None: for ever). Once dead, every further effect dies as well."""

    def __init__(self) -> None:
        self.left: int | None = None
        self.dead = False
        self.steps = self.deaths = 0
        self.where = ""

    def here(self, name: str, first: Callable[[], object] = lambda: None) -> None:
        """One step; ``first``: what is half done when the process dies."""
        self.steps += 1
        if self.dead:
            raise Died(name)
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.dead, self.where, self.deaths = True, name, self.deaths + 1
            first()
            raise Died(name)

    def live(self) -> None:
        """The next process: it lives until ``left`` is set again."""
        self.left, self.dead = None, False


@contextmanager
def mortal_databases(fate: Fate) -> Iterator[None]:
    """Every statement that writes and every commit of both engines is a step, until the end of the block."""
    changed: list[tuple[type, str, Any]] = []

    def put(owner: type, name: str, value: Any) -> None:
        changed.append((owner, name, vars(owner).get(name)))
        setattr(owner, name, value)

    for engine in (postgres_engine, sqlite_engine):
        put(engine.Transaction, "commit", _commit(engine.Transaction.commit, fate))
        for name in ("execute_query", "execute_insert", "execute_many"):
            for client in (engine.Client, engine.Transaction):
                put(client, name, _statement(getattr(client, name), fate))
    try:
        yield
    finally:
        for owner, name, before in reversed(changed):
            if before is None:
                delattr(owner, name)
            else:
                setattr(owner, name, before)


def _commit(commit: Any, fate: Fate) -> Any:
    @functools.wraps(commit)
    async def committed(self: Any) -> None:
        if isinstance(self._parent, TransactionalDBClient):  # a savepoint commits nothing
            return await commit(self)
        try:
            fate.here("commit")
        except Died:
            await self.rollback()  # what the server does with a dead client's transaction
            raise
        await commit(self)

    return committed


def _statement(statement: Any, fate: Fate) -> Any:
    @functools.wraps(statement)
    async def said(self: Any, query: str, *values: Any) -> Any:
        if query.lstrip().upper().startswith(WRITES):
            fate.here(" ".join(word.strip('"') for word in query.split()[:3]))
        return await statement(self, query, *values)

    return said

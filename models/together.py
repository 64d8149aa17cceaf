"""Whoever looks up the same at the same time goes together: one statement for the keys of many.

A trip to PostgreSQL costs this process nearly as much for one session as for several. Who comes while nobody is under way goes
at the end of the loop's round; who comes later goes when the others are back or a group is full, and is never kept for long.
(Were groups sent while others are under way without being full, a request would take 4 to 8 % more of this process.) Those who
travel together are answered together and come again together, and were there only one such convoy, this process would wait for
PostgreSQL while it is there: the more it has to do with what is brought, the smaller are the groups. (Up to 10 instead of 5 in
one: the profile takes 4 to 8 % less of this process, the account page and fifty sign-ins lose 6 % of their requests.)
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

ABREAST = 4  # statements of one kind under way at once
FEW, MANY = 5, 10  # keys in one of them: whether much is done with what it brings, or little
PATIENCE = 0.01  # seconds; after twice as many at most one goes without company, unless ABREAST are away

Asked = list[tuple[bytes, "asyncio.Future[Brought]"]]


class Brought:
    """The records that one statement brought, each beginning with its key."""

    __slots__ = ("_by_key", "_first", "_made")

    def __init__(self, records: Sequence[Any]) -> None:
        self._by_key = {record[0]: record for record in records}
        self._first = records[0] if records else None
        self._made: dict[int, Any] = {}

    def of(self, key: bytes) -> Any:
        """A key's record, None if it has none."""
        return self._by_key.get(key)

    def common(self, at: int, make: Callable[[Any], Any]) -> Any:
        """What ``make`` makes, once, of that value of the first record, which is everybody's."""
        if at not in self._made:
            self._made[at] = make(self._first[at])  # type: ignore[index]  # whoever asks has a record
        return self._made[at]


class Together:
    """Look-ups of one kind. ``look`` is asked for different keys, ``most`` at once, and tells their records."""

    def __init__(self, look: Callable[[list[bytes]], Awaitable[Sequence[Any]]], most: int) -> None:
        self._look, self._most = look, most
        self._waiting: Asked = []
        self._leaving = False  # at the end of this round
        self._kept: asyncio.TimerHandle | None = None  # somebody waits for company
        self._under_way: set[asyncio.Task[None]] = set()

    def __call__(self, key: bytes) -> "asyncio.Future[Brought]":
        """What was brought for this key and others. Raises what ``look`` raises."""
        asked: asyncio.Future[Brought] = asyncio.get_running_loop().create_future()
        self._waiting.append((key, asked))
        self._leave()
        return asked

    @property
    def is_idle(self) -> bool:
        return not (self._waiting or self._under_way)

    def _leave(self) -> None:
        if not self._waiting or self._leaving:
            return
        if not self._under_way or (len(self._waiting) >= self._most and len(self._under_way) < ABREAST):
            self._leaving = True
            asyncio.get_running_loop().call_soon(self._go)
        elif self._kept is None:
            self._kept = asyncio.get_running_loop().call_later(PATIENCE, self._kept_for_long)

    def _kept_for_long(self) -> None:
        self._kept = None
        if self._waiting and not self._leaving and len(self._under_way) < ABREAST:
            self._go()

    def _go(self) -> None:
        self._leaving = False
        asked, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        task = asyncio.get_running_loop().create_task(self._ask(asked))
        self._under_way.add(task)
        task.add_done_callback(self._come_back)
        self._leave()

    def _come_back(self, task: "asyncio.Task[None]") -> None:
        self._under_way.discard(task)
        self._leave()

    async def _ask(self, asked: Asked) -> None:
        waiting = [each for _, each in asked]
        try:
            brought = Brought(await self._look(list({key for key, _ in asked})))
        except asyncio.CancelledError:
            for each in waiting:
                each.cancel()
            raise
        except Exception as fault:
            for each in waiting:
                if not each.done():  # its request was given up
                    each.set_exception(fault)
        else:
            for each in waiting:
                if not each.done():
                    each.set_result(brought)

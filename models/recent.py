"""What was measured lately: whoever asks for the same figures within a while is given the same ones, measured once."""

import asyncio
from collections.abc import Callable, Coroutine, Hashable
from datetime import datetime, timedelta
from typing import Any, TypeVar

T = TypeVar("T")


class Recent:
    """Figures by name, each no older than ``span``. None keeps nothing: everybody measures for themselves."""

    def __init__(self, span: timedelta | None = None) -> None:
        self._span = span
        self._kept: dict[Hashable, tuple[datetime, asyncio.Task[Any]]] = {}

    async def get(self, name: Hashable, now: datetime, measure: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """The figures of this name. Those who ask while they are being measured wait for the same ones; what fails is not kept.

        Somebody who gives up waiting takes nothing away from the others. Raises what ``measure`` raises.
        """
        if self._span is None:
            return await measure()
        self._kept = {
            one: (at, task)
            for one, (at, task) in self._kept.items()
            if not task.done() or (abs(now - at) < self._span and not task.cancelled() and task.exception() is None)
        }
        if name not in self._kept:
            self._kept[name] = now, asyncio.create_task(measure())
        return await asyncio.shield(self._kept[name][1])

"""Argon2id (RFC 9106) in threads of its own behind a bounded queue: in the event loop they would stop everybody."""

import asyncio
import os
import sys
from base64 import b64encode
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Lock, get_native_id
from time import monotonic, sleep
from typing import TypeVar
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

from models.refused import Reason, Refused

T = TypeVar("T")
RETRY = timedelta(seconds=2)
GIVES_WAY = 10  # a thread's niceness: about a tenth of a processor that others want, too


class ArgonPasswords:
    """The World's passwords. ``threads`` hash at once, ``queue`` more may wait, the next is Refused(BUSY)."""

    def __init__(
        self,
        now: Callable[[], datetime],
        *,
        threads: int = 1,
        queue: int = 32,
        memory_kib: int = 19456,
        time: int = 2,
        parallelism: int = 1,
    ) -> None:
        self._now, self._threads, self._most = now, threads, threads + queue
        self._hasher = PasswordHasher(time_cost=time, memory_cost=memory_kib, parallelism=parallelism)
        self._dummy = f"$argon2id$v=19$m={memory_kib},t={time},p={parallelism}${_b64(16)}${_b64(32)}"
        self._pool = ThreadPoolExecutor(threads, "passwords", initializer=_give_way)
        self._lock, self._begun, self._took = Lock(), 0, 0.0

    @property
    def waiting(self) -> int:
        """How many passwords wait for a thread, for the metrics."""
        return max(0, self._begun - self._threads)

    async def hash(self, password: str) -> str:
        """The encoded string. Raises Refused(BUSY)."""
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, encoded: str, password: str) -> bool:
        """Whether it is the password. Raises Refused(BUSY), and InvalidHashError for what is no argon2 string."""
        return await self._run(lambda: self._is(encoded, password))

    async def waste(self, password: str) -> None:
        """As long as verify takes, for nobody. Raises Refused(BUSY)."""
        await self.verify(self._dummy, password)

    def outdated(self, encoded: str) -> bool:
        """Hashed with other parameters than today's: hash it anew at the next sign-in."""
        return self._hasher.check_needs_rehash(encoded)

    def close(self) -> None:
        """End the threads; what waits is dropped."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _is(self, encoded: str, password: str) -> bool:
        # As it is set, in NFC; and as typed, for what another system hashed before an import.
        return any(self._matches(encoded, one) for one in dict.fromkeys((normalize("NFC", password), password)))

    def _matches(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except VerifyMismatchError:
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        with self._lock:
            if self._begun >= self._most:
                raise Refused(Reason.BUSY, retry_at=self._now() + RETRY)
            self._begun += 1
        future = self._pool.submit(self._in_turn, work)
        future.add_done_callback(self._done)  # not when the caller leaves: a thread cannot be stopped half-way
        return await asyncio.wrap_future(future)

    def _in_turn(self, work: Callable[[], T]) -> T:
        # While others wait, as during a flood of guesses, every second moment is left to who is signed in.
        if self.waiting:
            sleep(self._took)
        begun = monotonic()
        try:
            return work()
        finally:
            self._took = monotonic() - begun

    def _done(self, _: "Future[T]") -> None:
        with self._lock:
            self._begun -= 1


def _give_way() -> None:
    """When processors are short, who is signed in goes first and a flood of guesses waits (Linux; elsewhere all are equal)."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, get_native_id(), GIVES_WAY)


def _b64(size: int) -> str:
    return b64encode(bytes(size)).decode().rstrip("=")

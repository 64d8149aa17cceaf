"""A client that costs little: kept-alive connections that each send the next request when the last is answered."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

from tests.bench.installation import HEADERS, Server

FAILED = b'"errors"'


@dataclass
class Tally:
    """What one round of load saw."""

    seconds: float = 0.0
    cpu: float = 0.0
    latencies: list[float] = field(default_factory=list)
    codes: Counter[str] = field(default_factory=Counter)

    @property
    def rate(self) -> float:
        return len(self.latencies) / self.seconds

    @property
    def cpu_each(self) -> float:
        """Server CPU per request in µs."""
        return self.cpu / max(1, len(self.latencies)) * 1e6

    def quantile(self, share: float) -> float:
        """A latency in ms."""
        return sorted(self.latencies)[int(share * (len(self.latencies) - 1))] * 1000


def request(body: dict[str, object], path: str = "/graphql", **headers: str) -> bytes:
    """An HTTP request's bytes."""
    content = json.dumps(body, separators=(",", ":")).encode()
    head = "".join(f"{name}: {value}\r\n" for name, value in (HEADERS | headers).items())
    return f"POST {path} HTTP/1.1\r\n{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


class Connection(asyncio.Protocol):
    """One connection; ``answered`` gets every answer's head and body with its latency, and says whether to go on."""

    def __init__(self, asking: Callable[[], bytes], answered: Callable[[bytes, bytes, float], bool]) -> None:
        self._asking, self._answered = asking, answered
        self._held, self._begun, self._left = bytearray(), 0.0, -1
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._next()

    def _next(self) -> None:
        self._held, self._left = bytearray(), -1
        asked = self._asking()
        self._begun = time.perf_counter()
        self._transport.write(asked)

    def data_received(self, data: bytes) -> None:
        self._held += data
        if self._left < 0:
            end = self._held.find(b"\r\n\r\n")
            if end < 0:
                return
            self._end = end + 4
            lower = bytes(self._held[:end]).lower()
            self._left = self._end + int(lower.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0])
        if len(self._held) >= self._left:
            took = time.perf_counter() - self._begun
            if self._answered(bytes(self._held[: self._end]), bytes(self._held[self._end :]), took):
                self._next()
            else:
                self._transport.close()

    def connection_lost(self, fault: Exception | None) -> None:
        if not self.over.done():
            self.over.set_result(None)


async def load(
    server: Server, asking: Callable[[], bytes], seconds: float, connections: int, code: bytes | None = None
) -> Tally:
    """Load for so many seconds. An answer is right when it is 200 and without errors or, with ``code``, holds that."""
    tally, loop = Tally(), asyncio.get_running_loop()
    begun, cpu = time.perf_counter(), server.cpu
    until = begun + seconds

    def answered(head: bytes, body: bytes, took: float) -> bool:
        right = head.startswith(b"HTTP/1.1 200") and (FAILED not in body if code is None else code in body)
        if right:
            tally.latencies.append(took)
        else:
            tally.codes[f"{head[9:12].decode()} {body[:120].decode(errors='replace')}"] += 1
        return time.perf_counter() < until

    made = [
        (await loop.create_connection(lambda: Connection(asking, answered), "127.0.0.1", server.port))[1]
        for _ in range(connections)
    ]
    await asyncio.wait({one.over for one in made}, timeout=seconds + 30)
    tally.seconds, tally.cpu = time.perf_counter() - begun, server.cpu - cpu
    return tally

"""HTTP/1.1 as uvicorn speaks it, and three things more.

An answer that is there as a whole is sent as such: by ASGI's two messages uvicorn looks at each header of each answer again. So is
a body that came with its head: the application finds it in its scope, without waiting for a message. And answers wait for the end
of the event loop's round: sent one by one, each wakes its client, who takes PostgreSQL's processor while the others wait for
PostgreSQL (a sixth fewer requests on two processors; another round later, or two, was no better for all operations).
"""

import asyncio
from collections.abc import Callable
from functools import lru_cache, partial
from typing import Any, cast

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

AT_ONCE = "octopus.at_once"
"""Under which a request's scope has what sends its whole answer. It is taken out of there: the two would hold each other."""
AtOnce = Callable[[int, bytes, bytes], bool]
"""Status, head and body to whether it could. The head's lines each end with CRLF and hold nothing that a client said; date and
connection are not among them."""
BODY = "octopus.body"
"""Under which a request's scope has its whole body, if it was there before the application asked for it."""


class Http(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Gathering(transport, _outbox(self.loop)))  # type: ignore[arg-type]

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        scope = cast(dict[str, Any], self.scope)
        scope[AT_ONCE] = partial(_answer, self.cycle)  # the application begins in the loop's next round

    def on_message_complete(self) -> None:
        super().on_message_complete()
        if self.cycle is not None and self.cycle.scope is self.scope:
            cast(dict[str, Any], self.scope)[BODY] = bytes(self.cycle.body)


def _answer(cycle: RequestResponseCycle, status: int, head: bytes, body: bytes) -> bool:
    """Send it, unless it has to be told in ASGI's messages."""
    flow: FlowControl = cycle.flow
    if cycle.response_started or cycle.disconnected or flow.write_paused or cycle.scope["method"] == "HEAD":
        return False
    cycle.response_started = cycle.response_complete = True
    dated = b"".join([b"%b: %b\r\n" % one for one in cycle.default_headers])
    end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
    cycle.transport.write(b"".join((STATUS_LINE[status], dated, head, end, body)))
    cycle.message_event.set()
    if not cycle.keep_alive:
        cycle.transport.close()
    cycle.on_response()
    return True


class Outbox:
    """What was written lately, on all connections, until it goes out."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._waiting: list[Gathering] = []

    def hold(self, one: "Gathering") -> None:
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(one)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            one.send()


@lru_cache(maxsize=1)
def _outbox(loop: asyncio.AbstractEventLoop) -> Outbox:
    return Outbox(loop)


class Gathering:
    """A transport that keeps in the outbox what is written to it."""

    def __init__(self, transport: asyncio.Transport, outbox: Outbox) -> None:
        self._transport, self._outbox = transport, outbox
        self._held: list[bytes] = []
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading
        self.is_closing, self.get_extra_info = transport.is_closing, transport.get_extra_info

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._outbox.hold(self)
        self._held.append(data)

    def close(self) -> None:
        self.send()
        self._transport.close()

    def send(self) -> None:
        held, self._held = self._held, []
        if (
            held and not self.is_closing()
        ):  # to one that is closed, a transport may raise, and the others are still to be sent
            self._transport.write(b"".join(held) if len(held) > 1 else held[0])

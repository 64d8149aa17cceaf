"""HTTP/1.1 as uvicorn speaks it, and two things more.

An answer that is there as a whole is sent as such: by ASGI's two messages uvicorn looks at each header of each answer again. And
answers wait for the end of the event loop's round: sent one by one, each wakes its client, who takes PostgreSQL's processor while
the others wait for PostgreSQL (a tenth fewer requests on two processors).
"""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from uvicorn.protocols.http.flow_control import FlowControl
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

AT_ONCE = "octopus.at_once"
"""Under which a request's scope has what sends its whole answer. It is taken out of there: the two would hold each other."""
AtOnce = Callable[[int, bytes, bytes], bool]
"""Status, head and body to whether it could. The head's lines each end with CRLF and hold nothing that a client said; date and
connection are not among them."""


class Http(HttpToolsProtocol):
    """One connection."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(_Gathering(transport, self.loop))  # type: ignore[arg-type]

    def on_headers_complete(self) -> None:
        super().on_headers_complete()
        scope = cast(dict[str, Any], self.scope)
        scope[AT_ONCE] = partial(_answer, self.cycle)  # the application begins in the loop's next round


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


class _Gathering:
    """A transport that writes at the end of the event loop's round what was written to it meanwhile."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport, self._loop = transport, loop
        self._held: list[bytes] = []
        self.pause_reading, self.resume_reading = transport.pause_reading, transport.resume_reading
        self.is_closing, self.get_extra_info = transport.is_closing, transport.get_extra_info

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._held:
            self._loop.call_soon(self._write)
        self._held.append(data)

    def close(self) -> None:
        self._write()
        self._transport.close()

    def _write(self) -> None:
        held, self._held = self._held, []
        if held:
            self._transport.write(b"".join(held) if len(held) > 1 else held[0])

"""HTTP/1.1 as uvicorn speaks it, and one thing more: an answer that is there as a whole goes out in one piece.

By ASGI's two messages uvicorn looks at each header of each answer again, and writes twice: a tenth of a short request's time.
"""

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

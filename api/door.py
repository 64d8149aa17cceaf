"""The door: through it comes every request, and goes every answer.

A request gets its id, passes the guards, and is brought to whoever answers it; an answer gets the headers that all carry.
What nobody caught becomes 500 or 503 here. Each request has its line in the log and its numbers.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.graphql_answer import OUTAGES, RETRY_AFTER, WHOLE, error_body, fault_body, outage, reply, told
from api.headers import SecurityHeaders, Shut
from api.heads import Heads
from api.health import Metrics
from api.http import AT_ONCE, AtOnce
from api.logs import Request
from models.world import World

METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}
Guard = Callable[[Scope], Shut | None]
"""Of what many requests' heads have in common (``Head.once``)."""


class Door:
    """``paths`` without a parameter are found at once, the others by the ``router``."""

    def __init__(
        self,
        router: ASGIApp,
        paths: Mapping[str, ASGIApp],
        guards: Sequence[Guard],
        headers: SecurityHeaders,
        world: World,
        metrics: Metrics,
    ) -> None:
        self._router, self._guards, self._headers = router, guards, headers
        self._paths = {path: app for path, app in paths.items() if "{" not in path}
        self._world, self._metrics = world, metrics
        self._head_of, self._shut = Heads().of, self._guarded  # bound once: a look-up less for each request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._router(scope, receive, send)
            return
        begun = time.perf_counter()
        record = scope["octopus.request"] = Request(self._world.new_request_id())
        going = _Going(send, scope.pop(AT_ONCE, None), self._headers, record.id)
        try:
            await self._way(scope, record)(scope, receive, going)
        except Exception as fault:
            code = outage(fault)
            record.code = code or "INTERNAL"
            if code is None:
                self._metrics.faults.inc()
                self._world.log("fault", level="error", request_id=record.id, exc_info=fault)
            else:
                self._metrics.outages.labels(code).inc()
            if not going.status:  # else nothing can be said any more: the server closes the connection
                await self._last_resort(going, record.id, code)
        finally:
            self._note(scope, record, going.status, time.perf_counter() - begun)

    def _way(self, scope: Scope, record: Request) -> ASGIApp:
        """To whoever answers."""
        if (no := self._head_of(scope).once(self._shut)) is not None:
            record.code = no.noted
            body = error_body(no.code, no.message)
            return lambda _, __, send: reply(send, no.status, body)
        app = self._paths.get(scope["path"])
        if app is None:
            return self._router
        record.route = scope["path"]
        return app

    def _guarded(self, scope: Scope) -> Shut | None:
        return next((no for guard in self._guards if (no := guard(scope)) is not None), None)

    async def _last_resort(self, send: Send, request_id: str, code: str | None) -> None:
        if code is None:
            await reply(send, 500, fault_body(request_id))
        else:
            await reply(send, 503, error_body(code, OUTAGES[code]), headers=[RETRY_AFTER])

    def _note(self, scope: Scope, record: Request, status: int, took: float) -> None:
        method = record.method = scope["method"] if scope["method"] in METHODS else "OTHER"
        if record.route is None:
            route = scope.get("route")
            record.route = route.path if isinstance(route, Route) else "none"
        record.status, record.ms = status, round(took * 1000, 1)
        self._metrics.requests.add(record.route, method, str(status))
        self._world.log("request", request=record)


class _Going:
    """An answer on its way out: ``status`` is 0 until it has begun.

    A request's objects are free when it is over: what holds itself in a circle would wait for the collector, and the next
    request's find no warm memory.
    """

    __slots__ = ("_at_once", "_headers", "_request_id", "_send", "status")

    def __init__(self, send: Send, at_once: AtOnce | None, headers: SecurityHeaders, request_id: str) -> None:
        self._send, self._at_once, self._headers, self._request_id = send, at_once, headers, request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == WHOLE:
            if not self._sent_at_once(message):
                await told(self, message)
            self.status = message["status"]
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = self._headers.dressed(message["headers"])
            message["headers"].append((b"x-request-id", self._request_id.encode()))
        await self._send(message)

    def _sent_at_once(self, answer: Message) -> bool:
        if self._at_once is None or answer["headers"]:
            return False
        head = self._headers.head(answer["media"], len(answer["body"]), self._request_id)
        return self._at_once(answer["status"], head, answer["body"])

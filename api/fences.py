"""What is reached from some networks, and under some host, only: everything of support. Elsewhere it is not there.

The two applications have hosts of their own in production, so that a browser keeps them apart (same-origin policy).
"""

from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from api.callers import client_ip, headers, within
from api.graphql_answer import error_body, reply
from api.graphql_request import REPORTS, of_support
from api.logs import request_of
from api.settings import Settings

SHARED = ("/assets/", REPORTS, "/.well-known/", "/livez", "/readyz", "/metrics", "/robots.txt", "/favicon")


class Fence:
    """Answers 404 to whoever calls for support from another network, or for either application under the other's host."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._apart = settings.is_production
        self._host = urlsplit(settings.support_url).hostname

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (self._outside(scope) or self._elsewhere(scope)):
            request_of(scope).code = "FENCED"
            await reply(send, 404, error_body("NOT_FOUND", "There is nothing here."))
            return
        await self._app(scope, receive, send)

    def _outside(self, scope: Scope) -> bool:
        if not of_support(scope["path"]):
            return False
        return not within(client_ip(scope, self._settings.trusted_proxies), self._settings.support_allow)

    def _elsewhere(self, scope: Scope) -> bool:
        path = scope["path"]
        if not self._apart or path.startswith(SHARED):
            return False
        host = urlsplit("//" + headers(scope).get(b"host", b"").decode("latin-1")).hostname
        return of_support(path) is not (host == self._host)

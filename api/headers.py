"""What every answer carries, refusals and faults included; an answer that says one of these itself is left alone."""

from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.callers import scheme
from api.graphql_answer import error_body, reply
from api.logs import request_of
from api.settings import Settings

PROBES = ("/livez", "/readyz", "/metrics")  # asked from beside the proxy, not through it
API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
ALWAYS = {
    "content-security-policy": API_POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
HSTS = "max-age=63072000; includeSubDomains"


class _Header(NamedTuple):
    name: bytes
    value: bytes


class SecurityHeaders:
    """Adds the headers."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        always = ALWAYS | ({"strict-transport-security": HSTS} if settings.is_production else {})
        self._headers = [_Header(name.encode(), value.encode()) for name, value in always.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = [(name, value) for name, value in message["headers"] if name != b"server"]
                names = {name for name, _ in given}
                message["headers"] = given + [each for each in self._headers if each.name not in names]
            await send(message)

        await self._app(scope, receive, dressed)


class HttpsOnly:
    """Answers nothing over plain HTTP; development does without it."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._plain(scope):
            request_of(scope).code = "HTTPS_REQUIRED"
            await reply(send, 403, error_body("HTTPS_REQUIRED", "This service is reached over https only."))
            return
        await self._app(scope, receive, send)

    def _plain(self, scope: Scope) -> bool:
        return scheme(scope, self._settings.trusted_proxies) != "https" and scope["path"] not in PROBES

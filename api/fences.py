"""What is reached from some networks only: everything of support, where the operator says so. Elsewhere it is not there."""

from starlette.types import ASGIApp, Receive, Scope, Send

from api.callers import client_ip, within
from api.graphql_answer import error_body, reply
from api.logs import request_of
from api.settings import Settings

FENCED = "/support"


class Fence:
    """Answers 404 to whoever calls for support from another network."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and self._outside(scope):
            request_of(scope).code = "FENCED"
            await reply(send, 404, error_body("NOT_FOUND", "There is nothing here."))
            return
        await self._app(scope, receive, send)

    def _outside(self, scope: Scope) -> bool:
        path = scope["path"]
        if path != FENCED and not path.startswith(FENCED + "/"):
            return False
        return not within(client_ip(scope, self._settings.trusted_proxies), self._settings.support_allow)

"""What is reached from some networks, and under some host, only: everything of support. Elsewhere it is not there.

The two applications have hosts of their own in production, so that a browser keeps them apart (same-origin policy).
"""

from urllib.parse import urlsplit

from starlette.types import Scope

from api.callers import client_ip, within
from api.graphql_request import REPORTS, of_support
from api.headers import Shut
from api.heads import headers
from api.settings import Settings

SHARED = ("/assets/", REPORTS, "/.well-known/", "/livez", "/readyz", "/metrics", "/robots.txt", "/favicon")


class Fence:
    """Answers 404 to whoever calls for support from another network, or for either application under the other's host."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._apart = settings.is_production
        self._host = urlsplit(settings.support_url).hostname

    def __call__(self, scope: Scope) -> Shut | None:
        if self._outside(scope) or self._elsewhere(scope):
            return Shut(404, "FENCED", "NOT_FOUND", "There is nothing here.")
        return None

    def _outside(self, scope: Scope) -> bool:
        if not of_support(scope["path"]):
            return False
        return not within(client_ip(scope, self._settings.trusted_proxies), self._settings.support_allow)

    def _elsewhere(self, scope: Scope) -> bool:
        path = scope["path"]
        if not self._apart or path.startswith(SHARED):
            return False
        return of_support(path) is not (_host(headers(scope).get(b"host", b"")) == self._host)


def _host(sent: bytes) -> str | None:
    return urlsplit("//" + sent.decode("latin-1")).hostname

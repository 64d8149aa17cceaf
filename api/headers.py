"""What every answer carries, refusals and faults included; an answer that says one of these itself is left alone."""

from collections.abc import Iterable
from typing import NamedTuple

from starlette.types import Scope

from api.callers import scheme
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
Header = tuple[bytes, bytes]


class Shut(NamedTuple):
    """A guard's no: the answer's status, the code for the log, and the code and message for the client."""

    status: int
    noted: str
    code: str
    message: str


class SecurityHeaders:
    """Adds the headers."""

    def __init__(self, settings: Settings) -> None:
        always = ALWAYS | ({"strict-transport-security": HSTS} if settings.is_production else {})
        self._headers = [(name.encode(), value.encode()) for name, value in always.items()]
        self._names = {name for name, _ in self._headers}
        self._lines = b"".join([b"%b: %b\r\n" % one for one in self._headers])

    def dressed(self, given: Iterable[Header]) -> list[Header]:
        """An answer's headers with those that it does not say itself, and without the server's name."""
        kept = [one for one in given if one[0] != b"server"]
        said = [name for name, _ in kept if name in self._names]
        return kept + [one for one in self._headers if one[0] not in said] if said else kept + self._headers

    def head(self, media: bytes, length: int, request_id: str) -> bytes:
        """The lines of an answer that says nothing but its media type and its length."""
        return b"content-type: %b\r\ncontent-length: %d\r\n%bx-request-id: %b\r\n" % (
            media, length, self._lines, request_id.encode(),
        )  # fmt: skip


class HttpsOnly:
    """Answers nothing over plain HTTP; development does without it."""

    def __init__(self, settings: Settings) -> None:
        self._proxies = settings.trusted_proxies

    def __call__(self, scope: Scope) -> Shut | None:
        if scope["path"] in PROBES or scheme(scope, self._proxies) == "https":
            return None
        return Shut(403, "HTTPS_REQUIRED", "HTTPS_REQUIRED", "This service is reached over https only.")

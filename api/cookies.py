"""The cookies this service sets: a session's and the known device's, nothing else, none of them readable by scripts.

A member of staff's session has a cookie of its own, which the customers' endpoint does not look at, nor the other way round.

``__Host-`` cookies (RFC 6265bis) over https; a development server on plain-HTTP localhost uses the bare names, for a
browser would not take the others from it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from api.settings import Settings

DEVICE_LIFE = timedelta(days=365)
TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{1,512}")
AT_SIGN_OUT = (b"clear-site-data", b'"cache", "storage"')  # "cookies" would forget the device as well


class Names(NamedTuple):
    """What the cookies are called here."""

    session: str
    device: str
    secure: bool


SECURE, BARE = Names("__Host-session", "__Host-device", True), Names("session", "device", False)
STAFF_SECURE, STAFF_BARE = SECURE._replace(session="__Host-staff"), BARE._replace(session="staff")


def names(settings: Settings) -> Names:
    """Bare names only where the base URL is plain HTTP, which only development allows."""
    return SECURE if settings.base_url.startswith("https://") else BARE


def staff_names(settings: Settings) -> Names:
    """The same for staff: another session's cookie."""
    return STAFF_SECURE if settings.base_url.startswith("https://") else STAFF_BARE


def read(header: bytes) -> dict[str, str]:
    """The cookies that hold a token, by their names; of two with one name the first."""
    found: dict[str, str] = {}
    for pair in header.decode("latin-1").split(";"):
        name, _, value = pair.strip().partition("=")
        if TOKEN.fullmatch(value):
            found.setdefault(name, value)
    return found


def token(value: bytes) -> str | None:
    """A value that has a token's shape."""
    text = value.decode("latin-1")
    return text if TOKEN.fullmatch(text) else None


@dataclass(slots=True)
class CookiePort:
    """How an answer carries a session to a browser: ``headers`` is what the answer sends along."""

    names: Names
    now: Callable[[], datetime]
    _cookies: dict[str, str] = field(default_factory=dict)
    _ended: bool = False

    def begin(self, token: str, expires_at: datetime) -> None:
        """The session's cookie, which lives no longer than the session can."""
        self._set(self.names.session, token, expires_at - self.now())
        self._ended = False

    def end(self) -> None:
        """The session's cookie is taken away, and what the browser keeps of these pages with it."""
        self._set(self.names.session, "", timedelta())
        self._ended = True

    def remember_device(self, token: str) -> None:
        """A cookie that tells this browser from an unknown one, for a year."""
        self._set(self.names.device, token, DEVICE_LIFE)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        if not self._cookies:
            return []
        cookies = [(b"set-cookie", cookie.encode("ascii")) for cookie in self._cookies.values()]
        return [*cookies, AT_SIGN_OUT] if self._ended else cookies

    def _set(self, name: str, value: str, life: timedelta) -> None:
        if value and not TOKEN.fullmatch(value):
            raise ValueError("not a token that a cookie can carry")
        secure = "; Secure" if self.names.secure else ""
        seconds = max(0, int(life.total_seconds()))
        self._cookies[name] = f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly{secure}; SameSite=Strict"

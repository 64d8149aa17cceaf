"""The mail server out of its address."""

from typing import Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit


class Smtp(NamedTuple):
    """The mail server, out of ``smtp_url``."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: Literal["tls", "starttls", "none"]


def smtp_parts(url: str) -> Smtp:
    """What an ``smtp://`` address says; STARTTLS on port 587 unless it says otherwise. Raises ValueError."""
    parts = urlsplit(url)
    tls = parse_qs(parts.query, strict_parsing=bool(parts.query)).get("tls", ["starttls"])[-1]
    if parts.scheme != "smtp" or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(url)
    if tls not in ("tls", "starttls", "none"):
        raise ValueError(tls)
    user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
    return Smtp(parts.hostname, parts.port or (465 if tls == "tls" else 587), user, password, tls)  # type: ignore[arg-type]

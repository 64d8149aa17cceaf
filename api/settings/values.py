"""From what was written to a value, or ValueError saying what is expected."""

import re
from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from api.settings.smtp import smtp_parts


def word(*allowed: str) -> Callable[[Any], str]:
    def read(given: Any) -> str:
        if given not in allowed:
            raise ValueError(" or ".join(allowed))
        return str(given)

    return read


def text(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError("a text")
    return given.strip()


def path(given: Any) -> Path:
    return given if isinstance(given, Path) else Path(text(given)).expanduser()


def flag(given: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(given, bool):
        return given
    if not isinstance(given, str) or given.lower() not in words:
        raise ValueError("true or false")
    return words[given.lower()]


def number(least: float, most: float, kind: type[int] | type[float] = int) -> Callable[[Any], Any]:
    expected = f"a {'whole ' if kind is int else ''}number from {least:g} to {most:g}"

    def read(given: Any) -> float:
        try:
            value = kind(given) if not isinstance(given, bool | (float if kind is int else str)) else kind(str(given))
        except (TypeError, ValueError):
            raise ValueError(expected) from None
        if isinstance(given, bool) or not least <= value <= most:
            raise ValueError(expected)
        return value

    return read


def texts(given: Any) -> tuple[str, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("a list, separated by commas")
    return tuple(part.strip() for part in parts if part.strip())


def networks(given: Any) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in texts(given))
    except ValueError:
        raise ValueError("IP networks such as 10.0.0.0/8, separated by commas") from None


def paths(given: Any) -> tuple[Path, ...]:
    if isinstance(given, tuple) and all(isinstance(part, Path) for part in given):
        return given
    return tuple(Path(part).expanduser() for part in texts(given))


def web_address(given: Any) -> str:
    parts = urlsplit(text(given).rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.path or parts.username:
        raise ValueError("a web address without a path, such as https://accounts.example.com")
    return parts.geturl()


def contact(given: Any) -> str:
    if not text(given).startswith(("mailto:", "https://")) or not str(given).isprintable() or " " in given.strip():
        raise ValueError("mailto:ADDRESS or an https address")
    return text(given)


def database(given: Any) -> str:
    if urlsplit(text(given)).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("an address that begins with sqlite:/// or postgres://")
    return text(given)


def smtp_address(given: Any) -> str:
    try:
        smtp_parts(text(given))
    except ValueError:
        raise ValueError(
            "an address such as smtp://user:password@host:587?tls=starttls (tls, starttls or none)"
        ) from None
    return text(given)


def span(given: Any) -> timedelta:
    """ISO 8601 in days, hours, minutes and seconds."""
    if isinstance(given, timedelta):
        return given
    found = re.fullmatch(r"(-?)P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", text(given))
    if found is None:
        raise ValueError("a duration such as P400D or PT12H")
    sign, days, hours, minutes, seconds = found.groups()
    length = timedelta(int(days or 0), int(seconds or 0), minutes=int(minutes or 0), hours=int(hours or 0))
    return -length if sign else length

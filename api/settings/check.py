"""Settings that contradict each other, or that production does not take."""

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from api.settings.names import variable

if TYPE_CHECKING:
    from api.settings import Settings

CLEAR = "production reaches a database on another machine with sslmode=verify-full only"


def _in_the_clear(url: str) -> bool:
    """A database on another machine whose server nobody vouches for."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite" or _is_here(parts.hostname or ""):
        return False
    return parse_qs(parts.query).get("sslmode", [""])[-1] != "verify-full"


GUESSABLE = "its password is one of those that everybody tries first"
TRIED_FIRST = {
    "octopus",
    "postgres",
    "password",
    "passwort",
    "changeme",
    "change-me",
    "example",
    "secret",
    "admin",
    "root",
    "test",
}


def _is_guessable(url: str | None) -> bool:
    """A password out of an example, or the user's name again."""
    parts = urlsplit(url or "")
    password = unquote(parts.password or "").lower()
    return bool(password) and (password in TRIED_FIRST or password == unquote(parts.username or "").lower())


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def contradictions(s: "Settings", letters_asked_for: bool) -> list[tuple[bool, str]]:
    """Whether each rule is broken, and the sentence that says so. ``letters_asked_for``: letters_dir was set, not filled in."""
    production = s.is_production
    return [
        (s.location != "GB", f"OCTOPUS_LOCATION: data is kept in GB (clause 2), not in {s.location}"),
        (
            s.main_url == s.keystore_url,
            "OCTOPUS_KEYSTORE_URL: the keys need a database of their own, not OCTOPUS_MAIN_URL's",
        ),
        (
            s.smtp_url is not None and letters_asked_for,
            "OCTOPUS_LETTERS_DIR contradicts OCTOPUS_SMTP_URL: letters are either files or mail",
        ),
        (production and not s.base_url.startswith("https://"), "OCTOPUS_BASE_URL: production needs an https address"),
        (
            production and (s.argon2_memory_kib < 19456 or (s.argon2_time < 2 and s.argon2_memory_kib < 47104)),
            "OCTOPUS_ARGON2_MEMORY_KIB, OCTOPUS_ARGON2_TIME: production takes 19456 KiB and 2 passes, or 47104 KiB, at least",
        ),
        ((s.tls_cert is None) != (s.tls_key is None), "OCTOPUS_TLS_CERT and OCTOPUS_TLS_KEY: one needs the other"),
        *(
            (production and _is_guessable(getattr(s, name)), f"{variable(name)}: {GUESSABLE}")
            for name in ("main_url", "keystore_url", "smtp_url")
        ),
        *(
            (production and _in_the_clear(getattr(s, name)), f"{variable(name)}: {CLEAR}")
            for name in ("main_url", "keystore_url")
        ),
        (
            production and s.smtp is not None and s.smtp.tls == "none" and not _is_here(s.smtp.host),
            "OCTOPUS_SMTP_URL: production sends letters to another machine with tls=starttls or tls=tls only",
        ),
        (
            production and urlsplit(s.support_url).hostname == urlsplit(s.base_url).hostname,
            "OCTOPUS_SUPPORT_URL: production serves support under a host of its own",
        ),
        (
            production and not s.support_url.startswith("https://"),
            "OCTOPUS_SUPPORT_URL: production needs an https address",
        ),
        (production and s.smtp_url is None, "OCTOPUS_SMTP_URL: production needs a mail server"),
        (production and bool(s.clock_offset), "OCTOPUS_CLOCK_OFFSET: the clock is set ahead in development only"),
    ]

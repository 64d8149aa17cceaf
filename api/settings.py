"""The settings: read once, frozen, each documented. An unknown, wrong or contradictory one refuses to start.

From the environment (``OCTOPUS_PORT=8080``) and a TOML file (``port = 8080`` in ``OCTOPUS_CONFIG`` or ./octopus.toml);
the environment wins. A secret may stand in a file of its own: ``OCTOPUS_SMTP_URL_FILE=/run/secrets/smtp``.
"""

# ruff: noqa: RUF009  `setting` makes a dataclass field of an unchangeable default

import difflib
import os
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any, Literal, NamedTuple
from urllib.parse import parse_qs, unquote, urlsplit

PREFIX = "OCTOPUS_"
ELSEWHERE = {"OCTOPUS_CONFIG", "OCTOPUS_REQUIRE_BROWSER"}  # ours, but no settings of the service
HOUSE = Path(__file__).parents[1]


class WrongSetting(Exception):
    """A setting that cannot be used; the text is one sentence that names it."""


class Smtp(NamedTuple):
    """The mail server, out of ``smtp_url``."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: Literal["tls", "starttls", "none"]


# ---- readers: from what was written to a value, or ValueError saying what is expected --------------------------------
def _word(*allowed: str) -> Callable[[Any], str]:
    def read(given: Any) -> str:
        if given not in allowed:
            raise ValueError(" or ".join(allowed))
        return str(given)

    return read


def _text(given: Any) -> str:
    if not isinstance(given, str) or not given.strip():
        raise ValueError("a text")
    return given.strip()


def _path(given: Any) -> Path:
    return given if isinstance(given, Path) else Path(_text(given)).expanduser()


def _flag(given: Any) -> bool:
    words = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}
    if isinstance(given, bool):
        return given
    if not isinstance(given, str) or given.lower() not in words:
        raise ValueError("true or false")
    return words[given.lower()]


def _number(least: float, most: float, kind: type[int] | type[float] = int) -> Callable[[Any], Any]:
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


def _list(given: Any) -> tuple[str, ...]:
    parts = given.split(",") if isinstance(given, str) else given
    if not isinstance(parts, list | tuple) or not all(isinstance(part, str) for part in parts):
        raise ValueError("a list, separated by commas")
    return tuple(part.strip() for part in parts if part.strip())


def _networks(given: Any) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part)) for part in _list(given))
    except ValueError:
        raise ValueError("IP networks such as 10.0.0.0/8, separated by commas") from None


def _paths(given: Any) -> tuple[Path, ...]:
    if isinstance(given, tuple) and all(isinstance(part, Path) for part in given):
        return given
    return tuple(Path(part).expanduser() for part in _list(given))


def _web_address(given: Any) -> str:
    parts = urlsplit(_text(given).rstrip("/"))
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.path or parts.username:
        raise ValueError("a web address without a path, such as https://accounts.example.com")
    return parts.geturl()


def _contact(given: Any) -> str:
    if not _text(given).startswith(("mailto:", "https://")) or not str(given).isprintable() or " " in given.strip():
        raise ValueError("mailto:ADDRESS or an https address")
    return _text(given)


def _database(given: Any) -> str:
    if urlsplit(_text(given)).scheme not in ("sqlite", "postgres", "postgresql"):
        raise ValueError("an address that begins with sqlite:/// or postgres://")
    return _text(given)


def _smtp(given: Any) -> str:
    try:
        smtp_parts(_text(given))
    except ValueError:
        raise ValueError(
            "an address such as smtp://user:password@host:587?tls=starttls (tls, starttls or none)"
        ) from None
    return _text(given)


def _span(given: Any) -> timedelta:
    """ISO 8601 in days, hours, minutes and seconds."""
    if isinstance(given, timedelta):
        return given
    found = re.fullmatch(r"(-?)P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", _text(given))
    if found is None:
        raise ValueError("a duration such as P400D or PT12H")
    sign, days, hours, minutes, seconds = found.groups()
    span = timedelta(int(days or 0), int(seconds or 0), minutes=int(minutes or 0), hours=int(hours or 0))
    return -span if sign else span


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


def setting(default: Any, about: str, read: Callable[[Any], Any], *, shown: str = "", secret: bool = False) -> Any:
    """A documented field. ``shown``: its default in words, where that follows from other settings."""
    return field(default=default, metadata={"about": about, "read": read, "shown": shown, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may decide. The privacy policy's numbers stand in the policy's data."""

    # Where it runs and how it is reached
    profile: Literal["development", "production"] = setting(
        "development", "production is strict; development needs no outside world.", _word("development", "production")
    )
    host: str = setting("127.0.0.1", "The address to listen on.", _text)
    port: int = setting(8000, "The port to listen on.", _number(0, 65535))
    base_url: str = setting(
        None, "Starts every link in a letter; https in production.", _web_address, shown="http://localhost:PORT"
    )
    support_url: str = setting(
        None, "Where staff work: in production a host of its own.", _web_address,
        shown="https://support.HOST in production, else BASE_URL",
    )  # fmt: skip
    trusted_proxies: tuple[str, ...] = setting((), "Networks whose X-Forwarded-For is believed.", _networks)
    tls_cert: Path | None = setting(
        None, "A certificate chain (PEM) to serve https without a proxy; SIGHUP reads it again.", _path
    )
    tls_key: Path | None = setting(None, "The certificate's private key, readable by the service only.", _path)
    support_allow: tuple[str, ...] = setting(
        ("0.0.0.0/0", "::/0"), "Networks from which /support can be reached at all.", _networks
    )
    security_contact: str | None = setting(
        None, "Where holes are told, in security.txt: mailto:… or https://…", _contact, shown="the company's address"
    )
    metrics_allow: tuple[str, ...] = setting(("127.0.0.1/32", "::1/128"), "Networks that may read /metrics.", _networks)
    location: str = setting("GB", "The country the data lies in; anything but GB is refused (clause 2).", _text)

    # What is stored, and where
    data_dir: Path = setting(Path("var"), "The folder of the server's own data.", _path)
    main_url: str = setting(
        None,
        "The main database: sqlite:///FILE or postgres://…",
        _database,
        shown="sqlite:///DATA_DIR/octopus.db",
        secret=True,
    )
    keystore_url: str = setting(
        None, "The second database, of the keys.", _database, shown="sqlite:///DATA_DIR/keystore.db", secret=True
    )
    database_ca: Path | None = setting(
        None, "Certificates (PEM) that PostgreSQL servers are trusted by.", _path, shown="this machine's own"
    )
    key_file: Path = setting(
        None, "The key-encryption keys, readable by the service only.", _path, shown="DATA_DIR/keys.json"
    )
    key_ring: str | None = setting(
        None, "The key file's contents themselves, where something else manages keys (no rotation).", _text, secret=True
    )
    exports_dir: Path = setting(None, "Sealed exports until they are downloaded.", _path, shown="DATA_DIR/exports")
    ledger_file: Path = setting(
        None, "The tombstones' second home; keep it out of the databases' backups.", _path, shown="DATA_DIR/ledger"
    )
    checkpoints_file: Path = setting(
        None,
        "The signed states of the event chain; keep it out of the backups, too.",
        _path,
        shown="DATA_DIR/checkpoints",
    )
    backups_dir: Path = setting(
        None, "Where `octopus backup` puts its copies; better on another disk.", _path, shown="DATA_DIR/backups"
    )
    places_file: Path | None = setting(
        None, "A table of places by IP address (MMDB); none: every place is unknown.", _path
    )

    # Letters
    letters_dir: Path = setting(
        None, "Where letters land as files, as long as no SMTP server is set.", _path, shown="DATA_DIR/letters"
    )
    smtp_url: str | None = setting(
        None, "The mail server: smtp://user:password@host:587?tls=starttls (tls, starttls or none).", _smtp, secret=True
    )
    sender: str = setting("Octopus Telecom <accounts@example.com>", "From whom letters come.", _text)

    # What clients may ask
    pages_dir: Path = setting(HOUSE / "frontend/dist", "The built front ends.", _path, shown="frontend/dist")
    documents_dirs: tuple[Path, ...] = setting(
        (HOUSE / "schema/documents", HOUSE / "frontend/dist/documents"), "Where trusted documents come from.", _paths,
        shown="schema/documents, frontend/dist/documents",
    )  # fmt: skip
    ad_hoc: bool = setting(
        None, "Whether queries beside the trusted documents are answered.", _flag, shown="true in development"
    )
    body_limit: int = setting(65536, "Bytes in a request's body.", _number(1024, 10_000_000))
    operation_timeout: float = setting(5.0, "Seconds for one operation.", _number(0.1, 300, float))
    rate_cost: int = setting(
        60_000, "What one caller's operations may cost within a minute, in this process.", _number(1000, 10**12)
    )
    max_depth: int = setting(10, "Fields below each other in an operation.", _number(1, 100))
    max_cost: int = setting(2000, "Fields of an operation, the sizes of lists multiplied.", _number(1, 1_000_000))
    max_aliases: int = setting(15, "Aliases in an operation.", _number(0, 1000))
    max_root_fields: int = setting(8, "Root fields of an operation.", _number(1, 1000))
    max_tokens: int = setting(1500, "Tokens of a document.", _number(10, 100_000))

    # Passwords (argon2id, RFC 9106)
    argon2_memory_kib: int = setting(19456, "Memory for one password, in KiB.", _number(8, 4_194_304))
    argon2_time: int = setting(2, "Passes over that memory.", _number(1, 100))
    argon2_parallelism: int = setting(1, "Lanes of that memory.", _number(1, 64))
    hash_threads: int = setting(
        max(1, (os.cpu_count() or 1) - 1), "Threads that do nothing but passwords.", _number(1, 256), shown="cores - 1"
    )
    hash_queue: int = setting(32, "Passwords that may wait; more are refused for a moment.", _number(0, 10_000))

    # The worker
    worker_every: float = setting(1.0, "Seconds between two rounds of the duties.", _number(0.05, 3600, float))
    erasure_share: float = setting(
        0.01, "The share of all customers that one round may erase, at least one.", _number(0.000001, 1, float)
    )
    clock_offset: timedelta = setting(
        timedelta(), "Development only: the clock runs ahead by this (P400D).", _span, shown="PT0S"
    )
    log_level: str = setting("info", "debug, info, warning or error.", _word("debug", "info", "warning", "error"))

    def __post_init__(self) -> None:
        """Fill what follows from other settings, then refuse contradictions. Raises WrongSetting."""
        base_url = self.base_url or f"{'https' if self.tls_cert else 'http'}://localhost:{self.port}"
        follows: dict[str, Any] = {
            "base_url": base_url,
            "support_url": base_url.replace("://", "://support.", 1) if self.is_production else base_url,
            "main_url": f"sqlite:///{self.data_dir / 'octopus.db'}",
            "keystore_url": f"sqlite:///{self.data_dir / 'keystore.db'}",
            "key_file": self.data_dir / "keys.json",
            "exports_dir": self.data_dir / "exports",
            "ledger_file": self.data_dir / "ledger",
            "checkpoints_file": self.data_dir / "checkpoints",
            "backups_dir": self.data_dir / "backups",
            "letters_dir": self.data_dir / "letters",
            "ad_hoc": not self.is_production,
        }
        letters_asked_for = self.letters_dir is not None
        for name, value in follows.items():
            if getattr(self, name) is None:
                object.__setattr__(self, name, value)
        for broken, sentence in _contradictions(self, letters_asked_for):
            if broken:
                raise WrongSetting(sentence)

    @property
    def is_production(self) -> bool:
        return self.profile == "production"

    @property
    def smtp(self) -> Smtp | None:
        """The mail server, or None while letters are files."""
        return smtp_parts(self.smtp_url) if self.smtp_url else None

    def warnings(self) -> list[str]:
        """What works but deserves a second look."""
        sqlite = [name for name in ("main_url", "keystore_url") if getattr(self, name).startswith("sqlite")]
        if self.is_production and sqlite:
            return [
                f"{' and '.join(map(variable, sqlite))}: SQLite serves one machine; PostgreSQL is what production uses"
            ]
        return []


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


def _contradictions(s: Settings, letters_asked_for: bool) -> list[tuple[bool, str]]:
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


# ---- reading ---------------------------------------------------------------------------------------------------------
def variable(name: str) -> str:
    """A setting's name in the environment."""
    return PREFIX + name.upper()


def read_settings(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings out of the environment and the TOML file of ``folder``. Raises WrongSetting."""
    environment = os.environ if environment is None else environment
    known = {one.name: one for one in fields(Settings)}
    path = Path(environment.get("OCTOPUS_CONFIG") or (folder or Path()) / "octopus.toml")
    given: dict[str, Any] = {}
    for name, value in _file(path, "OCTOPUS_CONFIG" in environment).items():
        if name not in known:
            raise WrongSetting(f"{name} in {path} is no setting{_perhaps(name, known)}")
        given[name] = _read(known[name], f"{name} in {path}", value)
    given |= _from_environment(environment, known)
    return Settings(**given)


def _from_environment(environment: Mapping[str, str], known: Mapping[str, "Field[Any]"]) -> dict[str, Any]:
    given: dict[str, Any] = {}
    for key in sorted(environment):
        if not key.startswith(PREFIX) or key in ELSEWHERE:
            continue
        name, value = key.removeprefix(PREFIX).lower(), environment[key]
        secret = name.removesuffix("_file")
        if name not in known and secret in known and known[secret].metadata["secret"]:
            name, value = secret, _secret(key, Path(value))
        if name not in known:
            raise WrongSetting(f"{key} is no setting{_perhaps(key, map(variable, known))}")
        if name in given:
            raise WrongSetting(f"{key} and {variable(name)} are both set")
        given[name] = _read(known[name], key, value)
    return given


def _read(one: "Field[Any]", where: str, value: Any) -> Any:
    try:
        return one.metadata["read"](value)
    except ValueError as expected:
        instead = "" if one.metadata["secret"] else f", not {value!r}"
        raise WrongSetting(f"{where}: expected {expected}{instead}") from None


def _file(path: Path, required: bool) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text())
    except FileNotFoundError:
        if required:
            raise WrongSetting(f"OCTOPUS_CONFIG: there is no file {path}") from None
        return {}
    except (OSError, ValueError) as trouble:
        raise WrongSetting(f"{path} cannot be read: {trouble}") from None


def _secret(key: str, path: Path) -> str:
    try:
        return path.read_text().strip()
    except (OSError, ValueError) as trouble:
        raise WrongSetting(f"{key}: {path} cannot be read: {getattr(trouble, 'strerror', 'not a text')}") from None


def _perhaps(name: str, known: Any) -> str:
    close = difflib.get_close_matches(name, list(known), 1)
    return f"; perhaps {close[0]}" if close else ""


class Described(NamedTuple):
    """One row of the table of settings. ``value`` is None unless asked for, and dots for a secret that is set."""

    name: str
    default: str
    about: str
    value: str | None = None


def describe(settings: Settings | None = None) -> list[Described]:
    """The table of settings for the README and ``octopus settings``."""
    return [
        Described(variable(one.name), _default(one), one.metadata["about"], _value(one, settings) if settings else None)
        for one in fields(Settings)
    ]


def _default(one: "Field[Any]") -> str:
    default = None if one.default is MISSING else one.default
    return one.metadata["shown"] or _shown(default)


def _value(one: "Field[Any]", settings: Settings) -> str:
    value = getattr(settings, one.name)
    if one.metadata["secret"] and value and not str(value).startswith("sqlite"):
        return "•••"
    return _shown(value)


def _shown(value: Any) -> str:
    match value:
        case None | ():
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return ", ".join(map(str, value))
        case timedelta():
            return f"PT{int(value.total_seconds())}S"
        case _:
            return str(value)

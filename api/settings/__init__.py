"""The settings: read once, frozen, each documented. An unknown, wrong or contradictory one refuses to start.

From the environment (``OCTOPUS_PORT=8080``) and a TOML file (``port = 8080`` in ``OCTOPUS_CONFIG`` or ./octopus.toml);
the environment wins. A secret may stand in a file of its own: ``OCTOPUS_SMTP_URL_FILE=/run/secrets/smtp``.
"""

# ruff: noqa: RUF009  `setting` makes a dataclass field of an unchangeable default

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from api.settings.check import contradictions
from api.settings.names import variable
from api.settings.smtp import Smtp, smtp_parts
from api.settings.values import (
    contact,
    database,
    flag,
    networks,
    number,
    path,
    paths,
    smtp_address,
    span,
    text,
    web_address,
    word,
)

HOUSE = Path(__file__).parents[2]


class WrongSetting(Exception):
    """A setting that cannot be used; the text is one sentence that names it."""


def setting(default: Any, about: str, read: Callable[[Any], Any], *, shown: str = "", secret: bool = False) -> Any:
    """A documented field. ``shown``: its default in words, where that follows from other settings."""
    return field(default=default, metadata={"about": about, "read": read, "shown": shown, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything an operator may decide. The privacy policy's numbers stand in the policy's data."""

    # Where it runs and how it is reached
    profile: Literal["development", "production"] = setting(
        "development", "production is strict; development needs no outside world.", word("development", "production")
    )
    host: str = setting("127.0.0.1", "The address to listen on.", text)
    port: int = setting(8000, "The port to listen on.", number(0, 65535))
    base_url: str = setting(
        None, "Starts every link in a letter; https in production.", web_address, shown="http://localhost:PORT"
    )
    support_url: str = setting(
        None, "Where staff work: in production a host of its own.", web_address,
        shown="https://support.HOST in production, else BASE_URL",
    )  # fmt: skip
    trusted_proxies: tuple[str, ...] = setting((), "Networks whose X-Forwarded-For is believed.", networks)
    tls_cert: Path | None = setting(
        None, "A certificate chain (PEM) to serve https without a proxy; SIGHUP reads it again.", path
    )
    tls_key: Path | None = setting(None, "The certificate's private key, readable by the service only.", path)
    support_allow: tuple[str, ...] = setting(
        ("0.0.0.0/0", "::/0"), "Networks from which /support can be reached at all.", networks
    )
    security_contact: str | None = setting(
        None, "Where holes are told, in security.txt: mailto:… or https://…", contact, shown="the company's address"
    )
    metrics_allow: tuple[str, ...] = setting(("127.0.0.1/32", "::1/128"), "Networks that may read /metrics.", networks)
    location: str = setting("GB", "The country the data lies in; anything but GB is refused (clause 2).", text)

    # What is stored, and where
    data_dir: Path = setting(Path("var"), "The folder of the server's own data.", path)
    main_url: str = setting(
        None,
        "The main database: sqlite:///FILE or postgres://…",
        database,
        shown="sqlite:///DATA_DIR/octopus.db",
        secret=True,
    )
    keystore_url: str = setting(
        None, "The second database, of the keys.", database, shown="sqlite:///DATA_DIR/keystore.db", secret=True
    )
    database_ca: Path | None = setting(
        None, "Certificates (PEM) that PostgreSQL servers are trusted by.", path, shown="this machine's own"
    )
    key_file: Path = setting(
        None, "The key-encryption keys, readable by the service only.", path, shown="DATA_DIR/keys.json"
    )
    key_ring: str | None = setting(
        None, "The key file's contents themselves, where something else manages keys (no rotation).", text, secret=True
    )
    exports_dir: Path = setting(None, "Sealed exports until they are downloaded.", path, shown="DATA_DIR/exports")
    ledger_file: Path = setting(
        None, "The tombstones' second home; keep it out of the databases' backups.", path, shown="DATA_DIR/ledger"
    )
    checkpoints_file: Path = setting(
        None,
        "The signed states of the event chain; keep it out of the backups, too.",
        path,
        shown="DATA_DIR/checkpoints",
    )
    backups_dir: Path = setting(
        None, "Where `octopus backup` puts its copies; better on another disk.", path, shown="DATA_DIR/backups"
    )
    places_file: Path | None = setting(
        None, "A table of places by IP address (MMDB); none: every place is unknown.", path
    )

    # Letters
    letters_dir: Path = setting(
        None, "Where letters land as files, as long as no SMTP server is set.", path, shown="DATA_DIR/letters"
    )
    smtp_url: str | None = setting(
        None,
        "The mail server: smtp://user:password@host:587?tls=starttls (tls, starttls or none).",
        smtp_address,
        secret=True,
    )
    sender: str = setting("Octopus Telecom <accounts@example.com>", "From whom letters come.", text)

    # What clients may ask
    pages_dir: Path = setting(HOUSE / "frontend/dist", "The built front ends.", path, shown="frontend/dist")
    documents_dirs: tuple[Path, ...] = setting(
        (HOUSE / "schema/documents", HOUSE / "frontend/dist/documents"), "Where trusted documents come from.", paths,
        shown="schema/documents, frontend/dist/documents",
    )  # fmt: skip
    ad_hoc: bool = setting(
        None, "Whether queries beside the trusted documents are answered.", flag, shown="true in development"
    )
    body_limit: int = setting(65536, "Bytes in a request's body.", number(1024, 10_000_000))
    operation_timeout: float = setting(5.0, "Seconds for one operation.", number(0.1, 300, float))
    rate_cost: int = setting(
        60_000, "What one caller's operations may cost within a minute, in this process.", number(1000, 10**12)
    )
    max_depth: int = setting(10, "Fields below each other in an operation.", number(1, 100))
    max_cost: int = setting(2000, "Fields of an operation, the sizes of lists multiplied.", number(1, 1_000_000))
    max_aliases: int = setting(15, "Aliases in an operation.", number(0, 1000))
    max_root_fields: int = setting(8, "Root fields of an operation.", number(1, 1000))
    max_tokens: int = setting(1500, "Tokens of a document.", number(10, 100_000))

    # Passwords (argon2id, RFC 9106)
    argon2_memory_kib: int = setting(19456, "Memory for one password, in KiB.", number(8, 4_194_304))
    argon2_time: int = setting(2, "Passes over that memory.", number(1, 100))
    argon2_parallelism: int = setting(1, "Lanes of that memory.", number(1, 64))
    hash_threads: int = setting(
        max(1, (os.cpu_count() or 1) - 1), "Threads that do nothing but passwords.", number(1, 256), shown="cores - 1"
    )
    hash_queue: int = setting(32, "Passwords that may wait; more are refused for a moment.", number(0, 10_000))

    # The worker
    worker_every: float = setting(1.0, "Seconds between two rounds of the duties.", number(0.05, 3600, float))
    erasure_share: float = setting(
        0.01, "The share of all customers that one round may erase, at least one.", number(0.000001, 1, float)
    )

    # The clock and the log
    clock_offset: timedelta = setting(
        timedelta(), "Development only: the clock runs ahead by this (P400D).", span, shown="PT0S"
    )
    log_level: str = setting("info", "debug, info, warning or error.", word("debug", "info", "warning", "error"))

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
        for broken, sentence in contradictions(self, letters_asked_for):
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

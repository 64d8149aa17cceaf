"""The real World. The only file that reads the clock or rolls dice; everybody else asks ``world``."""

import asyncio
import secrets
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urlsplit
from uuid import UUID

import uuid_utils
from uuid_utils.compat import uuid7

from api.backup_files import FileBackups
from api.keys import FileKeyRing, HeldRing, KeyFileUnusable, make_key_file
from api.ledger import FileLedger
from api.logs import make_log
from api.passwords import ArgonPasswords
from api.places import MmdbPlaces, Unknown
from api.post import FilePost, SmtpPost
from api.settings import Settings
from api.shelf import FileShelf
from api.traces import FileTraces
from models.policy import load
from models.recent import Recent
from models.vault import Vault
from models.visits import Visits
from models.world import World

MEASURED_FOR = timedelta(minutes=1)
"""A report of all promises takes a second of many rows: twenty who look at it within a minute see the same one."""
VISITS_GATHERED_FOR = 1.0  # seconds
random_bytes: Callable[[int], bytes] = secrets.token_bytes


def real_world(settings: Settings, *, as_of: datetime | None = None) -> World:
    """Everything wired together. ``as_of``: the clock starts there and goes on from it, without the guard of the keys.

    Raises KeyFileUnusable, PlacesUnusable, and what is wrong with the policy.
    """
    now = clock(settings, as_of)
    return World(
        now=now,
        new_id=new_id,
        new_request_id=new_request_id,
        new_secret=new_secret,
        passwords=ArgonPasswords(
            now,
            threads=settings.hash_threads,
            queue=settings.hash_queue,
            memory_kib=settings.argon2_memory_kib,
            time=settings.argon2_time,
            parallelism=settings.argon2_parallelism,
        ),
        locate=(MmdbPlaces(settings.places_file) if settings.places_file else Unknown()).locate,
        vault=Vault(key_ring(settings), now=now, random=random_bytes),
        policy=replace(load()),
        post=_post(settings, now),
        shelf=FileShelf(settings.exports_dir),
        ledger=FileLedger(settings.ledger_file),
        checkpoints=FileLedger(settings.checkpoints_file),
        backups=_backups(settings, now),
        traces=_traces(settings),
        base_url=settings.base_url,
        pause=asyncio.sleep,
        log=make_log(settings.log_level, settings.profile),
        guarded=as_of is None,
        support_url=settings.support_url,
        recent=Recent(MEASURED_FOR),
        visits=Visits(VISITS_GATHERED_FOR),
    )


def clock(settings: Settings, as_of: datetime | None = None) -> Callable[[], datetime]:
    """The time in UTC, ahead by the development setting, or running on from ``as_of``."""
    ahead = settings.clock_offset if as_of is None else as_of - datetime.now(UTC)
    return (lambda: datetime.now(UTC) + ahead) if ahead else partial(datetime.now, UTC)


def steady() -> float:
    """Seconds of real time since the machine started: nobody can set this clock."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


def new_id() -> UUID:
    """UUIDv7 (RFC 9562): in the order they were made."""
    return uuid7()


def new_request_id() -> str:
    """The same as text, in a seventh of the time: every request has one."""
    return str(uuid_utils.uuid7())


def new_secret() -> str:
    """256 random bits for a link or a token."""
    return secrets.token_urlsafe(32)


def key_ring(settings: Settings) -> HeldRing:
    """The key ring of the settings; development makes its own at first start. Raises KeyFileUnusable."""
    if settings.key_ring is not None:
        return HeldRing(settings.key_ring)
    if not settings.key_file.exists():
        if settings.is_production:
            raise KeyFileUnusable(
                f"OCTOPUS_KEY_FILE: there is no key file {settings.key_file}; "
                "for a new installation, `octopus keys new` makes one"
            )
        make_key_file(settings.key_file, random_bytes)
    return FileKeyRing(settings.key_file, random_bytes)


def _backups(settings: Settings, now: Callable[[], datetime]) -> FileBackups:
    return FileBackups(
        settings.backups_dir,
        {"main": settings.main_url, "keystore": settings.keystore_url},
        now=now,
        expected=settings.is_production,
    )


def _post(settings: Settings, now: Callable[[], datetime]) -> FilePost | SmtpPost:
    if (smtp := settings.smtp) is None:
        return FilePost(sender=settings.sender, now=now, folder=settings.letters_dir)
    return SmtpPost(sender=settings.sender, now=now, **smtp._asdict())


def _traces(settings: Settings) -> FileTraces:
    urls = (urlsplit(url) for url in (settings.main_url, settings.keystore_url))
    return FileTraces(
        settings.data_dir,
        places=[settings.letters_dir, settings.exports_dir, settings.ledger_file, settings.checkpoints_file],
        databases=[Path(unquote(url.path.removeprefix("/"))) for url in urls if url.scheme == "sqlite"],
    )

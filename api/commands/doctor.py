"""octopus doctor"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from urllib.parse import urlsplit

import typer

from api.commands.opening import databases, prepared
from api.commands.trouble import Trouble, sentence, told
from api.settings import Settings

LITTLE_SPACE = 1 << 30
LATE = timedelta(minutes=5)
A_DAY = timedelta(days=1)
Check = Callable[[Settings], Awaitable[str]]


def doctor() -> None:
    """Look at everything the service stands on; exit code 1 if something is wrong."""
    with told():
        settings = prepared()
    well = asyncio.run(_examine(settings))
    if not well:
        raise typer.Exit(1)


async def _examine(settings: Settings) -> bool:
    well = True
    async for name, said, fine in examined(settings):
        print(f"{'✓' if fine else '✗'} {name}: {said}", flush=True)
        well = well and fine
    for warning in settings.warnings():
        print(f"! {warning}")
    return well


async def examined(settings: Settings) -> AsyncIterator[tuple[str, str, bool]]:
    """Each check's name, what it found in words, and whether that is well."""
    checks: dict[str, Check] = {
        "key file": _keys, "policy": _policy, "folders": _folders,
        "disk": _disk, "places": _places, "mail server": _mail,
    }  # fmt: skip
    for name, check in checks.items():
        yield name, *await _outcome(check, settings)
    inside: dict[str, Check] = {
        "databases": _databases, "keystore": _keystore, "restored": _restored, "backups": _backups, "guards": _guards,
        "worker": _worker,
    }  # fmt: skip
    for name, check in inside.items():
        yield name, *await _outcome(_with_databases(check), settings)


async def _outcome(check: Check, settings: Settings) -> tuple[str, bool]:
    try:
        return await check(settings), True
    except Exception as fault:
        return sentence(fault) or f"{type(fault).__name__}: {fault}", False


def _with_databases(check: Check) -> Check:
    async def opened(settings: Settings) -> str:
        async with databases(settings):
            return await check(settings)

    return opened


async def _keys(settings: Settings) -> str:
    from api.keys import ROTATE_AFTER, age_of
    from api.world import clock, key_ring

    if settings.key_ring is None and not settings.key_file.exists() and not settings.is_production:
        return f"{settings.key_file} will be made at the first start"
    said, age = f"{len(key_ring(settings).ids())} key-encryption keys", age_of(settings.key_file, clock(settings)())
    if age is None or settings.key_ring is not None:
        return said
    if age > ROTATE_AFTER:
        raise Trouble(f"the key-encryption key is {age.days} days old: run octopus keys rotate")
    return f"{said}, the newest {max(0, age.days)} d old"


async def _policy(settings: Settings) -> str:
    from models.policy import load

    load()
    return "loads and does not contradict itself"


async def _folders(settings: Settings) -> str:
    for folder in (settings.data_dir, settings.exports_dir, settings.ledger_file.parent):
        nearest = next(one for one in (folder, *folder.absolute().parents) if one.exists())
        if not os.access(nearest, os.W_OK):
            raise Trouble(f"{folder} cannot be written")
    return "can be written"


async def _disk(settings: Settings) -> str:
    folder = next(one for one in (settings.data_dir, *settings.data_dir.absolute().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    if free < LITTLE_SPACE:
        raise Trouble(f"only {free >> 20} MiB are free where {settings.data_dir} is")
    return f"{free >> 30} GiB free"


async def _places(settings: Settings) -> str:
    from api.places import MmdbPlaces

    if settings.places_file is None:
        return "no table: every place is unknown"
    MmdbPlaces(settings.places_file).close()
    return f"{settings.places_file}"


async def _mail(settings: Settings) -> str:
    if (smtp := settings.smtp) is None:
        return f"none: letters land in {settings.letters_dir}"
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(smtp.host, smtp.port), 5)
    except OSError:
        raise Trouble(f"OCTOPUS_SMTP_URL: {smtp.host}:{smtp.port} does not answer") from None
    writer.close()
    return f"{smtp.host}:{smtp.port} answers"


async def _databases(settings: Settings) -> str:
    from models.migrations.runner import pending

    if waiting := await pending():
        raise Trouble(f"{len(waiting)} migrations are waiting: run octopus migrate")
    return "answer, and are up to date"


async def _keystore(settings: Settings) -> str:
    from api.world import real_world
    from models.keystore import PersonKey
    from models.retention.guards import missing_keys

    if settings.key_ring is None and not settings.key_file.exists():
        return "waits for the key file"
    world = real_world(settings)
    await world.vault.belongs()
    if missing := await missing_keys(world):
        raise Trouble(f"{missing} customers have no key: it is older than the main database")
    return f"belongs to the key file, {await PersonKey.all().count()} keys"


async def _restored(settings: Settings) -> str:
    from api.world import real_world
    from models.retention.replay import refuse_restored

    if settings.key_ring is None and not settings.key_file.exists():
        return "waits for the key file"
    await refuse_restored(real_world(settings))
    return "nobody who was erased is back"


async def _backups(settings: Settings) -> str:
    from api.world import clock
    from models.retention.backups import ages

    now, found = clock(settings)(), await ages()
    newest = {age.store: now - age.newest for age in found}
    late = [store for store in ("main", "keystore") if newest.get(store, A_DAY) >= A_DAY]
    if settings.is_production and late:
        raise Trouble(f"no backup of {' or '.join(late)} is younger than a day: run octopus backup every day")
    on_postgres = any(urlsplit(url).scheme != "sqlite" for url in (settings.main_url, settings.keystore_url))
    if on_postgres and not shutil.which("pg_dump"):
        raise Trouble("there is no pg_dump here: install PostgreSQL's client programs of the server's version")
    said = [f"{age.count} of {age.store}, {_age(now - age.newest)} to {_age(now - age.oldest)} old" for age in found]
    return "; ".join(said) or "none yet: octopus backup"


def _age(span: timedelta) -> str:
    return f"{span.days} d" if span >= A_DAY else f"{span.total_seconds() / 3600:.0f} h"


async def _guards(settings: Settings) -> str:
    from models.retention.guards import is_stopped

    if await is_stopped():
        raise Trouble(
            "destructive duties rest, because customers were without keys: put the keystore right, then octopus restore"
        )
    return "nothing is stopped"


async def _worker(settings: Settings) -> str:
    from api.world import clock
    from models.tables import Beat

    now = clock(settings)()
    alive = await Beat.filter(at__gt=now - LATE).count()
    if not alive and await Beat.exists():
        raise Trouble("no worker has shown a sign of life for five minutes")
    return f"{alive} alive" if alive else "none has run yet"

"""octopus doctor"""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import typer

from api.commands.opening import databases, prepared
from api.commands.trouble import Trouble, sentence, told
from api.settings import Settings

LITTLE_SPACE = 1 << 30
LATE = timedelta(minutes=5)
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
    for name, check in {"databases": _databases, "keystore": _keystore, "worker": _worker}.items():
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
    from api.world import key_ring

    if settings.key_ring is None and not settings.key_file.exists() and not settings.is_production:
        return f"{settings.key_file} will be made at the first start"
    return f"{len(key_ring(settings).ids())} key-encryption keys"


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
    MmdbPlaces(Path(settings.places_file)).close()
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

    if settings.key_ring is None and not settings.key_file.exists():
        return "waits for the key file"
    await real_world(settings).vault.belongs()
    return f"belongs to the key file, {await PersonKey.all().count()} keys"


async def _worker(settings: Settings) -> str:
    from api.world import clock
    from models.tables import Beat

    now = clock(settings)()
    alive = await Beat.filter(at__gt=now - LATE).count()
    if not alive and await Beat.exists():
        raise Trouble("no worker has shown a sign of life for five minutes")
    return f"{alive} alive" if alive else "none has run yet"

"""Settings read, databases opened and found right, the world made: what most commands begin with."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from api.commands.trouble import Trouble, told
from api.settings import Settings
from api.settings.environment import read_settings
from models.world import World


def run(command: Callable[[Settings], Coroutine[Any, Any, None]]) -> None:
    """Read the settings and run a command's coroutine; expected trouble becomes a sentence."""
    with told():
        asyncio.run(command(prepared()))


def prepared() -> Settings:
    """The settings, with logs as they say. Raises WrongSetting."""
    settings = read_settings()
    from api.logs import configure

    configure(settings.log_level, settings.profile)
    return settings


@asynccontextmanager
async def opened(
    settings: Settings, *, as_of: datetime | None = None, global_fallback: bool = False
) -> AsyncIterator[World]:
    """The world over databases that are up to date and belong to its keys.

    Raises Trouble, WrongKeyFile, KeystoreDown, PolicyContradiction.
    """
    from api.world import real_world
    from models.actions.publish_policy import recognise
    from models.migrations.runner import pending

    world = real_world(settings, as_of=as_of)
    async with databases(settings, global_fallback=global_fallback):
        if waiting := await pending():
            raise Trouble(f"the databases wait for {len(waiting)} migrations: run octopus migrate")
        await world.vault.belongs()
        await recognise(world)
        yield world


@asynccontextmanager
async def databases(settings: Settings, *, global_fallback: bool = False) -> AsyncIterator[None]:
    """Both databases, as they are."""
    from api.tls import trust
    from models.database import close_databases, open_databases

    trust(settings)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    await open_databases(settings.main_url, settings.keystore_url, global_fallback=global_fallback)
    try:
        yield
    finally:
        await close_databases()


def act(action: Callable[[World], Awaitable[None]]) -> None:
    """Run an action that needs the world and nothing else."""

    async def command(settings: Settings) -> None:
        async with opened(settings) as world:
            await action(world)

    run(command)

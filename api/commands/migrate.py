"""octopus migrate"""

from api.commands.opening import databases, run
from api.settings import Settings


def migrate() -> None:
    """Bring both databases up to date. Safe to run again, and by two at once."""
    run(_migrate)


async def _migrate(settings: Settings) -> None:
    from api.world import clock
    from models.migrations import runner

    async with databases(settings):
        applied = await runner.migrate(clock(settings)(), progress=lambda name: print(f"  {name}", flush=True))
    print(f"{len(applied)} migrations applied." if applied else "The databases are up to date.")

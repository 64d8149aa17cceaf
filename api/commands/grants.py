"""octopus grants"""

from api.commands.opening import databases, run
from api.settings import Settings


def grants(serving: str, working: str) -> None:
    """Give two roles of PostgreSQL what `serve --no-worker` and `worker` need, and no more. They exist already."""

    async def give(settings: Settings) -> None:
        from models.migrations.grants import grant

        async with databases(settings):
            await grant({"serving": serving, "working": working})
        print(f"{serving} serves and {working} works; neither can do anything else.")

    run(give)

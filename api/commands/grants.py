"""octopus grants"""

from api.commands.opening import databases, run
from api.settings import Settings


def grants(serving: str, working: str) -> None:
    """Give two roles of PostgreSQL what `serve --no-worker` and `worker` need, and no more. They exist already."""

    async def give(settings: Settings) -> None:
        from models.migrations.grants import grant

        async with databases(settings):
            erases_unasked = await grant({"serving": serving, "working": working})
        print(f"{serving} serves and {working} works; neither can do anything else.")
        if not erases_unasked:
            print(f"A superuser can make erasing faster: GRANT SET ON PARAMETER session_replication_role TO {working};")

    run(give)

"""octopus backup"""

from pathlib import Path
from typing import Annotated

import typer

from api.commands.opening import act
from models.world import World


def backup(
    folder: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FOLDER]", file_okay=False, show_default="OCTOPUS_BACKUPS_DIR", help="Where to put the copies."
        ),
    ] = None,
) -> None:
    """Copy both databases, the main one first, and register the copies: they are destroyed when their time is over.

    The key file is not among them: keep a copy of it elsewhere, and apart from these.
    """

    async def action(world: World) -> None:
        from models.retention.backups import back_up

        for taken in await back_up(world, str(folder.absolute()) if folder else None):
            print(f"{taken.store:>9}  {taken.bytes:,} bytes  {taken.place}")

    act(action)

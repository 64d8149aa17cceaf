"""octopus keys new, octopus keys rotate"""

import typer

from api.commands.opening import act
from api.commands.trouble import Trouble, told
from api.settings.environment import read_settings
from models.world import World

app = typer.Typer(help="The key file, without which nobody's data can be read.", no_args_is_help=True)


@app.command("new")
def new() -> None:
    """Make the key file of a new installation. Keep a copy of it apart from every backup of the databases."""
    from api.keys import make_key_file
    from api.world import random_bytes

    with told():
        settings = read_settings()
        if settings.key_ring is not None:
            raise Trouble("OCTOPUS_KEY_RING is set: the keys come from there")
        make_key_file(settings.key_file, random_bytes)
        print(f"Made {settings.key_file}. Keep a copy of it apart from every backup of the databases.")


@app.command("rotate")
def rotate() -> None:
    """A new key-encryption key: everybody's key is wrapped with it, the old ones are destroyed. The service may go on."""
    act(_rotate)


async def _rotate(world: World) -> None:
    from models.retention.keys import rotate_now

    moved = await rotate_now(world)
    print(
        f"{moved} keys are wrapped with a new key-encryption key. Keep a copy of the key file apart from every backup."
    )

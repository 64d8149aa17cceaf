"""octopus keys new"""

import typer

from api.commands.trouble import Trouble, told
from api.settings import read_settings

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

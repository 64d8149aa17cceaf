"""octopus demo"""

from api.commands.opening import opened, run
from api.commands.trouble import Trouble
from api.settings import Settings


def demo() -> None:
    """Fill a development server with made-up people and their histories. Safe to run again."""
    run(_demo)


async def _demo(settings: Settings) -> None:
    from api.demo import load_demo

    if settings.is_production:
        raise Trouble("the demonstration is for development only")
    async with opened(settings) as world:
        for one in await load_demo(world):
            print(f"  {one}")

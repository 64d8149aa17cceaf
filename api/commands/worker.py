"""octopus worker"""

import asyncio
import signal
from datetime import UTC, datetime, time
from typing import Annotated

import typer

from api import garbage
from api.commands.opening import opened, run
from api.commands.trouble import Trouble
from api.settings import Settings


def worker(
    as_of: Annotated[
        str | None,
        typer.Option(metavar="DATE", help="Development: do all that is due by the end of this day (UTC), then stop."),
    ] = None,
    once: Annotated[bool, typer.Option("--once", help="Run one round of the duties, then stop.")] = False,
) -> None:
    """Keep the promises that have a date: letters, exports, erasures and their proofs."""
    moment = _moment(as_of) if as_of else None
    if moment and once:
        raise typer.BadParameter("--as-of stops by itself: leave --once away")

    async def command(settings: Settings) -> None:
        if moment is not None:
            await _as_of(settings, moment)
        else:
            await _work(settings, once)

    run(command)


def _moment(given: str) -> datetime:
    """The end of a day, or a time of day with its offset."""
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise typer.BadParameter("a date such as 2027-03-31", param_hint="--as-of") from None
    if len(given) <= len("2027-03-31"):
        moment = datetime.combine(moment, time.max)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


async def _as_of(settings: Settings, moment: datetime) -> None:
    from api.as_of import run_until_done
    from api.world import clock
    from models.retention.replay import before_work

    if settings.is_production:
        raise Trouble("--as-of is for development only: in production the worker keeps to the real date")
    if moment < clock(settings)():
        raise Trouble("--as-of takes a day that is not over yet: duties never run with a clock that goes back")
    async with opened(settings, as_of=moment) as world:
        await before_work(world)
        done = await run_until_done(world, settings)
    for name, count in done.counts.items():
        if count:
            print(f"{count:>7}  {name}")
    if not any(done.counts.values()):
        print(f"Nothing is due by {moment:%Y-%m-%d %H:%M} UTC.")
    if done.failed:
        raise Trouble(f"these duties failed, see the log: {', '.join(done.failed)}")


async def _work(settings: Settings, once: bool) -> None:
    from api.worker import Worker, all_duties, work
    from models.retention.replay import before_work

    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with opened(settings) as world:
        await before_work(world)
        garbage.settle()
        if once:
            one = Worker(world, settings, stop, all_duties())
            print(f"{await one.round()} done.")
            await one.leave()
            if one.patience:
                raise Trouble(f"these duties failed, see the log: {', '.join(sorted(one.patience))}")
        else:
            await work(world, settings, stop=stop)

"""octopus serve"""

import gc
import socket
from typing import Annotated

import typer

from api.commands.opening import opened, prepared
from api.commands.trouble import Trouble, told
from api.settings import Settings
from models.world import World


def serve(
    worker: Annotated[bool, typer.Option("--worker/--no-worker", help="Run the worker in this process, too.")] = True,
) -> None:
    """Start the server: both GraphQL schemas, the pages, and the worker."""
    import uvloop

    gc.disable()  # until it answers: what is made at the start stays, and looking for garbage in it costs a tenth of the time
    with told():
        uvloop.run(_serve(prepared(), worker))


async def _serve(settings: Settings, worker: bool) -> None:
    from api.serve import CannotListen, listen
    from api.serve import serve as serve_until_stopped

    try:
        bound = listen(settings)
    except CannotListen as trouble:
        raise Trouble(str(trouble)) from None
    with bound:
        async with opened(settings, global_fallback=True) as world:
            greeting = await _greeting(settings, world, bound, worker)
            await serve_until_stopped(
                settings, world, bound, with_worker=worker, ready=lambda: print("\n".join(greeting), flush=True)
            )


async def _greeting(settings: Settings, world: World, bound: socket.socket, worker: bool) -> list[str]:
    host, port = bound.getsockname()[:2]
    lines = [f"warning: {one}" for one in settings.warnings()]
    lines.append(f"Octopus Accounts answers at {settings.base_url} (listening on {host}:{port}).")
    if settings.support_url != settings.base_url:
        lines.append(f"Staff work at {settings.support_url}/support.")
    if not settings.is_production:
        from api.demo import sign_ins

        lines += [f"  sign in as {one}" for one in await sign_ins(world)]
    if settings.smtp is None:
        lines.append(f"  letters land in {settings.letters_dir}/")
    if not worker:
        lines.append("  no worker in this process: run `octopus worker` beside it")
    return lines

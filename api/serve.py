"""The server: the web and, unless told otherwise, the worker, in one process that stops gracefully."""

import asyncio
import gc
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EACCES, EADDRINUSE, EADDRNOTAVAIL

import uvicorn

from api import garbage
from api.http import Http
from api.logs import gathering
from api.settings import Settings
from api.tls import CertificateUnusable, Tls
from api.worker import work
from models.world import World

STOPPING = 10  # seconds for requests under way


class CannotListen(Exception):
    """The address cannot be had; the text is one sentence."""


def listen(settings: Settings) -> socket.socket:
    """The socket to serve on. Raises CannotListen."""
    where = f"port {settings.port} of {settings.host}"
    try:
        family = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except socket.gaierror:
        raise CannotListen(f"OCTOPUS_HOST: there is no address {settings.host}") from None
    except OSError as trouble:
        why = {
            EADDRINUSE: "is in use: stop who has it, or set OCTOPUS_PORT",
            EADDRNOTAVAIL: "is not an address of this machine: see OCTOPUS_HOST",
            EACCES: "needs more rights: set OCTOPUS_PORT above 1023",
        }.get(trouble.errno or 0, f"cannot be opened: {trouble.strerror}")
        raise CannotListen(f"{where} {why}") from None


async def serve(
    settings: Settings, world: World, bound: socket.socket, *, with_worker: bool, ready: Callable[[], None]
) -> None:
    """Serve until a signal says stop; a second one does not wait for requests under way. The databases are open.

    Raises RestoredBackup when they are an older copy: nobody is served who was erased; CertificateUnusable.
    """
    from api.app import build_app
    from models.retention.replay import before_work

    await before_work(world)
    stop, tls = asyncio.Event(), Tls.of(settings)
    server = _Server(_configuration(build_app(settings, world).door, tls), ready)
    with _signals(server, stop), _renewing(tls, world), gathering():
        working = asyncio.create_task(work(world, settings, stop=stop)) if with_worker else None
        if working is not None:
            working.add_done_callback(lambda _: setattr(server, "should_exit", True))
        try:
            await server.serve(sockets=[bound])
        finally:
            stop.set()
            if working is not None:
                await working


def _configuration(app: object, tls: Tls | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # type: ignore[arg-type]
        http=Http,
        lifespan="on",
        log_config=None,
        log_level="warning",  # that it answers is said by whoever started it
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whom to believe is api/callers.py's business
        timeout_graceful_shutdown=STOPPING,
        ssl_context_factory=(lambda _, __: tls.context) if tls else None,
    )


class _Server(uvicorn.Server):
    """Says when it answers, and leaves the signals to us: uvicorn sends them again before the worker has stopped."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        garbage.settle()
        gc.enable()  # see api/commands/serve.py
        if self.started:
            self._ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@contextmanager
def _signals(server: uvicorn.Server, stop: asyncio.Event) -> Iterator[None]:
    def leave() -> None:
        server.force_exit = server.should_exit
        server.should_exit = True
        stop.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, leave)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextmanager
def _renewing(tls: Tls | None, world: World) -> Iterator[None]:
    """SIGHUP: the certificate is read again; a bad one is told, and the old one stays."""

    def read_again() -> None:
        try:
            if tls is not None:
                tls.reload()
            world.log("certificate.read")
        except CertificateUnusable as trouble:
            world.log("certificate.unusable", level="error", sentence=str(trouble))

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGHUP, read_again)
    try:
        yield
    finally:
        loop.remove_signal_handler(signal.SIGHUP)

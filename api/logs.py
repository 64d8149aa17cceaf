"""What the service says about itself: one JSON object a line on stderr, and only keys of the list below.

No line holds a path's value, a query, an IP address, a body or an exception's text: a fault is told by its type and the
places in the code it came through. What is not on the list is dropped and counted in the line (``dropped``).
"""

import asyncio
import logging
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any, Literal, NamedTuple, Protocol, TextIO
from uuid import UUID

import orjson

ALLOWED = frozenset(
    {
        *("timestamp", "level", "event", "dropped", "logger", "fault", "trace"),
        *("request_id", "method", "route", "status", "ms", "operation", "kind", "endpoint", "code", "field", "part"),
        *("executor", "staff"),
        *("worker", "duty", "name", "count", "done", "failed", "seconds", "attempt", "template", "rule", "clause"),
        *("profile", "host", "port", "pid", "version", "database", "migration", "documents", "sentence", "places"),
    }
)
REQUEST = "request"
ALIKE = 1_000  # ends of requests' lines that are kept
GATHERED_FOR = 0.01  # seconds
LONGEST = 200  # characters of one value
HOUSE = Path(__file__).parents[1]
LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}
Event = MutableMapping[str, Any]


class Log(Protocol):
    """``world.log``: the event's name, then keys of the list; ``level`` if it is not info, ``exc_info`` for a fault.

    Of the event ``request`` the only key is ``request``: a Request, which tells them.
    """

    def __call__(self, event: str, **keys: Any) -> None: ...


@dataclass(slots=True)
class Request:
    """What is told about one request; in its ASGI scope as ``octopus.request``."""

    id: str
    ms: float = 0.0
    method: str | None = None
    route: str | None = None
    status: int = 0
    operation: str | None = None
    kind: str | None = None
    endpoint: str | None = None
    code: str | None = None
    executor: str | None = None
    staff: str | None = None  # a member of staff's id: who of us asked

    def told(self) -> Event:
        """By the keys of the line; None where nothing is known."""
        return {"request_id": self.id, "ms": self.ms, **dict(zip(OFTEN, often(self), strict=True))}


OFTEN = ("method", "route", "status", "operation", "kind", "endpoint", "code", "executor", "staff")
often = attrgetter(*OFTEN)
"""What many requests say alike."""


def request_of(scope: Mapping[str, Any]) -> Request:
    """The request's record."""
    found: Request = scope["octopus.request"]
    return found


def make_log(level: str, profile: Literal["development", "production"], stream: TextIO | None = None) -> Log:
    """A log onto a stream (stderr), readable for people in development."""
    out = stream or sys.stderr
    least = LEVELS[level]
    line = _for_people(out) if profile == "development" else _json
    lines = _Lines(out) if stream else _stderr

    def log(event: str, **keys: Any) -> None:
        level = keys.pop("level", "info")
        if LEVELS.get(level, 20) >= least:
            lines.say(Said(line, time.time(), level, event, keys), wait=event == REQUEST and level == "info")

    return log


class Said(NamedTuple):
    """What will be a line, and what makes it one."""

    line: Callable[["Said"], str]
    at: float  # seconds since 1970
    level: str
    event: str
    keys: dict[str, Any]

    def told(self) -> Event:
        """Its keys, those of the list, in the line's order."""
        keys = self.keys["request"].told() if self.event == REQUEST else self.keys
        told = allowed({"level": self.level, "event": self.event, **keys})
        return {"timestamp": datetime.fromtimestamp(self.at, UTC), **told}


class _Lines:
    """Writes whole lines. A server's about requests wait for each other: many are made at once, and go in one system call."""

    def __init__(self, out: TextIO | None = None) -> None:
        self._out = out  # None: stderr, whatever that is when something is said
        self._held: list[Said] = []
        self.loop: asyncio.AbstractEventLoop | None = None

    def say(self, said: Said, *, wait: bool) -> None:
        """``wait``: said by the event loop's own thread, and not urgent."""
        if wait and self.loop is not None:
            if not self._held:
                self.loop.call_later(GATHERED_FOR, self.flush)
            self._held.append(said)
        else:
            self.flush(said)

    def flush(self, *more: Said) -> None:
        """What waits goes out, and then this. A log that cannot be written stops nobody."""
        held, self._held = self._held, []
        text = "".join([one.line(one) for one in (*held, *more)])
        out = self._out or sys.stderr
        with suppress(OSError):
            if text:
                out.write(text)
                out.flush()


_stderr = _Lines()


@contextmanager
def gathering() -> Iterator[None]:
    """While a server runs: the lines about requests go out together, a hundredth of a second late at most."""
    _stderr.loop = asyncio.get_running_loop()
    try:
        yield
    finally:
        _stderr.loop = None
        _stderr.flush()


def _for_people(out: TextIO) -> Callable[[Said], str]:
    import structlog  # with Rich and Pygments, which a server has no use for

    human = structlog.dev.ConsoleRenderer(colors=out.isatty(), pad_event_to=20)

    def line(said: Said) -> str:
        told = said.told()
        return f"{human(None, 'msg', {**told, 'timestamp': told['timestamp'].isoformat()})}\n"

    return line


def configure(level: str, profile: Literal["development", "production"], stream: TextIO | None = None) -> Log:
    """The process's log: what libraries say, uvicorn among them, goes the same way; uvicorn's access log is off."""
    _process.log = make_log(level, profile, stream)
    root = logging.getLogger()
    root.handlers[:] = [_Libraries()]
    root.setLevel(logging.WARNING)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access", "uvicorn.asgi"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.error").setLevel(max(logging.INFO, LEVELS[level]))
    logging.getLogger("uvicorn.access").disabled = True
    return log


def log(event: str, **keys: Any) -> None:
    """Write to the process's log, as ``configure`` made it."""
    _process.log(event, **keys)


def allowed(keys: Event) -> Event:
    """The keys of the list, with short plain values. None is not told."""
    if "exc_info" in keys:
        keys = _fault(keys)
    kept = {
        key: value if type(value) is str and len(value) <= LONGEST and value.isprintable() else _plain(value)
        for key, value in keys.items()
        if value is not None and key in ALLOWED
    }
    if dropped := len(keys.keys() - ALLOWED):
        kept["dropped"] = dropped
    return kept


def _fault(keys: Event) -> Event:
    """An exception as its type and the way it took through the code; never its text."""
    told = dict(keys)
    fault = told.pop("exc_info")
    if fault is True:
        fault = sys.exc_info()[1]
    if isinstance(fault, tuple):
        fault = fault[1]
    if isinstance(fault, BaseException):
        told.setdefault("fault", type(fault).__name__)
        told["trace"] = way(fault)
    return told


def way(fault: BaseException) -> str:
    """``api/app.py:31 models/vault.py:99 …``: the last places a fault came through, ours by their path in the house."""
    places = []
    for frame, line in traceback.walk_tb(fault.__traceback__):
        file = Path(frame.f_code.co_filename)
        ours = file.is_relative_to(HOUSE) and "site-packages" not in file.parts
        places.append(f"{file.relative_to(HOUSE) if ours else file.name}:{line}")
    return " ".join(places[-8:])


def _plain(value: Any) -> Any:
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, datetime | UUID):
        return str(value)
    text = value[:LONGEST] if isinstance(value, str) else type(value).__name__
    return text if text.isprintable() else "".join(each if each.isprintable() else " " for each in text)


def _json(said: Said) -> str:
    if said.event != REQUEST:
        return _dumped(said.told()).decode() + "\n"
    request, at = said.keys["request"], datetime.fromtimestamp(said.at, UTC)
    own = {"timestamp": at, "level": said.level, "event": REQUEST, "request_id": request.id, "ms": request.ms}
    return f"{_dumped(own).decode()[:-1]},{_alike(often(request))}"


@lru_cache(maxsize=ALIKE)
def _alike(values: tuple[Any, ...]) -> str:
    """What many requests' lines say alike, as the line's end: it takes longer to make than what is one request's own."""
    return _dumped(allowed(dict(zip(OFTEN, values, strict=True)))).decode()[1:] + "\n"


def _dumped(line: Event) -> bytes:
    return orjson.dumps(line, option=orjson.OPT_UTC_Z)


class _Libraries(logging.Handler):
    """What libraries log. Their texts may hold values: only uvicorn's own sentences, without arguments, are kept."""

    def emit(self, record: logging.LogRecord) -> None:
        event = "library"
        if record.name == "uvicorn.error":
            event = str(record.msg).partition("\n")[0]
            if event.startswith("Uvicorn running on"):
                event = record.getMessage()
        level = record.levelname.lower()
        level = level if level in LEVELS else "error"
        log(event, level=level, logger=record.name, exc_info=record.exc_info)


class _Process:
    """A process has one stderr, and so one log: with the writer of its lines all of this room that is not an argument."""

    def __init__(self) -> None:
        self.log: Log = make_log("info", "production")


_process = _Process()

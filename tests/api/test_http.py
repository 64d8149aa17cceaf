"""An answer that goes out in one piece is the answer that ASGI's messages would have been."""

import asyncio
import gc
from typing import cast

import pytest
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from api import graphql_request, http
from tests.security.test_v4_v5_services_and_files import listening

GET = b"GET /livez HTTP/1.1\r\nHost: localhost\r\n"
HEAD = b"HEAD /livez HTTP/1.1\r\nHost: localhost\r\n"  # told in messages
CLOSE = b"Connection: close\r\n"
END = b"\r\n"
BODY = b'{"alive":true}'
ASK = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Octopus-Client: t\r\nContent-Type: application/json\r\n"
QUERY = b'{"query":"{hello}"}'
LENGTH = b"Content-Length: %d\r\n" % len(QUERY)


async def exchanged(port: int, sent: bytes) -> bytes:
    """All that comes back until the server closes; what is sent asks for that."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    async with asyncio.timeout(30):
        back = await reader.read()
    writer.close()
    return back


def headers(head: bytes) -> dict[bytes, bytes]:
    """An answer's header fields, each of which stands once."""
    lines = [line.partition(b": ")[::2] for line in head.split(b"\r\n")[1:]]
    found = dict(lines)
    assert len(found) == len(lines)
    return found


async def test_it_says_what_messages_would_say() -> None:
    async with listening() as port:
        at_once, body = (await exchanged(port, GET + CLOSE + END)).split(b"\r\n\r\n")
        told, nothing = (await exchanged(port, HEAD + CLOSE + END)).split(b"\r\n\r\n")

    assert (body, nothing) == (BODY, b"")
    assert at_once.startswith(b"HTTP/1.1 200 OK\r\n")
    assert told.startswith(b"HTTP/1.1 200 OK\r\n")
    one, other = headers(at_once), headers(told)
    assert one.keys() == other.keys() >= {b"date", b"connection", b"content-security-policy", b"x-request-id"}
    assert {name for name in one if one[name] != other[name]} <= {b"date", b"x-request-id"}
    assert one[b"content-length"] == b"%d" % len(BODY)


@pytest.mark.parametrize("rounds", [1, 20])
async def test_answers_come_in_the_order_of_their_requests(rounds: int) -> None:
    """Pipelined, at once and in messages, until the last one closes."""
    both = GET + END + ASK + LENGTH + END + QUERY
    async with listening() as port:
        back = await exchanged(port, both * rounds + HEAD + CLOSE + END)

    bodies = [piece.split(b"HTTP/1.1")[0] for piece in back.split(b"\r\n\r\n")[1:]]
    assert bodies == [BODY, b'{"data":{"hello":"Hello you"}}'] * rounds + [b""]


@pytest.mark.parametrize(
    "parts",
    [
        pytest.param((QUERY,), id="together"),
        pytest.param((b"", QUERY), id="after the head"),
        pytest.param((QUERY[:5], QUERY[5:9], QUERY[9:]), id="in pieces"),
    ],
)
async def test_a_body_is_read_however_it_comes(parts: tuple[bytes, ...]) -> None:
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for first, part in zip((ASK + LENGTH + CLOSE + END, b"", b""), parts, strict=False):
            writer.write(first + part)
            await asyncio.sleep(0.05)
        back = await reader.read()
        writer.close()

    assert back.endswith(b'{"data":{"hello":"Hello you"}}')


@pytest.mark.parametrize("part", [b"", QUERY[:5]])
async def test_a_body_that_does_not_come_is_not_waited_for(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(graphql_request, "BODY_WITHIN", 0.05)
    async with listening() as port:
        back = await exchanged(port, ASK + LENGTH + END + part)

    assert back.startswith(b"HTTP/1.1 408")
    assert b"TOO_SLOW" in back
    assert b"connection: close\r\n" in back


async def test_a_body_that_nobody_reads_is_no_matter() -> None:
    """Neither a GET's, nor one of a request to become something else."""
    get = GET + LENGTH + END + QUERY
    upgrade = GET + LENGTH + b"Connection: upgrade\r\nUpgrade: websocket\r\n" + END
    async with listening() as port:
        first = await exchanged(port, get + GET + CLOSE + END)
        second = await exchanged(port, upgrade + QUERY + GET + CLOSE + END)

    assert first.count(BODY) == 2
    assert second.startswith(b"HTTP/1.1 200")


async def test_a_connection_goes_on_unless_it_is_to_end() -> None:
    async with listening() as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(3):
            writer.write(GET + END)
            assert (await reader.readuntil(BODY)).count(b"connection: close") == 0
        writer.write(GET.replace(b"HTTP/1.1", b"HTTP/1.0") + END)
        last = await reader.read()
        writer.close()

    assert b"connection: close\r\n" in last
    assert last.endswith(BODY)


async def test_who_left_keeps_nobody_from_an_answer() -> None:
    """Answers of one round go out together; a transport that closed meanwhile raises."""

    class Transport:
        def __init__(self) -> None:
            self.sent, self.closed = b"", False

        def is_closing(self) -> bool:
            return self.closed

        def write(self, data: bytes) -> None:
            if self.closed:
                raise RuntimeError("the handler is closed")
            self.sent += data

        pause_reading = resume_reading = get_extra_info = None

    first, gone, last = transports = Transport(), Transport(), Transport()
    outbox = http.Outbox(asyncio.get_running_loop())
    for number, transport in enumerate(transports):
        http.Gathering(cast("asyncio.Transport", transport), outbox).write(b"answer %d" % number)
    gone.closed = True
    await asyncio.sleep(0)

    assert (first.sent, gone.sent, last.sent) == (b"answer 0", b"", b"answer 2")


async def test_a_request_leaves_nothing_for_the_collector() -> None:
    """What holds itself in a circle stays until it is looked for, and the next request finds no warm memory."""
    asked = 20
    async with listening() as port:
        gc.collect()
        gc.disable()
        try:
            for ask in (GET, HEAD):  # at once and in messages
                for _ in range(asked):
                    await exchanged(port, ask + CLOSE + END)
            await asyncio.sleep(0)
            left = [one for one in gc.get_objects() if isinstance(one, RequestResponseCycle)]
        finally:
            gc.enable()

    assert len(left) < asked

"""ASVS chapters V4 and V5: what the wire may carry, and the few files there are."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import UUID

import pytest
import uvicorn
from graphql import build_schema, is_scalar_type

from api.commands.schema import Which, printed
from api.serve import _configuration
from api.settings import Settings
from api.shelf import FileShelf
from models.archive.build import filename
from models.tables import Export
from tests.api.small import Client, production, settings, small_app
from tests.factories import START, House
from tests.schema.test_subjects import yes
from tests.security.readme import section, words


# ---- HTTP ------------------------------------------------------------------------------------------------------------
@asynccontextmanager
async def listening() -> AsyncIterator[int]:
    """The server as `octopus serve` configures it, on a port of its own."""
    bound = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(_configuration(small_app(), None))
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield bound.getsockname()[1]
    finally:
        server.should_exit = True
        await serving
        bound.close()


async def exchanged(port: int, sent: bytes) -> bytes:
    """All that comes back for these bytes, until the server closes or says no more for a while."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(sent)
    await writer.drain()
    back = b""
    try:
        async with asyncio.timeout(2):
            while piece := await reader.read(65536):
                back += piece
                if back.count(b"\r\n\r\n") and b"smuggled" not in sent:
                    break
    except TimeoutError:
        pass
    writer.close()
    return back


HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nX-Octopus-Client: t\r\nContent-Type: application/json\r\n"
INNER = b"GET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n"
BODY = b'{"query":"{hello}"}'
AMBIGUOUS = {
    "both lengths": b"Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + INNER,
    "two lengths": b"Content-Length: 19\r\nContent-Length: 0\r\n\r\n" + BODY + INNER,
    "a length with a sign": b"Content-Length: +19\r\n\r\n" + BODY + INNER,
    "a chunk's size that is none": b"Transfer-Encoding: chunked\r\n\r\nxyz\r\n" + BODY + INNER,
    "an unknown coding last": b"Transfer-Encoding: chunked, identity\r\n\r\n" + BODY + INNER,
    "a blank in a header's name": b"Content-Length : 19\r\n\r\n" + BODY + INNER,
    "a bare line feed": b"X: y\nContent-Length: 0\r\n\r\n" + BODY + INNER,
}


@pytest.mark.asvs("4.2.1")
async def test_a_message_of_two_lengths_is_one_message_or_none() -> None:
    """Whatever is ambiguous is refused or its connection closed: no second request comes out of a first one's body."""
    async with listening() as port:
        plain = await exchanged(port, HEAD + b"Content-Length: 19\r\n\r\n" + BODY)
        assert b"Hello you" in plain
        pipelined = await exchanged(port, HEAD + b"Content-Length: 19\r\n\r\n" + BODY + INNER)
        assert pipelined.count(b"HTTP/1.1 ") == 2, "what is not ambiguous is two requests"
        for name, rest in AMBIGUOUS.items():
            back = await exchanged(port, HEAD + rest)
            assert back.count(b"HTTP/1.1 ") <= 1, (name, back)
            assert b"HTTP/1.1 200" not in back, (name, back)


@pytest.mark.asvs("4.2.1", "4.1.4")
async def test_what_is_no_request_is_refused_by_the_server() -> None:
    """Methods, versions and headers that HTTP does not know never reach the application; a WebSocket is not begun (4.4)."""
    async with listening() as port:
        for line in (
            b"GET / HTTP/1.1\r\nHost: a\r\nX\x00: b\r\n\r\n",
            b"BREW / HTTP/1.1\r\nHost: a\r\n\r\n",
            b"GET / HTTP/9.9\r\n\r\n",
        ):
            assert b" 200 " not in (await exchanged(port, line)).partition(b"\r\n")[0]
        upgrade = b"GET /graphql HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        back = await exchanged(port, upgrade + b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        assert b"101" not in back.partition(b"\r\n")[0]


@pytest.mark.asvs("4.2.5")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_is_sent_is_short(house: House) -> None:
    """Links, cookies and headers that others have to take stay far below what programs take."""
    person = await house.customer()
    answer = await person.http.post("/graphql", json={"query": "{viewer {id}}"}, headers={"X-Octopus-Client": "t"})
    assert sum(len(name) + len(value) for name, value in answer.headers.raw) < 4096
    assert len("; ".join(f"{one.name}={one.value}" for one in person.http.cookies.jar)) < 1024
    for letter in house.letters:
        for value in letter.params.values():
            assert "://" not in str(value) or len(str(value)) < 500


# ---- files in --------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("5.1.1", "5.2.1")
async def test_nothing_can_be_uploaded() -> None:
    """It is written down, no type of either schema takes a file, and no body of another kind or size is read."""
    text = section("api", "Files")
    assert "Nobody uploads a file" in text
    assert f"{Settings().body_limit} bytes" in text
    assert {"application/zip", "octopus-export-DATE.zip"} <= words(text)
    for which in Which:
        scalars = {one.name for one in build_schema(printed(which)).type_map.values() if is_scalar_type(one)}
        assert scalars <= {"ID", "String", "Int", "Float", "Boolean", "Date", "DateTime", "JSON"}, "no Upload"
    client = Client(small_app())
    parts = {"operations": (None, '{"query":"{hello}"}'), "map": (None, "{}"), "0": ("a.png", b"\x89PNG")}
    assert (await client.http.post("/graphql", files=parts, headers={"X-Octopus-Client": "t"})).status_code == 415
    large = b'{"query":"' + b" " * Settings().body_limit + b'{hello}"}'
    sent = {"X-Octopus-Client": "t", "Content-Type": "application/json"}
    assert (await client.http.post("/graphql", content=large, headers=sent)).status_code == 413
    for method in ("PUT", "PATCH"):
        assert (await client.http.request(method, "/exports/a.html", content=b"<html>")).status_code == 405


# ---- files out -------------------------------------------------------------------------------------------------------
ELSEWHERE = [
    "../octopus.db",
    "..%2f..%2foctopus.db",
    "%2e%2e/keys.json",
    "/etc/passwd",
    "%00",
    ".",
    "..",
    "x" * 300,
    "C:\\x",
    "é",
]


@pytest.mark.asvs("5.3.2", "5.4.1")
async def test_a_download_is_found_by_its_row_and_named_by_the_server(house: House) -> None:
    """What is asked for is an id and never a path; the file's name says a date and nothing that a person wrote."""
    person = await house.customer(givenName="Anna", familyName="Zip..Name")
    await person.step_up()
    await yes(person, "requestExport")
    await house.work()
    export = await Export.get()
    for wrong in (
        *ELSEWHERE,
        f"{export.id}.sealed",
        str(UUID(int=5)),
        str(export.id) + "/..",
    ):
        answer = await person.http.get(f"/exports/{wrong}")
        assert "content-disposition" not in answer.headers, wrong
        assert b"SQLite" not in answer.content
    found = await person.http.get(
        f"/exports/{export.id}?filename=evil.html&name=../x", headers={"Content-Disposition": "x"}
    )
    assert found.status_code == 200
    assert found.headers["content-disposition"] == f'attachment; filename="{filename(START)}"'
    assert filename(START) == "octopus-export-2026-11-23.zip"


@pytest.mark.asvs("5.3.1")
async def test_files_lie_where_no_page_is_served_from(tmp_path: Path) -> None:
    """Exports, keys and letters stand in the data folder, sealed and private; a page is only what the build left in its own."""
    given = production(data_dir=tmp_path / "var", pages_dir=tmp_path / "dist", documents_dirs=())
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "index.html").write_text("page")
    shelf = FileShelf(given.exports_dir)
    await shelf.put(UUID(int=1), [b"<script>"])
    file = given.exports_dir / f"{UUID(int=1)}.sealed"
    assert file.stat().st_mode & 0o077 == 0
    assert not file.stat().st_mode & 0o100, "nothing executes it"
    for one in (given.exports_dir, given.key_file, given.letters_dir, given.backups_dir, given.ledger_file):
        assert not one.is_relative_to(given.pages_dir)
    client = Client(small_app(given), "https://accounts.example.com")
    for path in (f"/exports/{file.name}", f"/var/exports/{file.name}", f"/../var/exports/{file.name}", "/exports/"):
        assert b"<script>" not in (await client.http.get(path)).content
    assert settings().pages_dir != settings().data_dir

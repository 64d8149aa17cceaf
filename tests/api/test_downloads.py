"""The one plain route: an export's bytes."""

import asyncio
from collections.abc import AsyncIterator, MutableMapping
from dataclasses import dataclass, field
from typing import Any, cast

import httpx
import pytest

from api.callers import Scope, origin
from api.settings import Settings
from models.actions.origin import Origin, Viewer
from models.keystore import KeystoreDown
from models.refused import Reason, Refused
from models.world import World
from tests.api.small import NOW, Client, settings, small_app

VIEWER = cast(Viewer, object())


@dataclass
class Archive:
    """Three pieces; remembers whether it was told that they arrived."""

    pieces: list[bytes] = field(default_factory=lambda: [b"PK" * 10, b"data", b"end"])
    filename: str = 'my "data"\r\nĀ.zip'
    told: int = 0

    @property
    def bytes(self) -> int:
        return sum(map(len, self.pieces))

    async def chunks(self) -> AsyncIterator[Any]:
        for piece in self.pieces:
            await asyncio.sleep(0)
            yield piece

    async def finished(self) -> None:
        self.told += 1


async def signed_in(scope: Scope, world: World, given: Settings) -> tuple[Viewer | None, Origin]:
    return VIEWER, origin(scope, given)


def app(archive: Archive | Exception) -> Any:
    """The application with this archive for whoever asks."""

    async def opening(world: World, viewer: Viewer, export_id: str) -> Archive:
        if isinstance(archive, Exception):
            raise archive
        return archive

    return small_app(settings(), callers={"customer": signed_in, "support": signed_in}, opening=opening)


@pytest.mark.asvs("5.4.2")
@pytest.mark.asvs("3.2.1")
@pytest.mark.asvs("4.2.2")
@pytest.mark.asvs("14.3.2")
async def test_the_archive_is_sent_whole_and_then_told_so() -> None:
    """As an attachment that nothing keeps; its name cannot break the header."""
    archive = Archive()

    answer = await Client(app(archive)).http.get("/exports/abc")

    assert answer.content == b"".join(archive.pieces)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-length"] == str(archive.bytes)
    assert answer.headers["content-disposition"] == 'attachment; filename="my__data____.zip"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert archive.told == 1


@pytest.mark.parametrize("leaves_after", [1, 2, 3])
async def test_a_client_that_leaves_has_not_got_it(leaves_after: int) -> None:
    """The archive stays to be fetched."""
    archive, sent, gone = Archive(), list[MutableMapping[str, Any]](), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if len(sent) > leaves_after:
            gone.set()

    scope = {
        "type": "http", "method": "GET", "path": "/exports/abc", "raw_path": b"/exports/abc", "query_string": b"",
        "headers": [], "client": ("127.0.0.1", 1), "scheme": "http", "root_path": "",
    }  # fmt: skip
    await app(archive)(scope, receive, send)

    assert archive.told == 0
    assert sent[-1].get("more_body"), "the answer is not ended as if it were whole"


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        (Reason.NOT_SIGNED_IN, 401), (Reason.STEP_UP_REQUIRED, 403), (Reason.NOT_FOUND, 404), (Reason.COOLING_OFF, 409),
        (Reason.EXPIRED_TOKEN, 410), (Reason.TOO_MANY_ATTEMPTS, 429),
    ],
)  # fmt: skip
async def test_a_refusal_is_the_schemas_with_a_status(reason: Reason, status: int) -> None:
    """Code, sentence, when to try again, problems."""
    answer = await Client(app(Refused(reason, retry_at=NOW))).http.get("/exports/abc")

    assert answer.status_code == status
    said = answer.json()
    assert said.pop("message")
    assert said == {"code": reason.value, "retryAt": "2026-11-22T12:00:00+00:00", "problems": []}


async def test_nobody_gets_nothing() -> None:
    """Signed out, from another site, with another method, or with two credentials."""
    client = Client(small_app())

    assert (await client.http.get("/exports/abc")).status_code == 401
    assert (await client.http.get("/exports/abc", headers={"Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await client.http.head("/exports/abc")).status_code == 405
    both = {"Cookie": "session=a", "Authorization": "Bearer a"}
    assert (await client.http.get("/exports/abc", headers=both)).status_code == 400
    assert (await Client(app(Archive())).http.get(f"/exports/{'a' * 201}")).status_code == 404


async def test_an_outage_is_503() -> None:
    """The last resort tells it from a fault."""
    answer: httpx.Response = await Client(app(KeystoreDown("OSError"))).http.get("/exports/abc")

    assert answer.status_code == 503
    assert answer.json()["errors"][0]["extensions"]["code"] == "KEYSTORE_DOWN"
    assert answer.headers["retry-after"] == "5"

"""The one plain route: an export's bytes, to the session that asked for them or to whoever had the office's code."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from typing import Protocol
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive, Send

from api.callers import Caller, locale
from api.graphql_answer import HttpRefusal, error_body, reply
from api.graphql_request import refuse_forged
from api.heads import Scope, headers
from api.health import Metrics
from api.logs import request_of
from api.settings import Settings
from models.actions.copies import open_copy
from models.actions.export import open_download
from models.actions.origin import Colleague, Viewer
from models.refused import Reason, Refused
from models.world import World
from schema.refusal import refusal

STATUS = {
    Reason.NOT_SIGNED_IN: 401,
    Reason.STEP_UP_REQUIRED: 403,
    Reason.NOT_PERMITTED: 403,
    Reason.NOT_FOUND: 404,
    Reason.EXPIRED_TOKEN: 410,
    Reason.TOO_MANY_ATTEMPTS: 429,
    Reason.BUSY: 503,
}
ID_LENGTH = 200
Octets = bytes  # Download has a field of that name


class Download(Protocol):
    """What the action gives: the archive, and a word to say when it has all been sent."""

    filename: str

    bytes: int

    def chunks(self) -> AsyncIterator[Octets]: ...
    async def finished(self) -> None: ...


Opening = Callable[[World, Viewer, str], Awaitable[Download]]


class Downloads:
    """GET /exports/{id}. A navigation from our own page or an app's request; never another site's."""

    def __init__(
        self, settings: Settings, world: World, caller: Caller, metrics: Metrics, opening: Opening = open_download
    ) -> None:
        self._settings, self._world, self._caller, self._metrics = settings, world, caller, metrics
        self._opening = opening

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = request_of(scope)
        record.endpoint = "exports"
        try:
            download = await self._open(scope)
        except HttpRefusal as no:
            record.code = no.code
            await reply(send, no.status, error_body(no.code, no.message), headers=no.headers)
            return
        except Refused as refused:
            record.code = refused.reason.value
            self._metrics.refusals.labels("exports", refused.reason.value).inc()
            language = locale(headers(scope).get(b"accept-language"))
            await reply(send, STATUS.get(refused.reason, 409), _refusal(refused, language))
            return
        await _send(download, receive, send)

    async def _open(self, scope: Scope) -> Download:
        if scope["method"] != "GET":
            raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "An export is fetched with GET.", [(b"allow", b"GET")])
        refuse_forged(scope, self._settings, named=False)
        export_id = scope["path_params"]["id"]
        if len(export_id) > ID_LENGTH:
            raise Refused(Reason.NOT_FOUND)
        if (token := _token(scope)) is not None:
            return await open_copy(self._world, export_id, token)
        viewer = await self._viewer(scope)
        if viewer is None:
            raise Refused(Reason.NOT_SIGNED_IN)
        return await self._opening(self._world, viewer, export_id)

    async def _viewer(self, scope: Scope) -> Viewer | None:
        who = (await self._caller(scope, self._world, self._settings))[0]
        return None if isinstance(who, Colleague) else who


def _token(scope: Scope) -> str | None:
    """What the office's code opened: the download of a copy by somebody who need not be signed in (clause 4.2.2)."""
    query = parse_qs(scope["query_string"].decode("latin-1"))
    return query.get("token", [None])[0]


async def _send(download: Download, receive: Receive, send: Send) -> None:
    """All bytes, then ``finished``; a client that left before the last one has not got it."""
    start = [
        (b"content-type", b"application/zip"),
        (b"content-length", str(download.bytes).encode()),
        (b"content-security-policy", b"default-src 'none'"),  # not the API's: a sandbox may not download
        (b"content-disposition", f'attachment; filename="{_plain(download.filename)}"'.encode()),
    ]
    gone = asyncio.ensure_future(_gone(receive))
    try:
        await send({"type": "http.response.start", "status": 200, "headers": start})
        async for chunk in download.chunks():
            if gone.done():
                return
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await asyncio.sleep(0)  # a disconnect that waits to be told is told now
        if gone.done():
            return
        await send({"type": "http.response.body", "body": b""})
        await download.finished()
    finally:
        gone.cancel()
        with suppress(asyncio.CancelledError):
            await gone


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def _refusal(refused: Refused, language: str) -> Octets:
    """As the schema's Refusal."""
    told = refusal(refused, language)
    problems = [{"field": each.field, "code": each.code, "message": each.message} for each in told.problems]
    answer = {"code": told.code, "message": told.message, "retryAt": told.retry_at, "problems": problems}
    return orjson.dumps(answer)


def _plain(filename: str) -> str:
    return "".join(each if each.isascii() and (each.isalnum() or each in "._-") else "_" for each in filename)

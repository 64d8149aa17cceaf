"""What a GraphQL request must look like before anything of it is believed (GraphQL over HTTP, section 5).

Against forged requests three layers, each enough: JSON only, a header that no form can send, and what the browser
itself says about where a request comes from (Fetch Metadata, Origin).
"""

import asyncio
import re
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import orjson
from starlette.types import Receive

from api.callers import scheme
from api.graphql_answer import HttpRefusal
from api.heads import Scope, head_of, headers
from api.http import BODY
from api.settings import Settings

CLIENT = b"x-octopus-client"
REPORTS = "/csp-reports"  # both applications' pages send them
DEEPEST = 64  # brackets within each other in a JSON body
BODY_WITHIN = 10.0  # seconds
CLOSE = (b"connection", b"close")
BRACKETS = b"[]{}"
NO_BRACKETS = bytes(each for each in range(256) if each not in BRACKETS)
STRINGS = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
ID = re.compile(r"(?:sha256:)?([0-9a-fA-F]{64})")
WORDS = "Send a JSON object with query (or documentId), and perhaps variables, operationName and extensions."


class ClientGone(Exception):
    """Nobody is there any more to be answered."""


class Params(NamedTuple):
    """A well-formed request: a text, the id of a trusted document, or both."""

    query: str | None
    document_id: str | None
    variables: dict[str, Any]
    operation_name: str | None


def refuse_forged(scope: Scope, settings: Settings, *, named: bool = True) -> None:
    """Raise HttpRefusal unless the request can only come from our own pages, or from no browser at all.

    ``named``: whether the client's header is asked for; a page's navigation cannot send it.
    """
    sent = headers(scope)
    site = sent.get(b"sec-fetch-site")
    if site is not None and site not in (b"same-origin", b"none"):
        raise HttpRefusal(403, "CROSS_SITE", "Requests from other sites are refused.")
    origin = sent.get(b"origin")
    if origin is not None and origin.decode("latin-1") not in _own_origins(scope, settings):
        raise HttpRefusal(403, "CROSS_ORIGIN", "Requests from other origins are refused.")
    if named and not sent.get(CLIENT, b"").strip():
        raise HttpRefusal(400, "CLIENT_UNNAMED", "Name the client in a header, such as X-Octopus-Client: my-app/1.0")


def of_support(path: str) -> bool:
    """Whether a path is staff's."""
    return path == "/support" or path.startswith("/support/")


def _own_origins(scope: Scope, settings: Settings) -> tuple[str, ...]:
    if settings.is_production:
        if scope["path"] == REPORTS:
            return (settings.base_url, settings.support_url)
        return (settings.support_url if of_support(scope["path"]) else settings.base_url,)
    host = headers(scope).get(b"host", b"").decode("latin-1")
    return (settings.base_url, f"{scheme(scope, settings.trusted_proxies)}://{host}")


def refuse_others_than_json(scope: Scope) -> None:
    """Raise HttpRefusal unless a body is announced that can be read."""
    sent = headers(scope)
    if not _is_json(sent.get(b"content-type")) or sent.get(b"content-encoding", b"identity") != b"identity":
        raise HttpRefusal(415, "UNSUPPORTED_MEDIA_TYPE", "Send application/json in UTF-8, not compressed.")


def read_post(body: bytes) -> Params:
    """A POST's parameters. Raises HttpRefusal."""
    return params(parse_json(body))


async def body_of(scope: Scope, receive: Receive, limit: int) -> bytes:
    """A request's body; more than may be is refused before it is read. Raises HttpRefusal (408, 413), ClientGone."""
    length = head_of(scope).own.get(b"content-length")
    if length is not None and (not length.isdigit() or int(length[:12]) > limit):
        raise _too_large(limit)
    body: bytes | None = scope.get(BODY)
    if body is None:
        body = await _received(receive, limit)
    if len(body) > limit:
        raise _too_large(limit)
    return body


async def _received(receive: Receive, limit: int) -> bytes:
    """A body that was not there with its head, as far as it is within the limit."""
    chunks: list[bytes] = []
    size, more = 0, True
    try:
        async with asyncio.timeout(BODY_WITHIN):
            while more and size <= limit:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise ClientGone
                chunks.append(message.get("body", b""))
                size, more = size + len(chunks[-1]), message.get("more_body", False)
    except TimeoutError:
        raise HttpRefusal(408, "TOO_SLOW", "The request took too long to arrive.", [CLOSE]) from None
    return b"".join(chunks)


def _too_large(limit: int) -> HttpRefusal:
    return HttpRefusal(413, "TOO_LARGE", f"A request may hold {limit} bytes.", [CLOSE])


def parse_json(body: bytes) -> Any:
    """JSON of a bearable depth. Raises HttpRefusal."""
    if body.count(b"[") + body.count(b"{") > DEEPEST:
        depth = 0
        for bracket in STRINGS.sub(b"", body).translate(None, NO_BRACKETS):
            depth += 1 if bracket in b"[{" else -1
            if depth > DEEPEST:
                raise HttpRefusal(400, "TOO_DEEP", f"JSON may be {DEEPEST} levels deep.")
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise HttpRefusal(400, "BAD_JSON", f"The body is not JSON. {WORDS}") from None


def params(found: Any) -> Params:
    """The parameters out of JSON. Raises HttpRefusal."""
    if not isinstance(found, dict):
        batch = " Operations are sent one by one." if isinstance(found, list) else ""
        raise HttpRefusal(400, "BAD_REQUEST", WORDS + batch)
    query, variables, extensions = found.get("query"), found.get("variables"), found.get("extensions")
    name = found.get("operationName")
    wrong = (
        "query" if query is not None and not isinstance(query, str)
        else "variables" if variables is not None and not isinstance(variables, dict)
        else "operationName" if name is not None and not isinstance(name, str)
        else "extensions" if extensions is not None and not isinstance(extensions, dict)
        else None
    )  # fmt: skip
    if wrong:
        raise HttpRefusal(400, "BAD_REQUEST", f"{wrong} is not of its type. {WORDS}")
    document_id = _document_id(found, extensions or {})
    if not query and document_id is None:
        raise HttpRefusal(400, "BAD_REQUEST", f"There is no query. {WORDS}")
    if name is not None and len(name) > 80:
        raise HttpRefusal(400, "BAD_REQUEST", "An operation's name may have 80 characters.")
    return Params(query or None, document_id, variables or {}, name or None)


def _document_id(found: dict[str, Any], extensions: dict[str, Any]) -> str | None:
    """The SHA-256 (hexadecimal, lower case) under which a trusted document is asked for; "" for what cannot be one."""
    persisted = extensions.get("persistedQuery")
    given = found.get("documentId") or found.get("id")
    if given is None and isinstance(persisted, dict):
        given = persisted.get("sha256Hash")
    if given is None:
        return None
    match = ID.fullmatch(given) if isinstance(given, str) else None
    return match[1].lower() if match else ""


def read_get(scope: Scope) -> Params:
    """A GET's parameters: those of a POST, JSON where they are not text. Raises HttpRefusal."""
    try:
        given = parse_qs(scope["query_string"].decode("ascii"), strict_parsing=True, errors="strict", max_num_fields=10)
    except ValueError:
        raise HttpRefusal(400, "BAD_REQUEST", WORDS) from None
    found: dict[str, Any] = {name: values[-1] for name, values in given.items()}
    for name in ("variables", "extensions"):
        if name in found:
            found[name] = parse_json(found[name].encode())
    return params(found)


def _is_json(content_type: bytes | None) -> bool:
    kind, *parameters = (content_type or b"").decode("latin-1").lower().split(";")
    given = dict(each.strip().partition("=")[::2] for each in parameters)
    return kind.strip() == "application/json" and given.get("charset", "utf-8").strip('"') in ("utf-8", "utf8")

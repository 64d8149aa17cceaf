"""What a GraphQL answer says and does not say: media types, status codes, and errors without values.

GraphQL over HTTP: ``application/graphql-response+json`` carries the request's fate in its status, ``application/json``
says 200 to whatever was a well-formed request. An author of operations sees what is wrong with them; a fault is an id.
"""

import re
from collections.abc import Awaitable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import orjson
from graphql import GraphQLError
from starlette.types import Message, Send

from models.database import is_database_down
from models.keystore import KeystoreDown
from models.refused import Refused
from schema.refusal import message

JSON = "application/json"
RESPONSE = "application/graphql-response+json"
WHOLE = "octopus.response"
RETRY_AFTER = (b"retry-after", b"5")
OUTAGES = {
    "DATABASE_DOWN": "Our database cannot be reached. Please try again in a moment.",
    "KEYSTORE_DOWN": "Our keystore cannot be reached. Please try again in a moment.",
}
LONGEST = 500  # characters of a message: a name may fill a whole request
Headers = list[tuple[bytes, bytes]]


@dataclass(eq=False)
class HttpRefusal(Exception):
    """The request is refused before any operation runs. ``message`` is for its author and holds no value."""

    status: int
    code: str
    message: str
    headers: Headers = field(default_factory=list)


class RequestErrors(Exception):
    """The operation cannot be run: its text, its limits or its variables are wrong."""

    def __init__(self, code: str, errors: Iterable[dict[str, Any]]) -> None:
        super().__init__(code)
        self.code = code
        self.errors = list(errors)


class Outage(Exception):
    """Something we stand on is down: the whole answer is 503."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def reply(send: Send, status: int, body: bytes, media: str = JSON, headers: Headers | None = None) -> Awaitable[None]:
    """Send a whole answer, through the door, which knows how it goes out."""
    return send({"type": WHOLE, "status": status, "media": _type(media), "headers": headers or (), "body": body})


async def told(send: Send, answer: Message) -> None:
    """The same in ASGI's messages."""
    media, length = (b"content-type", answer["media"]), (b"content-length", b"%d" % len(answer["body"]))
    headers = [media, length, *answer["headers"]]
    await send({"type": "http.response.start", "status": answer["status"], "headers": headers})
    await send({"type": "http.response.body", "body": answer["body"]})


@cache
def _type(media: str) -> bytes:
    return f"{media}; charset=utf-8".encode()


def error_body(code: str, message: str, **extensions: Any) -> bytes:
    """One error as a GraphQL response without data."""
    return orjson.dumps({"errors": [{"message": message, "extensions": {"code": code, **extensions}}]})


def fault_body(request_id: str) -> bytes:
    """What a client learns of a fault."""
    return orjson.dumps({"errors": [fault_error(request_id)]})


def fault_error(request_id: str, **where: Any) -> dict[str, Any]:
    """A fault as an error: the id under which it was logged."""
    message = f"Something went wrong on our side. Quote this id: {request_id}"
    return {"message": message, **where, "extensions": {"code": "INTERNAL", "requestId": request_id}}


def negotiate(accept: bytes | None) -> str | None:
    """The media type to answer in, None when the client takes neither; JSON where it does not care."""
    if accept is None:
        return JSON
    best: dict[str, float] = {}
    for part in accept.decode("latin-1").lower().split(",")[:20]:
        kind, *parameters = (each.strip() for each in part.split(";"))
        given = dict(parameter.partition("=")[::2] for parameter in parameters)
        if given.get("charset", "utf-8").strip('"') not in ("utf-8", "utf8"):
            continue
        offered = {"*/*": JSON, "application/*": JSON, JSON: JSON, RESPONSE: RESPONSE}.get(kind)
        if offered is not None:
            best[offered] = max(best.get(offered, 0.0), _weight(given.get("q", "1")))
    liked = max(best, key=lambda kind: best[kind], default=None)
    return liked if liked is not None and best[liked] > 0 else None


def _weight(text: str) -> float:
    return min(1.0, float(text)) if re.fullmatch(r"[01](?:\.\d{0,3})?", text) else 0.0


# ---- errors of the operation, for its author -------------------------------------------------------------------------
FOUND = re.compile(r"(?:,? ?(?:but encountered error|found:? ?).*|(?<=value): .*|, received .*)$", re.DOTALL)
QUOTED = re.compile(r'"""(?:.|\n)*?(?:"""|$)|"(?:[^"\\]|\\.)*+"?')
VARIABLE = re.compile(r"(Variable '\$\w+') has invalid (default )?value(?: at '?\.?([\w.\[\]]+)'?)?: (.*)", re.DOTALL)
EXPECTED = re.compile(
    r"(Expected (?:a )?value of (?:non-null )?type '[\w!\[\]]+' (?:to be provided|to be an object|not to be None)"
    r"|Expected value of type '[\w!\[\]]+' to include required field '\w+'"
    r"|Exactly one key must be specified for OneOf type '\w+'"
    r"|Expected value of type '[\w!\[\]]+' not to include unknown field"
    r"|(?:String|Int|Float|Boolean|ID) cannot represent (?:an? )?[\w\- ]+ value)"
)


def without_values(message: str) -> str:
    """A message of graphql-core without the values it quotes: those of variables, and an operation's literals."""
    variable = VARIABLE.match(message)
    if variable:
        name, default, path, detail = variable.groups()
        expected = EXPECTED.match(detail)
        at = f" at {path}" if path else ""
        why = expected[1] if expected else "it does not fit its type"
        return f"{name} has an invalid {default or ''}value{at}: {why}."
    cut = QUOTED.sub('"…"', FOUND.sub("", message))
    return cut if cut.endswith((".", "?")) else f"{cut}."


def author_error(error: GraphQLError, code: str) -> dict[str, Any]:
    """An error that the operation's author can do something about."""
    message = without_values(error.message)
    shown: dict[str, Any] = {"message": message if len(message) <= LONGEST else f"{message[:LONGEST]}…"}
    if error.locations:
        shown["locations"] = [each.formatted for each in error.locations]
    if error.path:
        shown["path"] = error.path
    return {**shown, "extensions": {"code": code}}


# ---- errors while it ran ---------------------------------------------------------------------------------------------
def root_cause(error: GraphQLError) -> Exception:
    """What was raised; the innermost GraphQLError if nothing else was."""
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def outage(fault: BaseException) -> str | None:
    """DATABASE_DOWN, KEYSTORE_DOWN or, for a fault of another kind, None."""
    seen: BaseException | None = fault
    for _ in range(20):
        if seen is None:
            break
        if isinstance(seen, KeystoreDown):
            return "KEYSTORE_DOWN"
        seen = seen.__cause__ or seen.__context__
    return "DATABASE_DOWN" if is_database_down(fault) else None


def refused_error(refused: Refused, locale: str, **where: Any) -> dict[str, Any]:
    """A refusal where no union can hold it: a query's."""
    return {"message": message(refused.reason, locale), **where, "extensions": {"code": refused.reason.value}}

"""Where browsers tell that a page tried what its policy forbids: counted and logged by directive; nothing else of it is kept.

Reports hold addresses of pages and scripts, so they are read for one word of a list and forgotten (CSP Level 3, 5.3).
"""

from typing import Any

import orjson
from starlette.types import Receive, Scope, Send

from api.graphql_answer import HttpRefusal, error_body, reply
from api.graphql_request import ClientGone, body_of, refuse_forged
from api.heads import headers
from api.health import Metrics
from api.logs import request_of
from api.settings import Settings
from models.world import World

KINDS = ("application/reports+json", "application/csp-report", "application/json")
LONGEST, MOST = 8192, 10  # bytes of a request, reports looked at
DIRECTIVES = frozenset(
    {
        *("default-src", "script-src", "script-src-elem", "script-src-attr", "style-src", "style-src-elem"),
        *("style-src-attr", "img-src", "font-src", "connect-src", "media-src", "object-src", "frame-src", "child-src"),
        *("worker-src", "manifest-src", "base-uri", "form-action", "frame-ancestors"),
    }
)


class CspReports:
    """What ``REPORTS`` answers: a POST from our own pages."""

    def __init__(self, settings: Settings, world: World, metrics: Metrics) -> None:
        self._settings, self._world, self._metrics = settings, world, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = request_of(scope)
        try:
            found = await self._read(scope, receive)
        except HttpRefusal as no:
            record.code = no.code
            await reply(send, no.status, error_body(no.code, no.message), headers=no.headers)
            return
        except ClientGone:
            return
        for directive in found:
            self._metrics.csp_reports.labels(directive).inc()
            self._world.log("csp.report", level="warning", request_id=record.id, name=directive)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def _read(self, scope: Scope, receive: Receive) -> list[str]:
        if scope["method"] != "POST":
            raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Reports are sent with POST.", [(b"allow", b"POST")])
        refuse_forged(scope, self._settings, named=False)
        kind = headers(scope).get(b"content-type", b"").partition(b";")[0].strip().decode("latin-1").lower()
        if kind not in KINDS:
            raise HttpRefusal(415, "UNSUPPORTED_MEDIA_TYPE", f"Send {KINDS[0]} or {KINDS[1]}.")
        try:
            given = orjson.loads(await body_of(scope, receive, LONGEST))
        except orjson.JSONDecodeError:
            raise HttpRefusal(400, "BAD_JSON", "The body is not JSON.") from None
        reports = given if isinstance(given, list) else [given]
        return [_directive(one) for one in reports[:MOST]]


def _directive(report: Any) -> str:
    """Which directive, as the Reporting API or the older ``report-uri`` spells it; "other" for whatever is on no list."""
    inside = report.get("body") or report.get("csp-report") if isinstance(report, dict) else None
    if not isinstance(inside, dict):
        return "other"
    named = inside.get("effectiveDirective") or inside.get("effective-directive") or inside.get("violated-directive")
    word = named.split(" ")[0] if isinstance(named, str) else ""
    return word if word in DIRECTIVES else "other"

"""The built front ends, read once at start; asked for by name out of a table, so that no path leads anywhere else.

Two single-page applications: the portal at / and support's at /support. What the build named by its contents may be
kept for ever; ``.br`` and ``.gz`` files beside a file are what is sent to those who read them.
"""

import hashlib
import re
from base64 import b64encode
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

from starlette.types import Receive, Scope, Send

from api.callers import locale
from api.graphql_answer import error_body, reply
from api.graphql_request import REPORTS
from api.heads import headers
from api.settings import Settings

POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    f"frame-ancestors 'none'; report-uri {REPORTS}; report-to csp"
)
FOR_EVER = b"public, max-age=31536000, immutable"
ASK_AGAIN = b"no-cache"
HASHED = re.compile(r"/assets/[^/]*[-.][A-Za-z0-9_-]{8,}\.[a-z0-9]+(?:\.map)?")
PACKED = {"br": ".br", "gzip": ".gz"}
NO_PAGE = ("graphql", "exports", "livez", "readyz", "metrics", "assets", "csp-reports")
ROBOTS = b"User-agent: *\nDisallow: /\n"
TYPES = {".js": "text/javascript", ".mjs": "text/javascript", ".webmanifest": "application/manifest+json"}
TYPES |= {".woff2": "font/woff2", ".svg": "image/svg+xml", ".map": "application/json", ".ico": "image/x-icon"}
TYPES |= {".html": "text/html", ".css": "text/css", ".json": "application/json", ".txt": "text/plain"}
TYPES |= {".png": "image/png", ".jpg": "image/jpeg", ".webp": "image/webp", ".avif": "image/avif"}
"""What is served: a file with another ending is not there."""


@dataclass(frozen=True, slots=True)
class File:
    """One file as it is sent."""

    kind: str
    body: bytes
    etag: bytes
    keep: bytes
    packed: dict[str, bytes] = field(default_factory=dict)


class Pages:
    """Everything that is not the API."""

    def __init__(self, settings: Settings) -> None:
        self._files = _read(settings.pages_dir)
        self._ide = not settings.is_production

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        found = self._files.get(path) or self._application(path)
        if found is not None:
            await _send_file(found, scope, send)
        elif path == "/robots.txt":
            await reply(send, 200, ROBOTS, "text/plain")
        elif path in ("/", "/support") and not self._files:
            await _send_welcome(scope, send, ide=self._ide)
        else:
            await reply(send, 404, error_body("NOT_FOUND", "There is nothing here."))

    def _application(self, path: str) -> File | None:
        """The application whose own addresses these are; none for what looks like a file or belongs to the API."""
        first, _, rest = path.strip("/").partition("/")
        if first in NO_PAGE or "." in path.rpartition("/")[2] or "/." in path:
            return None
        if first == "support":
            ours = rest.partition("/")[0] not in NO_PAGE
            return (self._files.get("/support/index.html") or self._files.get("/support.html")) if ours else None
        return self._files.get("/index.html")


def _read(folder: Path) -> dict[str, File]:
    """Every file of a folder by its path in URLs; links that lead out of it are left out."""
    files: dict[str, File] = {}
    root = folder.resolve()
    for file in sorted(root.rglob("*")) if root.is_dir() else ():
        inside = file.relative_to(root)
        hidden = any(part.startswith(".") for part in inside.parts) or inside.parts[0] == "documents"
        if hidden or not file.is_file() or file.suffix not in TYPES or not file.resolve().is_relative_to(root):
            continue
        path = f"/{inside.as_posix()}"
        body = file.read_bytes()
        kind = TYPES[file.suffix]
        packed = {
            name: beside.read_bytes()
            for name, suffix in PACKED.items()
            if (beside := file.with_name(file.name + suffix)).is_file() and beside.resolve().is_relative_to(root)
        }
        etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'.encode()
        files[path] = File(kind, body, etag, FOR_EVER if HASHED.fullmatch(path) else ASK_AGAIN, packed)
    return files


async def _send_file(file: File, scope: Scope, send: Send) -> None:
    sent = headers(scope)
    taken = {each.strip().partition(";")[0] for each in sent.get(b"accept-encoding", b"").decode("latin-1").split(",")}
    answer = [(b"etag", file.etag), (b"cache-control", file.keep), (b"content-security-policy", POLICY.encode())]
    answer.append((b"reporting-endpoints", f'csp="{REPORTS}"'.encode()))
    body = file.body
    if file.packed:
        answer.append((b"vary", b"accept-encoding"))
        for name, packed in file.packed.items():
            if name in taken:
                body = packed
                answer.append((b"content-encoding", name.encode()))
                break
    if sent.get(b"if-none-match") == file.etag:
        await send({"type": "http.response.start", "status": 304, "headers": answer})
        await send({"type": "http.response.body", "body": b""})
        return
    text = file.kind.startswith("text/") or file.kind in ("application/json", "image/svg+xml")
    kind = f"{file.kind}; charset=utf-8" if text else file.kind
    answer += [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    await send({"type": "http.response.body", "body": body})


# ---- before any front end is built -----------------------------------------------------------------------------------
STYLE = """
  :root { color-scheme: light dark; }
  body { font: 1.125rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 12vh auto; padding: 0 1.25rem; }
  h1 { font-size: 1.9rem; line-height: 1.2; } code { font-size: .95em; } a { color: LinkText; }
  .ink { width: 3.5rem; height: 3.5rem; fill: #6a4fb3; }
"""
WELCOME = Template("""<!doctype html>
<html lang="$lang">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>$title</title>
<style>$style</style></head>
<body><main>
<svg class="ink" viewBox="0 0 32 32" aria-hidden="true">
<path d="M16 3a9 9 0 0 0-9 9c0 4 2 5 2 8 0 2-2 2-4 2v3c4 0 6-1 7-4
l1 8h2v-8h2v8h2l1-8c1 3 3 4 7 4v-3c-2 0-4 0-4-2 0-3 2-4 2-8a9 9 0 0 0-9-9z"/></svg>
<h1>$title</h1>
<p>$works</p>
$ide
<p>$later</p>
</main></body></html>
""")
WORDS = {
    "EN": {
        "title": "Octopus Accounts",
        "works": "The service is running. Programs reach it with GraphQL at <code>POST /graphql</code>.",
        "try": 'To try operations out, <a href="/graphql">open the page for that</a>.',
        "later": "The customers' portal is not built here yet; it comes with a later release.",
    },
    "LV": {
        "title": "Octopus konti",
        "works": "Serviss darbojas. Programmas to sasniedz ar GraphQL: <code>POST /graphql</code>.",
        "try": 'Lai izmēģinātu darbības, <a href="/graphql">atveriet tam paredzēto lapu</a>.',
        "later": "Klientu portāls šeit vēl nav uzbūvēts; tas būs kādā no nākamajām versijām.",
    },
}
STYLE_HASH = b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
WELCOME_POLICY = (
    f"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


async def _send_welcome(scope: Scope, send: Send, *, ide: bool) -> None:
    language = locale(headers(scope).get(b"accept-language"))
    words = WORDS[language]
    body = WELCOME.substitute(words, lang=language.lower(), style=STYLE, ide=f"<p>{words['try']}</p>" if ide else "")
    answer = [(b"content-security-policy", WELCOME_POLICY.encode()), (b"vary", b"accept-language")]
    await reply(send, 200, body.encode(), "text/html", answer)

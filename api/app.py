"""The web application: routes, what stands around every request, the last resort. Everything comes as an argument."""

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.allowances import Allowances
from api.callers import Caller, customer, staff
from api.csp_reports import CspReports
from api.documents import Library, NoTrustedDocuments, load
from api.downloads import Downloads, Opening
from api.fences import Fence
from api.graphql import RULES, GraphQLEndpoint, Mounted
from api.graphql_answer import OUTAGES, RETRY_AFTER, error_body, fault_body, outage, reply
from api.graphql_request import REPORTS
from api.headers import HttpsOnly, SecurityHeaders
from api.health import CHECKS, Check, Health, Metrics
from api.limits import Limits
from api.logs import Request
from api.one_click import OneClick
from api.pages import Pages
from api.settings import Settings
from api.well_known import SecurityTxt
from models.actions.export import open_download
from models.world import World

PATHS = {"customer": "/graphql", "support": "/support/graphql"}
CALLERS: Mapping[str, Caller] = {"customer": customer, "support": staff}
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}


def build_app(
    settings: Settings,
    world: World,
    *,
    lifespan: Lifespan | None = None,
    schemas: Mapping[str, Mounted] | None = None,
    checks: Mapping[str, Check] = CHECKS,
    callers: Mapping[str, Caller] = CALLERS,
    opening: Opening = open_download,
    libraries: Mapping[str, Library] | None = None,
) -> Starlette:
    """The application. ``lifespan`` runs around it; the others are ours by default.

    ``schemas`` and ``callers`` are named customer and support; ``checks`` are the parts that /readyz asks; ``opening``
    gives an export's bytes; ``libraries``, named like the schemas, are documents that are prepared already. Raises
    BadDocument, NoTrustedDocuments.
    """
    metrics = Metrics(world)
    given = our_schemas() if schemas is None else schemas
    prepared = libraries or {name: library(name, mounted, settings) for name, mounted in given.items()}
    allowances = Allowances(world.now, settings.rate_cost)
    endpoints = {
        name: GraphQLEndpoint(
            name,
            mounted.schema,
            prepared[name],
            settings=settings,
            world=world,
            caller=callers[name],
            metrics=metrics,
            allowances=allowances,
        )
        for name, mounted in given.items()
    }
    if not settings.ad_hoc and not any(len(each.library) for each in endpoints.values()):
        folders = ", ".join(str(folder / "customer") for folder in settings.documents_dirs)
        raise NoTrustedDocuments(
            f"There is no trusted document in {folders}: build the front ends, or set OCTOPUS_AD_HOC=true"
        )
    health, pages = Health(settings, metrics, checks), Pages(settings)
    paths: dict[str, ASGIApp] = {
        **{PATHS[name]: endpoint for name, endpoint in endpoints.items()},
        "/exports/{id}": Downloads(settings, world, callers["customer"], metrics, opening),
        "/unsubscribe": OneClick(world, _Reading(pages)),
        REPORTS: CspReports(settings, world, metrics),
        "/livez": _Reading(health.livez),
        "/readyz": _Reading(health.readyz),
        "/metrics": _Reading(health.metrics),
        "/.well-known/security.txt": _Reading(SecurityTxt(settings, world)),
        "/{path:path}": _Reading(pages),
    }

    @asynccontextmanager
    async def around(app: Starlette) -> AsyncIterator[None]:
        async with lifespan(app) if lifespan else nullcontext():
            yield
            for endpoint in endpoints.values():
                await endpoint.finish()

    middleware = [
        Middleware(SecurityHeaders, settings),
        Middleware(Observed, world, metrics),
        Middleware(Fence, settings),
    ]
    if settings.is_production:
        middleware.append(Middleware(HttpsOnly, settings))
    app = Starlette(
        routes=[Route(path, endpoint) for path, endpoint in paths.items()],
        middleware=middleware,
        lifespan=around,
    )
    app.router.redirect_slashes = False
    app.state.metrics = metrics
    return app


def our_schemas() -> Mapping[str, Mounted]:
    from schema import customer, support

    return {"customer": Mounted(customer.schema, customer.SINGLE), "support": Mounted(support.schema, support.SINGLE)}


def library(name: str, mounted: Mounted, settings: Settings) -> Library:
    """The documents of one schema, the trusted ones prepared. Raises BadDocument."""
    return Library(
        mounted.schema._schema,
        Limits.of(settings, mounted.single),
        load(folder / name for folder in settings.documents_dirs),
        ad_hoc=settings.ad_hoc,
        development=not settings.is_production,
        rules=RULES,
    )


class _Reading:
    """An endpoint for GET and HEAD only."""

    def __init__(self, app: Callable[[Any, Any, Any], Any]) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        body = error_body("METHOD_NOT_ALLOWED", "This is only read.")
        await reply(send, 405, body, headers=[(b"allow", b"GET, HEAD")])


class Observed:
    """Gives every request its id, its line in the log and its numbers; what nobody caught becomes 500 or 503 here."""

    def __init__(self, app: ASGIApp, world: World, metrics: Metrics) -> None:
        self._app, self._world, self._metrics = app, world, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = time.perf_counter()
        record = scope["octopus.request"] = Request(str(self._world.new_id()))
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", record.id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, noted)
        except Exception as fault:
            code = outage(fault)
            record.code = code or "INTERNAL"
            if code is None:
                self._metrics.faults.inc()
                self._world.log("fault", level="error", request_id=record.id, exc_info=fault)
            else:
                self._metrics.outages.labels(code).inc()
            if not status:  # else nothing can be said any more: the server closes the connection
                await self._last_resort(noted, record.id, code)
        finally:
            self._note(scope, record, status, time.perf_counter() - begun)

    async def _last_resort(self, send: Send, request_id: str, code: str | None) -> None:
        if code is None:
            await reply(send, 500, fault_body(request_id))
        else:
            await reply(send, 503, error_body(code, OUTAGES[code]), headers=[RETRY_AFTER])

    def _note(self, scope: Scope, record: Request, status: int, took: float) -> None:
        route = scope.get("route")
        path = route.path if isinstance(route, Route) else "none"
        method = scope["method"] if scope["method"] in METHODS else "OTHER"
        self._metrics.requests.labels(path, method, str(status)).inc()
        self._world.log(
            "request",
            request_id=record.id,
            method=method,
            route=path,
            status=status,
            ms=round(took * 1000, 1),
            **{
                key: value
                for key, value in (
                    ("operation", record.operation),
                    ("kind", record.kind),
                    ("endpoint", record.endpoint),
                    ("code", record.code),
                    ("executor", record.executor),
                    ("staff", record.staff),
                )
                if value is not None
            },
        )

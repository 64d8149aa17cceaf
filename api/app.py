"""The web application: routes, what stands around every request, the last resort. Everything comes as an argument."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from typing import Any

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from api.allowances import Allowances
from api.callers import Caller, customer, staff
from api.csp_reports import CspReports
from api.documents import Library, NoTrustedDocuments, load
from api.door import Door, Guard
from api.downloads import Downloads, Opening
from api.fences import Fence
from api.graphql import RULES, GraphQLEndpoint, Mounted
from api.graphql_answer import error_body, reply
from api.graphql_request import REPORTS
from api.headers import HttpsOnly, SecurityHeaders
from api.health import CHECKS, Check, Health, Metrics
from api.limits import Limits
from api.one_click import OneClick
from api.pages import Pages
from api.settings import Settings
from api.well_known import SecurityTxt
from models.actions.export import open_download
from models.world import World

PATHS = {"customer": "/graphql", "support": "/support/graphql"}
CALLERS: Mapping[str, Caller] = {"customer": customer, "support": staff}
Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]


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
    pages: Pages | None = None,
) -> "App":
    """The application. ``lifespan`` runs around it; the others are ours by default.

    ``schemas`` and ``callers`` are named customer and support; ``checks`` are the parts that /readyz asks; ``opening``
    gives an export's bytes; ``libraries``, named like the schemas, and ``pages`` are documents and front ends that are
    prepared already. Raises BadDocument, NoTrustedDocuments.
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
    health, pages = Health(settings, metrics, checks), pages or Pages(settings)
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
            await world.visits.write()

    guards: list[Guard] = [Fence(settings)]
    if settings.is_production:
        guards.append(HttpsOnly(settings))
    app = App(routes=[Route(path, endpoint) for path, endpoint in paths.items()], lifespan=around)
    app.router.redirect_slashes = False
    app.state.metrics = metrics
    app.door = Door(app.router, paths, guards, SecurityHeaders(settings), world, metrics)
    return app


class App(Starlette):
    """Starlette, with one door before its routes instead of a middleware each: awaits within awaits cost more than they do."""

    door: Door

    def build_middleware_stack(self) -> ASGIApp:
        return self.door


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

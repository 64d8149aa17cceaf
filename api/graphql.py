"""GraphQL over HTTP for one schema: a raw ASGI endpoint from the request's first byte to the answer's last.

Order: refuse what is forged or malformed, find the document (trusted, cached, or parsed within the limits), learn who
asks, run it in its time, and say nothing that is not the client's business.
"""

import time
from dataclasses import replace
from typing import Any, NamedTuple

import orjson
from graphql import ASTValidationRule
from starlette.types import Receive, Send
from strawberry import Schema
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from api import cookies, graphql_ide
from api.allowances import Allowances
from api.callers import Caller
from api.compiled import Executor
from api.documents import Library
from api.graphql_admission import Admission, Asked, Seen, Wanted
from api.graphql_answer import (
    JSON,
    OUTAGES,
    RESPONSE,
    RETRY_AFTER,
    Headers,
    HttpRefusal,
    Outage,
    RequestErrors,
    error_body,
    reply,
)
from api.graphql_request import ClientGone, body_of, read_get, read_post
from api.heads import Scope, head_of
from api.health import Metrics
from api.http import BODY
from api.interpreted import Interpreter
from api.logs import Request, request_of
from api.settings import Settings
from models.rows import reading_if_open
from models.world import World
from schema.plan.plans import Plans

RULES: tuple[type[ASTValidationRule], ...] = (MaybeNullValidationRule,)  # strawberry's own, beside graphql-core's
ALWAYS = 1_000
"""Bodies that are known by heart: short ones, which ask for a trusted document and give no variables."""
SHORT = 500  # bytes
TOO_LONG = "The operation took too long and was given up. It may be tried again."


class Mounted(NamedTuple):
    """A schema, and the mutations of which an operation may hold only one (None: any two are too many)."""

    schema: Schema
    single: frozenset[str] | None = None


class GraphQLEndpoint:
    """One schema's endpoint. ``caller`` tells who asks; ``finish`` waits for mutations that outlived their answer."""

    def __init__(
        self,
        name: str,
        schema: Schema,
        library: Library,
        *,
        settings: Settings,
        world: World,
        caller: Caller,
        metrics: Metrics,
        allowances: Allowances,
    ) -> None:
        self.name, self.library = name, library
        self._settings, self._world, self._metrics = settings, world, metrics
        self._for_staff = name == "support"  # whose plans depend on their roles
        self._cookies = cookies.staff_names(settings) if self._for_staff else cookies.names(settings)
        admission = Admission(settings, world, caller, allowances)
        self._see, self._context = admission.see, admission.context  # bound once: a look-up less for each request
        self._always: dict[bytes, Wanted] = {}
        self._executor = Executor(name, Plans(schema), metrics, settings.operation_timeout)
        interpreter = Interpreter(name, schema, settings, world, metrics)
        self._interpreted, self.finish = interpreter.run, interpreter.finish

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = request_of(scope)
        record.endpoint = self.name
        seen = self._see(head_of(scope))
        media = seen.media
        try:
            if seen.wants_page and not self._settings.is_production and not scope["query_string"]:
                await graphql_ide.answer(scope, send, self._world, self._settings)
                return
            status, body, extra = await self._answer(scope, receive, record, seen)
        except HttpRefusal as no:
            record.code = no.code
            status, body, extra = no.status, error_body(no.code, no.message), no.headers
        except ClientGone:
            record.code = "CLIENT_GONE"
            return
        await reply(send, status, body, media or JSON, extra)

    async def _answer(self, scope: Scope, receive: Receive, record: Request, seen: Seen) -> tuple[int, bytes, Headers]:
        if seen.refusal is not None:
            raise replace(seen.refusal)
        try:
            known = self._always.get(scope.get(BODY, b"")) if scope["method"] == "POST" else None
            wanted = known or await self._wanted(scope, receive)
            params, prepared, operation, cost = wanted
            if operation.kind != "query" and scope["method"] == "GET":
                raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Only queries are answered on GET.", [(b"allow", b"POST")])
            record.operation, record.kind = operation.name, operation.kind
            port = cookies.CookiePort(self._cookies, self._world.now)
            db = reading_if_open() if operation.kind == "query" else None
            plan = None
            if db is not None and not self._for_staff:
                # found before it is known who asks: their session brings along what will be read
                plan = self._executor.find(prepared, operation, params.variables, db.database)
                db.carry = plan[0].carried(plan[1]) if plan else ()
            elif db is not None:
                db.carry = self._executor.expected(prepared, operation)
            context = await self._context(scope, seen, cost, port, db)
            if context.colleague:
                record.staff = str(context.colleague.row.id)
            if db is not None and self._for_staff:
                roles = context.colleague.roles if context.colleague else frozenset()
                plan = self._executor.find(prepared, operation, params.variables, db.database, roles)
            answer = await self._run(Asked(wanted, context, record, plan, db))
        except RequestErrors as wrong:
            record.code = wrong.code
            return (400 if seen.media == RESPONSE else 200), orjson.dumps({"errors": wrong.errors}), []
        except Outage as down:
            record.code = down.code
            self._metrics.outages.labels(down.code).inc()
            return 503, orjson.dumps({"data": None, "errors": [_outage_error(down.code)]}), [RETRY_AFTER]
        return 200, orjson.dumps(answer, option=orjson.OPT_UTC_Z), port.headers

    async def _wanted(self, scope: Scope, receive: Receive) -> Wanted:
        """Raises HttpRefusal, ClientGone, RequestErrors."""
        if scope["method"] == "GET":
            return Wanted.of(read_get(scope), self.library)
        body = await body_of(scope, receive, self._settings.body_limit)
        wanted = Wanted.of(read_post(body), self.library)
        if wanted.always and len(body) <= SHORT:
            if len(self._always) >= ALWAYS:
                self._always.clear()
            self._always[body] = wanted
        return wanted

    async def _run(self, asked: Asked) -> dict[str, Any]:
        begun, operation = time.perf_counter(), asked.wanted.operation
        try:
            if operation.kind == "query":
                data = await self._executor.data(
                    asked.plan, asked.wanted.prepared, operation, asked.context, asked.db, asked.record
                )
                if data is not None:
                    return {"data": data}
            return await self._interpreted(asked)
        finally:
            self._metrics.operations.add(time.perf_counter() - begun, self.name, operation.kind)


def _outage_error(code: str) -> dict[str, Any]:
    return {"message": OUTAGES.get(code, TOO_LONG), "extensions": {"code": code}}

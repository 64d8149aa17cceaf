"""GraphQL over HTTP for one schema: a raw ASGI endpoint from the request's first byte to the answer's last.

Order: refuse what is forged or malformed, find the document (trusted, cached, or parsed within the limits), learn who
asks, run it in its time, and say nothing that is not the client's business.
"""

import asyncio
import math
import time
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import orjson
from graphql import ASTValidationRule, ExecutionResult, GraphQLError
from starlette.types import Receive, Send
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule

from api import cookies, graphql_ide
from api.allowances import Allowance, Allowances, UsedUp, caller_of
from api.callers import Caller, Scope, TwoCredentials, credential, headers, locale, staff_credential
from api.compiled import Executor
from api.documents import Library, Prepared, over_limit
from api.graphql_answer import (
    JSON,
    OUTAGES,
    RESPONSE,
    RETRY_AFTER,
    Headers,
    HttpRefusal,
    Outage,
    RequestErrors,
    author_error,
    error_body,
    fault_error,
    negotiate,
    outage,
    refused_error,
    reply,
    root_cause,
)
from api.graphql_request import ClientGone, Params, read_get, read_post, refuse_forged
from api.health import Metrics
from api.limits import Operation, OverLimit
from api.logs import Request, request_of
from api.settings import Settings
from models.actions.origin import Colleague
from models.actions.publish_policy import know_publications
from models.database import is_open
from models.refused import Refused
from models.rows import Reading, reading
from models.world import World
from schema.access import Context
from schema.plan.plans import Found, Plans

RULES: tuple[type[ASTValidationRule], ...] = (MaybeNullValidationRule,)  # strawberry's own, beside graphql-core's
MOST_COERCION_ERRORS = 5
TOO_LONG = "The operation took too long and was given up. It may be tried again."


class Mounted(NamedTuple):
    """A schema, and the mutations of which an operation may hold only one (None: any two are too many)."""

    schema: Schema
    single: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One request that will be run."""

    prepared: Prepared
    operation: Operation
    variables: Mapping[str, Any]
    context: Context
    record: Request
    plan: Found | None
    db: Reading | None


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
        self.name, self.schema, self.library = name, schema, library
        self._settings, self._world, self._caller, self._metrics = settings, world, caller, metrics
        self._for_staff = name == "support"  # whose plans depend on their roles
        self._cookies = cookies.staff_names(settings) if self._for_staff else cookies.names(settings)
        self._credential = staff_credential if self._for_staff else credential
        self._allowances = allowances
        self._outliving: set[asyncio.Task[Any]] = set()
        self._executor = Executor(name, Plans(schema), metrics, settings.operation_timeout)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        record = request_of(scope)
        record.endpoint = self.name
        media = negotiate(headers(scope).get(b"accept"))
        try:
            if self._wants_ide(scope):
                await graphql_ide.answer(scope, send, self._world, self._settings)
                return
            status, body, extra = await self._answer(scope, receive, record, media)
        except HttpRefusal as no:
            record.code = no.code
            status, body, extra = no.status, error_body(no.code, no.message), no.headers
        except ClientGone:
            record.code = "CLIENT_GONE"
            return
        await reply(send, status, body, media or JSON, extra)

    async def _answer(
        self, scope: Scope, receive: Receive, record: Request, media: str | None
    ) -> tuple[int, bytes, Headers]:
        params = await self._read(scope, receive, media)
        try:
            prepared = self.library.find(params.document_id, params.query)
            operation = prepared.operation(params.operation_name)
            cost = self._cost(operation, params)
            if operation.kind != "query" and scope["method"] == "GET":
                raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Only queries are answered on GET.", [(b"allow", b"POST")])
            record.operation, record.kind = operation.name, operation.kind
            port = cookies.CookiePort(self._cookies, self._world.now)
            db = reading() if operation.kind == "query" and is_open() else None
            plan = None
            if db is not None and not self._for_staff:
                # found before it is known who asks: their session brings along what will be read
                plan = self._executor.find(prepared, operation, params.variables, db.database)
                db.carry = plan[0].carried(plan[1]) if plan else ()
            elif db is not None:
                db.carry = self._executor.expected(prepared, operation)
            context = await self._context(scope, cost, port, db)
            if context.colleague:
                record.staff = str(context.colleague.row.id)
            if db is not None and self._for_staff:
                roles = context.colleague.roles if context.colleague else frozenset()
                plan = self._executor.find(prepared, operation, params.variables, db.database, roles)
            answer = await self._run(Asked(prepared, operation, params.variables, context, record, plan, db))
        except RequestErrors as wrong:
            record.code = wrong.code
            return (400 if media == RESPONSE else 200), orjson.dumps({"errors": wrong.errors}), []
        except Outage as down:
            record.code = down.code
            self._metrics.outages.labels(down.code).inc()
            return 503, orjson.dumps({"data": None, "errors": [_outage_error(down.code)]}), [RETRY_AFTER]
        return 200, orjson.dumps(answer, option=orjson.OPT_UTC_Z), port.headers

    # ---- the request ---------------------------------------------------------------------------------------------
    def _wants_ide(self, scope: Scope) -> bool:
        page = scope["method"] == "GET" and b"text/html" in headers(scope).get(b"accept", b"")
        return page and not self._settings.is_production and not scope["query_string"]

    async def _read(self, scope: Scope, receive: Receive, media: str | None) -> Params:
        method = scope["method"]
        if method != "POST" and (method != "GET" or self._settings.is_production):
            raise HttpRefusal(405, "METHOD_NOT_ALLOWED", "Operations are sent with POST.", [(b"allow", b"POST")])
        refuse_forged(scope, self._settings)
        if media is None:
            raise HttpRefusal(406, "NOT_ACCEPTABLE", f"Answers are {RESPONSE} or {JSON}, in UTF-8.")
        try:
            self._credential(scope, self._settings)
        except TwoCredentials:
            message = "Send a session cookie or a bearer token, not both."
            raise HttpRefusal(400, "TWO_CREDENTIALS", message) from None
        return read_get(scope) if method == "GET" else await read_post(scope, receive, self._settings.body_limit)

    def _cost(self, operation: Operation, params: Params) -> int:
        try:
            return operation.cost(params.variables)
        except OverLimit as over:
            raise over_limit(over) from None

    async def _context(self, scope: Scope, cost: int, port: cookies.CookiePort, db: Reading | None) -> Context:
        try:
            await know_publications(self._world)
            who, origin = await self._caller(scope, self._world, self._settings, db)
        except Exception as fault:
            raise _down(fault) from fault
        allowance = self._spend(caller_of(who, origin), cost)
        return Context(
            world=self._world,
            origin=origin,
            port=port,
            viewer=None if isinstance(who, Colleague) else who,
            colleague=who if isinstance(who, Colleague) and who.enrolled else None,
            newcomer=who if isinstance(who, Colleague) and not who.enrolled else None,
            locale=locale(headers(scope).get(b"accept-language")),
            allowance=allowance,
        )

    def _spend(self, caller: Hashable, cost: int) -> Allowance:
        try:
            return self._allowances.spend(caller, cost)
        except UsedUp as no:
            seconds = max(1, math.ceil((no.reset_at - self._world.now()).total_seconds()))
            message = f"You have asked for too much within a minute. Try again in {seconds} seconds."
            raise HttpRefusal(429, "TOO_MANY_ATTEMPTS", message, [(b"retry-after", b"%d" % seconds)]) from None

    # ---- the operation -------------------------------------------------------------------------------------------
    async def _run(self, asked: Asked) -> dict[str, Any]:
        begun = time.perf_counter()
        try:
            if asked.operation.kind == "query":
                data = await self._executor.data(
                    asked.plan, asked.prepared, asked.operation, asked.context, asked.db, asked.record
                )
                if data is not None:
                    return {"data": data}
            return await self._interpreted(asked)
        finally:
            self._metrics.operations.add(time.perf_counter() - begun, self.name, asked.operation.kind)

    async def _interpreted(self, asked: Asked) -> dict[str, Any]:
        executor = self.schema.execution_context_class.build(
            self.schema._schema,
            asked.prepared.node,
            context_value=asked.context,
            raw_variable_values=dict(asked.variables),
            operation_name=asked.operation.name,
            max_coercion_errors=MOST_COERCION_ERRORS,
            is_awaitable=optimized_is_awaitable,  # type: ignore[arg-type]
            hide_suggestions=self._settings.is_production,
        )
        if isinstance(executor, list):
            raise RequestErrors("BAD_USER_INPUT", [author_error(each, "BAD_USER_INPUT") for each in executor])
        found = executor.execute_operation()
        result: ExecutionResult = found if isinstance(found, ExecutionResult) else await self._in_time(found, asked)
        if asked.context.refused is not None:  # told in its union, as data
            asked.record.code = asked.context.refused.value
            self._metrics.refusals.labels(self.name, asked.record.code).inc()
        if result.errors:
            return {"data": result.data, "errors": [self._masked(each, asked) for each in result.errors]}
        return {"data": result.data}

    async def _in_time(self, result: Any, asked: Asked) -> Any:
        """A query is cancelled when its time is over; a mutation may be about to commit: it has as long again."""
        seconds = self._settings.operation_timeout
        try:
            if asked.operation.kind != "mutation":
                async with asyncio.timeout(seconds):
                    return await result
            task = asyncio.ensure_future(result)
            self._outliving.add(task)
            task.add_done_callback(self._outlived)
            done, _ = await asyncio.wait({task}, timeout=seconds)
            if done:
                return task.result()
            asyncio.get_running_loop().call_later(seconds, task.cancel)
        except TimeoutError:
            pass
        raise Outage("TIMEOUT")

    def _outlived(self, task: "asyncio.Task[Any]") -> None:
        self._outliving.discard(task)
        if not task.cancelled():
            task.exception()  # told already, or nobody waits for it

    async def finish(self) -> None:
        """Wait for mutations that are still under way."""
        if self._outliving:
            await asyncio.wait(set(self._outliving), timeout=2 * self._settings.operation_timeout)

    def _masked(self, error: GraphQLError, asked: Asked) -> dict[str, Any]:
        """What the client learns of an error while the operation ran. Raises Outage."""
        cause, path = root_cause(error), error.path or []
        if isinstance(cause, Refused):
            asked.record.code = cause.reason.value
            self._metrics.refusals.labels(self.name, cause.reason.value).inc()
            return refused_error(cause, asked.context.locale, path=path)
        if isinstance(cause, GraphQLError) and cause.message.startswith("Argument '"):
            return author_error(error, "BAD_USER_INPUT")
        down = outage(cause)
        if down is not None:
            raise Outage(down) from None
        field = ".".join("*" if isinstance(each, int) else each for each in path)
        self._world.log("fault", level="error", request_id=asked.record.id, field=field, exc_info=cause)
        self._metrics.faults.inc()
        asked.record.code = "INTERNAL"
        return fault_error(asked.record.id, path=path)


def _down(fault: Exception) -> Exception:
    code = outage(fault)
    return Outage(code) if code else fault


def _outage_error(code: str) -> dict[str, Any]:
    return {"message": OUTAGES.get(code, TOO_LONG), "extensions": {"code": code}}

"""The second of the two executors: graphql-core runs what no plan answered, in its time, and its errors are masked."""

import asyncio
from typing import Any

from graphql import ExecutionResult, GraphQLError
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from api.graphql_admission import Asked
from api.graphql_answer import Outage, RequestErrors, author_error, fault_error, outage, refused_error, root_cause
from api.health import Metrics
from api.settings import Settings
from models.refused import Refused
from models.world import World

MOST_COERCION_ERRORS = 5


class Interpreter:
    """Of one schema's operations. ``finish`` waits for mutations that outlived their answer."""

    def __init__(self, name: str, schema: Schema, settings: Settings, world: World, metrics: Metrics) -> None:
        self._name, self._schema, self._settings, self._world, self._metrics = name, schema, settings, world, metrics
        self._outliving: set[asyncio.Task[Any]] = set()

    async def run(self, asked: Asked) -> dict[str, Any]:
        """The whole answer. Raises RequestErrors, Outage."""
        executor = self._schema.execution_context_class.build(
            self._schema._schema,
            asked.wanted.prepared.node,
            context_value=asked.context,
            raw_variable_values=dict(asked.wanted.params.variables),
            operation_name=asked.wanted.operation.name,
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
            self._metrics.refusals.labels(self._name, asked.record.code).inc()
        if result.errors:
            return {"data": result.data, "errors": [self._masked(each, asked) for each in result.errors]}
        return {"data": result.data}

    async def _in_time(self, result: Any, asked: Asked) -> Any:
        """A query is cancelled when its time is over; a mutation may be about to commit: it has as long again."""
        seconds = self._settings.operation_timeout
        try:
            if asked.wanted.operation.kind != "mutation":
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
            self._metrics.refusals.labels(self._name, cause.reason.value).inc()
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

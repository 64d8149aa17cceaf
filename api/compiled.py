"""The first of the two executors: a query whose document compiles is answered by its plan, all others by graphql-core.

Which of them answered is counted for each trusted document and stands in the request's log line. A plan that raises, for a
refusal as for a fault, leaves no trace: graphql-core then runs the query and tells what is wrong.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

from api.documents import Prepared
from api.graphql_answer import Outage
from api.health import Metrics
from api.limits import Operation
from api.logs import Request
from models.database import is_open
from models.rows import reading
from schema.access import Context
from schema.plan.plans import Plans, Variants

AD_HOC = "ad hoc"


class Executor:
    """Plans for the documents of one endpoint."""

    def __init__(self, name: str, plans: Plans, metrics: Metrics, seconds: float) -> None:
        self._name, self._plans, self._metrics, self._seconds = name, plans, metrics, seconds

    async def data(
        self, prepared: Prepared, operation: Operation, variables: Mapping[str, Any], context: Context, record: Request
    ) -> dict[str, Any] | None:
        """The answer's data, or None: graphql-core is to be asked. Raises Outage(TIMEOUT)."""
        if operation.kind != "query":
            return None
        answer = await self._tried(prepared, operation, variables, context)
        record.executor = "interpreted" if isinstance(answer, str) else "compiled"
        document = (operation.name or prepared.id[:12]) if prepared.trusted else AD_HOC
        how = answer if isinstance(answer, str) else "compiled"
        self._metrics.documents.labels(self._name, document, how).inc()
        return None if isinstance(answer, str) else answer

    async def _tried(
        self, prepared: Prepared, operation: Operation, variables: Mapping[str, Any], context: Context
    ) -> dict[str, Any] | str:
        """The data, or why there is none: the document is new, cannot be compiled, or its plan gave up."""
        variants = prepared.variants
        if variants is None:
            if not prepared.trusted and not prepared.seen_before():  # compiling pays from the second time on
                return "interpreted"
            variants = prepared.variants = Variants.of(prepared.node)
        if not is_open():
            return "interpreted"
        db = reading()
        roles = context.colleague.roles if context.colleague else frozenset()
        found = self._plans.find(variants, operation.name, variables, db.database, roles)
        if found is None:
            return "interpreted"
        plan, values = found
        try:
            async with asyncio.timeout(self._seconds) as limit:
                return await plan.run(context, values, db)
        except Exception:
            if limit.expired():
                raise Outage("TIMEOUT") from None
            context.loaded.clear()
            return "given up"

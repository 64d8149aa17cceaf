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
from models.database import Dialect
from models.policy import Role
from models.rows import Carried, Reading
from schema.access import Context
from schema.plan.plans import Found, Plans, Variants

AD_HOC = "ad hoc"


class Executor:
    """Plans for the documents of one endpoint."""

    def __init__(self, name: str, plans: Plans, metrics: Metrics, seconds: float) -> None:
        self._name, self._plans, self._metrics, self._seconds = name, plans, metrics, seconds

    def find(
        self,
        prepared: Prepared,
        operation: Operation,
        variables: Mapping[str, Any],
        database: Dialect,
        roles: frozenset[Role] = frozenset(),
    ) -> Found | None:
        """The plan of a query and its variables' values; None: the document is new or cannot be compiled."""
        variants = prepared.variants
        if variants is None:
            if not prepared.trusted and not prepared.seen_before():  # compiling pays from the second time on
                return None
            variants = prepared.variants = Variants.of(prepared.node)
        return self._plans.find(variants, operation.name, variables, database, roles)

    @staticmethod
    def expected(prepared: Prepared, operation: Operation) -> tuple[Carried, ...]:
        """What a session is to bring along before it is known whose it is: what this query read last, whatever the roles.

        A plan for other roles does not ask for it, and it is forgotten.
        """
        latest = prepared.variants.latest if prepared.variants else None
        name = latest.operation.name if latest else None
        return latest.always_carried if latest and (name.value if name else None) == operation.name else ()

    async def data(
        self,
        found: Found | None,
        prepared: Prepared,
        operation: Operation,
        context: Context,
        db: Reading | None,
        record: Request,
    ) -> dict[str, Any] | None:
        """A query's data, or None: graphql-core is to be asked. Raises Outage(TIMEOUT)."""
        answer, limit = None, None
        if found and db:
            plan, values = found
            try:
                if plan.asks(values, db):
                    async with asyncio.timeout(self._seconds) as limit:
                        answer = await plan.run(context, values, db)
                else:
                    answer = await plan.run(context, values, db)
            except Exception:  # the plan gave up
                if limit is not None and limit.expired():
                    raise Outage("TIMEOUT") from None
                context.loaded.clear()
            finally:
                await db.rest()
        how = "compiled" if answer is not None else "given up" if found else "interpreted"
        record.executor = "interpreted" if answer is None else "compiled"
        document = (operation.name or prepared.id[:12]) if prepared.trusted else AD_HOC
        self._metrics.documents.add(self._name, document, how)
        return answer

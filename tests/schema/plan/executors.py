"""Both executors, side by side: graphql-core as the endpoint asks it, and the plan."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, parse, validate
from graphql.execution.values import VariableValues
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from api.graphql_answer import outage, root_cause
from models.database import dialect
from schema.access import Context
from schema.plan.plans import Plan, Plans, Variants
from tests.schema.plan.household import Asker
from tests.statements import Statements

TRIES = 3


class Stalled(Exception):
    """A database did not answer in its time: on a very busy machine, and no difference."""


@dataclass
class Pair:
    """The two executors of one schema, of which neither may write; ``seen`` counts how documents were answered."""

    schema: Schema
    heard: Statements
    seen: Counter[str] = field(default_factory=Counter)
    brought: int = 0  # rows that came with a session
    database: str = ""
    known: dict[str, Variants] = field(
        default_factory=dict
    )  # as the endpoint keeps them: everybody's plans are the same

    def __post_init__(self) -> None:
        self.plans = Plans(self.schema)

    async def agree(self, text: str, variables: dict[str, Any], asker: Asker) -> None:
        """Both answer alike: the same bytes, or a plan that gives up where graphql-core tells an error; and leave no trace."""
        self.heard.clear()
        for tries in range(TRIES, 0, -1):
            try:
                await self._alike(parse(text), text, variables, asker)
                break
            except Stalled:
                if tries == 1:
                    raise
        assert not self.heard.writes, f"a field of this lacks the mark EFFECT: {text}\n{self.heard.writes}"

    async def _alike(self, document: Any, text: str, variables: dict[str, Any], asker: Asker) -> None:
        interpreted = await self.interpreted(document, variables, asker.context())
        if isinstance(interpreted, list):
            self.seen["refused before"] += 1
            return
        if any(outage(root_cause(error)) for error in interpreted.errors or ()):
            raise Stalled
        self.database = dialect()
        variants = self.known.setdefault(text, Variants.of(document))
        found = self.plans.find(variants, next(iter(variants.operations)), variables, dialect(), asker.roles)
        if found is None:
            self.seen["refused" if interpreted.errors else "interpreted"] += 1
            return
        plan, values = found
        told = f"{asker.name}: {text}\n{json.dumps(variables)}\n{plan.compiled.source}"
        fault, data = None, None
        try:
            data = await self._run(plan, values, asker)
        except Exception as raised:
            fault = raised
            if outage(raised):
                raise Stalled from raised
        if fault is not None:
            self.seen["given up"] += 1
            assert interpreted.errors, f"{fault!r} where graphql-core finds nothing wrong\n{told}"
            return
        self.seen["compiled"] += 1
        assert not interpreted.errors, f"{interpreted.errors}\n{told}"
        mine, theirs = orjson.dumps(data, option=orjson.OPT_UTC_Z), orjson.dumps(interpreted.data)
        assert mine == theirs, f"{mine.decode()}\n{theirs.decode()}\n{told}"

    async def compiled(self, text: str, variables: dict[str, Any], asker: Asker) -> dict[str, Any]:
        """What the plan answers, of which there is one."""
        variants = self.known.setdefault(text, Variants.of(parse(text)))
        found = self.plans.find(variants, next(iter(variants.operations)), variables, dialect(), asker.roles)
        assert found is not None, text
        plan, values = found
        return await self._run(plan, values, asker)

    async def _run(self, plan: Plan, values: VariableValues | None, asker: Asker) -> dict[str, Any]:
        db = await asker.reading(plan.carried(values))
        self.brought += sum(map(len, db.brought.values()))
        try:
            return await plan.run(asker.context(), values, db)
        finally:
            await db.rest()

    async def interpreted(
        self, document: Any, variables: dict[str, Any], context: Context
    ) -> ExecutionResult | list[GraphQLError]:
        executor = self.schema.execution_context_class.build(
            self.schema._schema, document, context_value=context, raw_variable_values=dict(variables),
            is_awaitable=optimized_is_awaitable,
        )  # fmt: skip
        if isinstance(executor, list):
            return executor
        found = executor.execute_operation()
        return found if isinstance(found, ExecutionResult) else await found

    def valid(self, text: str) -> None:
        """The generator writes valid documents only."""
        errors = validate(self.schema._schema, parse(text))
        assert not errors, f"{errors}\n{text}"

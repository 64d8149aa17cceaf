"""Both executors, side by side: graphql-core as the endpoint asks it, and the plan."""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLError, parse, validate
from strawberry import Schema
from strawberry.execution import optimized_is_awaitable

from models.database import dialect
from models.rows import reading
from schema.access import Context
from schema.plan.plans import Plans, Variants
from tests.schema.plan.household import Asker


@dataclass
class Pair:
    """The two executors of one schema; ``seen`` counts how documents were answered."""

    schema: Schema
    seen: Counter[str] = field(default_factory=Counter)
    known: dict[str, Variants] = field(
        default_factory=dict
    )  # as the endpoint keeps them: everybody's plans are the same

    def __post_init__(self) -> None:
        self.plans = Plans(self.schema)

    async def agree(self, text: str, variables: dict[str, Any], asker: Asker) -> None:
        """Both answer alike: the same bytes, or a plan that gives up where graphql-core tells an error."""
        document = parse(text)
        interpreted = await self.interpreted(document, variables, asker.context())
        if isinstance(interpreted, list):
            self.seen["refused before"] += 1
            return
        variants = self.known.setdefault(text, Variants.of(document))
        found = self.plans.find(variants, next(iter(variants.operations)), variables, dialect(), asker.roles)
        if found is None:
            self.seen["refused" if interpreted.errors else "interpreted"] += 1
            return
        plan, values = found
        told = f"{asker.name}: {text}\n{json.dumps(variables)}\n{plan.compiled.source}"
        fault, data = None, None
        try:
            data = await plan.run(asker.context(), values, reading())
        except Exception as raised:
            fault = raised
        if fault is not None:
            self.seen["given up"] += 1
            assert interpreted.errors, f"{fault!r} where graphql-core finds nothing wrong\n{told}"
            return
        self.seen["compiled"] += 1
        assert not interpreted.errors, f"{interpreted.errors}\n{told}"
        mine, theirs = orjson.dumps(data, option=orjson.OPT_UTC_Z), orjson.dumps(interpreted.data)
        assert mine == theirs, f"{mine.decode()}\n{theirs.decode()}\n{told}"

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

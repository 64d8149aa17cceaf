"""Whatever is asked, whoever asks: the compiled answer is graphql-core's, to the byte.

10,000 generated documents over both schemas and both databases; ``OCTOPUS_DIFFERENCES`` asks for another number.
"""

import asyncio
import os

import pytest
from hypothesis import HealthCheck, given, settings

from schema import customer, support
from tests.schema.plan.documents import Document, batches
from tests.schema.plan.executors import Pair
from tests.schema.plan.household import Household
from tests.statements import Statements

ALL = list(HealthCheck)
SCHEMAS = {"customer": customer.schema, "support": support.schema}
BATCH = 50
COUNT = int(os.environ.get("OCTOPUS_DIFFERENCES", "10000")) // 2 // BATCH
SHARES = {"customer": 4, "support": 1}  # of five batches: staff's documents take several times as long


@pytest.mark.parametrize("name", SCHEMAS)
def test_generated_documents_are_answered_alike(
    name: str, runner: asyncio.Runner, household: Household, statements: Statements
) -> None:
    """Data, nulls, order and errors; nearly all of them compile, and none of them writes anything."""
    pair, askers = Pair(SCHEMAS[name], statements), household.askers[name]

    async def agree(found: list[Document]) -> None:
        pair.valid(found[0].text)
        for one in found:
            await pair.agree(one.text, one.variables, askers[one.who])

    @settings(max_examples=max(1, COUNT * SHARES[name] // 5), deadline=None, database=None, suppress_health_check=ALL)
    @given(batches(SCHEMAS[name]._schema, [one.ids for one in askers], BATCH))
    def ask(found: list[Document]) -> None:
        runner.run(agree(found))

    ask()
    assert pair.seen["interpreted"] < 0.1 * pair.seen.total(), pair.seen
    assert pair.seen["compiled"] > 0.3 * pair.seen.total(), pair.seen
    assert pair.brought or pair.database == "sqlite"

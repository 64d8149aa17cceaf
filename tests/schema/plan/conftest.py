"""A loop with both databases open, and a house full of people in it, for tests that hypothesis calls."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import close_databases, open_databases
from tests.schema.plan.household import Household, furnish, settle
from tests.statements import Statements


@pytest.fixture
def runner(urls: tuple[str, str], statements: Statements) -> Iterator[asyncio.Runner]:
    """Hypothesis calls functions that are not coroutines. Whatever is said to the databases is heard."""
    with asyncio.Runner() as runner:
        runner.run(open_databases(*urls))
        yield runner
        runner.run(close_databases())


@pytest.fixture
def household(runner: asyncio.Runner, tmp_path: Path) -> Iterator[Household]:
    """Everybody who may ask."""
    house = runner.run(settle(tmp_path))
    yield runner.run(furnish(house))
    runner.run(house.close())

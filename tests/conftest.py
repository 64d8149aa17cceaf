"""Real small objects: a cheap hasher, a clock to advance, files in a temporary folder, both databases. No mocks of our own code."""

import itertools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from tests.factories import START, Clock, House, make_world
from tests.postgres import Postgres, postgres  # noqa: F401  a fixture

NUMBERS = itertools.count()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """Main database and keystore, empty; every test that touches the database runs on both kinds."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/octopus.db", f"sqlite:///{tmp_path}/keystore.db"
        return
    server: Postgres = request.getfixturevalue("postgres")
    names = [f"test_{next(NUMBERS)}" for _ in range(2)]
    for name in names:
        server.create_database(name)
    yield server.url(names[0]), server.url(names[1])
    for name in names:
        server.drop_database(name)


@pytest.fixture
async def house(urls: tuple[str, str], tmp_path: Path) -> AsyncIterator[House]:
    """The whole house on one database, with a clock to advance."""
    await open_databases(*urls)
    clock = Clock()
    files = tuple(tmp_path / name for name in ("octopus.db", "keystore.db")) if urls[0].startswith("sqlite") else ()
    house = House(make_world(tmp_path, clock, databases=files, urls=urls), clock, tmp_path)
    try:
        await migrate(START)
        await house.world.vault.belongs()
        yield house
    finally:
        await house.close()
        await close_databases()

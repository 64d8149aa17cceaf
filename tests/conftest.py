"""Real small objects: a cheap hasher, a clock to advance, files in a temporary folder, both databases. No mocks of our own code."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from models.database import close_databases, open_databases
from tests.databases import PostgresPair, SqliteTemplate
from tests.factories import Clock, House, make_world
from tests.postgres import Postgres, postgres  # noqa: F401  a fixture

settings.register_profile("house", deadline=None)  # a machine that is busy with other work is no fault
settings.load_profile("house")


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> SqliteTemplate:
    return SqliteTemplate(tmp_path_factory.mktemp("template"))


@pytest.fixture(scope="session")
def postgres_pair(postgres: Postgres) -> PostgresPair:  # noqa: F811
    return PostgresPair(postgres)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def urls(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """Main database and keystore, migrated and empty; every test that touches the database runs on both kinds."""
    if request.param == "sqlite":
        return await request.getfixturevalue("sqlite_template").copy(tmp_path)
    return await request.getfixturevalue("postgres_pair").emptied()


@pytest.fixture
async def house(urls: tuple[str, str], tmp_path: Path) -> AsyncIterator[House]:
    """The whole house on one database, with a clock to advance."""
    await open_databases(*urls)
    clock = Clock()
    files = tuple(tmp_path / name for name in ("octopus.db", "keystore.db")) if urls[0].startswith("sqlite") else ()
    house = House(make_world(tmp_path, clock, databases=files, urls=urls), clock, tmp_path)
    try:
        await house.world.vault.belongs()
        yield house
    finally:
        await house.close()
        await close_databases()

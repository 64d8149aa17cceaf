"""One server and one browser for a file of journeys: who needs another makes it there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.e2e.test_real_server import Server
from tests.e2e.visitors import chromium, serving
from tests.place_table import RIGA, table


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A real server and worker, which know where one network is: 81.198.0.0/16 is in Riga."""
    folder = tmp_path_factory.mktemp("house")
    with serving(folder, PLACES_FILE=str(table(folder / "places.mmdb", {"81.198.0.0/16": RIGA}))) as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium."""
    with chromium() as found:
        yield found

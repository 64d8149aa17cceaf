"""GraphQL over HTTP, by the audits of the specification's reference library (npm graphql-http), against a real server."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_real_server import Server
from tests.node import node, npm_ci

AUDIT = Path(__file__).with_name("http_audit")
CHECKS = 61


@pytest.fixture(scope="module")
def audits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[dict[str, str]]]:
    """What the library says of a server in the development profile."""
    npm_ci(AUDIT)
    server = Server(tmp_path_factory.mktemp("audit"), PROFILE="development")
    try:
        migrated = server.say("migrate")
        assert migrated.returncode == 0, migrated.stderr
        server.start("--no-worker")
        command = [node(), AUDIT / "audit.mjs", f"{server.url}/graphql"]
        said = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert said.returncode in (0, 1), said.stderr
        yield [json.loads(line) for line in said.stdout.splitlines()]
    finally:
        server.remove()


def test_all_61_are_ok(audits: list[dict[str, str]]) -> None:
    """Required, recommended and optional ones alike."""
    assert [one for one in audits if one["status"] != "ok"] == []
    assert len(audits) == CHECKS


def test_each_is_another_one(audits: list[dict[str, str]]) -> None:
    """The number is of different checks."""
    assert len({one["id"] for one in audits}) == CHECKS

"""What the service says about itself, and above all what it does not."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from api import logs
from tests.api.small import CANARY, Client, SmallWorld, small_app


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The process's log goes here, and back where it was afterwards."""
    root, uvicorn = logging.getLogger(), logging.getLogger("uvicorn.access")
    before, handlers, level, disabled = logs._process.log, root.handlers[:], root.level, uvicorn.disabled
    out = io.StringIO()
    logs.configure("info", "production", out)
    yield out
    logs._process.log, root.handlers[:], uvicorn.disabled = before, handlers, disabled
    root.setLevel(level)


def lines(out: io.StringIO) -> list[dict[str, Any]]:
    """What was written."""
    return [json.loads(line) for line in out.getvalue().splitlines()]


@pytest.mark.asvs("16.2.4")
def test_only_listed_keys_are_written(stream: io.StringIO) -> None:
    """The rest is dropped and counted."""
    logs.log("sign-in", duty="erase", email=CANARY, query="{viewer}", ip="203.0.113.9")

    (line,) = lines(stream)

    assert line.pop("timestamp").endswith("Z")
    assert line == {"level": "info", "event": "sign-in", "duty": "erase", "dropped": 3}


@pytest.mark.asvs("16.4.1")
def test_values_are_short_plain_and_on_one_line(stream: io.StringIO) -> None:
    """No line break, no escape sequence, no object's repr."""
    logs.log("x", operation="A\r\n{}\x1b[31m" + "b" * 500, name={"email": CANARY}, count=2)

    (line,) = lines(stream)

    assert line["operation"].startswith("A  {} [31mbbb")
    assert len(line["operation"]) == logs.LONGEST
    assert line["name"] == "dict"
    assert line["count"] == 2


@pytest.mark.asvs("16.2.5")
@pytest.mark.asvs("16.3.4")
def test_a_fault_is_told_by_its_type_and_way(stream: io.StringIO) -> None:
    """Never by its text, which may hold anything."""
    try:
        raise ValueError(CANARY)
    except ValueError as fault:
        logs.log("duty.failed", level="error", exc_info=fault)

    (line,) = lines(stream)

    assert line["fault"] == "ValueError"
    assert line["trace"].startswith("tests/api/test_logs.py:")
    assert CANARY not in stream.getvalue()


@pytest.mark.asvs("16.2.5")
def test_what_libraries_say_is_not_repeated(stream: io.StringIO) -> None:
    """Their texts and arguments may hold values; uvicorn's own sentences stay."""
    logging.getLogger("asyncio").error("Task failed: %s", CANARY, exc_info=ValueError(CANARY))
    logging.getLogger("uvicorn.error").info("Started server process [%d]", 7)
    logging.getLogger("uvicorn.error").error(f"Traceback (most recent call last):\n{CANARY}")
    logging.getLogger("uvicorn.access").info("GET /exports/%s", CANARY)
    logging.getLogger("tortoise").debug("SELECT %s", CANARY)

    written = lines(stream)

    assert [line["event"] for line in written] == [
        "library", "Started server process [%d]", "Traceback (most recent call last):"
    ]  # fmt: skip
    assert written[0]["fault"] == "ValueError"
    assert CANARY not in stream.getvalue()


def test_the_level_is_kept_and_development_is_readable() -> None:
    """Quieter than the level is not written; people read lines, not JSON."""
    out = io.StringIO()
    log = logs.make_log("warning", "development", out)

    log("quiet")
    log("loud", level="warning", port=8000)

    assert "quiet" not in out.getvalue()
    assert "loud" in out.getvalue()
    assert "port=8000" in out.getvalue()


@pytest.mark.asvs("14.2.1")
@pytest.mark.asvs("16.2.1")
@pytest.mark.asvs("16.2.5")
async def test_a_request_leaves_one_line_without_values(stream: io.StringIO) -> None:
    """Route template, status, time, operation: no path value, query, address, header or body."""
    small = SmallWorld()
    object.__setattr__(small, "log", logs.log)
    client = Client(small_app(small=small), peer="203.0.113.77")
    agent = {"User-Agent": "canary-agent", "X-Octopus-Client": "canary-client"}

    await client.ask("query Greet($n: String!) {hello(name: $n)}", headers=agent, variables={"n": CANARY})
    await client.ask("{fault wrongType}", headers=agent)
    await client.ask(f'{{hello(times: "{CANARY}")}}', headers=agent)
    await client.http.get(f"/exports/{CANARY}?query={CANARY}")
    await client.http.get(f"/{CANARY}")

    written = [line for line in lines(stream) if line["event"] == "request"]
    assert [line["route"] for line in written] == ["/graphql"] * 3 + ["/exports/{id}", "/{path:path}"]
    assert written[0]["operation"] == "Greet"
    assert written[0]["request_id"].endswith("1")
    assert {line["fault"] for line in lines(stream) if line["event"] == "fault"} == {"ValueError", "GraphQLError"}
    assert not any("dropped" in line for line in lines(stream))
    for canary in (CANARY, "canary", "203.0.113.77"):
        assert canary not in stream.getvalue()

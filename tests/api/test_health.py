"""Whether it lives, whether it can work, and its numbers."""

import asyncio
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.api.small import CANARY, Client, settings, small_app


async def works() -> bool:
    return True


async def waits() -> bool:
    return False


async def fails() -> bool:
    raise ConnectionError(CANARY)


async def hangs() -> bool:
    await asyncio.sleep(60)
    return True


async def test_it_lives_while_the_loop_runs() -> None:
    """Whatever else is down."""
    answer = await Client(small_app(checks={"database": fails})).http.get("/livez")

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


async def test_it_is_ready_when_every_part_works() -> None:
    """And says so."""
    answer = await Client(small_app(checks={"database": works, "keystore": works})).http.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True, "down": []})


@pytest.mark.asvs("13.4.5")
async def test_what_is_down_is_named_and_nothing_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that fails, is behind, or does not answer in time."""
    monkeypatch.setattr("api.health.PATIENCE", 0.05)
    checks = {"database": fails, "keystore": hangs, "schema": waits, "worker": works}

    answer = await Client(small_app(checks=checks)).http.get("/readyz")

    assert (answer.status_code, answer.json()) == (503, {"ready": False, "down": ["database", "keystore", "schema"]})


@pytest.mark.parametrize("path", ["/livez", "/readyz", "/metrics"])
async def test_they_are_only_read(path: str) -> None:
    """GET and HEAD."""
    answer = await Client(small_app()).http.post(path)

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.asvs("13.4.5")
async def test_metrics_are_for_the_networks_that_may_read_them() -> None:
    """For anybody else there is nothing here."""
    app = small_app(settings(metrics_allow=("10.0.0.0/8",)))

    assert (await Client(app, peer="10.1.2.3").http.get("/metrics")).status_code == 200
    assert (await Client(app, peer="127.0.0.1").http.get("/metrics")).status_code == 404


async def test_metrics_count_what_happened_by_labels_of_ours() -> None:
    """Two apps in one process do not clash, and nothing that a client made up becomes a label."""
    app, other = small_app(), small_app()
    client = Client(app)
    await client.ask("query Mine {hello}")
    await client.ask("{fault keystoreDown}")
    await client.ask("{refused}")
    await client.http.request("BREW", f"/{CANARY}")

    text = (await client.http.get("/metrics")).text
    samples: dict[str, list[tuple[dict[str, Any], float]]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            samples.setdefault(sample.name, []).append((sample.labels, sample.value))

    requests = {
        (each["method"], each["route"], each["status"]): value for each, value in samples["octopus_requests_total"]
    }
    assert requests == {
        ("POST", "/graphql", "200"): 2,
        ("POST", "/graphql", "503"): 1,
        ("OTHER", "/{path:path}", "405"): 1,
    }
    assert samples["octopus_operation_seconds_count"] == [({"endpoint": "customer", "kind": "query"}, 3)]
    assert samples["octopus_refusals_total"] == [({"endpoint": "customer", "code": "NOT_SIGNED_IN"}, 1)]
    assert samples["octopus_outages_total"] == [({"code": "KEYSTORE_DOWN"}, 1)]
    assert samples["octopus_hashing_queue"] == [({}, 3)]
    assert CANARY not in text
    assert "Mine" not in text
    assert "POST" not in (await Client(other).http.get("/metrics")).text

"""The compliance report as a page, as signed JSON, and as numbers that warn before a promise is broken."""

import json
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.commands.promises import _csv, _json
from api.commands.promises_page import page
from models.retention.compliance import compliance, is_signed
from tests.factories import House


class Texts(HTMLParser):
    """The cells of a page, and what it would load."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[str] = []
        self.loads: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [tag for name, _ in attrs if name in ("src", "href")] + [tag] * (tag in ("script", "link"))

    def handle_data(self, data: str) -> None:
        self.cells.append(data.strip())


async def test_the_report_is_a_page_json_and_csv_with_every_promise(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing is loaded by the page; the JSON's signature is checked, and a changed figure does not pass."""
    await house.customer()
    today = house.world.today()
    report = await compliance(house.world, today - timedelta(days=30), today)

    shown = Texts(page(report))
    assert shown.loads == []
    assert {one.promise.title.en for one in report.promises} <= set(shown.cells)
    assert report.signature in shown.cells
    capsys.readouterr()
    _csv(report)
    assert len(capsys.readouterr().out.splitlines()) == len(report.promises) + 1
    _json(report)
    text = capsys.readouterr().out.encode()
    public = house.world.vault.signer.public_key().public_bytes_raw()
    assert is_signed(text, public)
    said = json.loads(text)
    said["document"] = said["document"].replace('"kept":1', '"kept":2', 1)
    assert not is_signed(json.dumps(said).encode(), public)
    assert not is_signed(b"[]", public)
    assert not is_signed(text, house.world.vault.random(32))


async def test_the_numbers_fall_before_a_ceiling_is_reached(house: House) -> None:
    """An address that no worker cuts counts down to zero and below; copies of erased people are counted."""
    await house.customer()
    await house.work()

    async def samples() -> dict[tuple[str, str], float]:
        client = house.client()
        text = (await client.http.get("/metrics")).text
        return {
            (sample.name, sample.labels.get("promise") or sample.labels.get("kind") or ""): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    first = await samples()
    assert first["octopus_promise_seconds_left", "ip_is_cut"] == pytest.approx(180 * 86_400, abs=60)
    assert first["octopus_promise_broken", "ip_is_cut"] == 0
    assert first["octopus_redundant_copies", "backups"] == 0
    assert first["octopus_given_up", "letter"] == 0
    house.clock.advance(days=100)
    assert (await samples())["octopus_promise_seconds_left", "ip_is_cut"] == pytest.approx(80 * 86_400, abs=60)
    house.clock.advance(days=81)
    last = await samples()
    assert last["octopus_promise_seconds_left", "ip_is_cut"] < 0
    assert last["octopus_promise_broken", "ip_is_cut"] >= 1

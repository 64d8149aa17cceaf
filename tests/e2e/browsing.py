"""A real Chromium for the pages: found or its absence said loudly; and what every page is held to."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

PAGES = Path(__file__).parents[2] / "frontend"
CHROMIUM = os.environ.get("OCTOPUS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("OCTOPUS_REQUIRE_BROWSER") == "1"
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SLOW = 30_000  # milliseconds for what usually takes less than one hundred, on a busy machine

in_a_browser = [
    pytest.mark.browser,
    pytest.mark.skipif(
        CHROMIUM is None and not REQUIRED,
        reason="NO CHROMIUM: the pages were not tried in a real browser (apt install chromium)",
    ),
]
"""The marks of a module whose tests need Chromium."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser of our own. Fails where one is required and there is none."""
    assert CHROMIUM is not None, "OCTOPUS_REQUIRE_BROWSER=1 and there is no Chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def visit(browser: Browser, url: str, **context: Any) -> Iterator[Page]:
    """A page in a browser context of its own that asks nobody but ``url`` and reports no error."""
    made = browser.new_context(
        base_url=url, **{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | context
    )
    page = made.new_page()
    page.set_default_timeout(SLOW)
    elsewhere: list[str] = []
    broken: list[str] = []
    page.on(
        "request", lambda asked: None if asked.url.startswith((url, "blob:", "data:")) else elsewhere.append(asked.url)
    )
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.on("console", lambda said: broken.append(said.text) if "Content Security Policy" in said.text else None)
    try:
        yield page
        assert not elsewhere, "nothing leaves our origin"
        assert not broken
    finally:
        made.close()


@cache
def _axe() -> str:
    return (PAGES / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """What axe finds on the page as it is: each rule with the first place that breaks it."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
    return [
        f"{one['id']}: {one['nodes'][0]['html'][:200]} ({one['nodes'][0]['failureSummary'][:200]})" for one in found
    ]


def overflow(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def stored(page: Page) -> set[str]:
    """The names of everything that the page keeps in the browser."""
    names = page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
    return {*names, *(cookie["name"] for cookie in page.context.cookies())}

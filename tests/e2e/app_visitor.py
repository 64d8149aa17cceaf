"""People with the app, as it is exported for the web: its files come with the server's own origin, as the API asks.

What is exported is no page of the product: the test puts the files before the server, which itself serves none of them.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from babel.messages.pofile import read_po
from playwright.sync_api import Browser, Locator, Route

from tests.e2e.test_real_server import HOUSE, PASSWORD, Server
from tests.e2e.visitors import AXE, CHROMIUM, REQUIRED, Visitor

APP = HOUSE / "frontend/mobile"
EXPORTED = APP / "dist"
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not REQUIRED and (CHROMIUM is None or not (EXPORTED / "index.html").exists() or not AXE.exists()),
        reason="NO CHROMIUM or NO APP: it was not tried in a real browser (apt install chromium; make app)",
    ),
]
API = re.compile(r"^https?://[^/]+/(graphql|exports/)")
CALM_FRAMES = 5
CALM = f"""() => {{
  const busy = [...document.querySelectorAll('[data-testid=waiting], [data-testid=busy]')].some((one) => one.checkVisibility())
  window.calm = window.asking || busy ? 0 : window.calm + 1
  return window.calm > {CALM_FRAMES}
}}"""
LOOK = """async () => {
  const wrong = (await axe.run(document, {resultTypes: ['violations']})).violations
    .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 200))])
  const wide = [...document.querySelectorAll('*')]
    .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1)
  return wide.length ? [...wrong, ['too wide', wide[0].outerHTML.slice(0, 200)]] : wrong
}"""
with (APP / "src/words/lv.po").open("rb") as source:
    LATVIAN = {str(one.id): str(one.string) for one in read_po(source) if one.id}


class AppVisitor(Visitor):
    """One person with the app on one device."""

    def __init__(
        self, server: Server, browser: Browser, *, language: str = "en", width: int = 360, **options: Any
    ) -> None:
        given = {
            "locale": {"en": "en-GB", "lv": "lv-LV"}[language],
            "viewport": {"width": width, "height": 740},
        } | options
        super().__init__(server, browser, reduced_motion="reduce", **given)
        self.language = language
        self.wrong: dict[str, Any] = {}
        self.others: list[Elsewhere] = []
        self.context.route(re.compile(f"^{re.escape(server.url)}/"), _answer)

    def said(self, english: str) -> str:
        """The app's words in the language of this device."""
        return LATVIAN[english] if self.language == "lv" else english

    def shown(self, role: Any, name: str) -> Locator:
        """What can be seen and pressed by its whole name, in the device's language."""
        return self.page.get_by_role(role, name=self.said(name), exact=True)

    def press(self, name: str, *, role: Any = "button") -> None:
        self.shown(role, name).click()

    def type(self, label: str, text: str) -> None:
        self.page.get_by_label(self.said(label), exact=True).locator("visible=true").fill(text)

    def heading(self, name: str) -> None:
        self.shown("heading", name).wait_for()

    def settled(self, language: str | None = None) -> None:
        if language:
            self.page.locator(f"html[lang={language}]").wait_for(state="attached")
        self.page.evaluate("window.calm = 0")
        self.page.wait_for_function(CALM)

    def open(self) -> None:
        """The app, as it starts."""
        self.goto("/")
        self.heading("Sign in")

    def sign_in(self, password: str = PASSWORD, *, email: str | None = None) -> None:
        self.type("E-mail address", email or self.email)
        self.type("Password", password)
        self.press("Sign in")

    def inside(self) -> None:
        """Wait for the overview."""
        self.page.get_by_role("navigation", name=self.said("Your account")).wait_for()

    def to(self, name: str) -> None:
        """From the overview to another screen, by keyboard."""
        self.shown("link", name).press("Enter")
        self.heading(name)

    def back(self) -> None:
        """To the overview."""
        self.page.get_by_role("button", name=f"‹ {self.said('Back')}").click()
        self.inside()

    def prove(self, password: str = PASSWORD) -> None:
        """Answer the question who is there."""
        self.heading("Is it you?")
        self.type("Your password", password)
        self.press("Continue")
        self.shown("heading", "Is it you?").wait_for(state="detached")

    def other_device(self) -> "Elsewhere":
        """The same person at another device."""
        self.others.append(Elsewhere(self, len(self.others)))
        return self.others[-1]

    def leave(self) -> None:
        """Close the device; the browser kept nothing at all."""
        assert self.stored() == set()
        super().leave()

    def look(self, state: str) -> None:
        """At what is there now, once it stays: what axe finds, and whether it fits."""
        self.settled()
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        if wrong := self.page.evaluate(LOOK):
            self.wrong[state] = wrong


class Elsewhere:
    """The same person with something else of theirs, without a page: it says what it likes, in a browser's session."""

    def __init__(self, visitor: Visitor, number: int) -> None:
        headers = {"X-Octopus-Client": "tests", "X-Forwarded-For": f"192.0.2.{number}", "User-Agent": "Firefox/140.0"}
        self.http = httpx.Client(base_url=visitor.server.url, headers=headers, timeout=60)
        self.say("signIn(email: $e, password: $p)", e=visitor.email, p=PASSWORD)

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the only root field."""
        answer = self.http.post("/graphql", json={"query": query, "variables": variables}).json()
        assert "errors" not in answer, answer
        return next(iter(answer["data"].values()))

    def say(self, call: str, selected: str = "", *, types: str = "String!", **variables: Any) -> Any:
        """A mutation; its variables are all of one type."""
        given = f"({', '.join(f'${key}: {types}' for key in variables)})" if variables else ""
        found = self.ask(f"mutation{given} {{{call} {{__typename ... on Refusal {{code}} {selected}}}}}", **variables)
        assert found["__typename"] != "Refusal", found
        return found

    def step_up(self) -> None:
        """The proof that what follows needs."""
        self.say("stepUp(proof: {password: $p})", p=PASSWORD)


@contextmanager
def at(server: Server, browser: Browser, **options: Any) -> Iterator[AppVisitor]:
    """Somebody new with the app; nothing that was looked at is wrong."""
    found = AppVisitor(server, browser, **options)
    try:
        yield found
        found.leave()
    finally:
        for one in found.others:
            one.http.close()
    assert not found.wrong, found.wrong


def _answer(route: Route) -> None:
    if API.match(route.request.url):
        route.fallback()
        return
    path = route.request.url.split("/", 3)[3].partition("?")[0].partition("#")[0]
    file = EXPORTED / path if path else EXPORTED / "index.html"
    if file.is_file():
        route.fulfill(path=file)
    else:
        route.fulfill(status=404, body="")

"""People at the pages: a real server and worker, a real Chromium, and an eye on what the browser is made to do.

Whoever visits sends nothing to another origin, meets no error of the page's and nothing its security policy blocks, and
keeps only what models/policy/cookies.yaml declares.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml
from playwright.sync_api import Browser, BrowserContext, Page, TimeoutError, sync_playwright

from tests.e2e.test_real_server import ADDRESS, HOUSE, PASSWORD, WHO, Server, until

CHROMIUM = os.environ.get("OCTOPUS_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
REQUIRED = os.environ.get("OCTOPUS_REQUIRE_BROWSER") == "1"
DIST = HOUSE / "frontend/dist"
AXE = HOUSE / "frontend/node_modules/axe-core/axe.min.js"
BUILT = (DIST / "index.html").exists() and AXE.exists()
MARKS = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        not REQUIRED and (CHROMIUM is None or not BUILT),
        reason="NO CHROMIUM or NO PAGES: they were not tried in a real browser (apt install chromium; make pages)",
    ),
]
DECLARED = set(yaml.safe_load((HOUSE / "models/policy/cookies.yaml").read_text()))
NUMBERS = count(1)
PATIENCE_MS = 60_000
COUNTING = """(() => {
  const ask = window.fetch
  window.asking = window.calm = 0
  window.fetch = async (...given) => {
    window.asking += 1
    try {
      const answer = await ask(...given)
      await answer.clone().arrayBuffer()
      return answer
    } finally { window.asking -= 1 }
  }
})()"""
CALM_FRAMES = 5  # from an answer to what is shown of it, and to what is asked for because it is shown
CALM = f"""() => {{
  window.calm = window.asking || document.querySelector('.waiting, [data-busy]') ? 0 : window.calm + 1
  return window.calm > {CALM_FRAMES}
}}"""

SHOWN = """selector => [...document.querySelectorAll(selector)].some(one => {
  const box = one.getBoundingClientRect()
  return box.width > 0 && box.height > 0 && one.checkVisibility({visibilityProperty: true})
})"""
TITLED = """words => [...document.querySelectorAll('h1')].some(one => {
  return one.checkVisibility({visibilityProperty: true}) && new RegExp(words).test(one.innerText)
})"""
GONE = "selector => !document.querySelector(selector)"


@contextmanager
def serving(folder: Path, *first: str, **settings: str) -> Iterator[Server]:
    """A migrated server with its worker, behind a proxy that says where each visitor comes from; `first` is said before."""
    made = Server(folder, TRUSTED_PROXIES="127.0.0.1/32", **settings)
    try:
        for word in ("migrate", *first):
            told = made.say(word)
            assert told.returncode == 0, told.stderr
        made.start()
        yield made
    finally:
        made.remove()


@contextmanager
def chromium() -> Iterator[Browser]:
    """One browser for a whole module."""
    assert CHROMIUM is not None, "OCTOPUS_REQUIRE_BROWSER=1 and there is no Chromium"
    assert BUILT, "OCTOPUS_REQUIRE_BROWSER=1 and the pages are not built: make pages"
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        try:
            yield found
        finally:
            found.close()


class Visitor:
    """One person at one device of their own."""

    def __init__(self, server: Server, browser: Browser, **options: Any) -> None:
        number = next(NUMBERS)
        self.server, self.email = server, f"visitor{number}@example.com"
        self.faults: list[str] = []
        self.elsewhere: set[str] = set()
        headers = {"X-Forwarded-For": f"198.51.100.{number}"}
        wanted = {
            "locale": "en-GB",
            "viewport": {"width": 1280, "height": 900},
            "extra_http_headers": headers,
        } | options
        self.context: BrowserContext = browser.new_context(**wanted)
        self.context.set_default_timeout(PATIENCE_MS)
        self.context.on("request", self._sent)
        self.context.add_init_script(COUNTING)
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda said: self.faults.append(said.text) if "Content Security" in said.text else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))

    def _sent(self, request: Any) -> None:
        url = urlsplit(request.url)
        if url.scheme not in ("data", "blob") and f"{url.scheme}://{url.netloc}" != self.server.url:
            self.elsewhere.add(request.url)

    def leave(self) -> None:
        """Close the device; nothing went where it should not."""
        stored = self.stored()
        self.context.close()
        assert not self.faults, self.faults
        assert not self.elsewhere, self.elsewhere
        assert stored <= DECLARED, stored - DECLARED

    def stored(self) -> set[str]:
        """The names of what the browser keeps; a development server's cookies lack the prefix."""
        names = self.page.evaluate("[...Object.keys(localStorage), ...Object.keys(sessionStorage)]")
        return {*names, *(f"__Host-{one['name']}" for one in self.context.cookies())}

    # ---- what people do ----------------------------------------------------------------------------------------------
    def goto(self, path: str) -> None:
        """Type an address."""
        self.page.goto(self.server.url + path)

    def walk(self, path: str) -> None:
        """Go to another page of the portal without loading it anew."""
        self.page.evaluate(
            "path => {history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate'))}", path
        )

    def press(self, name: str, *, role: Any = "button") -> None:
        """Press a button by the whole name that is said of it."""
        self.page.get_by_role(role, name=name, exact=True).click()

    def type(self, label: str, text: str) -> None:
        """Fill in a field by its label."""
        self.page.get_by_label(label, exact=True).fill(text)

    def sees(self, text: str | re.Pattern[str]) -> None:
        """Wait until it is there."""
        try:
            self.page.get_by_text(text).first.wait_for()
        except TimeoutError as waited:
            raise AssertionError(f"{text!r} is not on the page: {self.page.locator('body').inner_text()}") from waited

    def heading(self, name: str) -> None:
        """Wait for a page by its title."""
        self.page.get_by_role("heading", level=1, name=name).wait_for()

    def shown(self, selector: str) -> None:
        """Wait until something of this CSS selector is seen: looked for at every frame, and not twice a second at last."""
        self.page.wait_for_function(SHOWN, arg=selector)

    def titled(self, words: str) -> None:
        """Wait until the page's title is seen; ``words``: a regular expression of what is in it."""
        self.page.wait_for_function(TITLED, arg=words)

    def gone(self, selector: str) -> None:
        """Wait until nothing of this CSS selector is there any more."""
        self.page.wait_for_function(GONE, arg=selector)

    def settled(self, language: str | None = None) -> None:
        """Wait until nothing is asked, awaited or busy: what is shown stays as it is; in a language, if that matters."""
        if language:
            self.page.locator(f"html[lang={language}]").wait_for(state="attached")
        self.page.evaluate("window.calm = 0")
        self.page.wait_for_function(CALM)

    def prove(self, password: str = PASSWORD) -> None:
        """Answer the question who is there."""
        question = self.page.get_by_role("dialog", name="Is it you?")
        question.get_by_label("Your password", exact=True).fill(password)
        question.get_by_role("button", name="Continue", exact=True).click()
        question.wait_for(state="detached")

    def sign_in(self, password: str = PASSWORD, *, email: str | None = None) -> None:
        """With a password."""
        self.goto("/sign-in")
        self.type("E-mail address", email or self.email)
        self.type("Password", password)
        self.press("Sign in")

    def link(self, template: str) -> str:
        """The path of the link in the letter of a template to this person, once it is there."""
        until(lambda: self._letters(template), f"a letter {template}")
        found = re.search(r"https?://[^/]+(/[\w-]+\?token=[\w-]+)", self._letters(template)[-1])
        assert found is not None, template
        return found[1]

    def _letters(self, template: str) -> list[str]:
        files = sorted((self.server.data / "letters").glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
        letters = [message_from_bytes(file.read_bytes(), policy=default) for file in files]
        mine = [one for one in letters if one["X-Octopus-Letter"] == template and self.email in one["To"]]
        return [body.get_content() for one in mine if (body := one.get_body(("plain",))) is not None]


def become_customer(visitor: Visitor, **more: Any) -> None:
    """Sign up and confirm without the pages: for the journeys that begin later."""
    headers = {"X-Octopus-Client": "tests", "X-Forwarded-For": f"203.0.113.{next(NUMBERS)}"}
    with httpx.Client(base_url=visitor.server.url, headers=headers, timeout=60) as http:

        def ask(query: str, **variables: Any) -> Any:
            answer = http.post("/graphql", json={"query": query, "variables": variables}).json()
            assert "errors" not in answer, answer
            return next(iter(answer["data"].values()))

        version = ask("{policy {version}}")["version"]
        given = {**WHO, "email": visitor.email, "identity": {"birthdate": "1961-03-02"}, "address": ADDRESS}
        given |= {"password": PASSWORD, "acceptedPolicy": version} | more
        found = ask("mutation($i: SignUpInput!) {signUp(input: $i) {__typename ... on Refusal {code}}}", i=given)
        assert found == {"__typename": "SignUpStarted"}, found
        token = visitor.link("confirm-email").partition("=")[2]
        found = ask("mutation($t: String!) {confirmEmail(token: $t) {__typename}}", t=token)
        assert found == {"__typename": "EmailConfirmed"}, found

"""Members of staff at the dashboard, in a real browser, among the demonstration's customers and colleagues."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pyotp
from playwright.sync_api import Browser, Locator

from api.demo_staff import PASSWORD as STAFF_PASSWORD
from tests.e2e.test_real_server import Server, until
from tests.e2e.visitors import Visitor

SUPPORT, SENIOR, OFFICE, OFFICER = "priya.shah", "tomass.vitols", "andris.krumins", "helen.marsh"
FINANCE, AUDITOR, ADMIN = "george.ellis", "ilze.kalve", "zane.berzina"


class Colleague(Visitor):
    """A member of staff at their desk. A code works once, so a second proof in half a minute takes the next one."""

    used: ClassVar[dict[str, int]] = {}
    seed = ""

    def code(self) -> str:
        step = max(int(datetime.now(UTC).timestamp()) // 30, self.used.get(self.seed, 0) + 1)
        self.used[self.seed] = step
        return pyotp.TOTP(self.seed).at(step * 30)

    def on_duty(self, name: str, seeds: dict[str, str]) -> None:
        """Sign in with the password and the app."""
        self.seed = seeds[name]
        self.goto("/support")
        self.type("Your address at work", f"{name}@staff.example.com")
        self.type("Password", STAFF_PASSWORD)
        self.press("Sign in")
        self.type("Code of six digits", self.code())
        self.press("Continue")
        self.titled("Good day")

    def enrol(self) -> None:
        """From the invitation's page to being on duty."""
        self.type("Your new password", "five quiet otters at dawn")
        self.press("Continue")
        self.seed = self.page.locator(".secret").inner_text().replace(" ", "")
        self.type("The six digits the app shows now", self.code())
        self.press("Confirm")
        self.press("I have kept them")
        self.titled("Good day")

    def turn(self, path: str) -> None:
        """To another page of the dashboard, without loading it anew, and until it is there whole."""
        self.page.evaluate("document.querySelector('h1').dataset.seen = true")
        self.walk(f"/support{path}")
        self.shown("h1:not([data-seen]):not(.hidden)")  # what waits is hidden
        self.settled()

    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    def submit(self, name: str) -> None:
        """Press a button of the open dialog and wait until it closed."""
        self.dialog().get_by_role("button", name=name, exact=True).click()
        self.dialog().wait_for(state="detached")

    def find(self, email: str) -> None:
        """The customer of exactly this address."""
        self.goto("/support/find")
        self.page.get_by_label("What you know").select_option("email")
        self.type("E-mail address", email)
        self.press("Find")
        self.page.get_by_role("table", name="Customers found").wait_for()

    def open(self, email: str, ticket: str) -> str:
        """Open the record; the customer's number."""
        self.find(email)
        self.page.get_by_role("button", name=re.compile("^Open record of")).click()
        self.dialog().get_by_label("Ticket").fill(ticket)
        self.submit("Open")
        self.titled("^Record ")
        heading = self.page.get_by_role("heading", level=1, name=re.compile("^Record "))
        return heading.inner_text().removeprefix("Record ")

    def part(self, name: str) -> None:
        self.page.get_by_role("navigation", name="Parts of the record").get_by_role("link", name=name).click()

    def says(self, label: str, text: str, button: str) -> None:
        """Write into a form that stays, and wait until nothing of it is on its way: then it is empty, or says what is wrong."""
        self.type(label, text)
        self.press(button)
        self.settled()

    def finds(self, path: str, text: re.Pattern[str]) -> None:
        """Look at a page again and again, until the worker has done what it shows."""

        def there() -> bool:
            self.goto(path)
            self.settled()
            return self.page.get_by_text(text).count() > 0

        until(there, f"{text.pattern} on {path}")

    def saved(self, button: str) -> Path:
        """Press what saves a file; where it lies."""
        with self.page.expect_download() as download:
            self.press(button)
        return Path(download.value.path())


Come = Callable[..., Colleague]


@dataclass
class Office:
    """A server with its worker, a browser, and the colleagues who came; they sign in once and stay signed in."""

    server: Server
    browser: Browser
    seeds: dict[str, str]
    """Each colleague's authenticator app."""
    here: list[Colleague] = field(default_factory=list)
    signed_in: dict[str, Any] = field(default_factory=dict)

    def come(self, name: str, **options: Any) -> Colleague:
        """Somebody by name, at a browser of their own."""
        kept = {"storage_state": self.signed_in[name]} if name in self.signed_in else {}
        found = Colleague(self.server, self.browser, **kept, **options)
        self.here.append(found)
        if not kept:
            found.on_duty(name, self.seeds)
            self.signed_in[name] = found.context.storage_state()
        found.seed = self.seeds[name]
        found.goto("/support")
        found.titled("Good day|Labdien")
        return found

    def invited(self, name: str, *roles: str) -> str:
        """The path of the link of somebody new, whom the operator added."""
        email = f"{name.lower()}@staff.example.com"
        said = self.server.say("staff", "add", email, "--name", name, *(f"--role={role}" for role in roles))
        assert said.returncode == 0, said.stderr
        return "/support/invitation?token=" + said.stdout.split("token=")[1].split()[0]

    def leave(self) -> None:
        """Everybody closes their browser; nothing went where it should not."""
        while self.here:
            self.here.pop().leave()


@contextmanager
def staffed(folder: Path, *, customers: bool = True) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server with its worker and the demonstration in it, or an empty one; and each colleague's authenticator app."""
    server = Server(folder, TRUSTED_PROXIES="127.0.0.1/32")
    try:
        for word in ("migrate", "demo") if customers else ("migrate",):
            said = server.say(word)  # before there is a worker that would have to rest meanwhile
            assert said.returncode == 0, said.stderr
        seeds = dict(re.findall(r"(\S+)@staff\.example\.com / \S+ / TOTP secret (\w+)", said.stdout))
        server.start()
        yield server, seeds
    finally:
        server.remove()


@contextmanager
def demonstration(folder: Path, browser: Browser, *, customers: bool = True) -> Iterator[Office]:
    """Its office."""
    with staffed(folder, customers=customers) as (server, seeds):
        yield Office(server, browser, seeds)

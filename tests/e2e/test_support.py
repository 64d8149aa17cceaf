"""The staff's journeys through the support dashboard, in a real browser, against the real server and worker (issue 7)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import httpx
import pyotp
import pytest
from playwright.sync_api import Browser, Locator

from api.demo import PASSWORD as CUSTOMERS_PASSWORD
from api.demo_staff import PASSWORD as STAFF_PASSWORD
from tests.e2e.test_real_server import Server, until
from tests.e2e.visitors import AXE, MARKS, Visitor, become_customer, chromium, serving

pytestmark = MARKS
SUPPORT, SENIOR, OFFICE, OFFICER = "priya.shah", "tomass.vitols", "andris.krumins", "helen.marsh"
FINANCE, AUDITOR, ADMIN = "george.ellis", "ilze.kalve", "zane.berzina"
PAGES = {
    "Today", "Find a customer", "Requests", "Conversations", "Complaints", "Second person", "Holds", "Promises kept",
    "Forecast", "Certificates", "Reviews", "Audit", "Policy versions", "Staff",
}  # fmt: skip
SEEN = {
    SUPPORT: {"Today", "Find a customer", "Requests", "Conversations", "Complaints"},
    SENIOR: PAGES - {"Second person", "Holds", "Reviews", "Audit", "Staff"},
    OFFICE: PAGES - {"Reviews", "Audit", "Staff"},
    OFFICER: PAGES - {"Staff"},
    FINANCE: {"Today", "Find a customer"},
    AUDITOR: PAGES - {"Conversations", "Staff"},
    ADMIN: {"Today", "Second person", "Reviews", "Staff"},
}  # fmt: skip
ADDRESSES = {
    "/", "/find", "/requests", "/conversations", "/complaints", "/approvals", "/holds", "/compliance", "/forecast",
    "/certificates", "/reviews", "/audit", "/policies", "/me",
}  # fmt: skip


@pytest.fixture(scope="module")
def seeds() -> dict[str, str]:
    """Each colleague's authenticator app, filled by ``server``."""
    return {}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, seeds: dict[str, str]) -> Iterator[Server]:
    """One for all journeys, with the demonstration's customers and colleagues."""
    made = Server(tmp_path_factory.mktemp("support"), TRUSTED_PROXIES="127.0.0.1/32")
    try:
        for word in ("migrate", "demo"):  # the worker comes after: made-up years ago, sessions would be old already
            said = made.say(word)
            assert said.returncode == 0, said.stderr
        seeds |= dict(re.findall(r"(\S+)@staff\.example\.com / \S+ / TOTP secret (\w+)", said.stdout))
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for all journeys."""
    with chromium() as found:
        yield found


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
        self.page.get_by_role("heading", level=1, name=re.compile("Good day")).wait_for()

    def enrol(self) -> None:
        """From the invitation's page to being on duty."""
        self.type("Your new password", "five quiet otters at dawn")
        self.press("Continue")
        self.seed = self.page.locator(".secret").inner_text().replace(" ", "")
        self.type("The six digits the app shows now", self.code())
        self.press("Confirm")
        self.press("I have kept them")
        self.page.get_by_role("heading", level=1, name=re.compile("Good day")).wait_for()

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
        heading = self.page.get_by_role("heading", level=1, name=re.compile("^Record "))
        heading.wait_for()
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

    def axe(self) -> list[Any]:
        """What axe finds on the page as it is now."""
        self.settled()
        self.page.evaluate(AXE.read_text(encoding="utf-8"))
        found = self.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        return [(one["id"], one["nodes"][0]["html"][:150]) for one in found]


@pytest.fixture(scope="module")
def signed_in() -> dict[str, Any]:
    """What the browser of each colleague keeps who has signed in."""
    return {}


@pytest.fixture
def staff(server: Server, browser: Browser, seeds: dict[str, str], signed_in: dict[str, Any]) -> Iterator[Any]:
    """Colleagues by name, each at a browser of their own; they sign in once and stay signed in."""
    here: list[Colleague] = []

    def come(name: str, **options: Any) -> Colleague:
        kept = {"storage_state": signed_in[name]} if name in signed_in else {}
        found = Colleague(server, browser, **kept, **options)
        here.append(found)
        if not kept:
            found.on_duty(name, seeds)
            signed_in[name] = found.context.storage_state()
        found.seed = seeds[name]
        found.goto("/support")
        found.page.get_by_role("heading", level=1, name=re.compile("Good day")).wait_for()
        return found

    yield come
    for one in here:
        one.leave()


def as_customer(server: Server, email: str, query: str) -> Any:
    """What a customer of the demonstration reads when they sign in."""
    with httpx.Client(base_url=server.url, headers={"X-Octopus-Client": "tests"}, timeout=60) as http:

        def ask(text: str, **variables: Any) -> Any:
            answer = http.post("/graphql", json={"query": text, "variables": variables}).json()
            assert "errors" not in answer, answer
            return next(iter(answer["data"].values()))

        signed = "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename}}"
        found = ask(signed, e=email, p=CUSTOMERS_PASSWORD)
        return ask(query) if found["__typename"] == "SignedIn" else found


@contextmanager
def visiting(server: Server, browser: Browser, email: str) -> Iterator[Visitor]:
    """A customer of the demonstration in the portal, at a browser of their own."""
    customer = Visitor(server, browser)
    customer.sign_in(CUSTOMERS_PASSWORD, email=email)
    customer.page.wait_for_url(server.url + "/")
    customer.settled()
    yield customer
    customer.leave()


def test_find_open_reveal_note_answer_close(staff: Any, server: Server, browser: Browser) -> None:
    """A reason and a ticket; masked until revealed, hidden again; and the customer sees each of these acts."""
    desk = staff(SENIOR)
    number = desk.open("olivia.bennett@example.com", "SUP-101")
    name = desk.page.locator("#profile")
    assert "Olivia" not in name.inner_text()
    desk.press("Reveal: Given name")
    name.get_by_text("Olivia").wait_for()
    desk.press("Hide: Given name")
    name.get_by_text("Olivia").wait_for(state="detached")

    desk.part("Messages and notes")
    desk.says("Message to the customer", "Your domain renews on Monday.", "Send")
    desk.page.locator("#messages li", has_text="Your domain renews on Monday.").wait_for()
    desk.says("Note", "Asked about the renewal.", "Add the note")
    desk.page.locator("#notes li", has_text="Asked about the renewal.").wait_for()
    desk.says("Note", "The card is 4111 1111 1111 1111.", "Add the note")
    desk.sees(re.compile("card number", re.IGNORECASE))

    desk.page.get_by_role("complementary", name="Open records").get_by_role("button", name="Close record").click()
    desk.heading("This record is not open")

    with visiting(server, browser, "olivia.bennett@example.com") as customer:
        customer.sees(re.compile(number))
        customer.goto("/activity")
        for what, more in (
            ("Record opened by our staff", ("Tomass Vītols (Senior support)", "You contacted us", "SUP-101")),
            ("Found in a search by our staff", ("Tomass Vītols", "e-mail address")),
            ("Values shown whole to our staff", ("Tomass Vītols", "given name", "You contacted us", "SUP-101")),
            ("Note made by our staff", ("Tomass Vītols",)),
            ("Message from support", ("Tomass Vītols",)),
        ):
            row = customer.page.get_by_role("row").filter(has_text=what).filter(has_text="Tomass Vītols").first
            for text in more:
                row.get_by_text(text).first.wait_for()
        customer.goto("/messages")
        customer.sees("Your domain renews on Monday.")
        customer.sees(re.compile("Tomass Vītols"))


def test_the_office_hands_over_a_copy(staff: Any, server: Server, browser: Browser) -> None:
    """Received with the document shown, made by the worker while the page waits, handed over by a code; no bytes here."""
    desk = staff(OFFICE)
    desk.find("janis.ozolins@example.com")
    desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
    desk.dialog().get_by_text("The owner is here and has shown a document").click()
    desk.dialog().get_by_label("Last four signs").fill("7KQ2")
    desk.submit("Receive it")
    desk.sees("Passport")
    desk.press("Order the copy")
    desk.page.get_by_role("heading", name="Hand over the copy").wait_for()
    desk.press("Make the code")
    code = desk.page.locator(".secret").inner_text()
    with httpx.Client(base_url=server.url, headers={"X-Octopus-Client": "tests"}, timeout=60) as http:
        query = "mutation($c: String!) {collectCopy(code: $c) {__typename ... on CopyReady {export {downloadUrl}}}}"
        found = http.post("/graphql", json={"query": query, "variables": {"c": code}}).json()["data"]["collectCopy"]
        assert http.get(found["export"]["downloadUrl"]).content[:2] == b"PK"
    with visiting(server, browser, "janis.ozolins@example.com") as customer:
        customer.goto("/activity")
        customer.page.get_by_role("row").filter(has_text="Andris Krūmiņš").first.wait_for()
        customer.goto("/requests")
        customer.sees(re.compile("Kopija|Copy"))


def test_the_office_corrects_and_restores(staff: Any, server: Server) -> None:
    """A new name, and an old address brought back: both in the customer's history."""
    desk = staff(OFFICE)
    desk.open("olivia.bennett@example.com", "OFF-7")
    for kind in ("UPDATE", "RESTORE"):
        desk.find("olivia.bennett@example.com")
        desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
        desk.dialog().get_by_label("What for").select_option(kind)
        desk.dialog().get_by_text("The owner is here and has shown a document").click()
        desk.dialog().get_by_label("Last four signs").fill("1234")
        desk.submit("Receive it")
        if kind == "UPDATE":
            desk.page.get_by_label("Family name").fill("Bennett-Hale")
        else:
            desk.page.get_by_text(re.compile("^(address|family name):")).first.click()
            desk.page.get_by_text("Reset access too").click()
        desk.press("Do it")
        desk.page.locator("#about").get_by_text("Done", exact=True).wait_for()


def test_a_deletion_takes_two_people(staff: Any, server: Server) -> None:
    """Proposed at the desk, agreed to by a colleague, never by oneself; then the person is gone."""
    desk = staff(OFFICE)
    desk.find("martins.liepa@example.com")
    desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
    desk.dialog().get_by_label("What for").select_option("DELETE")
    desk.dialog().get_by_text("The owner is here and has shown a document").click()
    desk.dialog().get_by_label("Last four signs").fill("9X1Z")
    desk.submit("Receive it")
    desk.press("Propose the deletion")
    desk.sees("A second person has to agree.")
    desk.goto("/support/approvals")
    row = desk.page.get_by_role("row", name=re.compile("Deletion at the office"))
    row.get_by_text("Yours").wait_for()
    assert row.get_by_role("button", name=re.compile("^Agree")).count() == 0

    second = staff(OFFICER)
    second.goto("/support/approvals")
    second.page.get_by_role("button", name=re.compile("^Agree: Deletion at the office")).click()
    second.submit("Agree and do it")
    second.sees("Nothing waits for a second person.")
    until(
        lambda: as_customer(server, "martins.liepa@example.com", "{viewer {id}}").get("__typename") == "Refusal",
        "the erasure",
    )


def test_a_complaint_from_receipt_to_outcome(staff: Any) -> None:
    """From somebody who is no customer: a number, the acknowledgement, the referral, the outcome."""
    desk = staff(OFFICER)
    desk.goto("/support/complaints")
    desk.press("Receive a complaint")
    desk.dialog().get_by_label("Their name").fill("Edgars Kauliņš")
    desk.dialog().get_by_label("Their e-mail address").fill("edgars@example.com")
    desk.dialog().get_by_label("The complaint, in their words").fill("You wrote to an address that is not mine.")
    desk.submit("Receive it")
    desk.sees("You wrote to an address that is not mine.")
    desk.press("Acknowledge")
    desk.sees("Done in time")
    desk.press("Note a referral")
    desk.dialog().get_by_label("Authority").select_option("Datu valsts inspekcija")
    desk.dialog().get_by_label("Their reference").fill("DVI-2026-17")
    desk.submit("Note it")
    desk.sees("Datu valsts inspekcija, DVI-2026-17")
    desk.press("Close it")
    desk.dialog().get_by_label("Outcome").fill("The address was corrected and the letters stopped.")
    desk.submit("Close the complaint")
    desk.sees("The address was corrected and the letters stopped.")
    evidence = json.loads(desk.saved("Evidence for an authority (JSON)").read_text(encoding="utf-8"))
    assert evidence["text"] == "You wrote to an address that is not mine."
    assert [one["action"] for one in evidence["events"]][-2:] == ["complaint.referred", "complaint.closed"]


def test_a_hold_is_placed_reviewed_and_released(staff: Any) -> None:
    """By the privacy officer, on a basis, until a day; released with a colleague."""
    officer = staff(OFFICER)
    officer.open("samuel.okafor@example.com", "LEG-5")
    officer.press("Place a hold")
    officer.dialog().get_by_label("Legal basis and matter").fill("Court case 5/2026")
    officer.dialog().get_by_text("Everything", exact=True).click()
    later = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    officer.dialog().get_by_label("Review by").fill(later)
    officer.submit("Place the hold")
    officer.goto("/support/holds")
    officer.sees("Court case 5/2026")
    officer.page.get_by_role("button", name=re.compile("^Review the hold")).click()
    officer.dialog().get_by_label("Why it is still needed").fill("The case goes on.")
    officer.dialog().get_by_label("Review again by").fill(later)
    officer.submit("It stays")
    officer.page.get_by_role("button", name=re.compile("^Release the hold")).click()
    officer.dialog().get_by_label("Reason").fill("The case is over.")
    officer.submit("Propose the release")
    desk = staff(OFFICE)
    desk.goto("/support/approvals")
    desk.page.get_by_role("button", name=re.compile("^Agree: Release of a hold")).click()
    desk.submit("Agree and do it")
    officer.goto("/support/holds")
    officer.sees("Nothing is held.")


def test_closing_for_terms_takes_two_people(staff: Any, server: Server) -> None:
    """The clause and the reason; signing in then shows the closure only."""
    officer = staff(OFFICER)
    officer.open("grace.hughes@example.com", "LEG-9")
    officer.press("Close under the terms")
    officer.dialog().get_by_label("Clause of the terms").fill("7.2")
    officer.dialog().get_by_label("Reason").fill("The server sent unsolicited mail.")
    officer.submit("Propose it")
    desk = staff(OFFICE)
    desk.goto("/support/approvals")
    desk.page.get_by_role("button", name=re.compile("^Reject: Closing")).click()
    desk.dialog().get_by_label("Reason").fill("Please add the dates.")
    desk.submit("Reject")
    officer.press("Close under the terms")
    officer.dialog().get_by_label("Clause of the terms").fill("7.2")
    officer.dialog().get_by_label("Reason").fill("The server sent unsolicited mail on 3 and 4 November.")
    officer.submit("Propose it")
    desk.goto("/support/approvals")
    desk.page.get_by_role("button", name=re.compile("^Agree: Closing")).click()
    desk.submit("Agree and do it")
    assert as_customer(server, "grace.hughes@example.com", "{viewer {id}}")["__typename"] == "AccountClosed"


def enrolled(server: Server, browser: Browser, name: str, role: str) -> Colleague:
    """A newcomer whom the operator added: a password and an app, from the link that was printed."""
    email = f"{name.lower()}@staff.example.com"
    said = server.say("staff", "add", email, "--name", name, "--role", role)
    assert said.returncode == 0, said.stderr
    newcomer = Colleague(server, browser)
    newcomer.goto("/support/invitation?token=" + said.stdout.split("token=")[1].split()[0])
    newcomer.enrol()
    return newcomer


def test_a_policy_version_is_published_and_told(tmp_path: Path, browser: Browser) -> None:
    """Proposed, agreed to by a second person, fixed; the notices are counted as they go out."""
    with serving(tmp_path) as server:
        officer, desk = (
            enrolled(server, browser, *who) for who in (("Una", "PRIVACY_OFFICER"), ("Rihards", "PRIVACY_OFFICER"))
        )
        customer = Visitor(server, browser)
        become_customer(customer)
        officer.goto("/support/policies")
        officer.page.get_by_role("button", name=re.compile("^Propose publishing")).click()
        officer.submit("Propose it")
        desk.goto("/support/approvals")
        desk.page.get_by_role("button", name=re.compile("^Agree: Publication")).click()
        desk.submit("Agree and do it")
        until(lambda: server._letters("policy-notice"), "the notice")
        officer.finds("/support/policies", re.compile("Notified: 1"))
        customer.context.close()  # they never opened a page
        for one in (officer, desk):
            one.leave()


@pytest.mark.parametrize("name", SEEN)
def test_each_role_has_its_pages_and_no_others(staff: Any, name: str) -> None:
    """What a role may not do is not there; and typing its address brings nothing either."""
    desk = staff(name)
    links = desk.page.get_by_role("navigation", name="Pages").get_by_role("link")
    shown = {re.sub(r"\s*\d+$", "", text) for text in links.all_inner_texts()}
    assert shown - {"My sign-in"} == SEEN[name]
    if name == ADMIN:
        desk.goto("/support/find")
        desk.type("Customer number", "C0000000")
        desk.press("Find")
        desk.page.locator(".note.bad").wait_for()


def test_staff_are_invited_changed_and_leave(staff: Any, server: Server, browser: Browser) -> None:
    """By the administrator, after a fresh proof; the newcomer chooses a password and enrols an app from the letter."""
    admin = staff(ADMIN)
    admin.goto("/support/staff")
    admin.press("Invite somebody")
    admin.dialog().get_by_label("Name").fill("Nora Lāce")
    admin.dialog().get_by_label("Address at work").fill("nora.lace@staff.example.com")
    admin.dialog().get_by_role("button", name="Send the invitation").click()
    admin.dialog().last.get_by_label("Code of six digits").fill(admin.code())
    admin.dialog().last.get_by_role("button", name="Continue").click()
    admin.page.get_by_role("row", name=re.compile("Nora Lāce")).get_by_text("Invited").wait_for()

    newcomer = Colleague(server, browser)
    newcomer.goto(f"/support/invitation?token={server.token('staff-invitation')}")
    newcomer.enrol()
    newcomer.page.get_by_role("heading", level=1, name=re.compile("Good day, Nora")).wait_for()

    admin.page.reload()
    admin.press("Nora Lāce leaves")
    admin.submit("End their access")
    newcomer.goto("/support/find")
    newcomer.heading("Support: sign in")
    newcomer.leave()


@pytest.mark.parametrize(("locale", "scheme", "width"), [("en-GB", "light", 1280), ("lv-LV", "dark", 360)])
def test_every_page_is_accessible(
    staff: Any, server: Server, browser: Browser, seeds: dict[str, str], locale: str, scheme: str, width: int
) -> None:
    """axe finds nothing on any page, in both languages and themes; nothing is wider than the smallest telephone."""
    desk = staff(OFFICER)
    desk.open("liga.kalnina@example.com", "SUP-77")
    record = desk.page.url.removeprefix(server.url + "/support").partition("?")[0]
    wrong: dict[str, Any] = {}
    seen = Colleague(
        server, browser, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800},
        storage_state=desk.context.storage_state(),
    )  # fmt: skip
    parts = [f"{record}?part={part}" for part in ("profile", "account", "people", "contact", "requests", "history")]
    for path in [*sorted(ADDRESSES), *parts, "/sign-in"]:
        seen.goto("/support" + path)
        seen.page.get_by_role("heading", level=1).wait_for()
        if found := seen.axe():
            wrong[path] = found
        if width == 360:
            seen.page.set_viewport_size({"width": 320, "height": 640})
            seen.settled()
            over = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wrong[f"{path} at 320 px"] = over
            seen.page.set_viewport_size({"width": width, "height": 800})
    seen.leave()
    assert wrong == {}


DIALOGS = (
    "Receive a request|Pieņemt pieprasījumu", "Receive a complaint|Pieņemt sūdzību", "Secure the account|Nodrošināt kontu",
    "Place a hold|Izveidot apturējumu", "Close under the terms|Slēgt pēc noteikumiem",
)  # fmt: skip


@pytest.mark.parametrize(("locale", "scheme", "width"), [("lv-LV", "light", 1280), ("en-GB", "dark", 360)])
def test_every_state_is_accessible(
    staff: Any, server: Server, browser: Browser, locale: str, scheme: str, width: int
) -> None:
    """Open dialogs, forms with problems, what was found and what was not, an open menu: axe finds nothing in any of them."""
    desk = staff(OFFICER)
    desk.open("samuel.okafor@example.com", "SUP-78")
    record = desk.page.url
    seen = Colleague(
        server, browser, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800},
        storage_state=desk.context.storage_state(),
    )  # fmt: skip
    wrong: dict[str, Any] = {}

    def look(state: str) -> None:
        if found := seen.axe():
            wrong[state] = found

    seen.page.goto(record)
    for number, name in enumerate(DIALOGS):
        seen.page.locator("#do").get_by_role("button", name=re.compile(name)).click()
        seen.dialog().wait_for()
        look(f"{name}, open")
        if number:  # a request needs no word
            seen.dialog().locator("button[type=submit]").click()
            look(f"{name}, with problems")
        seen.page.keyboard.press("Escape")
        seen.dialog().wait_for(state="detached")
    seen.goto("/support/find")
    for way in ("personalCode", "name", "email"):
        seen.page.locator("select[name=way]").select_option(way)
        look(f"finding by {way}")
    for value in ("nobody.at.all@example.com", "olivia.bennett@example.com"):
        seen.page.locator("input[name=value]").fill(value)
        seen.page.locator("main button[type=submit]").click()
        look(f"found by {value}")
    seen.goto("/support/requests?status=DENIED&kind=OBJECT")
    look("an empty list")
    if width == 360:
        seen.page.locator(".menu-button button").click()
        seen.page.locator("dialog .ways").wait_for()
        look("the menu")
    seen.leave()
    assert wrong == {}


def test_what_is_proved_can_be_taken_along(staff: Any, server: Server) -> None:
    """The report of the promises: signed, as CSV, on paper; the forecast is drawn; the audit is searched by its address."""
    staff(SENIOR).open("liga.kalnina@example.com", "SUP-303")
    auditor = staff(AUDITOR)
    auditor.goto("/support/compliance")
    signed = auditor.saved("Signed JSON").read_text(encoding="utf-8")
    for name, text, code in (("as-it-is", signed, 0), ("forged", signed.replace("measured", "measurcd", 1), 1)):
        file = server.data / f"{name}.json"
        file.write_text(text, encoding="utf-8")
        said = server.say("verify", str(file))
        assert said.returncode == code, said.stdout + said.stderr
        file.unlink()
    assert auditor.saved("CSV").read_text(encoding="utf-8-sig").startswith('"clause","title","limit"')
    auditor.page.emulate_media(media="print")
    for hidden in (".side", ".top", ".filters"):
        assert not auditor.page.locator(hidden).first.is_visible(), hidden
    assert auditor.page.get_by_role("table", name="Promises").is_visible()
    assert len(auditor.page.pdf()) > 10_000
    auditor.page.emulate_media(media="screen")

    auditor.goto("/support/forecast")
    auditor.page.locator("#chart canvas").wait_for()

    auditor.goto("/support/audit")
    auditor.page.get_by_label("By", exact=True).select_option(label="Tomass Vītols")
    auditor.page.get_by_label("Action, as record.opened").fill("record.opened")
    auditor.page.keyboard.press("Enter")
    auditor.page.wait_for_url(re.compile("action=record.opened"))
    auditor.page.reload()
    auditor.settled()
    table = auditor.page.get_by_role("table", name="Audit")
    assert set(table.locator("tbody code:not([title])").all_inner_texts()) == {"record.opened"}
    auditor.sees(re.compile("SUP-303"))

"""The staff's journeys through the support dashboard, in a real browser, against the real server and worker (issue 7)."""

import re
from collections.abc import Iterator
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


def test_find_open_reveal_note_answer_close(staff: Any, server: Server) -> None:
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
    desk.type("Message to the customer", "Your domain renews on Monday.")
    desk.press("Send")
    desk.page.locator("#messages li", has_text="Your domain renews on Monday.").wait_for()
    desk.type("Note", "Asked about the renewal.")
    desk.press("Add the note")
    desk.page.locator("#notes li", has_text="Asked about the renewal.").wait_for()
    desk.type("Note", "The card is 4111 1111 1111 1111.")
    desk.press("Add the note")
    desk.sees(re.compile("card number", re.IGNORECASE))

    desk.page.get_by_role("complementary", name="Open records").get_by_role("button", name="Close record").click()
    desk.heading("This record is not open")
    seen = as_customer(
        server,
        "olivia.bennett@example.com",
        "{viewer {number events(first: 50) {nodes {title reason fields actor {kind name}}}}}",
    )
    assert seen["number"] == number
    acts = [one for one in seen["events"]["nodes"] if one["actor"]["kind"] == "STAFF"]
    assert {one["actor"]["name"] for one in acts} >= {"Tomass Vītols"}
    assert any("givenName" in one["fields"] for one in acts), acts
    assert any("SUP-101" in (one["reason"] or "") or one["reason"] for one in acts), acts


def test_the_office_hands_over_a_copy(staff: Any, server: Server) -> None:
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


def test_the_office_corrects_and_restores(staff: Any, server: Server) -> None:
    """A new name, and an old address brought back: both in the customer's history."""
    desk = staff(OFFICE)
    desk.open("olivia.bennett@example.com", "OFF-7")
    for kind in ("UPDATE", "RESTORE"):
        desk.goto("/support/find")
        desk.find("olivia.bennett@example.com")
        desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
        desk.dialog().get_by_label("What for").select_option(kind)
        desk.dialog().get_by_text("The owner is here and has shown a document").click()
        desk.dialog().get_by_label("Last four signs").fill("1234")
        desk.submit("Receive it")
        if kind == "UPDATE":
            desk.page.get_by_label("Family name").fill("Bennett-Hale")
        else:
            desk.page.get_by_text(re.compile("^(address|familyName):")).first.click()
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
        officer.goto("/support/policies")
        officer.sees(re.compile("Notified: 1"))
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
    axe = AXE.read_text(encoding="utf-8")
    wrong: dict[str, Any] = {}
    seen = Colleague(
        server, browser, locale=locale, color_scheme=scheme, viewport={"width": width, "height": 800},
        storage_state=desk.context.storage_state(),
    )  # fmt: skip
    parts = [f"{record}?part={part}" for part in ("profile", "account", "people", "contact", "requests", "history")]
    for path in [*sorted(ADDRESSES), *parts, "/sign-in"]:
        seen.goto("/support" + path)
        seen.page.get_by_role("heading", level=1).wait_for()
        seen.settled()
        seen.page.evaluate(axe)
        found = seen.page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
        if found:
            wrong[path] = [(one["id"], one["nodes"][0]["html"][:150]) for one in found]
        if width == 360:
            seen.page.set_viewport_size({"width": 320, "height": 640})
            over = seen.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if over > 0:
                wrong[f"{path} at 320 px"] = over
            seen.page.set_viewport_size({"width": width, "height": 800})
    seen.leave()
    assert wrong == {}

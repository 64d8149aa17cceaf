"""The staff's journeys through the support dashboard, in a real browser, against the real server and worker (issue 7)."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from api.demo import PASSWORD as CUSTOMERS_PASSWORD
from models.archive.event_titles import TITLES
from tests.e2e.colleagues import (
    ADMIN,
    AUDITOR,
    FINANCE,
    OFFICE,
    OFFICER,
    SENIOR,
    SUPPORT,
    Colleague,
    Come,
    Office,
    demonstration,
)  # fmt: skip
from tests.e2e.looks import Looking
from tests.e2e.test_portal import FIRST_LOAD, packed_size
from tests.e2e.test_real_server import Server, until
from tests.e2e.visitors import MARKS, Visitor, become_customer

pytestmark = MARKS
TOMASS, ANDRIS, HELEN = "Tomass Vītols", "Andris Krūmiņš", "Helen Marsh"
ASKED = "A request of yours|Jūsu pieprasījums"
PAGES = {
    "Today": "/", "Find a customer": "/find", "Requests": "/requests", "Conversations": "/conversations",
    "Complaints": "/complaints", "Second person": "/approvals", "Holds": "/holds", "Promises kept": "/compliance",
    "Forecast": "/forecast", "Certificates": "/certificates", "Reviews": "/reviews", "Audit": "/audit",
    "Policy versions": "/policies", "Staff": "/staff",
}  # fmt: skip
ALL = set(PAGES)
SEEN = {
    SUPPORT: {"Today", "Find a customer", "Requests", "Conversations", "Complaints"},
    SENIOR: ALL - {"Second person", "Holds", "Reviews", "Audit", "Staff"},
    OFFICE: ALL - {"Reviews", "Audit", "Staff"},
    OFFICER: ALL - {"Staff"},
    FINANCE: {"Today", "Find a customer"},
    AUDITOR: ALL - {"Conversations", "Staff"},
    ADMIN: {"Today", "Second person", "Reviews", "Staff"},
}
KEPT = "getComputedStyle(document.querySelector('.key.good')).backgroundColor"
DRAWN = """colour => {  // whether the chart has anything of it
  const canvas = document.querySelector('canvas'), { width, height } = canvas
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height)
  for (let at = 0; at < data.length; at += 4) if (colour === `rgb(${data[at]}, ${data[at + 1]}, ${data[at + 2]})`) return true
  return false
}"""
PARTS = [
    "Profile",
    "Payment and services",
    "Sign-ins and access",
    "Messages and notes",
    "Requests and holds",
    "History",
]
NAMED = "Address, E-mail address, Family name, Given name, Phone number"
WHOLE = "Address, E-mail address, Family name, Given name, Personal code, Phone number"
COMPLAINTS = "Acknowledge, Close it, Note a referral, Open record, Take it"
DEEDS = {
    SUPPORT: {
        "/find": "Find, Open record", "do": "Receive a complaint, Secure the account", "profile": "",
        "account": "Record a service", "/requests": "", "/complaints": "Receive a complaint",
        "/conversations": "Open record, Take it", "request": "Open record", "complaint": COMPLAINTS,
    },
    SENIOR: {
        "/find": "Find, Open record", "do": "Receive a complaint, Secure the account", "profile": NAMED,
        "account": "Name of the service, Record a service", "/requests": "", "/complaints": "Receive a complaint",
        "/conversations": "Open record, Take it", "request": "Open record, Take it", "complaint": COMPLAINTS,
    },
    OFFICE: {
        "/find": "Find, Open record, Receive a request", "profile": WHOLE,
        "do": "Receive a complaint, Receive a request, Secure the account",
        "account": "Name of the service, Record a service", "/requests": "Receive a request",
        "/complaints": "Receive a complaint", "/conversations": "Open record, Take it", "/holds": "",
        "request": "Deny the request, It is the owner, Open record, Take it", "complaint": COMPLAINTS,
    },
    OFFICER: {
        "/find": "Find, Open record, Receive a request", "profile": WHOLE,
        "do": "Close under the terms, Place a hold, Receive a complaint, Receive a request, Secure the account",
        "account": "Bank account, Name of the service, Record a service", "/requests": "Receive a request",
        "/complaints": "Receive a complaint", "/conversations": "Open record, Take it",
        "/reviews": "Access of staff, Inventory of data, Keys",
        "request": "Deny the request, It is the owner, Open record, Take it",
        "complaint": "Acknowledge, Close it, Evidence for an authority (JSON), Note a referral, Take it",
    },
    FINANCE: {"/find": "Find, Open record", "do": "", "profile": "", "account": "Bank account"},
    AUDITOR: {"/find": "Find", "/requests": "", "/complaints": "", "/reviews": "Access of staff", "request": "", "complaint": ""},
    ADMIN: {"/reviews": "Keys"},
}  # fmt: skip
"""What each role may do where: the buttons that are there, and no others; what may be revealed, by its name."""
WITHOUT = {FINANCE: {"Sign-ins and access", "Messages and notes"}}
"""Parts of a record that a role has not."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    """One for all journeys."""
    with demonstration(tmp_path_factory.mktemp("support"), browser) as made:
        yield made


@pytest.fixture
def server(office: Office) -> Server:
    """Where they work."""
    return office.server


@pytest.fixture
def staff(office: Office) -> Iterator[Come]:
    """Colleagues by name, each at a browser of their own."""
    yield office.come
    office.leave()


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


def reads(customer: Visitor, action: str, *more: str) -> None:
    """The customer finds something in their history, with who did it, why and at what; English|Latvian where it may be either."""
    row = customer.page.get_by_role("row").filter(has_text=re.compile("|".join(map(re.escape, TITLES[action]))))
    for text in more:
        row = row.filter(has_text=re.compile(text))
    expect(row.first, f"{action}: {more}").to_be_visible(timeout=30_000)


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
        why = (TOMASS, "You contacted us", "SUP-101")
        reads(customer, "staff.searched", TOMASS, "e-mail address")
        reads(customer, "record.opened", *why, "messages, notes")
        reads(customer, "record.revealed", *why, "given name")
        reads(customer, "message.from-support", *why, "messages")
        reads(customer, "note.added", *why, "notes")
        customer.goto("/data/notes")
        customer.sees("Asked about the renewal.")
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
        customer.goto("/requests")
        customer.sees(re.compile("Kopija|Copy"))
        copies = customer.page.locator(".line-title").filter(has_text=re.compile("Kopija|Copy"))
        number = copies.first.locator(".quiet-text").inner_text()
        customer.goto("/activity")
        for action in ("received", "identified", "copy-ordered", "copy-handed-over"):
            reads(customer, f"request.{action}", ANDRIS, ASKED, number)
        reads(customer, "copy.code-used")


def test_the_office_corrects_and_restores(staff: Any, server: Server, browser: Browser) -> None:
    """A new name, and the old one brought back: the customer reads both, with the request as the reason, and the answers."""
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
            desk.page.get_by_text(re.compile("^family name:")).first.click()
            desk.page.get_by_text("Reset access too").click()
            desk.page.get_by_label("A word to the customer").fill("You married after all; we have the old name back.")
        desk.press("Do it")
        desk.page.locator("#about").get_by_text("Done", exact=True).wait_for()
    with visiting(server, browser, "olivia.bennett@example.com") as customer:
        customer.goto("/activity")
        reads(customer, "record.opened", ANDRIS, "OFF-7")
        reads(customer, "profile.edited", ANDRIS, ASKED, "R-", "family name")
        reads(customer, "value.restored", ANDRIS, ASKED, "R-", "family name")
        customer.goto("/profile/history")
        row = customer.page.get_by_role("row").filter(has_text="Bennett-Hale")
        row.filter(has_text="one of our staff").filter(has_text="restored").first.wait_for()
        customer.goto("/requests")
        customer.sees("You married after all; we have the old name back.")
        assert customer.page.locator("li").filter(has_text=re.compile("Correction|Restoring")).count() == 2


def test_a_deletion_takes_two_people(staff: Any, server: Server, browser: Browser) -> None:
    """Proposed at the desk, agreed to by a colleague, never by oneself; the owner reads it, and then is not known any more."""
    desk = staff(OFFICE)
    desk.find("martins.liepa@example.com")
    desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
    desk.dialog().get_by_label("What for").select_option("DELETE")
    desk.dialog().get_by_text("The owner is here and has shown a document").click()
    desk.dialog().get_by_label("Last four signs").fill("9X1Z")
    desk.submit("Receive it")
    desk.page.get_by_label("What your colleague should know").fill("He moves abroad.")
    desk.press("Propose the deletion")
    desk.sees("A second person has to agree.")
    owner = Visitor(server, browser)
    owner.email = "martins.liepa@example.com"
    owner.sign_in(CUSTOMERS_PASSWORD)
    owner.page.wait_for_url(server.url + "/")
    owner.goto("/activity")
    reads(owner, "request.received", ANDRIS, ASKED, "R-")
    reads(owner, "approval.proposed", ANDRIS, "deletion at the office|dzēšana birojā", "He moves abroad.")
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
    owner.sign_in(CUSTOMERS_PASSWORD)
    owner.shown(".trouble")
    owner.leave()


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


def test_a_complaint_of_a_customer(staff: Any, server: Server, browser: Browser) -> None:
    """Received from their record, taken up and answered: they read who did, and the answer."""
    desk = staff(OFFICER)
    desk.open("samuel.okafor@example.com", "SUP-88")
    desk.press("Receive a complaint")
    desk.dialog().get_by_label("The complaint, in their words").fill("The copy took too long.")
    desk.submit("Receive it")
    desk.press("Acknowledge")
    desk.sees("Done in time")
    desk.press("Close it")
    desk.dialog().get_by_label("Outcome").fill("It comes within an hour now.")
    desk.submit("Close the complaint")
    with visiting(server, browser, "samuel.okafor@example.com") as customer:
        customer.goto("/complaints")
        customer.sees("It comes within an hour now.")
        customer.goto("/activity")
        for action in ("filed", "acknowledged", "closed"):
            reads(customer, f"complaint.{action}", HELEN, "C-")


def test_a_hold_is_placed_reviewed_and_released(staff: Any, server: Server, browser: Browser) -> None:
    """By the privacy officer, on a basis, until a day; released with a colleague; the customer reads each step and its reason."""
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
    with visiting(server, browser, "samuel.okafor@example.com") as customer:
        customer.goto("/activity")
        reads(customer, "hold.placed", HELEN, "everything", "Court case 5/2026")
        reads(customer, "hold.reviewed", HELEN, "everything", "The case goes on.")
        reads(customer, "approval.proposed", HELEN, "release of a hold", "The case is over.")
        reads(customer, "approval.approved", ANDRIS, "release of a hold", "The case is over.")
        reads(customer, "hold.released", ANDRIS, "everything", "The case is over.")


def test_closing_for_terms_takes_two_people(staff: Any, server: Server, browser: Browser) -> None:
    """The clause and the reason; the customer reads who proposed and rejected it, and signing in then shows the closure only."""
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
    with visiting(server, browser, "grace.hughes@example.com") as customer:
        customer.goto("/activity")
        what = "closing under the terms"
        reads(customer, "approval.proposed", HELEN, what, "The server sent unsolicited mail.")
        reads(customer, "approval.rejected", ANDRIS, what, "Please add the dates.")
    officer.press("Close under the terms")
    officer.dialog().get_by_label("Clause of the terms").fill("7.2")
    officer.dialog().get_by_label("Reason").fill("The server sent unsolicited mail on 3 and 4 November.")
    officer.submit("Propose it")
    desk.goto("/support/approvals")
    desk.page.get_by_role("button", name=re.compile("^Agree: Closing")).click()
    desk.submit("Agree and do it")
    customer = Visitor(server, browser)
    customer.sign_in(CUSTOMERS_PASSWORD, email="grace.hughes@example.com")
    customer.heading("This account is closed")
    customer.sees(re.compile("The server sent unsolicited mail on 3 and 4 November.*7.2"))
    customer.sees(re.compile("by us"))
    customer.leave()


def test_a_policy_version_is_published_and_told(tmp_path: Path, browser: Browser) -> None:
    """Proposed, agreed to by a second person, fixed; the notices are counted as they go out, and the customer is told."""
    with demonstration(tmp_path, browser, customers=False) as office:
        officer, desk = (newcomer(office, name, "PRIVACY_OFFICER") for name in ("Una", "Rihards"))
        customer = Visitor(office.server, office.browser)
        become_customer(customer)
        officer.goto("/support/policies")
        looking = Looking(officer, "en", "support")
        for language in ("lv", "en"):
            officer.page.locator(".side button.link").click()
            officer.settled(language)
            officer.page.locator("main .button.main").click()
            looking.look(f"publishing, {language}")
            if language == "lv":
                looking.leave()
        officer.submit("Propose it")
        assert looking.wrong == {}
        desk.goto("/support/approvals")
        desk.page.get_by_role("button", name=re.compile("^Agree: Publication")).click()
        desk.submit("Agree and do it")
        until(lambda: office.server._letters("policy-notice"), "the notice")
        officer.finds("/support/policies", re.compile("Notified: 1"))
        customer.sign_in()
        customer.page.wait_for_url(office.server.url + "/")
        customer.sees(re.compile("A new version of the privacy policy comes into force"))
        for one in (officer, desk, customer):
            one.leave()


def newcomer(office: Office, name: str, role: str) -> Colleague:
    """A password and an app, from the link that was printed for the operator."""
    found = Colleague(office.server, office.browser, reduced_motion="reduce")
    found.goto(office.invited(name, role))
    found.enrol()
    return found


@pytest.mark.parametrize("name", SEEN)
def test_each_role_has_its_pages_and_no_others(staff: Come, name: str) -> None:
    """What a role may not do is not there; and typing its address brings nothing but a refusal."""
    desk = staff(name)
    links = desk.page.get_by_role("navigation", name="Pages").get_by_role("link")
    shown = {re.sub(r"\s*\d+$", "", text) for text in links.all_inner_texts()}
    assert shown - {"My sign-in"} == SEEN[name]
    for page, path in PAGES.items():
        if path != "/":
            desk.turn(path)
        refused = desk.page.get_by_role("heading", level=1, name="Not for your role").count()
        assert bool(refused) == (page not in SEEN[name]), page
        assert not refused or desk.page.locator("main :is(table, form, button, .facts)").count() == 0, page


@pytest.fixture(scope="module")
def filed(office: Office) -> dict[str, str]:
    """A request and a complaint of a customer, by the addresses where staff see them."""
    of = "janis.ozolins@example.com"
    request = 'mutation {fileRequest(kind: UPDATE, text: "My name.") {... on RequestFiled {request {number}}}}'
    complaint = 'mutation {fileComplaint(input: {text: "It took long."}) {... on ComplaintFiled {complaint {number}}}}'
    return {
        "request": "/requests/" + as_customer(office.server, of, request)["request"]["number"],
        "complaint": "/complaints/" + as_customer(office.server, of, complaint)["complaint"]["number"],
    }


def deeds(desk: Colleague, within: str = "main") -> str:
    """What the buttons there do, whoever it is about: 'Open record' of 'Open record of C123', 'Keys' of 'Done: Keys'."""
    desk.settled()
    found = desk.page.locator(f"{within} button:visible, {within} a.button:visible")
    names = found.evaluate_all("all => all.map((one) => one.getAttribute('aria-label') ?? one.innerText)")
    return ", ".join(sorted({re.sub(r"^(Reveal|Done): | of C\w+$", "", name) for name in names}))


@pytest.mark.parametrize("name", DEEDS)
def test_each_role_has_its_deeds_and_no_others(staff: Come, filed: dict[str, str], name: str) -> None:
    """In the lists, on a request, on a complaint, and in a record: what would only be refused is not offered."""
    desk, may = staff(name), DEEDS[name]
    found: dict[str, str] = {}
    for place in may:
        if place in ("profile", "account", "do"):
            continue
        if place == "/find":
            desk.find("janis.ozolins@example.com")
        else:
            desk.turn(filed.get(place, place))
        found[place] = deeds(desk)
    if "do" in may:
        desk.open("janis.ozolins@example.com", "SUP-11")
        found["do"] = deeds(desk, "#do")
        tabs = desk.page.get_by_role("navigation", name="Parts of the record").get_by_role("link")
        assert tabs.all_inner_texts() == [part for part in PARTS if part not in WITHOUT.get(name, ())]
        found["profile"] = deeds(desk, "#profile")
        desk.part("Payment and services")
        desk.shown("#services")
        found["account"] = deeds(desk, ":is(#payment, #services)")
    assert found == may


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


def test_what_is_proved_can_be_taken_along(staff: Any, server: Server) -> None:
    """The report of the promises: signed, as CSV, on paper; the forecast is drawn; the audit is searched by its address."""
    staff(SENIOR).open("liga.kalnina@example.com", "SUP-303")
    auditor = staff(AUDITOR, color_scheme="dark")
    auditor.goto("/support/compliance")
    signed = auditor.saved("Signed JSON").read_text(encoding="utf-8")
    for name, text, code in (("as-it-is", signed, 0), ("forged", signed.replace("measured", "measurcd", 1), 1)):
        file = server.data / f"{name}.json"
        file.write_text(text, encoding="utf-8")
        said = server.say("verify", str(file))
        assert said.returncode == code, said.stdout + said.stderr
        file.unlink()
    assert auditor.saved("CSV").read_text(encoding="utf-8-sig").startswith('"clause","title","limit"')
    auditor.shown("#sum canvas")
    auditor.page.emulate_media(media="print")
    for hidden in (".side", ".top", ".filters"):
        assert not auditor.page.locator(hidden).first.is_visible(), hidden
    assert auditor.page.get_by_role("table", name="Promises").is_visible()
    assert len(auditor.page.pdf()) > 10_000
    light = auditor.page.evaluate(KEPT)
    auditor.page.emulate_media(media="screen")
    dark = auditor.page.evaluate(KEPT)
    assert light != dark
    for event, colour in (("afterprint", dark), ("beforeprint", light), ("afterprint", dark)):
        auditor.page.evaluate(f"dispatchEvent(new Event('{event}'))")
        auditor.page.wait_for_function(DRAWN, arg=colour)

    auditor.goto("/support/forecast")
    auditor.shown("#chart canvas")

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


def test_what_is_loaded_first_is_small(staff: Come, server: Server, browser: Browser) -> None:
    """As of the portal: before signing in, at the desk, and at the queue; what draws charts comes with their pages."""
    stranger, desk = Colleague(server, browser), staff(OFFICER)
    for one, path in ((stranger, "/sign-in"), (desk, "/"), (desk, "/requests")):
        scripts: set[str] = set()
        one.page.on(
            "response", lambda response, into=scripts: into.add(response.url) if ".js" in response.url else None
        )
        one.goto(f"/support{path}")
        one.settled()
        assert scripts
        sizes = {url: packed_size(url.removeprefix(server.url)) for url in scripts}
        assert sum(sizes.values()) <= FIRST_LOAD, (path, sizes)
    stranger.leave()

"""Nobody is shut out of the dashboard: axe on every page and state, in both languages and themes, on a phone (issue 7)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Locator

from tests.e2e.colleagues import OFFICER, Colleague, Office, demonstration
from tests.e2e.looks import Looking
from tests.e2e.visitors import MARKS

pytestmark = MARKS
PAGES = (
    "/find", "/requests", "/conversations", "/complaints", "/approvals", "/holds", "/compliance", "/forecast",
    "/certificates", "/reviews", "/audit", "/policies", "/staff", "/me", "/requests/R-0", "/complaints/C-0", "/records/x", "/",
)  # fmt: skip
ROLES = ("SENIOR_SUPPORT", "OFFICE", "PRIVACY_OFFICER", "AUDITOR", "ADMIN")
PASSWORD = "five quiet otters at dawn"
CUSTOMER = {"en": "samuel.okafor@example.com", "lv": "liga.kalnina@example.com"}
OTHER = {"en": "grace.hughes@example.com", "lv": "martins.liepa@example.com"}


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[Office]:
    """One for all."""
    with demonstration(tmp_path_factory.mktemp("desk"), browser) as made:
        yield made


@pytest.fixture(params=["en", "lv"])
def looking(request: pytest.FixtureRequest, office: Office) -> Iterator[Looking]:
    """Somebody of nearly every role, at a narrow phone, not invited yet; nothing is wrong when they go."""
    language = request.param
    colleague = Colleague(
        office.server, office.browser, locale={"en": "en-GB", "lv": "lv-LV"}[language], reduced_motion="reduce",
        color_scheme={"en": "light", "lv": "dark"}[language], viewport={"width": 320, "height": 800},
    )  # fmt: skip
    found = Looking(colleague, language, "support")
    yield found
    colleague.leave()
    office.leave()
    assert found.wrong == {}


def come_in(looking: Looking, office: Office, name: str) -> Colleague:
    """From the invitation's page to being on duty."""
    colleague = looking.visitor
    assert isinstance(colleague, Colleague)
    name = f"{name}{looking.language}"
    colleague.email = f"{name.lower()}@staff.example.com"
    colleague.goto(office.invited(name, *ROLES))
    looking.look("invitation")
    looking.submit()
    looking.look("invitation: what is missing")
    looking.fill(newPassword=PASSWORD)
    looking.submit()
    secret = looking.page.locator(".secret")
    secret.wait_for()
    colleague.seed = secret.inner_text().replace(" ", "")
    looking.look("the app")
    looking.fill(code="000000")
    looking.submit()
    looking.visitor.shown("[name=code][aria-invalid], .trouble")
    looking.look("the app: refused")
    looking.fill(code=colleague.code())
    looking.submit()
    looking.visitor.shown(".codes")
    looking.look("the codes")
    looking.press("I have kept them")
    looking.visitor.shown(".inside-frame .tiles")
    return colleague


def test_every_page(looking: Looking, office: Office) -> None:
    """As they are when somebody comes in, the ways at the side included; then each beside an open record, part by part."""
    colleague = come_in(looking, office, "Una")
    for path in PAGES:
        looking.walk(f"/support{path}")
        looking.look(path)
    looking.page.set_viewport_size({"width": 1280, "height": 800})
    for path in ("/", "/requests", "/compliance", "/audit"):
        colleague.goto(f"/support{path}")
        looking.look(f"{path}, wide")
    looking.page.set_viewport_size({"width": 320, "height": 800})
    find(looking, CUSTOMER[looking.language])
    open_record(looking, "SUP-77")
    for part in range(6):
        looking.page.locator(".tabs a").nth(part).click()
        looking.look(f"the record, part {part}")


def find(looking: Looking, email: str) -> None:
    """By the exact address."""
    looking.walk("/support/find")
    looking.page.locator("select[name=way]").select_option("email")
    looking.fill(value=email)
    looking.submit()
    looking.visitor.shown("#hits")


def open_record(looking: Looking, ticket: str) -> None:
    """Of the only one found."""
    looking.page.locator("#hits .button").last.click()
    looking.fill(ticket=ticket)
    looking.submit()
    looking.visitor.shown("#do")
    looking.visitor.settled()


def missing(looking: Looking, state: str, *, settled: bool = True) -> None:
    """The open form as it is, and sent with nothing in it; not settled where what asked for it still waits behind it."""
    looking.look(state, settled=settled)
    looking.submit()
    looking.visitor.shown("[aria-invalid]")
    looking.look(f"{state}: what is missing", settled=settled)


def test_every_state(looking: Looking, office: Office) -> None:
    """Dialogs, forms with their problems, what was found and what was not, each step of the desk, and what went wrong."""
    colleague = come_in(looking, office, "Vita")
    looking.press("Menu")
    looking.look("the menu")
    looking.leave()
    about_finding(looking)
    about_a_record(looking)
    about_requests(looking)
    helen = office.come(OFFICER)
    helen.open(OTHER[looking.language], "LEG-9")
    helen.press("Close under the terms")
    helen.dialog().get_by_label("Clause of the terms").fill("7.2")
    helen.dialog().get_by_label("Reason").fill("The server sent unsolicited mail.")
    helen.submit("Propose it")
    about_a_second_person(looking)
    about_complaints(looking)
    about_conversations_and_reviews(looking)
    about_the_audit(looking)
    about_staff(looking)
    looking.at_what_goes_wrong("/support/graphql", slow="/support/certificates", unreached="/support/policies")
    about_signing_in(looking, colleague)


def about_finding(looking: Looking) -> None:
    """Each kind of form, nobody found, somebody found, and both dialogs beside them."""
    page = looking.page
    looking.walk("/support/find")
    for way in ("personalCode", "name", "email"):
        page.locator("select[name=way]").select_option(way)
        missing(looking, f"finding by {way}")
    looking.fill(value="nobody.at.all@example.com")
    looking.submit()
    looking.visitor.shown(".empty")
    looking.look("nobody found")
    looking.fill(value=CUSTOMER[looking.language])
    looking.submit()
    looking.visitor.shown("#hits")
    looking.look("somebody found")
    page.locator("#hits .button").first.click()
    page.locator("dialog[open] input[name=shown]").check()
    looking.visitor.shown("dialog[open] [name='check.lastFour']")
    looking.look("a request at the desk")
    looking.leave()
    page.locator("#hits .button").last.click()
    missing(looking, "opening a record")
    looking.leave()
    open_record(looking, "SUP-78")


def about_a_record(looking: Looking) -> None:
    """A value revealed; each dialog of the record, empty and with problems; what its forms say."""
    page = looking.page
    page.locator("#profile .button").first.click()
    looking.visitor.shown(".revealed")
    looking.look("a value revealed")
    page.locator(".tabs a").nth(1).click()
    page.locator("#services .card-head .button").click()
    missing(looking, "a service")
    looking.leave()
    page.locator(".tabs a").nth(3).click()
    looking.visitor.shown("#messages form")
    for card in ("messages", "notes"):
        page.locator(f"#{card} button[type=submit]").click()
        looking.visitor.shown(f"#{card} [aria-invalid]")
    page.locator("#messages details").first.evaluate("one => { one.open = true }")
    looking.look("a message and a note: what is missing")
    for name in ("Receive a complaint", "Secure the account", "Place a hold", "Close under the terms"):
        looking.press(name)
        missing(looking, name)
        looking.leave()
    looking.press("Secure the account")
    looking.fill(reason="A stranger called.")
    looking.submit()
    looking.visitor.shown("dialog[open] .note.good")
    looking.look("the account is secured")
    looking.leave()
    looking.press("Place a hold")
    looking.fill(basis="Court case 5/2026", reviewBy=(datetime.now(UTC) + timedelta(days=60)).date().isoformat())
    page.locator("dialog[open] input[value=message]").check()
    looking.submit()
    looking.visitor.gone("dialog[open]")


def receive(looking: Looking, kind: str, *, shown: bool) -> None:
    """From the record's page to the request's."""
    page = looking.page
    record = page.locator(".grant a").first
    record.click()
    looking.visitor.shown("#do")
    page.locator("#do .button").first.click()
    page.locator("dialog[open] [name=kind]").select_option(kind)
    if shown:
        page.locator("dialog[open] input[name=shown]").check()
        looking.fill(check__lastFour="7KQ2")
    looking.submit()
    looking.visitor.shown("#about")
    looking.visitor.settled()


def about_requests(looking: Looking) -> None:
    """Each kind, step by step; refused, proposed, done."""
    page = looking.page
    receive(looking, "COPY", shown=False)
    missing(looking, "who is asking")
    looking.fill(check__lastFour="7KQ2")
    looking.submit()
    looking.visitor.shown("#fulfil .button")
    looking.look("a copy to order")
    looking.press("Order the copy")
    looking.visitor.shown("#fulfil [role=status]")
    looking.look("a copy on its way")
    page.get_by_role("heading", name=looking.said("Hand over the copy")).wait_for()
    looking.press("Make the code")
    looking.visitor.shown(".secret")
    looking.look("the code of a copy")
    receive(looking, "UPDATE", shown=True)
    looking.look("a correction")
    looking.fill(changes__phoneNumber="12")
    looking.press("Do it")
    looking.visitor.shown("[name='changes.phoneNumber'][aria-invalid]")
    looking.look("a correction: refused")
    looking.press("Deny the request")
    missing(looking, "a denial")
    looking.fill(reason="It is right as it is.")
    looking.submit()
    looking.visitor.gone("dialog[open]")
    looking.look("denied")
    for kind in ("RESTORE", "OBJECT"):
        receive(looking, kind, shown=kind == "RESTORE")
        looking.look(f"a request: {kind}")
    looking.walk("/support/requests?status=DENIED")
    looking.look("requests denied")
    looking.visitor.walk("/support/requests?kind=RESTRICT&mine=true")
    looking.visitor.shown(".empty")
    looking.look("no such request")


def about_a_second_person(looking: Looking) -> None:
    """One's own proposal and a colleague's; what stays held, and letting it go."""
    page = looking.page
    looking.walk("/support/holds")
    for place, name in enumerate(("a hold reviewed", "a hold released")):
        page.locator("tr").last.locator(".button").nth(place).click()
        missing(looking, name)
        if place == 0:
            looking.leave()
    looking.fill(reason="The case is over.")
    looking.submit()
    looking.visitor.gone("dialog[open]")
    looking.walk("/support/approvals")
    looking.look("proposals")
    begins(looking, "Take it back: {what}").click()
    missing(looking, "a proposal taken back")
    looking.leave()
    begins(looking, "Agree: {what}").click()
    looking.look("agreeing")
    looking.leave()
    begins(looking, "Reject: {what}").click()
    missing(looking, "rejecting")
    looking.leave()


def begins(looking: Looking, english: str) -> Locator:
    """The first button whose name begins so."""
    begun = looking.said(english).partition("{")[0]
    return looking.page.get_by_role("button", name=re.compile(f"^{re.escape(begun)}")).first


def about_complaints(looking: Looking) -> None:
    """Of somebody who is no customer, to the outcome."""
    looking.walk("/support/complaints")
    looking.press("Receive a complaint")
    missing(looking, "a complaint")
    looking.fill(contact__name="Edgars", contact__email="edgars@example.com", text="That address is not mine.")
    looking.submit()
    looking.visitor.shown("#about")
    looking.look("a complaint to acknowledge")
    for name in ("Note a referral", "Close it"):
        looking.press(name)
        missing(looking, name)
        if name == "Note a referral":
            looking.leave()
    looking.fill(outcome="It is corrected.")
    looking.submit()
    looking.visitor.gone("dialog[open]")
    looking.look("a complaint closed")
    looking.walk("/support/complaints?open=false")
    looking.look("complaints closed")


def about_conversations_and_reviews(looking: Looking) -> None:
    """Taken; and what a quarter asks for."""
    page = looking.page
    looking.walk("/support/conversations")
    page.locator("td .button").first.click()
    looking.look("a conversation taken")
    looking.walk("/support/reviews")
    page.locator("td .button").first.click()
    missing(looking, "a review")
    looking.leave()


def about_the_audit(looking: Looking) -> None:
    """Of one kind, and of none; what will be erased in a year."""
    looking.walk("/support/audit?action=record.opened")
    looking.look("an audit of one action")
    looking.visitor.walk("/support/audit?from=2020-01-01&to=2020-01-02")
    looking.visitor.shown(".empty")
    looking.look("an audit of nothing")
    looking.walk("/support/forecast?days=365")
    looking.look("a year ahead")


def about_staff(looking: Looking) -> None:
    """Invited with a fresh proof, given other roles, leaving; one's own password and passkey."""
    page = looking.page
    looking.walk("/support/staff")
    looking.press("Invite somebody")
    missing(looking, "an invitation of staff")
    looking.fill(name="Nora Lāce", email="nora.lace@staff.example.com")
    looking.submit()
    looking.visitor.shown("dialog[open] [name=totp]")
    missing(looking, "the proof", settled=False)
    page.keyboard.press("Escape")
    looking.visitor.gone("dialog[open] [name=totp]")
    looking.leave()
    rows = page.locator("tr").filter(has_text="Priya Shah")
    rows.locator(".button").first.click()
    looking.look("roles")
    looking.leave()
    rows.locator(".button").last.click()
    looking.look("leaving")
    looking.leave()
    looking.walk("/support/me")
    for form in range(2):
        page.locator("main button[type=submit]").nth(form).click()
    looking.look("one's own sign-in: what is missing")


def about_signing_in(looking: Looking, colleague: Colleague) -> None:
    """Signed out behind one's back, with the form kept; then the two steps, each with its problems."""
    page = looking.page
    looking.walk("/support/me")
    looking.fill(currentPassword=PASSWORD, newPassword="six quiet otters at dawn")
    colleague.settled()  # else the session's end is found by what the page still asks, and not by the form
    colleague.context.clear_cookies()
    page.locator("main button[type=submit]").first.click()
    looking.visitor.shown("dialog[open] [name=email]")
    missing(looking, "signed out meanwhile", settled=False)
    looking.fill(email=colleague.email, password="wrong")
    looking.submit()
    looking.visitor.shown("dialog[open] .trouble")
    looking.look("signing in: refused", settled=False)
    looking.fill(password=PASSWORD)
    looking.submit()
    looking.visitor.shown("[name=totp]")
    missing(looking, "the second step", settled=False)
    looking.leave()
    colleague.goto("/support/sign-in")
    looking.look("signing in")

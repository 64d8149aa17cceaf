"""Nobody is shut out of the portal: axe on every page and state, in both languages and themes, as narrow as a phone (issue 6)."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Route

from tests.e2e.looks import Looking
from tests.e2e.test_passkeys_browser import ASK, AUTHENTICATOR
from tests.e2e.test_real_server import ADDRESS, PASSWORD, Server
from tests.e2e.visitors import MARKS, Visitor, become_customer

pytestmark = MARKS
OPEN = [
    *("/sign-up", "/forgot", "/reset?token=x", "/confirm?token=x", "/revert?token=x", "/not-me?token=x"),
    *("/remove-factors?token=x", "/remove-me?token=x", "/unsubscribe?token=x", "/closed", "/secured", "/policy"),
    *("/cookies", "/contact", "/collect", "/certificate?code=x"),
]
OWN = [
    *("/", "/profile", "/profile/history", "/people", "/payment-methods", "/preferences", "/messages", "/sign-ins"),
    *("/devices", "/security", "/data", "/data/signIns", "/activity", "/copies", "/requests", "/complaints"),
    *("/agreement", "/data/none", "/delete"),
]


@pytest.fixture(params=["en", "lv"])
def looking(request: pytest.FixtureRequest, server: Server, browser: Browser) -> Iterator[Looking]:
    """Somebody with an account in a language, at a narrow phone, not signed in; nothing is wrong when they go."""
    language = request.param
    visitor = Visitor(
        server, browser, locale={"en": "en-GB", "lv": "lv-LV"}[language], reduced_motion="reduce",
        color_scheme={"en": "light", "lv": "dark"}[language], viewport={"width": 320, "height": 800},
        extra_http_headers={"X-Forwarded-For": {"en": "81.198.1.1", "lv": "81.198.1.2"}[language]},
    )  # fmt: skip
    code = {"personalCode": {"country": "LV", "code": "120487-11118"}}
    become_customer(visitor, locale=language.upper(), **({"identity": code} if language == "lv" else {}))
    found = Looking(visitor, language)
    visitor.goto("/sign-in")
    yield found
    visitor.leave()
    assert found.wrong == {}


def test_every_page(looking: Looking) -> None:
    """With the note about cookies where nobody is signed in, then without; with nothing held where nothing is."""
    looking.look("/sign-in")
    for path in OPEN:
        looking.walk(path)
        looking.look(path)
    looking.walk("/sign-in")
    come_in(looking)
    looking.press("Refuse")
    for path in OWN[1:]:
        looking.walk(path)
        looking.look(path)


def come_in(looking: Looking) -> None:
    looking.fill(email=looking.visitor.email, password=PASSWORD)
    looking.submit()
    looking.visitor.shown(".inside-frame")
    looking.look("/")


def test_every_state(looking: Looking) -> None:
    """Forms open and with their problems, dialogs, lists with something in them, what waits, and what went wrong."""
    looking.press("Refuse")
    looking.submit()
    looking.look("sign in: what is missing")
    looking.fill(email="nobody@example.com", password="wrong")
    looking.submit()
    looking.visitor.shown(".trouble")
    looking.look("sign in: refused")
    looking.walk("/sign-up")
    looking.submit()
    looking.look("sign up: what is missing")
    looking.walk("/sign-in")
    come_in(looking)
    looking.press("Menu")
    looking.look("the menu")
    looking.leave()

    about_the_profile(looking)
    about_people_and_payment(looking)
    about_privacy(looking)
    about_safety(looking)

    looking.walk("/delete")
    looking.press("Delete my profile")
    looking.look("delete: the last step")
    looking.leave()

    looking.at_what_goes_wrong("/graphql", slow="/activity", unreached="/agreement")
    about_coming_back(looking)
    about_a_session_that_ended(looking)


def test_every_answer(looking: Looking) -> None:
    """What is said before somebody is in, and when they go: done, refused, not yet, too often."""
    looking.press("Refuse")
    about_a_forgotten_password(looking)
    about_signing_up(looking)
    about_papers(looking)

    looking.walk("/sign-in")
    no = {"__typename": "Refusal", "code": "TOO_MANY_ATTEMPTS", "message": "x", "retryAt": LATER, "problems": []}
    with answering(looking, "SignIn", lambda _: {"signIn": no}):
        looking.fill(email=looking.visitor.email, password=PASSWORD)
        looking.submit()
        looking.visitor.shown(".trouble")
        looking.look("sign in: too often")
    come_in(looking)
    with answering(looking, "AgreementPage", pending):
        looking.walk("/agreement")
        looking.visitor.shown(".note.warn")
        looking.look("a new version of the policy")
    about_restriction(looking)
    about_leaving(looking)


def about_a_forgotten_password(looking: Looking) -> None:
    """Its letter, a password that will not do, and one that does; links that are used or nonsense."""
    page = looking.page
    looking.walk("/forgot")
    looking.fill(email=looking.visitor.email)
    looking.submit()
    looking.visitor.shown("main .note")
    looking.look("forgot: sent")
    looking.walk(looking.visitor.link("reset-password"))
    looking.fill(newPassword="short")
    looking.submit()
    looking.visitor.shown("[name=newPassword][aria-invalid]")
    looking.look("reset: refused")
    looking.fill(newPassword=PASSWORD)
    looking.submit()
    looking.visitor.shown("main .note.good")
    looking.look("reset: done")
    looking.walk("/confirm?token=x")
    page.locator("main .button").click()
    looking.visitor.shown(".trouble")
    looking.look("a link that is used")


def about_signing_up(looking: Looking) -> None:
    """Refused by its fields, done, and too early to sign in."""
    page, email = looking.page, f"new.{looking.visitor.email}"
    looking.walk("/sign-up")
    looking.fill(
        givenName="Anna", familyName="Liepa", identity__birthdate="1990-01-01", address__streetAddress="Ezera iela 1",
        address__locality="Rīga", phoneNumber="12", email=email, password="short",
    )  # fmt: skip
    page.locator("input[type=checkbox]").check()
    looking.submit()
    looking.visitor.shown("[name=phoneNumber][aria-invalid]")
    looking.look("sign up: refused")
    looking.fill(phoneNumber="+371 29876543", password=PASSWORD)
    looking.submit()
    looking.visitor.gone("form")
    looking.look("sign up: done")
    looking.walk("/sign-in")
    looking.fill(email=email, password=PASSWORD)
    looking.submit()
    page.locator(".trouble .button").click()
    looking.visitor.shown(".trouble [role=status]")
    looking.look("sign in: not confirmed yet")


def about_papers(looking: Looking) -> None:
    """A complaint by anybody, a copy nobody handed over, a certificate, a choice that was made."""
    looking.walk("/contact")
    looking.fill(contact__name="Anna", contact__email="anna@example.com", text="Please answer my letter.")
    looking.submit()
    looking.visitor.shown("main .note")
    looking.look("a complaint by anybody")
    looking.walk("/collect")
    looking.fill(code="x")
    looking.submit()
    looking.visitor.shown(".trouble")
    looking.look("collect: refused")
    with answering(looking, "CertificateOf", lambda _: {"erasureCertificate": CERTIFICATE}):
        looking.walk("/certificate?code=E-1")
        looking.visitor.shown("table")
        looking.look("a certificate")
    looking.walk("/cookies")
    looking.press("Allow what is optional")
    looking.look("cookies: allowed")


def about_restriction(looking: Looking) -> None:
    """What it asks for, what the overview says of it, and that it can be lifted."""
    page = looking.page
    looking.walk("/requests")
    looking.press("Make a request")
    page.locator("dialog[open] input[value=RESTRICT]").check()
    looking.fill(text="Please only store it.")
    looking.submit()
    looking.visitor.shown(".lines li")
    looking.look("a restriction")
    looking.walk("/")
    looking.visitor.shown(".note.warn")
    looking.look("restricted")
    looking.walk("/requests")
    page.locator(".lines .button").first.click()
    looking.visitor.gone(".lines .button")


def about_leaving(looking: Looking) -> None:
    """The account is closed, with the code of its certificate; told again at the door."""
    page = looking.page
    looking.walk("/delete")
    looking.press("Delete my profile")
    page.locator("dialog[open] input[type=checkbox]").check()
    looking.press("Delete it")
    page.locator("dialog[open] input[name=password]").fill(PASSWORD)
    looking.submit()
    looking.visitor.shown(".code.big")
    looking.look("closed, with the code")
    looking.walk("/sign-in")
    looking.fill(email=looking.visitor.email, password=PASSWORD)
    looking.submit()
    looking.visitor.shown(".facts")
    looking.look("closed")


LATER = "2030-01-01T10:00:00Z"
CERTIFICATE = {
    "number": "E-1", "closedAt": LATER, "erasedAt": LATER, "verifiedAt": LATER, "lastCopyGoneBy": "2030-02-01",
    "document": "{}" * 40, "signature": "f" * 88, "keyId": "k" * 32,
    "remains": [{"title": "Events", "basis": "legitimate interest", "until": "2033-01-01"}],
}  # fmt: skip


def pending(answered: Any) -> Any:
    """As if a version that reduces rights waited for an answer, and had been looked at."""
    version = {"version": "2030-01-01.1", "validFrom": LATER, "change": "REDUCES_RIGHTS", "summary": "Less."}
    answered["viewer"]["policyStanding"] |= {"pending": version, "mayDecline": True}
    answered["viewer"]["acceptances"].append({"version": version["version"], "event": "VIEWED", "at": LATER})
    return answered


@contextmanager
def answering(looking: Looking, operation: str, change: Callable[[Any], Any]) -> Iterator[None]:
    """One operation is answered otherwise: for states that take the house days or many tries to come to."""

    def answer(route: Route) -> None:
        if route.request.post_data_json["operationName"] != operation:
            route.continue_()
            return
        answered = route.fetch()
        route.fulfill(json={"data": change(answered.json().get("data"))})

    looking.page.route("**/graphql", answer)
    yield
    looking.page.unroute("**/graphql")


def about_the_profile(looking: Looking) -> None:
    """Edited with problems and against an edit elsewhere; a new address, its proof and what waits; an old value."""
    page, visitor = looking.page, looking.visitor
    looking.walk("/profile")
    looking.press("Edit")
    looking.fill(givenName="")
    looking.submit()
    looking.look("profile: what is missing")
    looking.fill(givenName="Anna", phoneNumber="12")
    looking.submit()
    looking.visitor.shown("input[name=phoneNumber][aria-invalid]")
    looking.look("profile: refused")
    edit = "mutation($a: AddressInput!) {editProfile(input: {revision: 1, address: $a}) {__typename}}"
    answer = page.evaluate(ASK, [edit, {"a": {**ADDRESS, "locality": "Liepāja"}}])
    assert "ProfileEdited" in answer["body"]
    looking.fill(phoneNumber="+371 29876543")
    looking.submit()
    looking.visitor.shown(".trouble .diff")
    looking.look("profile: changed elsewhere")
    looking.press("Keep theirs only")

    looking.press("Change e-mail address")
    looking.fill(newEmail=f"new.{visitor.email}")
    looking.look("a new address")
    looking.submit()
    looking.visitor.shown("dialog[open] input[name=password]")
    looking.look("the proof", settled=False)
    looking.fill(password="wrong")
    looking.submit()
    looking.visitor.shown("dialog[open] .trouble")
    looking.look("the proof: refused", settled=False)
    looking.fill(password=PASSWORD)
    looking.submit()
    looking.visitor.shown(".note.warn")
    if looking.language == "lv":
        looking.press("Show it whole")
    looking.look("what waits for a letter")
    looking.walk("/profile/history")
    looking.press("Have it back")
    looking.look("an old value")
    looking.leave()


def about_people_and_payment(looking: Looking) -> None:
    """Each dialog empty, with problems, and what it added."""
    page = looking.page
    looking.walk("/people")
    looking.press("Add a person")
    looking.submit()
    looking.look("a person: what is missing")
    looking.fill(givenName="Jānis", familyName="Bērziņš")
    looking.submit()
    page.locator(".lines .button").first.click()
    looking.look("a person: edit")
    looking.leave()
    page.locator(".lines .button").last.click()
    looking.look("a person: remove")
    looking.leave()

    looking.walk("/payment-methods")
    looking.press("Add a payment method")
    for kind in ("payPal", "phoneBill", "bankAccount"):
        page.locator(f"dialog[open] input[value={kind}]").check()
        looking.look(f"a payment method: {kind}")
    looking.fill(method__bankAccount__iban="GB00")
    looking.submit()
    looking.visitor.shown("dialog[open] [aria-invalid]")
    looking.look("a payment method: refused")
    looking.fill(method__bankAccount__iban="GB33BUKB20201555555555")
    looking.submit()
    page.locator(".lines .button").last.click()
    looking.look("a payment method: remove")
    looking.leave()
    looking.press("Add a payment method")
    page.locator("dialog[open] input[value=payPal]").check()
    looking.fill(method__payPal__email="anna@example.com")
    looking.submit()
    page.locator(".lines li").nth(1).wait_for()
    page.locator(".lines li").first.locator(".button").last.click()
    looking.look("a payment method: remove, and which to use first then")
    looking.leave()


def about_privacy(looking: Looking) -> None:
    """A copy that is ready, a request and a complaint, a message, decisions, and what is said of each value."""
    page = looking.page
    looking.walk("/copies")
    looking.press("Ask for a copy")
    looking.visitor.shown(".lines .button")
    looking.look("a copy is ready")
    for path, button in (("/requests", "Make a request"), ("/complaints", "Complain")):
        looking.walk(path)
        looking.press(button)
        looking.submit()
        looking.look(f"{path}: what is missing")
        looking.fill(text="Please look at my address.")
        looking.submit()
        looking.visitor.shown(".lines li")
        looking.look(f"{path}: one")
    looking.walk("/messages")
    looking.fill(text="When does my domain renew?")
    looking.submit()
    looking.visitor.shown(".talk .mine")
    looking.look("a message")
    looking.walk("/preferences")
    page.locator("input[type=checkbox]").first.check()
    looking.visitor.shown("table")
    looking.look("a decision")
    looking.walk("/data/signIns")
    looking.visitor.shown("details")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true })")
    looking.look("of each value")


def about_safety(looking: Looking) -> None:
    """The map, nothing that matches, not me, another name, the passkey, the app with its codes, a new password."""
    page = looking.page
    looking.walk("/sign-ins")
    looking.press("Show the map")
    looking.visitor.shown("circle.spot")
    looking.look("the map")
    page.locator("td .button").first.click()
    looking.look("not me")
    looking.leave()
    page.locator("select[name=outcome]").select_option("THROTTLED")
    looking.visitor.shown(".empty")
    looking.look("nothing matches")
    looking.walk("/devices")
    page.locator(".lines .button").first.click()
    looking.look("another name")
    looking.leave()

    looking.walk("/security")
    looking.press("Add a passkey")
    looking.look("a passkey")
    devtools = looking.visitor.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    looking.fill(label="My phone")
    looking.submit()
    page.locator(".lines .button").last.click()
    looking.look("a passkey: remove")
    looking.leave()
    looking.press("Change the password")
    looking.submit()
    looking.look("the password: what is missing")
    looking.leave()
    looking.press("Set it up")
    secret = page.locator("code").filter(has_text=re.compile(r"^[A-Z2-7 ]{20,}$")).inner_text().replace(" ", "")
    looking.look("the app")
    looking.fill(code="000000")
    looking.submit()
    looking.visitor.shown("[name=code][aria-invalid], .trouble")
    looking.look("the app: refused")
    looking.fill(code=pyotp.TOTP(secret).now())
    looking.submit()
    looking.visitor.shown(".codes")
    looking.look("the codes")
    looking.code = page.locator(".codes li").first.inner_text()
    looking.press("Turn it off")
    looking.look("the app: turn it off")
    looking.leave()
    looking.walk("/copies")
    looking.press("Ask for a copy")
    looking.visitor.shown(".trouble")
    looking.look("a copy: not so soon after a change")
    looking.walk("/")
    looking.look("the overview, with what waits")


def about_coming_back(looking: Looking) -> None:
    """The second factor, and the way for who has lost it."""
    looking.press("Menu")
    looking.press("Sign out")
    looking.visitor.shown("input[name=email]")
    looking.fill(email=looking.visitor.email, password=PASSWORD)
    looking.submit()
    looking.page.get_by_role("button", name=looking.said("I have lost all of these")).wait_for()
    looking.look("the second factor")
    looking.press("I have lost all of these")
    looking.look("every factor lost")
    looking.leave()
    looking.press("Use the code of my app")
    looking.look("the second factor: the app")
    looking.press("Use a recovery code")
    looking.fill(recoveryCode="nonsense")
    looking.submit()
    looking.visitor.shown(".trouble")
    looking.look("the second factor: refused")
    looking.fill(recoveryCode=looking.code)
    looking.submit()
    looking.visitor.shown(".inside-frame")


def about_a_session_that_ended(looking: Looking) -> None:
    """The question on top of the page, and what the page says when it is not answered."""
    looking.walk("/messages")
    looking.fill(text="Are you there?")
    looking.visitor.settled()  # else the session's end is found by what the page still asks, and not by the form
    looking.visitor.context.clear_cookies()
    looking.submit()
    looking.visitor.shown("dialog[open] input[name=email]")
    looking.look("signed out", settled=False)
    looking.leave()
    looking.visitor.shown(".trouble")
    looking.look("signed out: not now")

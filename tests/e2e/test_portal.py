"""The customer's journeys through the portal, in a real browser, against the real server and worker (issue 6)."""

import json
import re
from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Browser

from tests.e2e.test_passkeys_browser import AUTHENTICATOR
from tests.e2e.test_real_server import HOUSE, PASSWORD, Server
from tests.e2e.visitors import DIST, MARKS, Visitor, become_customer

pytestmark = MARKS
FIRST_LOAD = 140_000  # bytes of gzipped JavaScript


@pytest.fixture
def visitor(server: Server, browser: Browser) -> Iterator[Visitor]:
    """Somebody new."""
    found = Visitor(server, browser)
    yield found
    found.leave()


@pytest.fixture
def customer(visitor: Visitor) -> Visitor:
    """Somebody with a confirmed account, not signed in."""
    become_customer(visitor)
    return visitor


def test_from_signing_up_to_deletion(visitor: Visitor, server: Server) -> None:
    """Sign up, confirm, sign in, edit, restore the old value, take a copy that verifies, delete, see what remains."""
    page = visitor.page
    visitor.goto("/sign-up")
    visitor.press("Refuse")
    for label, text in (
        ("Given name", "Skaidrīte"), ("Family name", "Zvirgzdiņa"), ("Born on", "1961-03-02"),
        ("Street and number", "Ezera iela 1"),
        ("Town", "Rīga"), ("Phone number", "+371 29876543"), ("E-mail address", visitor.email), ("Password", "short"),
    ):  # fmt: skip
        visitor.type(label, text)
    page.get_by_label("Country", exact=True).select_option("LV")
    page.get_by_role("checkbox", name=re.compile("privacy policy")).check()
    visitor.press("Open the account")
    visitor.sees("This is too short; at least 15 characters.")
    assert page.get_by_label("Town", exact=True).input_value() == "Rīga"
    visitor.type("Password", PASSWORD)
    visitor.press("Open the account")
    visitor.heading("Look for our letter")
    visitor.goto(visitor.link("confirm-email"))
    visitor.press("Confirm")
    visitor.sees("Your address is confirmed.")

    visitor.sign_in()
    visitor.heading("Hello, Skaidrīte")
    visitor.walk("/profile")
    visitor.press("Edit")
    visitor.type("Town", "Liepāja")
    visitor.press("Save")
    visitor.sees(re.compile("^Saved"))
    visitor.sees(re.compile("Liepāja"))
    visitor.walk("/profile/history")
    visitor.press("Have it back")
    page.get_by_role("dialog").get_by_role("button", name="Have it back").click()
    visitor.prove()
    visitor.sees("is as it was before.")
    visitor.walk("/profile")
    visitor.heading("My profile")
    visitor.sees(re.compile("Rīga"))

    take_a_copy(visitor, server)

    visitor.walk("/delete")
    visitor.heading("Delete my profile")
    visitor.press("Delete my profile")
    page.get_by_label("I want my profile deleted.").check()
    visitor.press("Delete it")
    visitor.heading("Your account is closed")
    code = page.locator(".code.big").inner_text()
    visitor.sees("What remains, and why")
    page.get_by_role("link", name="Where to use it").click()
    visitor.press("Show the certificate")
    visitor.sees(re.compile("There is no certificate for this code, or not yet"))
    assert code in page.url
    visitor.sign_in()
    visitor.heading("This account is closed")


def take_a_copy(visitor: Visitor, server: Server) -> None:
    """It is made while one looks elsewhere; it is fetched once, and the command finds it as it was signed."""
    visitor.walk("/copies")
    visitor.press("Ask for a copy")
    visitor.sees(re.compile("^Asked for"))
    visitor.walk("/devices")
    visitor.heading("Devices")
    visitor.walk("/copies")
    download = visitor.page.get_by_role("button", name=re.compile("^Download"))
    download.wait_for()
    with visitor.page.expect_download() as fetched:
        download.click()
    file = server.folder / "copy.zip"
    fetched.value.save_as(file)
    told = server.say("verify", str(file))
    assert told.returncode == 0, told
    visitor.page.locator(".tag", has_text=re.compile("^fetched$")).wait_for()


def test_an_address_is_changed_and_taken_back(customer: Visitor) -> None:
    """A letter to the new address confirms it; the one to the old address brings it back, signed out."""
    page, old = customer.page, customer.email
    customer.sign_in()
    customer.heading("Hello, Skaidrīte")
    customer.walk("/profile")
    customer.press("Change e-mail address")
    customer.type("New e-mail address", f"new.{old}")
    customer.press("Send the letter")
    customer.prove()
    customer.sees(f"Waiting for new.{old}")
    customer.goto(customer.link("confirm-email-change"))
    customer.press("Confirm")
    customer.sees("Your address is confirmed.")
    customer.sign_in(email=f"new.{old}")
    customer.heading("Hello, Skaidrīte")
    customer.walk("/profile")
    customer.sees(f"new.{old}")

    customer.goto(customer.link("revert-email-change"))
    customer.press("Bring my old address back")
    page.locator(".note.good").wait_for()
    customer.goto("/profile")
    customer.heading("Sign in")
    customer.goto("/forgot")
    customer.type("E-mail address", old)
    customer.press("Send the letter")
    page.locator(".note.good").wait_for()
    customer.goto(customer.link("reset-password"))
    customer.type("New password", f"{PASSWORD} again")
    customer.press("Save the new password")
    customer.sees("Your new password counts from now on.")
    customer.sign_in(f"{PASSWORD} again")
    customer.heading("Hello, Skaidrīte")


@pytest.mark.asvs("6.3.3")
def test_a_passkey_and_an_app(customer: Visitor) -> None:
    """Both are added after one fresh proof, and each signs in."""
    page = customer.page
    devtools = customer.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    customer.sign_in()
    customer.heading("Hello, Skaidrīte")
    customer.walk("/security")
    customer.press("Add a passkey")
    customer.type("Name", "My phone")
    customer.press("Continue")
    customer.prove()
    page.locator(".line-title", has_text="My phone").wait_for()
    customer.press("Set it up")
    secret = page.locator("code").filter(has_text=re.compile(r"^[A-Z2-7 ]{20,}$")).inner_text().replace(" ", "")
    customer.type("The code it shows now", pyotp.TOTP(secret).now())
    customer.press("Turn it on")
    codes = page.locator(".codes li")
    codes.first.wait_for()
    assert codes.count() == 10
    recovery = codes.first.inner_text()

    customer.press("Sign out")
    customer.heading("Sign in")
    customer.press("Sign in with a passkey")
    customer.heading("Hello, Skaidrīte")
    customer.press("Sign out")
    customer.heading("Sign in")
    customer.sign_in()
    customer.press("Use a recovery code")
    customer.type("Recovery code", recovery)
    customer.press("Continue")
    customer.heading("Hello, Skaidrīte")
    customer.walk("/sign-ins")
    for way in ("recovery code", "passkey", "password"):
        page.get_by_role("cell", name=re.compile(way)).first.wait_for()


def test_a_stranger_is_locked_out_by_a_letter(customer: Visitor, browser: Browser, server: Server) -> None:
    """A new device makes a letter; its link ends every session and says what comes next."""
    customer.sign_in()
    customer.heading("Hello, Skaidrīte")
    stranger = Visitor(server, browser)
    stranger.email = customer.email
    stranger.sign_in()
    stranger.heading("Hello, Skaidrīte")
    customer.goto("/sign-ins")
    customer.press("Show the map")
    customer.page.locator("svg.map").wait_for()
    customer.page.get_by_label("Outcome", exact=True).select_option("WRONG_CREDENTIALS")
    customer.sees("No attempt matches.")
    assert "outcome=WRONG_CREDENTIALS" in customer.page.url
    customer.press("Show all")
    customer.page.get_by_role("button", name=re.compile("^This was not me")).first.wait_for()

    customer.goto(customer.link("new-device"))
    customer.press("Secure my account")
    customer.page.locator(".note.good").wait_for()
    for one in (stranger, customer):
        one.goto("/devices")
        one.heading("Sign in")
    stranger.leave()


def test_this_was_not_me_from_the_history(customer: Visitor) -> None:
    """The same from the portal itself, which is signed out by it and says so."""
    customer.sign_in()
    customer.heading("Hello, Skaidrīte")
    customer.walk("/sign-ins")
    customer.page.get_by_role("button", name=re.compile("^This was not me")).first.click()
    customer.press("Secure my account")
    customer.heading("Your account is secured")


def test_language_theme_and_the_choice_of_cookies(visitor: Visitor) -> None:
    """Nothing optional is kept before a choice or after a refusal; what is allowed is remembered."""
    page = visitor.page
    visitor.goto("/sign-in")
    visitor.press("Latviešu")
    visitor.heading("Pierakstīties")
    assert page.evaluate("document.documentElement.lang") == "lv"
    assert page.evaluate("localStorage.length") == 0
    refuse, accept = page.get_by_role("button", name="Atteikties"), page.get_by_role("button", name="Piekrist")
    sizes = [one.bounding_box() for one in (refuse, accept)]
    assert all(sizes)
    assert {round(one["height"]) for one in sizes if one} == {44}
    assert refuse.get_attribute("class") == accept.get_attribute("class")
    refuse.click()
    page.locator(".theme-switch select").select_option("dark")
    assert page.evaluate("Object.keys(localStorage)") == ["cookie-choice"]
    page.reload()
    visitor.heading("Sign in")

    visitor.goto("/cookies")
    visitor.press("Allow what is optional")
    page.locator(".theme-switch select").select_option("dark")
    visitor.press("Latviešu")
    visitor.settled("lv")
    visitor.goto("/sign-in")
    visitor.heading("Pierakstīties")
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"
    assert visitor.stored() == {"cookie-choice", "octopus-theme", "octopus-locale"}


def test_by_keyboard_alone(customer: Visitor) -> None:
    """Sign in, skip the navigation, open a dialog, leave it by Escape, and be where one was."""
    page, keys = customer.page, customer.page.keyboard
    customer.goto("/sign-in")
    page.get_by_label("E-mail address").focus()
    keys.type(customer.email)
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    customer.heading("Hello, Skaidrīte")
    customer.goto("/devices")
    customer.heading("Devices")
    keys.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    keys.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    customer.walk("/people")
    customer.heading("Related persons")
    page.locator("h1:focus").wait_for()
    keys.press("Tab")
    keys.press("Enter")
    page.get_by_role("dialog").wait_for()
    keys.press("Escape")
    page.get_by_role("dialog").wait_for(state="detached")
    page.locator("[aria-label='Add a person']:focus").wait_for()


def test_the_first_load_is_small(customer: Visitor) -> None:
    """At most 140 kB of gzipped JavaScript before somebody can sign in, and before a customer has their overview."""
    scripts: set[str] = set()
    customer.context.on("request", lambda sent: scripts.add(sent.url) if sent.url.endswith(".js") else None)

    def small() -> None:
        sizes = {url: packed_size(url.removeprefix(customer.server.url)) for url in scripts}
        assert scripts
        assert sum(sizes.values()) <= FIRST_LOAD, sizes

    customer.goto("/sign-in")
    customer.heading("Sign in")
    small()
    customer.sign_in()
    customer.heading("Hello, Skaidrīte")
    scripts.clear()
    customer.goto("/")
    customer.heading("Hello, Skaidrīte")
    small()


def packed_size(path: str) -> int:
    packed = DIST / (path.lstrip("/") + ".gz")
    return packed.stat().st_size if packed.exists() else (DIST / path.lstrip("/")).stat().st_size


def test_letters_lead_to_pages_that_exist(visitor: Visitor) -> None:
    """Every path that a letter's link may have is a page with a button, and a used link is told as such."""
    source = (HOUSE / "models/actions/tokens.py").read_text()
    paths = set(re.findall(r'Purpose\.\w+: "([\w-]+)"', source))
    assert len(paths) == 7
    for path in sorted(paths):
        visitor.goto(f"/{path}?token=nonsense")
        if path == "reset":
            visitor.type("New password", PASSWORD)
        visitor.page.locator("main .button").first.click()
        visitor.sees("This link or code is used or too old.")


def test_the_build_lists_what_may_be_asked() -> None:
    """The documents the server trusts are those of the pages."""
    listed = json.loads((DIST / "documents/customer/persisted-documents.json").read_text())
    assert len(listed) > 60
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", one) for one in listed)

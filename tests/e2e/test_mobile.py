"""The customer's journeys with the mobile app, as it is exported for the web, against the real server and worker (issue 6)."""

import json
import re
from time import time

import pyotp
import pytest
from playwright.sync_api import Browser, Request, Route

from tests.e2e.app_visitor import APP, EXPORTED, MARKS, AppVisitor, at
from tests.e2e.test_real_server import Server
from tests.e2e.visitors import become_customer

pytestmark = MARKS
HERMES = bytes.fromhex("c61fbc03c103191f")


def test_the_app_is_exported_for_devices() -> None:
    """Bytecode for Android and iOS, with every document's id in it and no document's text."""
    about = json.loads((EXPORTED / "metadata.json").read_text())["fileMetadata"]
    ids = re.findall(r"id: '(\w{64})'", (APP / "src/gql/documents.ts").read_text())
    assert len(ids) == len(list((APP / "../../schema/documents/customer/app").glob("*.graphql")))
    for system in ("android", "ios"):
        code = (EXPORTED / about[system]["bundle"]).read_bytes()
        assert code.startswith(HERMES), system
        assert all(one.encode() in code for one in ids), system
        assert b"mutation AppSignIn" not in code, system


@pytest.mark.parametrize(("language", "width", "theme"), [("en", 360, "light"), ("lv", 320, "dark")])
def test_from_signing_in_to_deletion(server: Server, browser: Browser, language: str, width: int, theme: str) -> None:
    """Every screen in a language, a width and a theme: seen by axe, fitting, and doing what it is for."""
    with at(server, browser, language=language, width=width, color_scheme=theme) as app:
        become_customer(app, locale=language.upper())
        app.open()
        app.look("sign in")
        app.sign_in("not the password")
        app.page.get_by_test_id("trouble").wait_for()
        app.look("a refusal")
        assert app.page.get_by_test_id("email").input_value() == app.email
        app.sign_in()
        app.inside()
        app.look("overview")

        change_the_profile(app)
        look_at_devices(app)
        choose(app, theme)
        take_a_copy(app, server)

        app.to("Delete my profile")
        app.page.get_by_role("switch", name=app.said("I want my profile deleted.")).check()
        app.look("what deleting means")
        app.press("Delete it")
        app.heading("Your account is closed")
        assert len(app.page.get_by_test_id("code").inner_text()) > 10
        app.look("closed")
        app.press("To signing in")
        app.sign_in()
        app.heading("This account is closed")


def change_the_profile(app: AppVisitor) -> None:
    """A value that is wrong is told at its field; what changed elsewhere meanwhile is shown, and both are kept."""
    page = app.page
    app.to("My profile")
    app.look("profile")
    app.press("Edit")
    app.type("Phone number", "12")
    app.type("Town", "Liepāja")
    app.press("Save")
    page.get_by_test_id("phoneNumber").and_(page.locator("[aria-invalid=true]")).wait_for()
    app.look("a wrong field")
    assert page.get_by_test_id("address.locality").input_value() == "Liepāja"
    app.type("Phone number", "+37129876543")
    other = app.other_device()
    revision = other.ask("{viewer {profile {revision}}}")["profile"]["revision"]
    other.say(f'editProfile(input: {{revision: {revision}, givenName: "Skaidra"}})')
    app.press("Save")
    page.get_by_test_id("conflict").get_by_text("Skaidra").wait_for()
    app.look("a conflict")
    app.press("Keep both, then save")
    app.press("Save")
    app.heading("My profile")
    for text in ("Skaidra", "Liepāja"):
        page.get_by_text(re.compile(re.escape(text))).first.wait_for()
    app.back()


def look_at_devices(app: AppVisitor) -> None:
    """Every attempt is in the history; the other device is ended after a proof, and gone there."""
    app.to("Sign-in history")
    app.page.get_by_text(app.said("wrong password")).first.wait_for()
    app.look("sign-ins")
    app.back()
    app.to("Devices")
    button = app.page.get_by_role("button", name=app.said("Sign out all others"), exact=True)
    button.wait_for()
    app.look("devices")
    button.click()
    app.heading("Is it you?")
    app.look("a proof")
    app.prove()
    button.wait_for(state="detached")
    app.back()


def choose(app: AppVisitor, theme: str) -> None:
    """Each choice counts at once: the appearance and the language of the app, and what is sent."""
    app.to("Preferences")
    app.look("preferences")
    app.page.get_by_role("switch", name=app.said("News by e-mail")).check()
    ground = "getComputedStyle(document.querySelector('[role=main], main')).backgroundColor"
    worn = app.page.evaluate(ground)
    app.shown("radio", {"light": "Dark", "dark": "Light"}[theme]).click()
    app.page.wait_for_function(f"{ground} !== {worn!r}")
    app.look("the other appearance")
    other = {"en": "Latviešu", "lv": "English"}[app.language]
    app.page.get_by_role("radio", name=other).click()
    app.language = {"en": "lv", "lv": "en"}[app.language]
    app.heading("Preferences")
    app.settled(app.language)
    now = "{viewer {preferences {locale theme newsByEmail}}}"
    held = app.other_device().ask(now)["preferences"]
    assert held == {
        "locale": app.language.upper(),
        "theme": {"light": "DARK", "dark": "LIGHT"}[theme],
        "newsByEmail": True,
    }
    app.back()


def take_a_copy(app: AppVisitor, server: Server) -> None:
    """Asked for, made by the worker, fetched once; the command finds it as it was signed."""
    app.to("Copies of my data")
    app.press("Ask for a copy")
    download = app.page.get_by_role("button", name=re.compile(app.said("Download {0}").partition("{")[0]))
    download.wait_for()
    app.look("copies")
    with app.page.expect_download() as fetched:
        download.click()
    file = server.folder / "app.zip"
    fetched.value.save_as(file)
    told = server.say("verify", str(file))
    assert told.returncode == 0, told
    app.page.get_by_text(app.said("fetched"), exact=True).wait_for()
    app.back()


def test_tokens_end_and_what_is_typed_stays(server: Server, browser: Browser) -> None:
    """The answer to a renewal is lost and given again; when the family has ended, one signs in before the form."""
    with at(server, browser) as app:
        become_customer(app)
        app.open()
        app.sign_in()
        app.inside()
        renewals: list[str] = []

        def lose(route: Route) -> None:
            asked = route.request.post_data_json
            if asked["operationName"] != "AppRefreshTokens":
                route.fallback()
                return
            renewals.append(asked["variables"]["refreshToken"])
            if len(renewals) > 1:
                route.fallback()
            else:
                route.fetch()  # the server does its part, and nobody hears of it
                route.abort()

        app.page.route("**/graphql", lose)
        app.page.evaluate("{const now = Date.now; Date.now = () => now() + 11 * 60_000}")
        app.to("My profile")
        app.page.get_by_text("Ezera iela 1").wait_for()
        assert len(renewals) == 2
        assert len(set(renewals)) == 1

        app.press("Edit")
        app.type("Town", "Liepāja")
        other = app.other_device()
        other.step_up()
        other.say("endOtherSessions")
        app.press("Save")
        app.heading("You were signed out")
        app.look("signed out")
        assert len(renewals) == 3, "the clock by which new tokens had ended was not asked"
        app.sign_in()
        app.heading("My profile")
        app.page.get_by_text("Liepāja").wait_for()
        newest = other.ask("{viewer {signIns(first: 1) {nodes {isNewDevice}}}}")["signIns"]["nodes"]
        assert newest == [{"isNewDevice": False}], "the app said where somebody signed in before"
        app.back()
        app.press("Sign out")
        app.heading("Sign in")


def test_what_goes_wrong_is_told_and_tried_again(server: Server, browser: Browser) -> None:
    """Nobody is reached, then the server fails: each is told, nothing typed is lost; pages come one after the other."""
    with at(server, browser) as app:
        become_customer(app)
        for _ in range(20):
            app.other_device()
        app.open()
        app.context.set_offline(True)
        app.sign_in()
        app.page.get_by_text("We could not reach the server.").wait_for()
        app.look("nobody is reached")
        app.context.set_offline(False)
        app.press("Sign in")
        app.inside()

        def fail(route: Route) -> None:
            fault = {"errors": [{"message": "x", "extensions": {"code": "INTERNAL", "requestId": "r-1"}}]}
            route.fulfill(status=500, json=fault)

        app.page.route("**/graphql", fail)
        app.to("Sign-in history")
        app.page.get_by_text("r-1").wait_for()
        app.look("a fault of ours")
        app.page.unroute("**/graphql")
        app.press("Try again")
        rows = app.page.get_by_role("listitem")
        rows.nth(19).wait_for()
        app.press("Show more")
        rows.nth(20).wait_for()
        app.shown("button", "Show more").wait_for(state="detached")
        app.look("all of them")


def test_a_second_factor_and_a_stranger(server: Server, browser: Browser) -> None:
    """A recovery code signs in, the app's code proves; 'this was not me' secures the account and says what comes next."""
    with at(server, browser) as app:
        become_customer(app)
        other = app.other_device()
        other.step_up()
        totp = pyotp.TOTP(other.say("beginTotp", "... on TotpBegun {secret}")["secret"])
        begun = int(time())
        enabled = other.say("confirmTotp(code: $c)", "... on TotpEnabled {recoveryCodes}", c=totp.at(begun))
        cookies: list[str] = []

        def look_for_cookies(request: Request) -> None:
            cookies.extend(value for name, value in request.all_headers().items() if name == "cookie")

        app.open()
        app.page.on("request", look_for_cookies)
        app.sign_in()
        app.heading("One more step")
        app.look("one more step")
        app.press("Use a recovery code")
        app.type("Recovery code", enabled["recoveryCodes"][0])
        app.press("Continue")
        app.inside()
        app.to("Devices")
        app.page.get_by_role("button", name=re.compile("^Sign out: ")).first.click()
        app.heading("Is it you?")
        app.type("Code of six digits", totp.at(begun + 30))
        app.press("Continue")
        app.shown("button", "Sign out all others").wait_for(state="detached")
        app.back()
        app.to("Sign-in history")
        app.page.get_by_role("button", name=re.compile("^This was not me: ")).last.click()
        app.look("to be secured")
        app.press("Secure my account")
        app.heading("Your account is secured")
        app.look("secured")
        assert app.link("account-secured").startswith("/reset")
        assert cookies == []

"""Pictures of the portal's pages, as the demonstration's people see them.

``python -m tests.e2e.pictures``          renews frontend/screenshots: each page, both languages, on a desk and on a phone
``python -m tests.e2e.pictures FOLDER``   every page in each language, width and theme, into a folder to look through

It needs Chromium and the built pages (`make pages`). What begins with another word there is somebody else's and stays.
"""

import base64
import sys
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, Page

from api.demo import PASSWORD
from tests.e2e.test_real_server import HOUSE, Server
from tests.e2e.visitors import Visitor, chromium, serving
from tests.place_table import RIGA, table

KEPT = HOUSE / "frontend/screenshots"
Look = tuple[str, int, str]
LOOKS: list[Look] = list(product(("en", "lv"), (1280, 360), ("light", "dark")))
SHOWN: list[Look] = [("en", 1280, "light"), ("en", 360, "dark"), ("lv", 1280, "dark"), ("lv", 360, "light")]
LOCALES = {"en": "en-GB", "lv": "lv-LV"}
SCREEN = 800
TALLEST = {1280: 1250, 360: 1450}
SMALLER = {1280: 0.75, 360: 1.0}
PEOPLE = {"en": "olivia.bennett@example.com", "lv": "janis.ozolins@example.com"}
WORDS = {
    "en": ["My second given name is missing: Olivia Jane.", "I asked twice for an invoice in my own name."],
    "lv": ["Trūkst mana otrā vārda: Jānis Andris.", "Divreiz lūdzu rēķinu uz sava vārda."],
}
GONE = "emily.stone@example.com"
BATH = {
    "country": {"iso_code": "GB", "names": {"en": "United Kingdom"}},
    "city": {"names": {"en": "Bath"}},
    "location": {"latitude": 51.3811, "longitude": -2.359},
}
LISBON = {
    "country": {"iso_code": "PT", "names": {"en": "Portugal"}},
    "city": {"names": {"en": "Lisbon", "lv": "Lisabona"}},
    "location": {"latitude": 38.7223, "longitude": -9.1393},
}
PLACES = {"81.2.69.0/24": BATH, "81.198.1.0/24": RIGA, "85.240.1.0/24": LISBON}
HOME = {"en": "81.2.69.142", "lv": "81.198.1.20"}
DESKTOP = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36"
OPEN = {
    "sign-up": "/sign-up", "forgot": "/forgot", "reset": "/reset?token=x", "confirm": "/confirm?token=x",
    "revert": "/revert?token=x", "not-me": "/not-me?token=x", "remove-me": "/remove-me?token=x",
    "remove-factors": "/remove-factors?token=x", "unsubscribe": "/unsubscribe?token=x", "secured": "/secured",
    "policy": "/policy", "cookies": "/cookies", "contact": "/contact", "collect": "/collect",
    "certificate": "/certificate",
}  # fmt: skip
OWN = {
    "home": "/", "profile": "/profile", "history": "/profile/history", "people": "/people",
    "payment-methods": "/payment-methods", "preferences": "/preferences", "messages": "/messages",
    "sign-ins": "/sign-ins", "devices": "/devices", "security": "/security", "data": "/data",
    "data-section": "/data/signIns", "activity": "/activity", "copies": "/copies", "requests": "/requests",
    "complaints": "/complaints", "agreement": "/agreement", "delete": "/delete",
}  # fmt: skip
SAID = """async ([email, password, asked, complained]) => {
  const say = async (query, variables) => (await fetch('/graphql', {method: 'POST', headers: {'Content-Type':
    'application/json', 'X-Octopus-Client': 'tests'}, body: JSON.stringify({query, variables})})).json()
  await say('mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename}}', {e: email, p: password})
  await say('mutation($p: String!) {stepUp(proof: {password: $p}) {__typename}}', {p: password})
  await say('mutation {requestExport {__typename}}')
  await say('mutation($t: String!) {fileRequest(kind: UPDATE, text: $t) {__typename}}', {t: asked})
  await say('mutation($t: String!) {fileComplaint(input: {text: $t}) {__typename}}', {t: complained})
}"""


def take(page: Page, file: Path) -> None:
    """The page as it stands, from its top, as a small WebP."""
    width = page.viewport_size["width"] if page.viewport_size else 1280
    page.locator("h1:not(.hidden)").first.wait_for()  # the page's, not that of a page on its way
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    height = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST[width])
    page.set_viewport_size({"width": width, "height": height})
    devtools = page.context.new_cdp_session(page)
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": SMALLER[width]}
    picture = devtools.send("Page.captureScreenshot", {"format": "webp", "quality": 45, "clip": clip})
    file.write_bytes(base64.b64decode(picture["data"]))
    devtools.detach()
    page.set_viewport_size({"width": width, "height": SCREEN})


def pages(visitor: Visitor, language: str) -> Iterator[str]:
    """Each page by its name, once it is there; signed in from the second part on."""
    visitor.goto("/sign-in")
    visitor.settled(language)
    yield "sign-in"
    visitor.page.locator(".cookie-note button").first.click()
    for name, path in OPEN.items():
        visitor.goto(path)
        visitor.settled(language)
        yield name
    sign_in(visitor, GONE)
    visitor.page.locator(".facts").first.wait_for()
    visitor.settled(language)
    yield "closed"
    sign_in(visitor, PEOPLE[language])
    visitor.page.locator(".inside-frame").wait_for()
    for name, path in OWN.items():
        visitor.goto(path)
        visitor.settled(language)
        if name == "sign-ins":
            visitor.page.locator("main .button").first.click()
            visitor.page.locator("circle.spot").first.wait_for()
        yield name


def sign_in(visitor: Visitor, email: str) -> None:
    visitor.goto("/sign-in")
    visitor.page.locator("[name=email]").fill(email)
    visitor.page.locator("[name=password]").fill(PASSWORD)
    visitor.page.locator("button[type=submit]").click()


def prepare(server: Server, browser: Browser, language: str) -> None:
    """What the demonstration's person of a language has not done yet, and a page shows."""
    visitor = Visitor(server, browser, extra_http_headers={"X-Forwarded-For": "85.240.1.7"}, user_agent=DESKTOP)
    visitor.goto("/sign-in")
    visitor.page.evaluate(SAID, [PEOPLE[language], PASSWORD, *WORDS[language]])
    visitor.leave()


def portal(folder: Path, looks: list[Look]) -> None:
    """Every page in these looks."""
    with TemporaryDirectory() as name, chromium() as browser:
        places = table(Path(name) / "places.mmdb", PLACES)
        with serving(Path(name), "demo", PLACES_FILE=str(places)) as server:
            for language in PEOPLE:
                prepare(server, browser, language)
            for look in looks:
                pictures(folder, look, server, browser)


def pictures(folder: Path, look: Look, server: Server, browser: Browser) -> None:
    """Every page in one look."""
    language, width, theme = look
    visitor = Visitor(
        server, browser, locale=LOCALES[language], color_scheme=theme, reduced_motion="reduce", user_agent=DESKTOP,
        viewport={"width": width, "height": SCREEN}, extra_http_headers={"X-Forwarded-For": HOME[language]},
    )  # fmt: skip
    for page in pages(visitor, language):
        take(visitor.page, folder / f"{language}-{width}-{theme}-{page}.webp")
    visitor.leave()


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        portal(Path(sys.argv[1]), LOOKS)
    else:
        portal(KEPT, SHOWN)

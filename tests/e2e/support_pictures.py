"""Pictures of the dashboard's pages, as the demonstration's staff see them.

``python -m tests.e2e.support_pictures``          renews frontend/screenshots, as tests/e2e/pictures.py does for the portal
``python -m tests.e2e.support_pictures FOLDER``   every page in each language, width and theme, into a folder to look through
"""

import re
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.e2e.colleagues import ADMIN, OFFICE, OFFICER, Colleague, Office, staffed
from tests.e2e.pictures import KEPT, LOCALES, LOOKS, SCREEN, SHOWN, Look, take
from tests.e2e.visitors import chromium

GONE, HELD, ASKING = "grace.hughes@example.com", "samuel.okafor@example.com", "martins.liepa@example.com"
OPENED = {"en": "olivia.bennett@example.com", "lv": "liga.kalnina@example.com"}
PAGES = {
    "home": "/", "queue": "/requests", "conversations": "/conversations", "complaints": "/complaints",
    "approvals": "/approvals", "holds": "/holds", "compliance": "/compliance", "forecast": "/forecast?days=90",
    "certificates": "/certificates", "reviews": "/reviews", "audit": "/audit", "policies": "/policies", "me": "/me",
}  # fmt: skip
PARTS = ("profile", "account", "people", "contact", "requests", "history")
Staged = dict[str, str]
Walk = Callable[[Colleague], Iterator[str]]


def stage(office: Office) -> Staged:
    """Work of each kind, so that every page has something; where a request and a complaint are."""
    helen, andris = office.come(OFFICER), office.come(OFFICE)
    asked(andris, GONE, "DELETE", "")
    andris.press("Propose the deletion")
    andris.sees("A second person has to agree.")
    helen.goto("/support/approvals")
    helen.page.get_by_role("button", name=re.compile("^Agree")).click()
    helen.submit("Agree and do it")
    helen.open(HELD, "LEG-12")
    helen.press("Place a hold")
    helen.dialog().get_by_label("Legal basis and matter").fill("Invoice dispute 88/2026")
    helen.dialog().get_by_text("Payment methods", exact=True).click()
    later = (datetime.now(UTC) + timedelta(days=60)).date().isoformat()
    helen.dialog().get_by_label("Review by").fill(later)
    helen.submit("Place the hold")
    helen.press("Close record")
    helen.goto("/support/complaints")
    helen.press("Receive a complaint")
    helen.page.locator("[name='contact.name']").fill("Edgars Kauliņš")
    helen.page.locator("[name='contact.email']").fill("edgars@example.com")
    helen.page.locator("[name=text]").fill("You wrote to an address that is not mine.")
    helen.submit("Receive it")
    found = {"complaint": where(helen)}
    for kind, text in (
        ("OBJECT", "No news, please."),
        ("COPY", ""),
        ("UPDATE", "My street has a new name."),
        ("DELETE", ""),
    ):
        asked(andris, ASKING, kind, text)
        found[kind.lower()] = where(andris)
    andris.press("Propose the deletion")
    andris.sees("A second person has to agree.")
    office.leave()
    return found


def asked(desk: Colleague, email: str, kind: str, text: str) -> None:
    """Received at the desk."""
    desk.find(email)
    desk.page.get_by_role("button", name=re.compile("^Receive a request")).click()
    desk.page.locator("dialog [name=kind]").select_option(kind)
    desk.page.locator("dialog [name=text]").fill(text)
    if kind != "OBJECT":
        desk.page.locator("dialog [name=shown]").check()
        desk.page.locator("[name='check.lastFour']").fill("7KQ2")
    desk.submit("Receive it")
    desk.page.locator("#about").wait_for()


def where(desk: Colleague) -> str:
    """The page's address."""
    desk.page.locator("#about").wait_for()
    return desk.page.url.partition("/support")[2]


def lists(staged: Staged, desk: Colleague) -> Iterator[str]:
    """What there is to do, and what was done."""
    for name, path in {**PAGES, **staged}.items():
        desk.goto(f"/support{path}")
        yield name
    desk.goto("/support/find")
    desk.page.locator("select[name=way]").select_option("email")
    desk.page.locator("[name=value]").fill(ASKING)
    desk.page.locator("main button[type=submit]").click()
    desk.page.locator("#hits").wait_for()
    yield "find"


def records(record: str, desk: Colleague) -> Iterator[str]:
    """Part by part, with a value revealed."""
    for part in PARTS:
        desk.goto(f"/support{record}?part={part}")
        desk.settled()
        if part == "profile":
            desk.page.locator("#profile .button").first.click()
            desk.page.locator(".revealed").wait_for()
        yield f"record-{part}"


def take_all(folder: Path, looks: list[Look]) -> None:
    """Every page in these looks."""
    with TemporaryDirectory() as name, staffed(Path(name)) as (server, seeds):
        staged: Staged = {}
        kept: dict[str, Any] = {}
        for language in LOCALES:
            its = [look for look in looks if look[0] == language]
            with chromium() as browser:
                office = Office(server, browser, seeds, signed_in=kept)
                staged = staged or stage(office)
                helen, _ = office.come(OFFICER), office.come(ADMIN)
                walks = [(None, outside), (OFFICER, partial(lists, staged)), (ADMIN, staff)]
                take_walks(folder, its, office, walks)
                helen.open(OPENED[language], "SUP-1042")
                record = helen.page.url.partition("/support")[2].partition("?")[0]
                take_walks(folder, its, office, [(OFFICER, partial(records, record))])
                helen.press("Close record")
                office.leave()


def take_walks(folder: Path, looks: list[Look], office: Office, walks: list[tuple[str | None, Walk]]) -> None:
    """Every page of these people's walks, in each look."""
    for language, width, theme in looks:
        for who, walk in walks:
            desk = Colleague(
                office.server, office.browser, locale=LOCALES[language], color_scheme=theme, reduced_motion="reduce",
                viewport={"width": width, "height": SCREEN}, storage_state=office.signed_in[who] if who else None,
            )  # fmt: skip
            for name in walk(desk):
                desk.page.locator("h1:not(.hidden)").first.wait_for()  # the page's, not that of a page on its way
                desk.settled(language)
                take(desk.page, folder / f"{language}-{width}-{theme}-support-{name}.webp")
            desk.leave()


def staff(desk: Colleague) -> Iterator[str]:
    """Who works here."""
    desk.goto("/support/staff")
    yield "staff"


def outside(desk: Colleague) -> Iterator[str]:
    """Before signing in."""
    for name, path in (("sign-in", "/sign-in"), ("invitation", "/invitation?token=x")):
        desk.goto(f"/support{path}")
        yield name


if __name__ == "__main__":
    if len(sys.argv) > 1:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        take_all(Path(sys.argv[1]), LOOKS)
    else:
        take_all(KEPT, SHOWN)

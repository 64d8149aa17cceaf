"""What axe says of a page as it stands, in light and in dark, and whether it fits a narrow phone; and the pages' own words."""

from functools import cache
from typing import Any

from babel.messages.pofile import read_po
from playwright.sync_api import Page, Route

from tests.e2e.test_real_server import HOUSE
from tests.e2e.visitors import AXE, Visitor

LOOK = """async () => {
  const found = async (options) => (await axe.run(document, {resultTypes: ['violations'], ...options})).violations
    .map((one) => [one.id, one.nodes.map((node) => node.html.slice(0, 160))])
  const root = document.documentElement, worn = root.dataset.theme
  const wrong = await found({})
  root.dataset.theme = getComputedStyle(root).colorScheme === 'dark' ? 'light' : 'dark'
  wrong.push(...await found({runOnly: ['color-contrast']}))
  if (worn) root.dataset.theme = worn
  else delete root.dataset.theme
  const wide = root.scrollWidth - innerWidth
  return wide > 0 ? [...wrong, ['too wide', wide]] : wrong
}"""


@cache
def words(pages: str) -> dict[str, str]:
    """Latvian by English, as the portal's or the support's pages say it."""
    found: dict[str, str] = {}
    for folder in (pages, "shared"):
        with (HOUSE / f"frontend/src/{folder}/words/lv.po").open("rb") as source:
            found |= {str(one.id): str(one.string) for one in read_po(source) if one.id and not one.context}
    return found


class Looking:
    """Somebody who looks at each state of the pages in a language, and keeps what is wrong by the state's name."""

    def __init__(self, visitor: Visitor, language: str, pages: str = "portal") -> None:
        self.visitor, self.language, self.pages = visitor, language, pages
        self.page: Page = visitor.page
        self.wrong: dict[str, Any] = {}
        self.code = ""  # a recovery code, once there are some

    def said(self, english: str) -> str:
        """The words of the pages' language."""
        return words(self.pages)[english] if self.language == "lv" else english

    def press(self, english: str) -> None:
        """The button with this whole name; of a dialog, when one is open."""
        within = self.page.locator("dialog[open]").last if self.page.locator("dialog[open]").count() else self.page
        within.get_by_role("button", name=self.said(english), exact=True).click()

    def fill(self, **fields: str) -> None:
        """By the fields' names; two underscores for a dot."""
        for name, text in fields.items():
            self.page.locator(f"[name='{name.replace('__', '.')}']").fill(text)

    def submit(self) -> None:
        """Send the form, the dialog's when one is open."""
        within = "dialog[open] " if self.page.locator("dialog[open]").count() else ""
        self.page.locator(f"{within}button[type=submit]").last.click()

    def leave(self) -> None:
        """Close the dialog as a keyboard does."""
        self.page.keyboard.press("Escape")
        self.visitor.gone("dialog[open]")

    def walk(self, path: str) -> None:
        """To another page, and wait until it is there whole."""
        self.page.evaluate("document.querySelector('h1').dataset.seen = true")
        self.visitor.walk(path)
        self.visitor.shown("h1:not([data-seen]):not(.hidden)")  # what waits is hidden

    def look(self, state: str, *, settled: bool = True) -> None:
        """At what is there now, once it stays."""
        if settled:
            self.visitor.settled()
        if self.page.evaluate("typeof axe === 'undefined'"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        wrong = self.page.evaluate(LOOK)
        if wrong:
            self.wrong[state] = wrong

    def at_what_goes_wrong(self, endpoint: str, *, slow: str, unreached: str) -> None:
        """The server takes its time, then fails; then nobody can be reached; each time the page comes at the next try."""
        page, context, asked = self.page, self.visitor.context, f"**{endpoint}"
        fault = {"errors": [{"message": "x", "extensions": {"code": "INTERNAL", "requestId": "r-1"}}]}
        held: list[Route] = []
        failing = False

        def answer(route: Route) -> None:
            if failing:
                route.fulfill(status=500, json=fault)
            else:
                held.append(route)

        page.route(asked, answer)
        self.visitor.walk(slow)
        self.visitor.shown(".waiting")
        self.look("waiting", settled=False)
        failing = True
        for one in held:
            answer(one)
        page.locator(".trouble code", has_text="r-1").wait_for()
        self.look("a fault of ours")
        page.unroute(asked)
        self.press("Try again")
        self.visitor.shown("main .card")

        context.set_offline(True)
        self.visitor.walk(unreached)
        self.visitor.shown("main .trouble")
        self.look("nobody is reached")
        context.set_offline(False)
        self.press("Try again")
        self.visitor.shown("main .card")

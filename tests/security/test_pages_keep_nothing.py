"""What the pages may do in a browser, read out of their source: keep only what is declared, speak to nobody else (ASVS 14, 15)."""

import json
import re
from pathlib import Path

import pytest

from models.policy import load
from models.policy.register import StoredItemKind
from tests.security.documents import HOUSE

PAGES = HOUSE / "frontend"
KEEPER = "src/shared/keep.ts"
STORING = re.compile(
    r"\b(?:localStorage|sessionStorage|indexedDB|caches\s*\.|cookieStore|openDatabase|document\s*\.\s*cookie)\b"
)
ELSEWHERE = re.compile(r"""["'`](?:https?:|wss?:)?//(?!www\.w3\.org/)[\w.-]+""")


def sources() -> list[Path]:
    """Everything that is built into the pages; their tests aside."""
    found = [one for one in (PAGES / "src").rglob("*") if one.suffix in (".ts", ".tsx", ".css", ".html")]
    pages = [*found, PAGES / "index.html", PAGES / "support/index.html"]
    return [one for one in pages if ".test." not in one.name and "gql" not in one.parts]


@pytest.mark.asvs("14.3.3")
def test_the_browser_keeps_only_what_the_register_names() -> None:
    """One file stores, under the names of cookies.yaml, a choice, a look and a language; no query's answer is persisted."""
    for file in sources():
        name = file.relative_to(PAGES).as_posix()
        text = file.read_text(encoding="utf-8")
        assert name == KEEPER or not STORING.search(text), name
        assert not re.search(r"persistQueryClient|createSyncStoragePersister|serviceWorker", text), name
    keeper = (PAGES / KEEPER).read_text(encoding="utf-8")
    assert set(re.findall(r"\b(localStorage|sessionStorage|indexedDB|caches|cookie)\b\.?", keeper)) <= {
        "localStorage",
        "cookie",
    }
    names = set(re.findall(r"'((?:octopus|cookie)-[a-z]+)'", keeper))
    kept = {one.name for one in load().cookies.values() if one.kind is StoredItemKind.LOCAL_STORAGE}
    assert names == kept


@pytest.mark.asvs("14.2.3")
def test_the_pages_speak_to_nobody_else() -> None:
    """No address of another host in what is built: nothing to load from there, nothing to send there."""
    for file in sources():
        text = file.read_text(encoding="utf-8")
        assert not ELSEWHERE.search(text), file.relative_to(PAGES)
        assert not re.search(r"sendBeacon|gtag|google-analytics|new WebSocket|new EventSource", text), file.relative_to(
            PAGES
        )


@pytest.mark.asvs("15.3.6")
def test_no_object_is_written_by_a_name_that_came_from_outside() -> None:
    """Strict types, a linter in CI, and none of the ways into a prototype or into code from text."""
    strict = (PAGES / "tsconfig.json").read_text(encoding="utf-8")
    assert '"strict": true' in strict
    assert "npm run types && npm run lint" in json.loads((PAGES / "package.json").read_text())["scripts"]["check"]
    ways = re.compile(
        r"__proto__|Object\.setPrototypeOf|\.constructor\[|\beval\(|new Function\(|dangerouslySetInnerHTML|\.innerHTML\s*=|"
        r"insertAdjacentHTML|document\.write\("
    )
    for file in sources():
        assert not ways.search(file.read_text(encoding="utf-8")), file.relative_to(PAGES)

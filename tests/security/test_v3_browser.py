"""ASVS chapter V3: what a browser is told and keeps, and what the pages may not do."""

import ast
import json
import re
from pathlib import Path
from typing import Any

import pytest

from api import cookies
from api.csp_reports import DIRECTIVES, LONGEST
from api.headers import ALWAYS, HSTS
from api.pages import POLICY
from api.settings import WrongSetting
from tests.api.small import CANARY, Client, SmallWorld, production, settings, small_app
from tests.security.pages import FRONTEND, built_pages, scripts, sources
from tests.security.readme import section, words
from tests.security.source import calls, imports, modules

PORTAL, SUPPORT = "https://accounts.example.com", "https://support.accounts.example.com"
SAME_SITE = {"Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    """Two applications as the build leaves them."""
    for name in ("index.html", "support/index.html", "assets/app-BxK3f9_q.js"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(f"<!doctype html>{name}")
    return tmp_path


# ---- hosts -----------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("3.5.4")
async def test_the_two_applications_have_hosts_of_their_own(pages: Path) -> None:
    """In production the customers' address knows nothing of support's and the other way round; they share files and probes only."""
    app = small_app(production(pages_dir=pages))
    portal, support = Client(app, PORTAL), Client(app, SUPPORT)

    assert (
        (await portal.ask("{hello}")).status_code
        == (await support.ask("{hello}", path="/support/graphql")).status_code
        == 200
    )
    assert (await portal.ask("{hello}", path="/support/graphql")).status_code == 404
    assert (await support.ask("{hello}")).status_code == 404
    for path, here in {"/": portal, "/account": portal, "/support": support, "/support/requests": support}.items():
        there = support if here is portal else portal
        assert ((await here.http.get(path)).status_code, (await there.http.get(path)).status_code) == (200, 404), path
    for path in ("/assets/app-BxK3f9_q.js", "/livez", "/robots.txt"):
        assert (await support.http.get(path)).status_code == 200
    assert (await support.http.get("/exports/x")).status_code == 404


@pytest.mark.asvs("3.5.4")
async def test_each_host_takes_requests_of_its_own_pages_only() -> None:
    """An origin is believed at its own endpoint; production does not start with one host for both."""
    app = small_app(production())
    for url, path, other in ((PORTAL, "/graphql", SUPPORT), (SUPPORT, "/support/graphql", PORTAL)):
        client = Client(app, url)
        assert (await client.ask("{hello}", path=path, headers={"Origin": url})).status_code == 200
        assert (await client.ask("{hello}", path=path, headers={"Origin": other})).status_code == 403

    assert production(support_url="https://staff.example.com").support_url == "https://staff.example.com"
    for wrong in (PORTAL, PORTAL + ":8443", "http://staff.example.com"):
        with pytest.raises(WrongSetting, match="OCTOPUS_SUPPORT_URL"):
            production(support_url=wrong)


# ---- headers ---------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("3.2.1", "3.5.6")
async def test_an_answer_of_the_api_is_no_page_and_no_script() -> None:
    """Sandboxed by its policy, never sniffed; a callback's name is not heard, another site's script or frame is refused."""
    client = Client(small_app(production()), PORTAL)
    answer = await client.ask('{hello(name: "<script>alert(1)</script>")}', path="/graphql?callback=steal&jsonp=steal")

    assert answer.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert json.loads(answer.content)["data"]["hello"] == "Hello <script>alert(1)</script>"
    for kind in ("script", "iframe", "image", "object"):
        asked = await client.http.get("/graphql", headers={"Sec-Fetch-Dest": kind, "Sec-Fetch-Site": "cross-site"})
        assert asked.status_code in (403, 405)
        asked = await client.http.get("/exports/x", headers={"Sec-Fetch-Dest": kind, "Sec-Fetch-Site": "cross-site"})
        assert asked.status_code == 403


@pytest.mark.asvs("3.4.3", "3.4.6", "3.4.8", "3.6.1")
async def test_a_page_loads_from_its_own_host_only(pages: Path) -> None:
    """No other origin, nothing inline, no plug-in, no base, in no frame; a window of another origin has no handle on it."""
    answer = await Client(small_app(production(pages_dir=pages)), PORTAL).http.get("/")
    policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))

    assert policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    assert not re.search(r"https?:|\*|unsafe|'wasm", " ".join(policy.values()))
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["x-frame-options"] == "DENY"
    assert answer.headers["strict-transport-security"] == HSTS


@pytest.mark.asvs("3.4.2")
@pytest.mark.parametrize(
    "origin", ["null", "https://accounts.example.com.evil.example", "http://accounts.example.com", "*", ""]
)
async def test_no_other_origin_is_let_in(origin: str, pages: Path) -> None:
    """No Access-Control header stands on any answer, preflights included."""
    client = Client(small_app(production(pages_dir=pages)), PORTAL)
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "x-octopus-client",
    }
    for method, path in (
        ("OPTIONS", "/graphql"),
        ("POST", "/graphql"),
        ("GET", "/"),
        ("GET", "/exports/x"),
        ("GET", "/livez"),
    ):
        answer = await client.http.request(method, path, headers=asked)
        assert not [name for name in answer.headers if name.startswith("access-control")], (method, path)
    assert not [path for path, name in imports() if name.endswith("CORSMiddleware")]


# ---- reports ---------------------------------------------------------------------------------------------------------
def report(directive: object, **more: Any) -> list[dict[str, Any]]:
    """What a browser sends (Reporting API), with an address that is nobody's business."""
    return [{"type": "csp-violation", "url": f"{PORTAL}/x?{CANARY}", "body": {"effectiveDirective": directive, **more}}]


@pytest.mark.asvs("3.4.7")
async def test_what_a_page_tried_is_counted_and_nothing_of_it_kept(pages: Path) -> None:
    """By its directive; the page says where to; what is too large, of another site or no report is refused."""
    small = SmallWorld()
    app = small_app(production(pages_dir=pages), small)
    client = Client(app, PORTAL)
    page = await client.http.get("/")
    where = re.search(r'csp="([^"]+)"', page.headers["reporting-endpoints"])
    assert where
    assert f"report-uri {where[1]}" in page.headers["content-security-policy"]
    assert "report-to csp" in page.headers["content-security-policy"]

    async def send(body: Any, kind: str = "application/reports+json", **headers: str) -> int:
        content = body if isinstance(body, bytes) else json.dumps(body)
        return (
            await client.http.post(where[1], content=content, headers={"Content-Type": kind, **SAME_SITE, **headers})
        ).status_code

    assert await send(report("img-src", blockedURL=CANARY)) == 204
    assert await send({"csp-report": {"violated-directive": "script-src-elem"}}, "application/csp-report") == 204
    for odd in (report(CANARY), report(None), report(["x"]), [1], 1, [], report("img-src") * 500):
        assert await send(odd) in (204, 413)
    assert await send(b" " * (LONGEST + 1)) == 413
    assert await send(b"{") == 400
    assert await send(report("img-src"), "text/plain") == 415
    assert await send(report("img-src"), Origin="https://evil.example") == 403
    assert (await client.http.get(where[1])).status_code == 405

    assert CANARY not in str(small.lines)
    value = app.state.metrics.registry.get_sample_value
    assert value("octopus_csp_reports_total", {"directive": "img-src"}) == 1
    assert value("octopus_csp_reports_total", {"directive": "script-src-elem"}) == 1
    assert {one["name"] for one in small.lines if one["event"] == "csp.report"} <= DIRECTIVES | {"other"}


# ---- where one is led ------------------------------------------------------------------------------------------------
@pytest.mark.asvs("3.7.2")
async def test_nobody_is_redirected(pages: Path) -> None:
    """No answer has a Location, whatever a request says; no code of ours writes one."""
    client = Client(small_app(production(pages_dir=pages)), PORTAL)
    for path in (
        "/?next=https://evil.example",
        "//evil.example",
        "/sign-in?next=//evil.example",
        "/graphql/",
        "/support/",
        "/exports/?r=x",
    ):
        answer = await client.http.get(path, headers={"Host": "evil.example"})
        assert answer.status_code not in range(300, 400), path
        assert "location" not in answer.headers
    assert not [path for path, name, _ in calls() if name.endswith("RedirectResponse")]
    written = [
        path
        for path, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and node.value in (b"location", b"Location", "Location", b"refresh", b"Refresh")
    ]
    assert written == []


# ---- the pages' own code ---------------------------------------------------------------------------------------------
ELEMENTS = (
    r"\.(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|createContextualFragment|DOMParser|srcdoc|setHTML"
)
KEPT = r"(?:local|session)Storage[^;\n]{0,60}(?:[tT]oken|[pP]assword|[sS]ecret|challenge)"
NEVER = {
    "markup by hand": r"dangerouslySetInnerHTML",
    "a text made into elements": ELEMENTS,
    "a text made into code": r"\beval\s*\(|new\s+Function\s*\(|set(?:Timeout|Interval)\s*\(\s*['\"`]",
    "an unsafe link": r"javascript:|data:text/html",
    "another window's word": r"addEventListener\(\s*['\"]message['\"]|\.postMessage\(",
    "a credential where scripts can read it": rf"document\.cookie|{KEPT}",
}


@pytest.mark.asvs("3.2.2", "3.3.4")
def test_the_rules_for_the_pages_code_find_what_they_forbid() -> None:
    """Each of them, in a line that breaks it; so that an empty answer below means something."""
    for line in (
        "<div dangerouslySetInnerHTML={{__html: x}} />", "node.innerHTML = x", "node.insertAdjacentHTML('x', y)", "eval(x)",
        "new Function(x)", "setTimeout('x()', 1)", 'href="javascript:x"', "window.addEventListener('message', f)",
        "document.cookie", "localStorage.setItem('token', t)", "sessionStorage.challenge = c",
    ):  # fmt: skip
        assert [name for name, pattern in NEVER.items() if re.search(pattern, line)], line


@pytest.mark.asvs("3.2.2", "3.3.4", "1.2.3", "1.3.5")
def test_the_pages_show_text_as_text_and_keep_no_credential() -> None:
    """Over every source file of the front ends: elements come from components, never from a text."""
    found = [
        (str(path.relative_to(FRONTEND)), name, hit[0])
        for path, text in sources().items()
        for name, pattern in NEVER.items()
        for hit in [re.search(pattern, text)]
        if hit
    ]
    assert found == []


@pytest.mark.asvs("3.2.3")
def test_no_element_is_reached_by_a_name_that_content_could_take() -> None:
    """Strict types, and nothing looked up on document or window by a name: an element named like it would be found instead."""
    options = json.loads((FRONTEND / "tsconfig.json").read_text(encoding="utf-8"))["compilerOptions"]
    assert options["strict"] is True
    named = re.compile(r"document\.(?:forms|all|anchors|embeds|images|links|scripts|applets)\b|(?:window|globalThis)\[")
    assert named.search("document.forms.login")
    assert named.search("window[name]")
    assert [(path.name, hit[0]) for path, text in sources().items() if (hit := named.search(text))] == []


@pytest.mark.asvs("3.7.1")
def test_what_the_pages_are_made_of_is_pinned_and_current() -> None:
    """Every package by its exact version with its hash in the lock; nothing that needs a plug-in of a browser."""
    given = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    pinned = {**given["dependencies"], **given["devDependencies"]}
    assert [name for name, version in pinned.items() if not re.fullmatch(r"\d+\.\d+\.\d+", version)] == []
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    loose = [name for name, one in lock["packages"].items() if name and not one.get("link") and "integrity" not in one]
    assert loose == []
    everything = "\n".join(text for path, text in sources().items() if path.suffix in (".tsx", ".html"))
    assert not re.search(r"<(?:object|embed|applet|param)\b|application/x-shockwave-flash", everything)


@pytest.mark.asvs("3.6.1", "3.5.7")
def test_a_built_page_is_the_same_for_everybody_and_loads_nothing_from_elsewhere() -> None:
    """No inline script or style, no other origin; nothing of a person is in it, for it is read once from a file."""
    for name, text in built_pages().items():
        assert not re.search(r"<script(?![^>]*\bsrc=)[^>]*>", text), name
        assert not re.search(r"<style|\sstyle=|\son[a-z]+=", text), name
        assert not re.search(r"<(?:script|link|img|iframe|form)[^>]*\b(?:src|href|action)=[\"'](?:https?:)?//", text), (
            name
        )
    for name, text in scripts().items():
        assert not re.search(r"\bimport\(\s*[\"']https?:|importScripts|new Worker\(\s*[\"']https?:", text), name


@pytest.mark.asvs("3.5.7")
async def test_scripts_hold_nothing_of_who_asks(pages: Path) -> None:
    """The same bytes for a session and for nobody; personal data is JSON, by POST, and never kept."""
    client = Client(small_app(settings(pages_dir=pages)))
    for path in ("/", "/assets/app-BxK3f9_q.js", "/support"):
        with_cookie = await client.http.get(path, headers={"Cookie": "session=abc; staff=def"})
        assert (await client.http.get(path)).content == with_cookie.content
        assert "set-cookie" not in with_cookie.headers


@pytest.mark.asvs("3.1.1", "3.7.5")
def test_what_a_browser_needs_to_know_is_written_down() -> None:
    """In api/README.md: each header with its value, each feature with what is done where a browser has it not."""
    text = section("api", "What browsers are told")
    listed = words(text)
    for name, value in ALWAYS.items():
        assert name in listed, name
        if name != "content-security-policy":
            assert value in listed, (name, value)
    assert HSTS in listed
    assert POLICY in listed
    assert {cookies.names(production()).session, cookies.staff_names(production()).session} <= listed
    for feature in ("Sec-Fetch-Site", "Origin", "SameSite=Strict", "__Host-"):
        assert feature in listed
    assert "Without" in text, "what is done without each of them"

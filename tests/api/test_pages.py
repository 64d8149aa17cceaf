"""The built front ends, and what stands in for them."""

from pathlib import Path

import pytest

from tests.api.small import Client, production, settings, small_app

SECRET = "not to be served"


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Two pages and a script, as Vite leaves them; beside the folder, something that is nobody's business."""
    (tmp_path / "secret.txt").write_text(SECRET)
    pages = tmp_path / "dist"
    for name, text in {
        "index.html": "portal",
        "support/index.html": "support",
        "assets/portal-BxK3f9_q.js": "script",
        "assets/portal-BxK3f9_q.js.br": "brotli",
        "assets/portal-BxK3f9_q.js.gz": "gzip",
        "favicon.svg": "<svg/>",
        ".env": SECRET,
        ".git/config": SECRET,
        "dump.sql": SECRET,
        "server.py": SECRET,
        "documents/customer/persisted-documents.json": SECRET,
    }.items():
        (pages / name).parent.mkdir(parents=True, exist_ok=True)
        (pages / name).write_text(text)
    (pages / "leak.txt").symlink_to(tmp_path / "secret.txt")
    return pages


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/", "portal"), ("/sign-in", "portal"), ("/account/sign-ins", "portal"), ("/index.html", "portal"),
        ("/support", "support"), ("/support/requests/7", "support"), ("/favicon.svg", "<svg/>"),
    ],
)  # fmt: skip
async def test_each_application_answers_its_own_addresses(built: Path, path: str, text: str) -> None:
    """The portal's and support's; files are themselves."""
    answer = await Client(small_app(settings(pages_dir=built))).http.get(path)

    assert (answer.status_code, answer.text) == (200, text)
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.asvs("3.4.3", "14.2.3")
async def test_pages_have_a_strict_policy(built: Path) -> None:
    """Everything from here, nothing inline."""
    answer = await Client(small_app(settings(pages_dir=built))).http.get("/")

    policy = answer.headers["content-security-policy"]
    assert "connect-src" not in policy, "nothing beyond default-src: pages speak to us alone"
    for part in ("default-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert answer.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize(
    ("accepted", "encoding", "text"),
    [("gzip, br", "br", "brotli"), ("gzip", "gzip", "gzip"), ("identity", None, "script"), ("", None, "script")],
)
async def test_what_the_build_named_by_its_contents_is_kept_and_packed(
    built: Path, accepted: str, encoding: str | None, text: str
) -> None:
    """For ever, in the smallest form that the client reads."""
    client = Client(small_app(settings(pages_dir=built)))

    async with client.http.stream("GET", "/assets/portal-BxK3f9_q.js", headers={"Accept-Encoding": accepted}) as answer:
        raw = b"".join([chunk async for chunk in answer.aiter_raw()])

    assert raw.decode() == text
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["vary"] == "accept-encoding"
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"


async def test_a_page_that_did_not_change_is_not_sent_again(built: Path) -> None:
    """304 for the ETag it was sent with."""
    client = Client(small_app(settings(pages_dir=built)))
    etag = (await client.http.get("/")).headers["etag"]

    again = await client.http.get("/", headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt", "/%2e%2e/secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%5csecret.txt", "/%2fsecret.txt",
        "/leak.txt", "/.env", "/.git/config", "/.git/", "/dump.sql", "/server.py",
        "/assets/", "/support/assets/", "/documents/customer/persisted-documents.json", "/assets/portal-BxK3f9_q.js.br",
        "/assets/gone-12345678.js", "/assets", "/x.css", "/graphql/page", "/exports", "/support/graphql/x",
        "/%00", "/index.html%00.js",
    ],
)  # fmt: skip
@pytest.mark.asvs("13.4.1", "13.4.3", "13.4.7")
async def test_no_path_leads_anywhere_else(built: Path, path: str) -> None:
    """Only what is in the folder by its own name; the API's addresses are no pages."""
    answer = await Client(small_app(settings(pages_dir=built))).http.get(path)

    assert SECRET not in answer.text
    assert answer.status_code == 404 or (answer.text == "portal" and "." not in path)


async def test_robots_are_asked_to_stay_away() -> None:
    """There is nothing here for a search engine."""
    answer = await Client(small_app()).http.get("/robots.txt")

    assert answer.text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize(("language", "word"), [("en", "The service is running."), ("lv", "Serviss darbojas.")])
async def test_without_pages_a_plain_one_says_what_works(language: str, word: str) -> None:
    """In both languages, with nothing but its own style."""
    answer = await Client(small_app()).http.get("/", headers={"Accept-Language": language})

    assert answer.status_code == 200
    assert word in answer.text
    assert f'<html lang="{language}">' in answer.text
    assert 'href="/graphql"' in answer.text
    assert "style-src 'sha256-" in answer.headers["content-security-policy"]
    assert (await Client(small_app()).http.get("/account")).status_code == 404


async def test_production_does_not_point_to_a_page_it_has_not() -> None:
    """The page for trying out is development's."""
    answer = await Client(small_app(production()), "https://accounts.example.com").http.get("/")

    assert "href" not in answer.text

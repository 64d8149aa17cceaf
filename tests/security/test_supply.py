"""What the service is made of is known, pinned, hashed, allowed, and asked after (ASVS chapter 15)."""

import json
import re
from datetime import date
from importlib.metadata import PackageNotFoundError, distribution
from typing import Any

import httpx
import pytest

from tests.security.documents import HOUSE
from tests.security.test_documents import imported, modules
from tests.supply import ALLOWED, NPM, PYTHON, audit, bill, components, days_to_fix, licences

TODAY = date(2026, 11, 25)


@pytest.mark.asvs("15.1.2")
def test_the_bill_of_materials_names_everything_that_is_locked() -> None:
    """CycloneDX with version, hashes and licence of each; the same locks give the same bytes."""
    found = components()
    made, again = bill(found), bill(components())
    assert made == again
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert re.fullmatch(
        r"urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}", made["serialNumber"]
    )
    listed = {one["purl"]: one for one in made["components"]}
    assert len(listed) == len(found)
    for lock in PYTHON:
        for name, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (HOUSE / lock).read_text(), re.MULTILINE):
            assert f"pkg:pypi/{name}@{version}" in listed, name
    assert listed["pkg:pypi/cryptography@50.0.2"]["scope"] == "required"
    assert next(one for one in listed.values() if one["name"] == "pytest")["scope"] == "excluded"
    assert all(one["hashes"] for one in listed.values())
    assert set(made["dependencies"][0]["dependsOn"]) == {one.purl for one in found if one.scope == "required"}


@pytest.mark.asvs("15.2.4")
def test_everything_is_pinned_and_hashed_and_nothing_comes_from_elsewhere() -> None:
    """pip takes nothing without its hash, npm installs what the lock says; no lock names another source."""
    for one in components():
        assert re.fullmatch(r"\d[\w.!+-]*", one.version), one
        assert one.hashes, one
        assert all(len(digest) >= 40 for _, digest in one.hashes)
    for lock in PYTHON:
        text = (HOUSE / lock).read_text()
        assert not re.search(r"index-url|find-links|trusted-host|^-e |@ (?:git|http|file)", text, re.MULTILINE), lock
    for lock in NPM:
        if (HOUSE / lock).exists():
            for path, about in json.loads((HOUSE / lock).read_text())["packages"].items():
                assert not path or about.get("integrity", "").startswith("sha512-"), (lock, path)
                assert not str(about.get("resolved", "")).startswith(("git", "file", "http:")), (lock, path)
    make = (HOUSE / "Makefile").read_text()
    assert "--require-hashes" in make
    assert re.search(r"^INSTALL = .*--require-hashes$", make, re.MULTILINE)
    installing = [line for line in make.splitlines() if "pip install" in line or "pip/install" in line]
    assert all("--require-hashes" in line or line.endswith(" uv") for line in installing), installing
    assert '"ci", "--no-audit"' in (HOUSE / "tests/node.py").read_text()
    for name in re.findall(r'^    "([^"]+)",$', (HOUSE / "pyproject.toml").read_text(), re.MULTILINE):
        if re.match(r"^[a-z][\w.-]*(\[\w+\])?[=<>~!]", name):
            assert "==" in name, name


def test_every_component_has_an_owner_and_a_licence_that_we_may_use() -> None:
    """On the list; where a package is installed, its own word agrees."""
    for one in components():
        assert one.owner, one.purl
        assert one.licence, one.purl
        assert licences(one.licence) <= ALLOWED, (one.purl, one.licence)
        if one.ecosystem != "pypi":
            continue
        try:
            said = distribution(one.name).metadata.get("License-Expression")  # type: ignore[attr-defined]
        except PackageNotFoundError:
            continue  # another system's
        assert said in (None, one.licence), one.purl
        assert not any(word in str(said) for word in ("GPL-3", "AGPL", "SSPL", "BUSL"))


def osv(known: dict[str, list[dict[str, Any]]]) -> httpx.Client:
    """The vulnerability database as it answers, with these advisories by package."""
    by_id = {one["id"]: one for some in known.values() for one in some}

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/v1/querybatch":
            names = [one["package"]["name"] for one in json.loads(request.content)["queries"]]
            return httpx.Response(
                200, json={"results": [{"vulns": [{"id": one["id"]} for one in known.get(name, [])]} for name in names]}
            )
        return httpx.Response(200, json=by_id[request.url.path.rpartition("/")[2]])

    return httpx.Client(base_url="https://osv.example", transport=httpx.MockTransport(answer))


@pytest.mark.asvs("15.2.1")
def test_what_is_known_to_be_bad_is_told_with_its_day() -> None:
    """By the times of SECURITY.md: overdue fails, what has time left is told; when nobody answers, that is said."""
    assert days_to_fix((HOUSE / "SECURITY.md").read_text()) == {"critical": 2, "high": 7, "medium": 30, "low": 90}
    old = {"id": "GHSA-1", "published": "2026-11-01T00:00:00Z", "database_specific": {"severity": "HIGH"}}
    young = {"id": "GHSA-2", "published": "2026-11-20T10:00:00Z", "database_specific": {"severity": "MODERATE"}}
    lines: list[str] = []

    assert audit(osv({}), TODAY, lines.append) == 0
    assert audit(osv({"starlette": [young]}), TODAY, lines.append) == 0
    assert audit(osv({"starlette": [young], "react": [old]}), TODAY, lines.append) == 1

    told = "\n".join(lines)
    assert re.search(r"pkg:pypi/starlette@\S+: GHSA-2, medium, to be fixed by 2026-12-20$", told, re.MULTILINE)
    assert re.search(r"pkg:npm/react@\S+: GHSA-1, high, to be fixed by 2026-11-08 OVERDUE$", told, re.MULTILINE)

    def down(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no route")

    unreachable = httpx.Client(base_url="https://osv.example", transport=httpx.MockTransport(down))
    assert audit(unreachable, TODAY, lines.append) == 2
    assert lines[-1].startswith("Nothing was audited: ")


@pytest.mark.asvs("15.2.3")
def test_production_has_nothing_of_the_tests() -> None:
    """No room imports a test or a development package, and what runs is whole without them."""
    runtime = {one.name for one in components() if one.ecosystem == "pypi" and one.scope == "required"}
    development = {one.name for one in components() if one.ecosystem == "pypi"} - runtime
    assert {"pytest", "httpx", "hypothesis", "playwright", "mypy"} <= development
    tests = {
        "tests",
        "conftest",
        "pytest",
        "_pytest",
        "hypothesis",
        "time_machine",
        "aiosmtpd",
        *(one.replace("-", "_") for one in development),
    }
    for path, tree in modules():
        roots = {one.split(".")[0] for one in imported(tree)}
        assert not roots & tests, (path, roots & tests)
    make = (HOUSE / "Makefile").read_text()
    assert re.search(r"^run: \$\(VENV\)/\.stamp pages", make, re.MULTILINE), "what runs is installed without what tests"
    image = HOUSE / "Dockerfile"
    if image.exists():
        copied = " ".join(line for line in image.read_text().splitlines() if line.startswith("COPY"))
        assert not re.search(r"\btests\b|requirements-dev|\.git\b|COPY \. ", copied)

"""Clause 6.1.1: connections are encrypted: plain HTTP is refused outside development, and every link begins with https."""

from dataclasses import replace

import httpx
import pytest

from api.app import build_app
from tests.api.small import Client, production, small_app
from tests.factories import House
from tests.promises.kept import kept

SECURE = "https://accounts.example.com"


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("accounts", "/graphql"),
        ("support.accounts", "/support/graphql"),
        ("accounts", "/exports/none"),
        ("accounts", "/"),
    ],
)
async def test_nothing_is_answered_over_plain_http(host: str, path: str) -> None:
    """Neither GraphQL nor a download nor a page; over https browsers are told to stay there for two years."""
    app = small_app(production())

    plain = await Client(app, f"http://{host}.example.com", "203.0.113.1").http.get(path)
    secure = await Client(app, f"https://{host}.example.com", "203.0.113.1").http.get(path)

    assert (plain.status_code, "HTTPS_REQUIRED" in plain.text) == (403, True)
    assert secure.status_code != 403
    assert secure.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_session_never_travels_unencrypted(house: House) -> None:
    """In production its cookie is Secure and bound to this host."""
    person = await house.customer()
    world = replace(house.world, base_url=SECURE)
    transport = httpx.ASGITransport(app=build_app(production(data_dir=house.folder), world))
    async with httpx.AsyncClient(transport=transport, base_url=SECURE) as client:
        query = "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename}}"
        body = {"query": query, "variables": {"e": person.email, "p": person.password}}
        answer = await client.post("/graphql", json=body, headers={"X-Octopus-Client": "t", "Origin": SECURE})
    cookies = answer.headers.get_list("set-cookie")

    assert cookies, answer.text
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert "; Secure" in cookie
        assert "; HttpOnly" in cookie


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_link_without_encryption_is_found(house: House) -> None:
    """Development's own machine aside, letters that lead to plain HTTP break the promise."""
    assert (await kept(house, "plain_requests_answered")).broken == 0
    plain = House(replace(house.world, base_url="http://accounts.example.com"), house.clock, house.folder)

    assert (await kept(plain, "plain_requests_answered")).broken == 1

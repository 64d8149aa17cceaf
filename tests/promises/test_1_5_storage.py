"""Clause 1.5: what we keep in a browser stands in a public register; camera, microphone and location are switched off."""

from dataclasses import replace
from http.cookies import SimpleCookie

import msgspec
import pytest

from models.policy import Role, Words
from tests.factories import House
from tests.promises.kept import kept, with_policy

STORAGE = "{storage {name kind optional purpose life}}"
OFF = "camera=(), microphone=(), geolocation=()"


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_nothing_is_kept_that_the_register_does_not_name(house: House) -> None:
    """Signing in, signing out, reading, as a customer and as staff: each cookie that was set is declared, with its life."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    declared = {one["name"]: one for one in await house.client().ok(STORAGE)}
    set_: dict[str, int] = {}
    for client in (person, colleague):
        await client.sign_in()
        out = {"query": "mutation {signOut {__typename}}"}
        answer = await client.http.post(client.path, json=out, headers={"X-Octopus-Client": "t"})
        for cookie in client.http.cookies.jar:
            set_[cookie.name] = 0
        for header in answer.headers.get_list("set-cookie"):
            set_ |= {name: int(one["max-age"]) for name, one in SimpleCookie(header).items()}

    assert {f"__Host-{name}" for name in set_} <= declared.keys()
    assert all(one["purpose"] and one["life"] for one in declared.values())
    assert {"__Host-session", "__Host-device"} <= declared.keys()


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_cookie_lives_no_longer_than_the_register_says(house: House) -> None:
    """The session's twelve hours, a known device's year; none of them is read by scripts or sent to other sites."""
    person = await house.customer()
    query = "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename}}"
    body = {"query": query, "variables": {"e": person.email, "p": person.password}}
    answer = await person.http.post(person.path, json=body, headers={"X-Octopus-Client": "t"})

    for header in answer.headers.get_list("set-cookie"):
        [(name, cookie)] = SimpleCookie(header).items()
        lasts = house.world.policy.cookies[f"__Host-{name}"].lasts
        assert lasts is not None
        assert 0 < int(cookie["max-age"]) <= lasts.total_seconds()
        assert (bool(cookie["httponly"]), cookie["samesite"]) == (True, "Strict")


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_no_page_may_ask_for_camera_microphone_or_place(house: House) -> None:
    """Whatever is answered switches them off: pages, GraphQL, downloads, and what is not there."""
    person = await house.customer()
    for path in ("/", "/support", "/exports/none", "/livez", "/nothing"):
        assert (await person.http.get(path)).headers["permissions-policy"] == OFF, path
    assert (await person.http.post("/graphql", json={"query": "{__typename}"})).headers["permissions-policy"] == OFF


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_an_item_without_a_purpose_is_found(house: House) -> None:
    """Each item of the register is looked at; one that does not say what for breaks the promise."""
    policy = house.world.policy
    line = await kept(house, "undeclared_storage")
    assert (line.measured, line.broken) == (len(policy.cookies), 0)

    item = policy.cookies["cookie-choice"]
    spoilt = {**policy.cookies, "cookie-choice": msgspec.structs.replace(item, purpose=Words("", ""))}
    assert (await kept(with_policy(house, replace(policy, cookies=spoilt)), "undeclared_storage")).broken == 1

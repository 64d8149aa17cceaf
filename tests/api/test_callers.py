"""Who is calling, from where, in which language, and which cookies they get."""

from datetime import timedelta
from typing import Any

import pytest

from api import cookies
from api.callers import (
    TwoCredentials,
    client_ip,
    credential,
    locale,
    origin,
    scheme,
    staff_credential,
    within,
)
from tests.api.small import NOW, Client, production, settings, small_app

PROXIES = ("10.0.0.0/8", "fd00::/8")


def scope(peer: str | None = "203.0.113.9", **headers: str) -> dict[str, Any]:
    """A request from a peer with headers, underscores standing for hyphens."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": "http", "client": (peer, 4711) if peer else None, "headers": sent, "scheme": "http"}


@pytest.mark.asvs("4.1.3")
@pytest.mark.asvs("15.3.4")
@pytest.mark.parametrize(
    ("peer", "forwarded", "found"),
    [
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # whoever is no proxy of ours is not believed
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),  # what a client says stands further left
        ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.0.0.2", "198.51.100.1"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, nonsense", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:5555", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::1]:443", "2001:db8::1"),
        ("10.0.0.1", '"[2001:db8::1]"', "2001:db8::1"),
        ("::ffff:10.0.0.1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("fe80::1%eth0", "198.51.100.1", "fe80::1"),
        ("testclient", "198.51.100.1", "0.0.0.0"),
        (None, "198.51.100.1", "127.0.0.1"),
    ],
)
def test_the_address_is_the_first_that_no_proxy_of_ours_stands_for(peer: str, forwarded: str, found: str) -> None:
    """X-Forwarded-For is read from the right, and only as far as our own proxies reach."""
    assert client_ip(scope(peer, x_forwarded_for=forwarded), PROXIES) == found


@pytest.mark.asvs("4.1.3")
def test_the_scheme_is_believed_of_trusted_proxies_only() -> None:
    """Anybody else may say https and is not heard."""
    assert scheme(scope("203.0.113.9", x_forwarded_proto="https"), PROXIES) == "http"
    assert scheme(scope("10.0.0.1", x_forwarded_proto="https"), PROXIES) == "https"
    assert scheme(scope("10.0.0.1", x_forwarded_proto="https, http"), PROXIES) == "http"


def test_within_is_false_for_what_is_no_address() -> None:
    """And true inside of a network."""
    assert within("127.0.0.1", ("127.0.0.0/8",))
    assert not within("unix", ("0.0.0.0/0",))
    assert not within("::1", ("0.0.0.0/0",))


@pytest.mark.asvs("16.4.1")
def test_a_user_agent_is_cut_and_loses_its_control_characters() -> None:
    """400 characters, none of them a line break or an escape."""
    found = origin(scope(user_agent="Moz\x1b[31milla\r\n " + "x" * 900), settings()).agent

    assert found is not None
    assert found.startswith("Moz[31milla x")
    assert len(found) == 400
    assert origin(scope(), settings()).agent is None


def test_the_session_comes_as_a_cookie_or_as_a_bearer_token() -> None:
    """Of two cookies of that name the first counts; other schemes and other cookies say nothing."""
    here = production()

    assert credential(scope(cookie="a=b; __Host-session=abc; __Host-session=def"), here) == "abc"
    assert credential(scope(authorization="bearer abc.def-ghi"), here) == "abc.def-ghi"
    assert credential(scope(authorization="Basic abc"), here) is None
    assert credential(scope(cookie="session=abc"), here) is None
    assert credential(scope(cookie="session=abc"), settings()) == "abc"
    assert credential(scope(), here) is None


def test_both_at_once_are_refused() -> None:
    """Which one counts would be a guess."""
    with pytest.raises(TwoCredentials):
        credential(scope(cookie="session=abc", authorization="Bearer abc"), settings())


def test_a_member_of_staff_comes_with_a_cookie_of_their_own() -> None:
    """A customer's cookie and a bearer token say nothing there; both at once are refused."""
    here = production()

    assert staff_credential(scope(cookie="__Host-session=abc; __Host-staff=def"), here) == "def"
    assert credential(scope(cookie="__Host-staff=def"), here) is None
    for nothing in (
        scope(cookie="__Host-session=abc"),
        scope(cookie="staff=abc"),
        scope(authorization="Bearer abc"),
        scope(),
    ):
        assert staff_credential(nothing, here) is None
    assert staff_credential(scope(cookie="staff=abc"), settings()) == "abc"
    with pytest.raises(TwoCredentials):
        staff_credential(scope(cookie="staff=abc", authorization="Bearer abc"), settings())


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "EN"), (b"lv", "LV"), (b"lv-LV,lv;q=0.9,en;q=0.8", "LV"), (b"en,lv;q=0.5", "EN"), (b"de", "EN"),
        (b"de, LV;q=0.3", "LV"), (b"lv;q=0", "EN"), (b"lv;q=nan,en;q=0.1", "EN"), (b"lv;q=9,en", "EN"),
    ],
)  # fmt: skip
def test_the_language_is_the_one_liked_better(header: bytes | None, language: str) -> None:
    """Latvian or English, English where neither is named."""
    assert locale(header) == language


@pytest.mark.asvs("3.3.1")
@pytest.mark.asvs("3.3.2")
@pytest.mark.asvs("3.3.3")
@pytest.mark.asvs("3.3.4")
def test_cookies_over_https_are_bound_to_the_host() -> None:
    """__Host- names, Secure, HttpOnly, SameSite=Strict, the whole path, no domain."""
    port = cookies.CookiePort(cookies.names(production()), lambda: NOW)

    port.begin("t" * 43, NOW + timedelta(hours=12))
    port.remember_device("d" * 43)

    assert [value.decode() for _, value in port.headers] == [
        f"__Host-session={'t' * 43}; Max-Age=43200; Path=/; HttpOnly; Secure; SameSite=Strict",
        f"__Host-device={'d' * 43}; Max-Age=31536000; Path=/; HttpOnly; Secure; SameSite=Strict",
    ]
    assert cookies.staff_names(production()) == ("__Host-staff", "__Host-device", True)
    assert cookies.staff_names(settings()) == ("staff", "device", False)


@pytest.mark.asvs("3.3.5")
def test_a_cookie_carries_a_token_and_nothing_else() -> None:
    """Nothing that would end it, and nothing long."""
    port = cookies.CookiePort(cookies.names(settings()), lambda: NOW)

    for wrong in ("a;b", "a b", "a\r\nb", "x" * 513):
        with pytest.raises(ValueError, match="token"):
            port.begin(wrong, NOW)


@pytest.mark.asvs("14.3.1")
async def test_signing_out_takes_the_cookie_and_clears_what_the_browser_keeps() -> None:
    """The device stays known; development's cookie has the bare name and needs no https."""
    client = Client(small_app())

    signed_in = await client.ask("mutation {signIn {__typename}}")
    client.http.cookies.clear()
    signed_out = await client.ask("mutation {signOut {__typename}}")

    begun = signed_in.headers.get_list("set-cookie")
    assert begun[0] == "session=secret-token; Max-Age=43200; Path=/; HttpOnly; SameSite=Strict"
    assert begun[1].startswith("device=device-token; Max-Age=31536000;")
    assert signed_out.headers.get_list("set-cookie") == ["session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict"]
    assert signed_out.headers["clear-site-data"] == '"cache", "storage"'


async def test_a_resolver_learns_where_the_caller_is() -> None:
    """Address, agent, device, language."""
    client = Client(small_app(settings(trusted_proxies=PROXIES)), peer="10.0.0.1")
    sent = {
        "X-Forwarded-For": "198.51.100.1", "User-Agent": "Test/1", "Cookie": "device=abc", "Accept-Language": "lv",
    }  # fmt: skip

    answer = await client.ask("{cameFrom}", headers=sent)

    assert answer.json() == {"data": {"cameFrom": ["198.51.100.1", "Test/1", "abc", "LV"]}}

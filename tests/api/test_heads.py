"""Heads of requests: what many say alike is worked out once, and nobody is told what follows from another's."""

import re
from pathlib import Path
from typing import Any

import pytest

from api import heads
from api.graphql import ALWAYS, SHORT, GraphQLEndpoint
from api.graphql_request import CLIENT
from api.heads import COMMON, OWN, Heads, Scope, head_of, headers
from tests.api.small import Client, settings, small_app

SAID = [(b"host", b"here"), (b"accept-language", b"lv")]


def scope(sent: list[tuple[bytes, bytes]] = SAID, peer: str = "203.0.113.9", **said: Any) -> dict[str, Any]:
    """A request as the server hands it on."""
    usual = {"scheme": "https", "method": "POST", "path": "/graphql", "query_string": b"secret=1"}
    return {"type": "http", "client": (peer, 4711), "headers": list(sent), **usual, **said}


READ = re.compile(r'(?:headers\(scope\)|sent)\.get\(b"([a-z-]+)"')
ASKING = ("callers", "fences", "headers", "graphql_admission", "graphql_request")


def test_every_header_that_is_asked_for_is_among_those_that_are_shown() -> None:
    """Else it would never be there."""
    sources = [(Path(heads.__file__).parent / f"{name}.py").read_text() for name in ASKING]
    read = {name.encode() for source in sources for name in READ.findall(source)} | {CLIENT}

    assert len(read) > 8
    assert read <= COMMON


class Asking:
    """Counts how often it is asked, and keeps what it was shown."""

    def __init__(self) -> None:
        self.shown: list[Scope] = []

    def __call__(self, shown: Scope) -> int:
        self.shown.append(shown)
        return len(self.shown)


def test_what_follows_from_equal_heads_is_worked_out_once() -> None:
    """Whatever their credentials and their length, and what a proxy adds: those who ask are not shown it."""
    kept, ask = Heads(), Asking()
    for number in range(3):
        own = [(name, b"%d" % number) for name in sorted(OWN)]
        head = kept.of(scope([*own, *SAID, (b"x-request-id", b"%d" % number), (b"referer", b"/%d" % number)]))

        assert head.once(ask) == 1
        assert head.own == dict(own)

    [shown] = ask.shown
    assert shown["headers"] == SAID
    assert headers(shown) == dict(SAID)
    assert "query_string" not in shown


@pytest.mark.asvs("15.3.4")
@pytest.mark.parametrize(
    "other",
    [
        scope(peer="203.0.113.10"),
        scope(scheme="http"),
        scope(method="GET"),
        scope(path="/support/graphql"),
        scope([*SAID, (b"x-forwarded-for", b"198.51.100.1")]),
        scope([*SAID, SAID[1]]),
        scope(SAID[::-1]),
        scope([(b"host", b"here"), (b"accept-language", b"en")]),
    ],
)
def test_another_head_is_asked_about_anew(other: dict[str, Any]) -> None:
    """One sign of difference is enough."""
    kept, ask = Heads(), Asking()

    assert kept.of(scope()).once(ask) == 1
    assert kept.of(other).once(ask) == 2


def test_a_head_sent_twice_is_joined_in_its_own() -> None:
    """As the standard has it: cookies with a semicolon, others with a comma."""
    found = head_of(
        scope([(b"cookie", b"a=1"), (b"cookie", b"b=2"), (b"authorization", b"x"), (b"authorization", b"y")])
    )

    assert found.own == {b"cookie": b"a=1; b=2", b"authorization": b"x, y"}


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long heads are not kept, and many make room."""
    monkeypatch.setattr(heads, "KEPT", 5)
    kept, ask = Heads(), Asking()
    for _ in range(2):
        kept.of(scope([(b"user-agent", b"x" * heads.LONGEST)])).once(ask)
    assert (len(ask.shown), len(kept._kept)) == (2, 0)

    for number in range(50):
        kept.of(scope(path=f"/{number}")).once(ask)
        assert len(kept._kept) <= 5


async def test_two_clients_of_one_address_keep_their_own_language_and_device() -> None:
    """Through the application, one after the other and again."""
    client, query = Client(small_app()), "{cameFrom}"
    for _ in range(2):
        for language, device in (("lv", "one"), ("en", "two"), ("lv", "two"), ("lv", None)):
            own = {"Accept-Language": language} | ({"X-Octopus-Device": device} if device else {})
            found = (await client.ask(query, headers=own)).json()["data"]["cameFrom"]

            assert found[2:] == [device or "", language.upper()]


async def test_a_refusal_that_is_known_is_still_each_requests_own() -> None:
    """The second is answered like the first, with its own id, and no exception is kept from one to the next."""
    client = Client(small_app())

    found = [await client.ask("{hello}", headers={"Sec-Fetch-Site": "cross-site"}) for _ in range(3)]

    assert {(one.status_code, one.text) for one in found} == {(403, found[0].text)}
    assert len({one.headers["x-request-id"] for one in found}) == 3


async def test_only_short_bodies_for_trusted_documents_without_variables_are_known_by_heart(tmp_path: Any) -> None:
    """What people type is in none of them, and there are not more than may be."""
    (tmp_path / "customer").mkdir()
    (tmp_path / "customer" / "hello.graphql").write_text("query Hello($name: String) {hello(name: $name)}")
    app = small_app(settings(documents_dirs=(tmp_path,), ad_hoc=True))
    endpoint = next(route.endpoint for route in app.routes if route.path == "/graphql")  # type: ignore[attr-defined]
    assert isinstance(endpoint, GraphQLEndpoint)
    client, [known] = Client(app), endpoint.library._trusted
    for body in (
        {"documentId": known, "variables": {"name": "Ada"}},
        {"documentId": known, "extensions": {"x": "y" * SHORT}},
        {"query": "{hello}"},
    ):
        assert (await client.ask(**body)).status_code == 200  # type: ignore[arg-type]
    assert endpoint._always == {}

    for number in range(ALWAYS + 3):
        assert (await client.ask(documentId=known, extensions={"n": number})).status_code == 200
        assert len(endpoint._always) <= ALWAYS
    assert (await client.ask(documentId=known, extensions={"n": 0})).json() == {"data": {"hello": "Hello you"}}

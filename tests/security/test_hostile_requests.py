"""The corpus of hostile requests: each is refused, no resolver is called for it, and little is done until then.

Work is counted, not timed: in calls of Python functions, in tokens read, in bytes taken. `python -m tests.bench.hostile` shows
the time.
"""

import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from graphql import GraphQLObjectType
from graphql.language.lexer import Lexer

from api.app import build_app
from api.graphql import Mounted
from api.settings import Settings
from schema import customer, support
from tests.api.small import Client, SmallWorld, production, settings
from tests.security.hostile import GETS, JSON, REQUESTS, Attack, documents

MOST_CALLS = 100_000
"""Of Python functions for one refusal: a lexer takes one for each sign of a long name, 64 kB of them at most."""
OWN = "application/graphql-response+json"
CORPORA = {
    "customer": documents("viewer", "Customer", "number", "viewer {{signIns(first: {first}) {{nodes {{id}}}}}}"),
    "support": documents("viewer", "StaffMember", "name", "requests(first: {first}) {{nodes {{id}}}}"),
}
PATHS = {"customer": "/graphql", "support": "/support/graphql"}
DOCUMENTS = [(name, attack) for name, corpus in CORPORA.items() for attack in corpus]


class Resolved:
    """How many fields of the real schemas were asked for a value, while this watches."""

    def __init__(self) -> None:
        self.count, self._undo = 0, list[Callable[[], None]]()

    def watch(self, schema: Any) -> None:
        for kind in (schema._schema.query_type, schema._schema.mutation_type):
            assert isinstance(kind, GraphQLObjectType)
            for field in kind.fields.values():
                self._wrap(field)

    def _wrap(self, field: Any) -> None:
        resolve = field.resolve

        def counting(*given: Any, **more: Any) -> Any:
            self.count += 1
            return resolve(*given, **more)

        field.resolve = counting
        self._undo.append(lambda: setattr(field, "resolve", resolve))

    def rest(self) -> None:
        for one in self._undo:
            one()


@pytest.fixture
def resolved() -> Iterator[Resolved]:
    watching = Resolved()
    for schema in (customer.schema, support.schema):
        watching.watch(schema)
    yield watching
    watching.rest()


@contextmanager
def counted() -> Iterator[list[int]]:
    """How many Python functions are called inside, by this thread."""
    calls = [0]

    def note(frame: Any, event: str, argument: Any) -> None:
        if event == "call":
            calls[0] += 1

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        yield calls
    finally:
        sys.setprofile(before)


def app(given: Settings | None = None) -> Any:
    """The real schemas in a small world: nothing may be asked of it."""
    schemas = {
        "customer": Mounted(customer.schema, customer.SINGLE),
        "support": Mounted(support.schema, support.SINGLE),
    }
    return build_app(given or settings(), SmallWorld().world(), schemas=schemas)


async def sent(client: Client, attack: Attack, media: str, path: str = "/graphql") -> httpx.Response:
    headers = {**JSON, "Accept": media, **attack.headers}
    return await client.http.post(path, content=attack.body, headers=headers)


def code(answer: httpx.Response) -> str:
    found = answer.json()
    assert "data" not in found, "nothing was run"
    return str(found["errors"][0]["extensions"]["code"])


@pytest.mark.asvs("4.3.1", "2.4.1")
@pytest.mark.parametrize(("schema", "name"), DOCUMENTS)
async def test_a_hostile_document_is_refused_after_little_work(schema: str, name: str, resolved: Resolved) -> None:
    """By the limits or by validation: 400 in GraphQL's media type, told in a 200 in JSON's; a second time as the first."""
    attack, client = CORPORA[schema][name], Client(app())
    with counted() as calls:
        own = await sent(client, attack, OWN, PATHS[schema])
    plain = await sent(client, attack, "application/json", PATHS[schema])

    assert (own.status_code, plain.status_code) == (attack.status, attack.plain)
    assert code(own) == code(plain) == attack.code
    assert resolved.count == 0
    assert calls[0] < MOST_CALLS
    assert len(own.content) < 2000, "the answer is small whatever was sent"


@pytest.mark.asvs("4.3.1", "1.5.3", "3.5.1", "3.5.2", "5.2.1")
@pytest.mark.parametrize("name", REQUESTS)
async def test_a_hostile_request_is_refused_before_its_document_is_read(name: str, resolved: Resolved) -> None:
    """With the same status in both media types, at both endpoints."""
    attack, client = REQUESTS[name], Client(app())
    for path in PATHS.values():
        for media in (OWN, "application/json"):
            with counted() as calls:
                answer = await sent(client, attack, media, path)
            assert (answer.status_code, code(answer)) == (attack.status, attack.code)
            assert calls[0] < MOST_CALLS
    assert resolved.count == 0


@pytest.mark.asvs("3.5.3", "4.1.4")
@pytest.mark.parametrize("name", GETS)
async def test_nothing_is_done_by_get(name: str, resolved: Resolved) -> None:
    """In production not at all, for nobody; in development no change."""
    there = Client(app(production()), "https://accounts.example.com")
    answer = await there.http.get(f"/graphql?{GETS[name]}", headers=JSON)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    here = await Client(app()).http.get(f"/graphql?{GETS[name]}", headers={**JSON, "Accept": OWN})
    if "mutation" in name or "subscription" in name:
        assert here.status_code in (400, 405)
    assert resolved.count == 0, "__typename asks no resolver"


@pytest.mark.asvs("4.3.1")
async def test_reading_ends_at_the_limit_of_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: the lexer is asked for no more than one after the last that may be."""
    read, advance = [0], Lexer.advance

    def counting(self: Lexer) -> Any:
        read[0] += 1
        return advance(self)

    monkeypatch.setattr(Lexer, "advance", counting)
    found = settings()
    for many in (
        "{" + "a " * 30_000 + "}",
        "{" * 30_000,
        "[" * 30_000,
        "{a(b: " + "[" * 20_000,
        "#\n" * 10_000 + "{" + "a " * 5000 + "}",
    ):
        read[0] = 0
        answer = await Client(app(found)).ask(many)
        assert answer.status_code == 400
        assert read[0] <= found.max_tokens + 2, many[:10]


@pytest.mark.asvs("5.2.1", "4.3.1")
async def test_a_body_without_an_end_is_read_to_its_limit_only() -> None:
    """A megabyte in pieces: a few more bytes than may be are taken, and the connection is to be closed."""
    taken = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1000):
            taken += 1024
            yield b" " * 1024

    answer = await Client(app()).http.post("/graphql", content=pieces(), headers=JSON)

    assert (answer.status_code, code(answer)) == (413, "TOO_LARGE")
    assert taken <= settings().body_limit + 2048
    assert answer.headers["connection"] == "close"


@pytest.mark.asvs("4.3.1")
async def test_production_reads_no_document_that_it_was_not_built_with(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    """Trusted documents only: a hostile one is not even parsed; only its digest is looked up."""
    (tmp_path / "customer").mkdir()
    (tmp_path / "customer" / "own.graphql").write_text("{__typename}\n")
    strict = app(production(ad_hoc=False, documents_dirs=(tmp_path,)))
    read = [0]
    monkeypatch.setattr(Lexer, "advance", lambda self: read.__setitem__(0, read[0] + 1))
    client = Client(strict, "https://accounts.example.com")
    for attack in CORPORA["customer"].values():
        answer = await sent(client, attack, OWN)
        assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")
    assert read == [0]

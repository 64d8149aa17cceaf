"""GraphQL over HTTP: what is answered, in which words and status, and what is refused before any of it is believed."""

import asyncio
import hashlib
import shutil
import socket
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest
import uvicorn
from tortoise.exceptions import DBConnectionError

from api.documents import BadDocument, NoTrustedDocuments, load
from api.graphql_answer import negotiate
from api.graphql_request import parse_json
from tests.api.small import CANARY, Client, SmallWorld, production, settings, small_app
from tests.node import node, npm_ci

AUDIT = Path(__file__).with_name("http_audit")
JSON = {"Content-Type": "application/json", "X-Octopus-Client": "tests"}
SECURE = "https://accounts.example.com"


def code(answer: httpx.Response) -> str:
    """The first error's code."""
    return str(answer.json()["errors"][0]["extensions"]["code"])


# ---- answers -------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("4.1.1")
async def test_an_operation_is_answered_in_the_type_that_was_asked_for() -> None:
    """GraphQL's own media type, or JSON for those who do not know it."""
    client = Client(small_app())

    own = await client.ask("query Hi {hello}", operationName="Hi")
    json = await client.ask("{hello}", headers={"Accept": "*/*"})

    assert own.json() == json.json() == {"data": {"hello": "Hello you"}}
    assert own.headers["content-type"] == "application/graphql-response+json; charset=utf-8"
    assert json.headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "media"),
    [
        (None, "application/json"),
        (b"application/graphql-response+json, application/json;q=0.9", "application/graphql-response+json"),
        (b"application/graphql-response+json;q=0.1, */*", "application/json"),
        (b"application/json; charset=utf-8", "application/json"),
        (b"application/json; charset=latin-1", None),
        (b"text/html", None),
        (b"application/json;q=0", None),
        (b"*/*;q=x", None),
    ],
)
def test_media_types_are_weighed(accept: bytes | None, media: str | None) -> None:
    """By their q, as RFC 9110 says; what cannot be read counts nothing."""
    assert negotiate(accept) == media


@pytest.mark.parametrize(
    ("query", "variables", "said"),
    [
        ("{", {}, "PARSE_FAILED"),
        ("{nothing}", {}, "VALIDATION_FAILED"),
        ("query ($n: Int!) {hello(times: $n)}", {}, "BAD_USER_INPUT"),
        ("query A {hello} query B {hello}", {}, "NO_SUCH_OPERATION"),
        ("{page(first: 51) {nodes {name}}}", {}, "LIMIT_EXCEEDED"),
        ("query ($n: Int!) {page(first: $n) {nodes {name}}}", {"n": 51}, "LIMIT_EXCEEDED"),
        ("subscription {hello}", {}, "VALIDATION_FAILED"),
    ],
)
async def test_an_operation_that_cannot_run_is_400_or_told_in_a_200(
    query: str, variables: dict[str, Any], said: str
) -> None:
    """The status tells in GraphQL's own media type; JSON's is 200, as the specification has it. There is no data."""
    client = Client(small_app())

    own = await client.ask(query, variables=variables)
    json = await client.ask(query, variables=variables, headers={"Accept": "application/json"})

    assert (own.status_code, json.status_code) == (400, 200)
    assert code(own) == code(json) == said
    assert "data" not in own.json()


async def test_a_refusal_is_data_and_counted() -> None:
    """In a mutation's union; with the problems that the person can mend."""
    app = small_app()
    query = "mutation ($p: Person!) {greet(person: $p) {... on Refusal {code problems {field code}}}}"

    answer = await Client(app).ask(query, variables={"p": {"name": "", "age": 1}})

    problems = [{"field": ["person", "name"], "code": "REQUIRED"}]
    assert answer.json() == {"data": {"greet": {"code": "INVALID_INPUT", "problems": problems}}}
    counted = {"endpoint": "customer", "code": "INVALID_INPUT"}
    assert app.state.metrics.registry.get_sample_value("octopus_refusals_total", counted) == 1


async def test_a_query_that_is_refused_says_so_in_an_error() -> None:
    """No union can hold it: a code, and one sentence in the reader's language."""
    client = Client(small_app())

    english = await client.ask("{refused hello}")
    latvian = await client.ask("{refused}", headers={"Accept-Language": "lv"})

    assert english.status_code == 200
    assert english.json()["data"] == {"refused": None, "hello": "Hello you"}
    assert code(english) == "NOT_SIGNED_IN"
    messages = [answer.json()["errors"][0]["message"] for answer in (english, latvian)]
    assert messages[0] != messages[1]


async def test_the_allowance_is_a_callers_own_and_is_used_up() -> None:
    """What rateLimit says is true: each operation takes its cost away; with too little left, 429 and when to come again."""
    app = small_app(settings(rate_cost=1000))
    client, other = Client(app), Client(app, peer="203.0.113.7")
    asked = "{rateLimit {limit cost remaining}}"

    told = [(await client.ask(asked)).json()["data"]["rateLimit"] for _ in range(3)]
    pages = [await client.ask("{page(first: 50) {nodes {name}}}") for _ in range(12)]

    assert told == [{"limit": 1000, "cost": 4, "remaining": 1000 - 4 * times} for times in (1, 2, 3)]
    statuses = [page.status_code for page in pages]
    assert statuses == sorted(statuses)
    assert statuses.count(200) == (1000 - 12) // 101, "a page, and fifty times a node with its name"
    assert (code(pages[-1]), pages[-1].headers["retry-after"]) == ("TOO_MANY_ATTEMPTS", "60")
    assert (await other.ask(asked)).json()["data"]["rateLimit"]["remaining"] == 996
    assert (await client.ask(asked)).status_code == 200, "what is cheap enough for the rest is still answered"
    for number, left in enumerate((996, 992, 996)):  # one line's addresses share, another line's do not
        peer = ("2001:db8::1", "2001:db8::ffff:2", "2001:db8:0:1::1")[number]
        assert (await Client(app, peer=peer).ask(asked)).json()["data"]["rateLimit"]["remaining"] == left


# ---- faults, outages, time -------------------------------------------------------------------------------------------
@pytest.mark.asvs("16.5.1")
@pytest.mark.parametrize("query", ["{fault}", "{wrongType}"])
async def test_a_fault_is_an_id_to_quote(query: str) -> None:
    """The client learns nothing of it; the log its type and field, under that id."""
    small = SmallWorld()

    answer = await Client(small_app(small=small)).ask(query)

    (error,) = answer.json()["errors"]
    assert answer.status_code == 200
    assert error["extensions"] == {"code": "INTERNAL", "requestId": answer.headers["x-request-id"]}
    assert error["message"].endswith(answer.headers["x-request-id"])
    assert CANARY not in answer.text
    (fault,) = [line for line in small.lines if line["event"] == "fault"]
    assert fault["request_id"] == answer.headers["x-request-id"]
    assert fault["field"] == query.strip("{}")


@pytest.mark.asvs("16.5.2")
async def test_a_keystore_that_is_down_makes_the_whole_answer_503() -> None:
    """No half answers; and when to come back."""
    answer = await Client(small_app()).ask("{hello keystoreDown}", headers={"Accept": "application/json"})

    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["data"] is None
    assert code(answer) == "KEYSTORE_DOWN"


@pytest.mark.asvs("16.5.2")
async def test_a_database_that_is_down_is_told_from_a_fault() -> None:
    """Already while looking who asks; counted, and not logged as ours."""
    small = SmallWorld()

    async def down(*_: object) -> Any:
        raise DBConnectionError("password of postgres://ada@db is wrong")

    app = small_app(small=small, callers={"customer": down, "support": down})
    answer = await Client(app).ask("{hello}")
    plain = await Client(app).http.get("/exports/abc")

    assert answer.status_code == plain.status_code == 503
    assert code(answer) == code(plain) == "DATABASE_DOWN"
    assert "postgres" not in answer.text + plain.text
    assert [line["event"] for line in small.lines] == ["request", "request"]
    assert app.state.metrics.registry.get_sample_value("octopus_outages_total", {"code": "DATABASE_DOWN"}) == 2


@pytest.mark.asvs("15.2.2")
async def test_a_query_is_given_up_when_its_time_is_over() -> None:
    """503, and it does not go on."""
    before = len(asyncio.all_tasks())

    answer = await Client(small_app(settings(operation_timeout=0.1))).ask("{slow hello leaf {name}}")
    await asyncio.sleep(0)

    assert (answer.status_code, code(answer)) == (503, "TIMEOUT")
    assert len(asyncio.all_tasks()) == before


@pytest.mark.parametrize(("seconds", "deed"), [(0.15, "committed"), (9.0, "rolled back")])
async def test_a_mutation_that_takes_too_long_ends_by_itself_or_is_rolled_back(seconds: float, deed: str) -> None:
    """It may be about to commit: after the answer it has as long again; the app waits for it before it stops."""
    small = SmallWorld()
    app = small_app(settings(operation_timeout=0.1), small)

    async with app.router.lifespan_context(app):
        answer = await Client(app).ask(f"mutation {{slowly(seconds: {seconds}) {{__typename}}}}")
        assert small.deeds == []

    assert (answer.status_code, code(answer)) == (503, "TIMEOUT")
    assert small.deeds == [deed]


@pytest.mark.asvs("16.5.4", "13.4.6")
async def test_a_fault_outside_of_any_resolver_is_500_with_every_header() -> None:
    """The last resort."""
    small = SmallWorld()

    async def broken(*_: object) -> Any:
        raise RuntimeError(CANARY)

    app = small_app(small=small, callers={"customer": broken, "support": broken})
    answer = await Client(app).ask("{hello}")

    assert answer.status_code == 500
    assert code(answer) == "INTERNAL"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert CANARY not in answer.text
    assert [line["event"] for line in small.lines] == ["fault", "request"]


# ---- values stay where they are --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("query ($n: Int!) {hello(times: $n)}", {"n": CANARY}),
        ("mutation ($p: Person!) {greet(person: $p) {__typename}}", {"p": {"name": "x", "age": CANARY}}),
        ("mutation ($p: Person!) {greet(person: $p) {__typename}}", {"p": {"name": [CANARY], "age": 1, CANARY: 1}}),
        ("mutation ($p: Person!) {greet(person: $p) {__typename}}", {"p": CANARY}),
        (f'{{hello(times: "{CANARY}")}}', {}),
        (f'mutation {{greet(person: {{name: "x", age: "{CANARY}"}}) {{__typename}}}}', {}),
        (f'query ($n: Int = "{CANARY}") {{hello(times: $n)}}', {}),
        (f'"{CANARY}"', {}),
        (f'{{hello(name: "{CANARY}}}', {}),
    ],
)
async def test_no_message_repeats_a_value(query: str, variables: dict[str, Any]) -> None:
    """Neither a variable's nor a literal's: messages end up in other people's logs."""
    answer = await Client(small_app()).ask(query, variables=variables)

    assert answer.status_code == 400
    assert CANARY not in answer.text


async def test_a_message_says_what_was_expected() -> None:
    """Without the value there is enough left to mend the request."""
    query = "mutation ($p: Person!) {greet(person: $p) {__typename}}"

    answer = await Client(small_app()).ask(query, variables={"p": {"name": "x", "age": "y", "z": 1}})

    assert [error["message"] for error in answer.json()["errors"]] == [
        "Variable '$p' has an invalid value at age: Int cannot represent non-integer value.",
        "Variable '$p' has an invalid value: Expected value of type 'Person' not to include unknown field.",
    ]


@pytest.mark.asvs("4.3.2", "13.4.2")
async def test_production_explains_less() -> None:
    """No introspection and no suggestions; development has both."""
    here, there = Client(small_app()), Client(small_app(production()), SECURE)

    assert "Did you mean 'hello'?" in (await here.ask("{helo}")).text
    assert (await here.ask("{__schema {queryType {name}}}")).status_code == 200
    assert "Did you mean" not in (await there.ask("{helo}")).text
    for query in ("{__schema {queryType {name}}}", '{__type(name: "Query") {name}}'):
        assert (await there.ask(query)).status_code == 400
    assert (await there.ask("{__typename}")).status_code == 200


async def test_a_whole_introspection_is_within_developments_limits() -> None:
    """Tools ask for all of it; it is deeper than any operation of ours may be."""
    from graphql import get_introspection_query

    answer = await Client(small_app()).ask(get_introspection_query())

    assert answer.json()["data"]["__schema"]["queryType"]["name"] == "Query"


# ---- malformed requests ----------------------------------------------------------------------------------------------
@pytest.mark.asvs("1.5.3")
@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"1", b'"x"', b"[]", b'[{"query":"{hello}"}]', b"{", b'{"query":"{hello}","variables":NaN}',
        b'{"query":"\xff"}', b'{"query":"\\ud800"}', b"{}", b'{"query":null}', b'{"query":""}', b'{"query":1}',
        b'{"query":"{hello}","variables":[]}', b'{"query":"{hello}","variables":"{}"}',
        b'{"query":"{hello}","operationName":1}', b'{"query":"{hello}","extensions":[]}',
        b'{"query":"{hello}","operationName":"' + b"x" * 81 + b'"}',
        b'{"query":"{hello}","variables":' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json"])
async def test_what_is_no_request_is_400(body: bytes, accept: str) -> None:
    """In either media type, with a GraphQL body."""
    answer = await Client(small_app()).http.post("/graphql", content=body, headers={**JSON, "Accept": accept})

    assert answer.status_code == 400
    assert code(answer) in ("BAD_JSON", "BAD_REQUEST", "TOO_DEEP")


def test_json_depth_is_told_without_being_fooled_by_strings() -> None:
    """Brackets in strings, escaped quotes and strings that never end."""
    assert parse_json(orjson.dumps({"query": '{"[' * 500})) == {"query": '{"[' * 500}
    for body in (b"[" * 65 + b"]" * 65, b'{"a":"\\\\",' + b'"b":[' * 70):
        with pytest.raises(Exception, match="64 levels"):
            parse_json(body)
    with pytest.raises(Exception, match="not JSON"):
        parse_json(b'{"a":"' + b'\\"[' * 20_000)


@pytest.mark.asvs("3.4.2", "15.3.7")
@pytest.mark.asvs("3.5.1")
@pytest.mark.asvs("3.5.2")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "application/graphql"}, 415),
        ({"Content-Type": "application/json; charset=utf-16"}, 415),
        ({"Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json;charset=UTF-8"}, 200),
        ({"Accept": "text/html"}, 406),
        ({"X-Octopus-Client": ""}, 400),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "same-origin"}, 200),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:8000.evil.example"}, 403),
        ({"Origin": "http://localhost:8000"}, 200),
        ({"Cookie": "session=abc", "Authorization": "Bearer abc"}, 400),
    ],
)
async def test_three_layers_against_forged_requests(headers: dict[str, str], status: int) -> None:
    """JSON only, a header no form can send, and what the browser says of where the request comes from."""
    client = Client(small_app())

    answer = await client.http.post("/graphql", content=b'{"query":"{hello}"}', headers=JSON | headers)

    assert answer.status_code == status
    assert "access-control-allow-origin" not in answer.headers


@pytest.mark.asvs("3.7.5")
async def test_in_production_only_the_base_urls_origin_is_ours() -> None:
    """Host says what the client likes; development believes it, for it may run anywhere."""
    client = Client(small_app(production()), SECURE)
    origin = {"Origin": "https://other.example.com", "Host": "other.example.com"}

    assert (await client.ask("{hello}", headers=origin)).status_code == 403
    assert (await client.ask("{hello}", headers={"Origin": SECURE})).status_code == 200


@pytest.mark.asvs("5.2.1")
async def test_a_body_beyond_the_limit_is_refused_before_it_is_read() -> None:
    """Announced, or sent in pieces without saying how much it will be."""
    read = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal read
        for _ in range(100):
            read += 1
            yield b" " * 1024

    client = Client(small_app(settings(body_limit=2048)))
    announced = await client.http.post("/graphql", content=b" " * 2049, headers=JSON)
    chunked = await client.http.post("/graphql", content=pieces(), headers=JSON)

    assert announced.status_code == chunked.status_code == 413
    assert code(chunked) == "TOO_LARGE"
    assert read < 10


@pytest.mark.asvs("3.5.3", "13.4.4")
@pytest.mark.asvs("4.1.4")
async def test_only_the_methods_that_are_needed() -> None:
    """POST; in development GET for queries, never for mutations."""
    here, there = Client(small_app()), Client(small_app(production()), SECURE)
    query = {"query": "query ($n: String) {hello(name: $n)}", "variables": '{"n": "Ada"}'}

    assert (await here.http.get("/graphql", params=query, headers=JSON)).json() == {"data": {"hello": "Hello Ada"}}
    assert (await here.http.get("/graphql", params={"query": "{hello}"})).status_code == 400, "no client named"
    mutation = await here.http.get("/graphql", params={"query": "mutation {signOut {__typename}}"}, headers=JSON)
    assert (mutation.status_code, mutation.headers["allow"]) == (405, "POST")
    assert (await there.http.get("/graphql", params=query, headers=JSON)).status_code == 405
    for method in ("PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "HEAD"):
        assert (await here.http.request(method, "/graphql", headers=JSON)).status_code == 405


@pytest.mark.asvs("14.2.5")
async def test_nothing_below_the_endpoint_looks_like_a_file() -> None:
    """A cache must not be led to keep an answer as somebody's style sheet."""
    client = Client(small_app())

    for path in ("/graphql/x.css", "/graphql/", "/support/graphql/a", "/GraphQL"):
        assert (await client.ask("{hello}", path=path)).status_code in (404, 405)
        assert (await client.http.get(path)).status_code == 404


async def test_support_has_an_endpoint_of_its_own_where_no_customer_is_signed_in() -> None:
    """A customer's token says nothing there."""
    headers = {"Authorization": "Bearer abcdef"}

    answer = await Client(small_app()).ask("{signedInAs}", path="/support/graphql", headers=headers)

    assert answer.json() == {"data": {"signedInAs": None}}


# ---- documents -------------------------------------------------------------------------------------------------------
TRUSTED = "query Trusted($n: String) {\n  hello(name: $n)\n}\n"
TRUSTED_ID = hashlib.sha256(TRUSTED.encode()).hexdigest()


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder with one trusted document for customers."""
    (tmp_path / "customer").mkdir()
    (tmp_path / "customer" / "trusted.graphql").write_text(TRUSTED)
    return tmp_path


@pytest.mark.parametrize(
    "body",
    [
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": TRUSTED_ID}}},
        {"documentId": TRUSTED_ID},
        {"documentId": f"sha256:{TRUSTED_ID}"},
        {"id": TRUSTED_ID.upper()},
        {"query": TRUSTED},
    ],
)
async def test_a_trusted_document_is_found_by_its_id(documents: Path, body: dict[str, Any]) -> None:
    """In each way that clients name it, in production without ad-hoc queries."""
    client = Client(small_app(production(ad_hoc=False, documents_dirs=(documents,))), SECURE)

    answer = await client.ask(variables={"n": "Ada"}, **body)

    assert answer.json() == {"data": {"hello": "Hello Ada"}}


@pytest.mark.asvs("4.3.1")
@pytest.mark.parametrize(
    "body", [{"query": "{hello}"}, {"id": "0" * 64}, {"id": "x"}, {"id": "0" * 64, "query": "{hello}"}]
)
async def test_without_ad_hoc_queries_nothing_else_is_answered(documents: Path, body: dict[str, Any]) -> None:
    """Whatever it is called."""
    client = Client(small_app(production(ad_hoc=False, documents_dirs=(documents,))), SECURE)

    answer = await client.ask(**body)

    assert (answer.status_code, code(answer)) == (400, "PERSISTED_QUERY_NOT_FOUND")


async def test_an_id_beside_an_ad_hoc_query_must_be_its_own() -> None:
    """As automatic persisted queries send it."""
    client = Client(small_app())
    own = {"persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(b"{hello}").hexdigest()}}

    assert (await client.ask("{hello}", extensions=own)).status_code == 200
    assert code(await client.ask("{hello }", extensions=own)) == "PERSISTED_QUERY_MISMATCH"


def test_documents_are_loaded_from_files_and_from_the_builds_list(tmp_path: Path) -> None:
    """Ids are SHA-256; a folder that is not there holds none."""
    (tmp_path / "a.graphql").write_text(TRUSTED)
    other = hashlib.sha256(b"{hello}").hexdigest()
    (tmp_path / "persisted-documents.json").write_bytes(orjson.dumps({f"sha256:{other}": "{hello}"}))

    assert load([tmp_path, tmp_path / "nowhere"]) == {TRUSTED_ID: TRUSTED, other: "{hello}"}
    for wrong in ({other: "{hello }"}, ["x"], {other: 1}):
        (tmp_path / "persisted-documents.json").write_bytes(orjson.dumps(wrong))
        with pytest.raises(BadDocument, match="persisted-documents"):
            load([tmp_path])


def test_production_without_documents_refuses_to_start(documents: Path) -> None:
    """And so does anybody with one that the schema does not know."""
    with pytest.raises(NoTrustedDocuments, match="OCTOPUS_AD_HOC"):
        small_app(production(ad_hoc=False))

    (documents / "customer" / "old.graphql").write_text("query Old {gone}")
    with pytest.raises(BadDocument, match=r"query Old .*'gone'"):
        small_app(settings(documents_dirs=(documents,)))


async def test_the_cache_of_ad_hoc_documents_is_bounded() -> None:
    """By number and by length; the oldest go first."""
    from api import documents as module
    from api.limits import Limits
    from tests.api.small import schema

    library = module.Library(schema._schema, Limits(), {}, ad_hoc=True, development=True)
    first = library.find(None, "{hello}")
    assert library.find(None, "{hello}") is first
    for number in range(30):
        library.find(None, f"{{hello}} #{number}{' ' * 100_000}")

    assert library._characters <= module.KEPT_CHARACTERS
    assert library.find(None, "{hello}") is not first


# ---- headers ---------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("3.2.1", "14.2.2")
@pytest.mark.asvs("3.4.1")
@pytest.mark.asvs("3.4.3")
@pytest.mark.asvs("3.4.4")
@pytest.mark.asvs("3.4.5")
@pytest.mark.asvs("3.4.6")
@pytest.mark.asvs("3.4.8")
@pytest.mark.asvs("3.5.8")
@pytest.mark.asvs("14.3.2")
@pytest.mark.parametrize(
    "path", ["/graphql", "/support/graphql", "/exports/x", "/livez", "/readyz", "/metrics", "/", "/no"]
)
async def test_every_answer_carries_the_security_headers(path: str) -> None:
    """Refusals and pages included."""
    answer = await Client(small_app(production()), SECURE).http.get(path, headers={"X-Request-Id": "mine"})

    assert answer.headers["strict-transport-security"] == "max-age=63072000; includeSubDomains"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["permissions-policy"] == "camera=(), microphone=(), geolocation=()"
    assert answer.headers["cross-origin-opener-policy"] == "same-origin"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-request-id"] == "00000000-0000-0000-0000-000000000001", "ours, never the client's"
    assert "server" not in answer.headers


@pytest.mark.asvs("4.1.2")
async def test_production_answers_nothing_over_plain_http() -> None:
    """Unless a proxy that we trust says that the client spoke https; probes come from beside the proxy."""
    app = small_app(production(trusted_proxies=("10.0.0.0/8",)))
    proxied, direct = Client(app, "http://inside", "10.0.0.1"), Client(app, "http://inside", "203.0.113.1")
    https = {"X-Forwarded-Proto": "https"}

    assert (await proxied.ask("{hello}", headers=https)).status_code == 200
    assert code(await proxied.ask("{hello}")) == "HTTPS_REQUIRED"
    refused = await direct.ask("{hello}", headers=https)
    assert (refused.status_code, code(refused)) == (403, "HTTPS_REQUIRED")
    assert "location" not in refused.headers
    assert (await direct.http.get("/livez")).status_code == 200


async def test_development_has_a_page_to_try_operations_out() -> None:
    """Self-contained, its script allowed by a nonce; production has none, and other sites cannot lead there."""
    html = {"Accept": "text/html"}
    here, there = Client(small_app()), Client(small_app(production()), SECURE)

    page = await here.http.get("/support/graphql", headers=html)

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "script-src 'nonce-a-nonce'" in page.headers["content-security-policy"]
    assert page.text.count('nonce="a-nonce"') == 2
    assert 'fetch("/support/graphql"' in page.text
    assert "http://" not in page.text
    assert "https://" not in page.text
    assert (await here.http.get("/graphql", headers={**html, "Sec-Fetch-Site": "cross-site"})).status_code == 403
    assert (await there.http.get("/graphql", headers=html)).status_code == 405


# ---- over a real socket ----------------------------------------------------------------------------------------------
@asynccontextmanager
async def served() -> AsyncIterator[str]:
    """Development's app behind uvicorn, on a port of its own."""
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(small_app(), http="httptools", log_config=None, access_log=False, server_header=False)
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        while not server.started:  # noqa: ASYNC110  uvicorn has no event for it
            await asyncio.sleep(0.01)
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        bound.close()


@pytest.mark.slow
async def test_the_public_audits_of_graphql_over_http_pass(tmp_path: Path) -> None:
    """All 61 of npm's graphql-http, against the development profile."""
    program = node()
    for name in ("audit.mjs", "package.json", "package-lock.json"):
        shutil.copy(AUDIT / name, tmp_path)
    if (AUDIT / "node_modules" / "graphql-http").exists():
        (tmp_path / "node_modules").symlink_to(AUDIT / "node_modules")
    else:
        npm_ci(tmp_path)

    async with served() as url:
        process = await asyncio.create_subprocess_exec(
            program, tmp_path / "audit.mjs", f"{url}/graphql", stdout=subprocess.PIPE
        )
        said, _ = await process.communicate()

    results = [orjson.loads(line) for line in said.splitlines()]
    assert [each for each in results if each["status"] != "ok"] == []
    assert len(results) == 61

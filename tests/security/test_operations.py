"""How the service behaves when somebody tries what they should not, and what it leaves behind of that (ASVS 8, 13, 15, 16)."""

import asyncio
import io
import logging
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType, build_schema
from tortoise.connection import get_connection

from api import logs
from api.commands.schema import Which, printed
from api.settings import Settings, WrongSetting
from models.policy import Role, load
from models.tables import Customer, Event
from tests.api.small import Client, production, settings, small_app
from tests.api.small import SmallWorld as Small
from tests.factories import House


# ---- who may come near -----------------------------------------------------------------------------------------------
@pytest.mark.asvs("8.4.2", "15.2.5")
@pytest.mark.parametrize("path", ["/support", "/support/requests/7", "/support/graphql"])
async def test_support_is_not_there_for_other_networks(path: str, tmp_path: Path) -> None:
    """The operator names networks: from elsewhere nothing of support is answered, behind a proxy the caller counts."""
    (tmp_path / "support").mkdir()
    (tmp_path / "support/index.html").write_text("support")
    given = production(pages_dir=tmp_path, support_allow=("10.0.0.0/8",), trusted_proxies=("192.0.2.1/32",))
    app = small_app(given)
    https = {"X-Forwarded-Proto": "https"}

    async def status(client: str) -> int:
        asked = Client(app, "https://support.accounts.example.com", peer="192.0.2.1").http
        return (await asked.get(path, headers={**https, "X-Forwarded-For": client})).status_code

    assert await status("10.1.2.3") == (405 if "graphql" in path else 200)
    for outside in ("203.0.113.5", "10.1.2.3, 203.0.113.5", "nonsense"):
        assert await status(outside) == 404
    customers = Client(app, "https://accounts.example.com", peer="203.0.113.5")
    assert (await customers.ask("{hello}")).status_code == 200


async def test_whoever_found_a_hole_is_told_where_to_say_so(house: House) -> None:
    """RFC 9116: a contact, and a date until which it holds; the operator's own contact before the company's."""
    answer = await house.client().http.get("/.well-known/security.txt")
    fields = dict(line.split(": ", 1) for line in answer.text.splitlines())

    assert answer.headers["content-type"].startswith("text/plain")
    assert fields["Contact"] == f"mailto:{load().company.email}"
    assert fields["Canonical"] == "http://localhost:8000/.well-known/security.txt"
    expires = datetime.fromisoformat(fields["Expires"].replace("Z", "+00:00"))
    assert 80 < (expires - house.clock.now).days < 365


@pytest.mark.asvs("13.2.3")
@pytest.mark.parametrize("password", ["octopus", "postgres", "changeme", "Password", "someone"])
@pytest.mark.parametrize("name", ["main_url", "keystore_url", "smtp_url"])
def test_production_starts_with_no_password_out_of_an_example(name: str, password: str, tmp_path: Path) -> None:
    """Said without the password; a real one starts."""
    usual = {
        "profile": "production",
        "base_url": "https://a.example",
        "smtp_url": "smtp://m.example",
        "data_dir": tmp_path,
    }
    shape = "smtp://someone:{}@m.example" if name == "smtp_url" else "postgres://someone:{}@127.0.0.1/it"
    Settings(**{**usual, name: shape.format("vK3-9dPq_x7")})

    with pytest.raises(WrongSetting) as refused:
        Settings(**{**usual, name: shape.format(password)})

    assert str(refused.value) == f"OCTOPUS_{name.upper()}: its password is one of those that everybody tries first"


@pytest.mark.asvs("13.4.2", "13.4.5", "13.4.6")
async def test_production_has_nothing_to_try_out_and_says_no_version() -> None:
    """No page for operations, no GET, no introspection, no suggestions, no debugging; nothing names what it is built of."""
    app = small_app(production())
    client = Client(app, "https://accounts.example.com")
    page = await client.http.get("/graphql", headers={"Accept": "text/html"})
    answers = [
        page,
        await client.http.get("/graphql?query={hello}"),
        await client.ask("{__schema {types {name}}}"),
        await client.ask("{helo}"),
        await client.http.get("/docs"),
    ]

    assert app.debug is False
    assert [one.status_code for one in answers] == [405, 405, 400, 400, 404]
    for one in answers:
        said = one.text + str(dict(one.headers))
        assert "Did you mean" not in said
        assert not re.search(
            r"strawberry|graphql-core|starlette|uvicorn|python/|octopus/?\d|\d+\.\d+\.\d+", said, re.IGNORECASE
        )
        assert "server" not in one.headers
        assert "x-powered-by" not in one.headers


# ---- what goes in and comes out ----------------------------------------------------------------------------------------
@pytest.mark.asvs("15.3.1", "14.2.6")
@pytest.mark.parametrize("which", list(Which))
def test_no_type_shows_what_the_inventory_calls_secret(which: Which) -> None:
    """Types are written by hand, field by field: no field of any bears the name of a stored secret, or of a sealed column."""
    schema = build_schema(printed(which))
    secret = {
        re.sub(r"_(\w)", lambda found: found[1].upper(), field.name)
        for entity in load().inventory.entities
        for field in entity.fields
        if field.class_name == "secret"
    } | {"sealed", "digest", "hash", "idempotency", "leasedBy", "minuteKey", "alias"}
    shown = {
        f"{name}.{field}"
        for name, kind in schema.type_map.items()
        if isinstance(kind, GraphQLObjectType) and not name.startswith("__")
        for field in kind.fields
        if field in secret
    }

    assert shown <= SHOWN_ON_PURPOSE


SHOWN_ON_PURPOSE = {
    "AuditEntry.hash",  # an entry's place in the chain, public by design
    "Security.passkeys",  # their names and dates
    "ReportItem.values",  # of another kind: the report's own lines, and what a reveal was asked for
    "Revealed.values",
}


@pytest.mark.asvs("15.3.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_an_input_does_not_name_cannot_be_written(house: House) -> None:
    """More keys than the input has are refused whole; no input of a customer has a field for what is not theirs to say."""
    person = await house.customer()
    before = (await Customer.get()).__dict__.copy()
    for more in (
        {"state": "CLOSED"},
        {"id": "1"},
        {"roles": ["ADMIN"]},
        {"emailVerifiedAt": "2026-01-01T00:00:00Z"},
        {"number": "1"},
    ):
        given = {"revision": 1, "givenName": "Ilze"} | more
        answer = await person.answer("mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename}}", i=given)
        assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    after = (await Customer.get()).__dict__
    assert {name: value for name, value in after.items() if before[name] != value and not name.startswith("_")} == {}
    schema = build_schema(printed(Which.customer))
    theirs = {
        "state",
        "customerId",
        "number",
        "roles",
        "createdAt",
        "verifiedAt",
        "securedAt",
        "restrictedAt",
        "staffId",
    }
    for name, kind in schema.type_map.items():
        if isinstance(kind, GraphQLInputObjectType) and name != "RelatedPersonInput":
            assert not theirs & set(kind.fields), name


@pytest.mark.asvs("15.3.7")
async def test_a_parameter_comes_from_one_place() -> None:
    """What stands in the address of a POST is not looked at; a name given twice in a body is not merged."""
    client = Client(small_app())
    url = "/graphql?query={fault}&operationName=Other&variables={}"
    asked = {"X-Octopus-Client": "tests", "Content-Type": "application/json"}

    answer = await client.http.post(url, content=b'{"query": "query Hi {hello}"}', headers=asked)
    twice = await client.http.post("/graphql", content=b'{"query": "{fault}", "query": "{hello}"}', headers=asked)

    assert answer.json() == {"data": {"hello": "Hello you"}}
    assert twice.json() == {"data": {"hello": "Hello you"}}, "the last one, and nothing of the other"


@pytest.mark.asvs("8.4.1", "14.2.2")
async def test_two_who_ask_at_once_each_get_their_own(house: House) -> None:
    """The same document, the same caches, twenty times at once: nothing that is loaded for one is given to the other."""
    one, other = await house.customer(givenName="Anna"), await house.customer(givenName="Berta")
    query = "{viewer {id profile {givenName email} sessions {id} signIns(first: 2) {nodes {id ip}}}}"
    wanted = {person.email: await person.ok(query) for person in (one, other)}

    answers = await asyncio.gather(*(person.ok(query) for _ in range(10) for person in (one, other)))

    assert [found["profile"]["email"] for found in answers] == [one.email, other.email] * 10
    for found in answers:
        assert found == wanted[found["profile"]["email"]]
    ids = [set(re.findall(r"'id': '([^']+)'", str(found))) for found in wanted.values()]
    assert not ids[0] & ids[1]


# ---- what is left behind ---------------------------------------------------------------------------------------------
@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """The process's log, and back where it was afterwards."""
    root, before = logging.getLogger(), logs._process.log
    handlers, level = root.handlers[:], root.level
    out = io.StringIO()
    logs.configure("info", "production", out)
    yield out
    logs._process.log, root.handlers[:] = before, handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [orjson.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.asvs("16.3.3", "16.2.4", "16.2.2")
async def test_every_attempt_to_get_around_something_is_a_line_with_its_code(stream: io.StringIO) -> None:
    """Limits, forged requests, two credentials, what is too large, used up: each by its code, with the time in UTC."""
    small = Small()
    object.__setattr__(small, "log", logs.log)
    client = Client(small_app(settings(rate_cost=1000), small))
    await client.ask("{a: hello b: hello " + " ".join(f"a{n}: hello" for n in range(20)) + "}")
    await client.ask("{hello}", headers={"Sec-Fetch-Site": "cross-site"})
    await client.ask("{hello}", headers={"Origin": "https://evil.example"})
    await client.ask("{hello}", headers={"X-Octopus-Client": ""})
    await client.ask("{hello}", headers={"Cookie": "session=a", "Authorization": "Bearer b"})
    await client.http.post(
        "/graphql", content=b"x" * 70_000, headers={"Content-Type": "application/json", "X-Octopus-Client": "t"}
    )
    for _ in range(12):
        await client.ask("{page(first: 50) {nodes {name}}}")

    found = {line.get("code") for line in lines(stream) if line["event"] == "request"}
    assert {
        "LIMIT_EXCEEDED", "CROSS_SITE", "CROSS_ORIGIN", "CLIENT_UNNAMED", "TWO_CREDENTIALS", "TOO_LARGE", "TOO_MANY_ATTEMPTS",
    } <= found  # fmt: skip
    for line in lines(stream):
        at = datetime.fromisoformat(line["timestamp"].replace("Z", "+00:00"))
        assert line["timestamp"].endswith("Z")
        assert at.tzinfo == UTC
        assert line["request_id"]


@pytest.mark.asvs("16.3.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_refused_colleague_is_known_by_their_id(house: House, stream: io.StringIO) -> None:
    """Who of us tried what they may not, and when; and what they read of a customer is in the customer's own events."""
    whole = House(replace(house.world, log=logs.log), house.clock, house.folder)
    admin = await whole.colleague(Role.ADMIN)
    await admin.answer('{findCustomers(by: {email: "a@example.com"}) {id}}')
    for one in whole.clients:
        await one.http.aclose()

    [line] = [one for one in lines(stream) if one.get("code") == "NOT_PERMITTED"]
    assert (line["staff"], line["endpoint"], line["kind"]) == (str(admin.id), "support", "query")


@pytest.mark.asvs("16.5.3", "16.2.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_what_cannot_be_written_down_is_not_done(house: House) -> None:
    """Without its event nothing happens: the change is rolled back, and the client is told that something went wrong."""
    person = await house.customer()
    events = await Event.all().count()
    await get_connection("default").execute_script(
        "CREATE TRIGGER refuse BEFORE INSERT ON event BEGIN SELECT RAISE(ABORT, 'no more events'); END"
    )
    query = 'mutation {editProfile(input: {revision: 1, givenName: "Ilze"}) {__typename}}'

    answer = await person.answer(query)

    assert answer["errors"][0]["extensions"]["code"] in ("INTERNAL", "DATABASE_DOWN")
    assert "no more events" not in str(answer)
    await get_connection("default").execute_script("DROP TRIGGER refuse")
    assert (await person.ok("{viewer {profile {givenName revision}}}"))["profile"] == {
        "givenName": "Līga",
        "revision": 1,
    }
    assert await Event.all().count() == events
    await person.ok(query)
    assert await Event.all().count() == events + 1

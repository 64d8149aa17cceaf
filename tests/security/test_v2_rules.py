"""ASVS chapter V2: what input is held to and how much there may be is written down, true, and kept; actions happen whole or not."""

import importlib
import json
import pkgutil
import re
from collections.abc import Callable
from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from graphql import build_schema, is_input_object_type
from tortoise.connection import get_connection

import models.actions
from api.commands.schema import Which, printed
from models.actions.throttle import Limit
from models.checks import Checks
from models.checks.limits import LIMITS
from models.database import dialect
from models.policy.durations import parse
from models.tables import Bucket, Export
from tests.enrolled import COMPLETE, CONFIRM_TOTP, WITH_PASSKEY
from tests.factories import House
from tests.schema.test_subjects import EXAMPLES, IBAN, KEY, asking, no, yes
from tests.security.readme import HOUSE, rows, section, words

TODAY = date(2026, 11, 23)


# ---- written down ----------------------------------------------------------------------------------------------------
@pytest.mark.asvs("2.1.1")
def test_every_limit_of_an_input_is_written_down() -> None:
    """In models/README.md, with the value that the code has."""
    table = {words(name).pop(): int(value) for name, value, _ in rows("models", "What input is held to")}
    assert table == dict(LIMITS), "models/README.md has a line for each of models/checks/limits.py"


def fitting(what: str, given: list[str]) -> bool:
    """Whether these values are taken together."""
    checks = Checks(today=TODAY)
    if what == "address":
        country, code = given
        parts = SimpleNamespace(
            street_address="Street 1", locality="Town", region=None, postal_code=code, country=country
        )
        checks.address("address", parts)
    elif what == "personal_code":
        checks.personal_code("code", *given)
    elif what == "birthdate":
        checks.birthdate("birthdate", date.fromisoformat(given[0]))
    elif what == "identity":
        return len(given) == 1
    else:
        getattr(checks, what)("value", *given)
    return not checks.problems


@pytest.mark.asvs("2.1.2", "2.2.3")
def test_what_has_to_fit_together_is_written_down_and_kept() -> None:
    """Each line of the table is tried; either a birthdate or a personal code is what the schema itself takes."""
    table = rows("models", "What has to fit together")
    assert len(table) >= 8
    for what, taken, refused in table:
        check = words(what).pop()
        assert fitting(check, json.loads(words(taken).pop())), (what, taken)
        assert not fitting(check, json.loads(words(refused).pop())), (what, refused)
    for which in Which:
        identity = build_schema(printed(which)).type_map["IdentityInput"]
        assert is_input_object_type(identity)
        assert identity.is_one_of
        assert set(identity.fields) == {"birthdate", "personalCode"}


@pytest.mark.asvs("2.1.3", "2.3.2", "7.1.2")
def test_every_limit_of_use_is_written_down_and_tested() -> None:
    """The number is the code's; what is said to show it exists; no such number of an action is left out."""
    listed = set()
    for what, number, where, shown in rows("models", "How much there may be"):
        module, name = words(where).pop().rsplit(".", 1)
        try:
            found = getattr(importlib.import_module(module), name)
        except ModuleNotFoundError:
            found = getattr(getattr(importlib.import_module(module.rsplit(".", 1)[0]), module.rsplit(".", 1)[1]), name)
        value = found if isinstance(found, int) else importlib.import_module("api.limits").Limits().page
        assert value == int(number), what
        file, _, test = words(shown).pop().partition("::")
        assert f"def {test}(" in (HOUSE / file).read_text() if test else (HOUSE / file).exists(), shown
        listed.add(f"{module}.{name}")
    numbers = {
        f"{module.__name__}.{name}"
        for module in actions()
        for name, value in vars(module).items()
        if re.search(r"AT_MOST$|^HOURLY$|^TRIES$|^PASSKEYS$", name) and isinstance(value, int)
    }
    assert numbers - listed <= SHOWN_AT_ONCE


SHOWN_AT_ONCE = {
    f"models.actions.{name}.AT_MOST" for name in ("history", "record_reading", "answer_policy", "searches")
}
SHOWN_AT_ONCE |= {"models.actions.import_customers.TRIES"}
"""How long a list is, how often a batch is begun again; nobody's use is limited by it."""


def actions() -> list[Any]:
    """Every module of actions."""
    return [
        importlib.import_module(f"models.actions.{one.name}") for one in pkgutil.iter_modules(models.actions.__path__)
    ]


@pytest.mark.asvs("6.1.1", "2.1.3")
def test_how_guessing_is_slowed_down_is_written_down() -> None:
    """Every bucket with its numbers; and that a victim is not locked out, by the test that tries."""
    buckets = {one.name: one for module in actions() for one in vars(module).values() if isinstance(one, Limit)}
    table = {
        name: (int(free), span(drain), span(slowest)) for name, free, drain, slowest, _ in rows("models", "Guessing")
    }

    assert table == {one.name: (one.free, one.drain, one.slowest) for one in buckets.values()}
    assert all(one.slowest <= timedelta(hours=1) for one in buckets.values()), "a wait, never a lock"
    assert "tests/schema/test_throttling.py" in words(section("models", "Guessing"))


def span(cell: str) -> timedelta:
    """An ISO 8601 duration in back quotes."""
    text = words(cell).pop()
    seconds = re.fullmatch(r"PT(0\.\d+)S", text)
    return timedelta(seconds=float(seconds[1])) if seconds else parse(text)


# ---- one step after the other ----------------------------------------------------------------------------------------
@pytest.mark.asvs("2.3.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_no_step_is_taken_before_the_one_that_leads_to_it(house: House) -> None:
    """Signing in before confirming, a second step before the first, a code before its seed, a download before its proof."""
    person = house.client()
    await person.sign_up()
    assert (await no(person, "signIn", email=person.email, password=person.password))["code"] == "EMAIL_UNCONFIRMED"
    for query, given in (
        (COMPLETE, {"c": "made up", "p": {"totp": "123456"}}),
        (WITH_PASSKEY, {"c": "made up", "d": {}}),
    ):
        answer = await person.answer(query, **given)
        assert next(iter(answer["data"].values()))["code"] in ("EXPIRED_TOKEN", "WRONG_CREDENTIALS")

    other = await house.customer()
    assert (await no(other, "requestExport"))["code"] == "STEP_UP_REQUIRED"
    assert (await no(other, "deleteProfile"))["code"] == "STEP_UP_REQUIRED"
    await other.step_up()
    assert (await other.answer(CONFIRM_TOTP, c="123456"))["data"]["confirmTotp"]["code"] == "NOT_FOUND"
    assert (await no(other, "addPasskey"))["code"] == "EXPIRED_TOKEN"
    query = "... on ExportRequested {export {id downloadUrl}}"
    assert (await yes(other, "requestExport", query))["export"]["downloadUrl"] is None
    early = str((await Export.get()).id)
    assert (await other.http.get(f"/exports/{early}")).status_code in (404, 409), "it is not built"
    await house.work()
    house.clock.advance(minutes=6)
    url = (await other.ok("{viewer {exports {downloadUrl}}}"))["exports"][0]["downloadUrl"]
    assert (await other.http.get(url)).status_code == 403, "the proof is too old"
    await other.step_up()
    assert (await other.http.get(url)).status_code == 200


# ---- whole or not at all ---------------------------------------------------------------------------------------------
OUTSIDE = {"bucket", "schema_migration"}  # counted in a transaction of their own, whatever comes after
CHANGES: dict[str, Callable[[], dict[str, Any]]] = {
    "editProfile": lambda: {"input": {"revision": 1, "givenName": "Ilze", "phoneNumber": "+37121234567"}},
    "addPaymentMethod": lambda: {"input": {"idempotencyKey": KEY, "method": IBAN}},
    "setPreferences": lambda: {"input": {"newsByEmail": True, "theme": "DARK"}},
    "changeEmail": lambda: {"newEmail": "new@example.com"},
    "requestExport": dict,
    "deleteProfile": dict,
}


async def every_row(tables: list[str]) -> dict[str, list[Any]]:
    """The whole database."""
    connection = get_connection("default")
    return {
        one: sorted(map(repr, map(dict, (await connection.execute_query(f'SELECT * FROM "{one}"'))[1])))
        for one in tables
    }


async def tables_of() -> list[str]:
    """Of the main database."""
    query = (
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
        if dialect() == "sqlite"
        else "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
    )
    found = (await get_connection("default").execute_query(query))[1]
    return sorted({row["name"] for row in found} - OUTSIDE)


KINDS = ("INSERT", "UPDATE", "DELETE")


async def broken(table: str) -> list[str]:
    """From now on this table refuses every change; the statements that mend it."""
    if dialect() == "sqlite":
        refuses = "BEGIN SELECT RAISE(ABORT, 'broken'); END"
        made = [f'CREATE TRIGGER fails_{kind} BEFORE {kind} ON "{table}" {refuses}' for kind in KINDS]
        mend = [f"DROP TRIGGER fails_{kind}" for kind in KINDS]
    else:
        made = [
            "CREATE OR REPLACE FUNCTION fails() RETURNS trigger AS 'BEGIN RAISE EXCEPTION ''broken''; END' LANGUAGE plpgsql",
            f'CREATE TRIGGER fails BEFORE {" OR ".join(KINDS)} ON "{table}" FOR EACH ROW EXECUTE FUNCTION fails()',
        ]
        mend = [f'DROP TRIGGER fails ON "{table}"']
    await say(made)
    return mend


async def say(statements: list[str]) -> None:
    """One after the other."""
    for one in statements:
        await get_connection("default").execute_script(one)


@pytest.mark.asvs("2.3.3")
@pytest.mark.parametrize("name", CHANGES)
async def test_what_fails_half_way_leaves_nothing(house: House, name: str) -> None:
    """Each table that it writes to refuses in turn: the answer is a fault's, and every row of the database is as it was."""
    first, second = await house.customer(), await house.customer()
    for one in (first, second):
        await one.step_up()
        await one.ok("{viewer {id}}")
    tables, given = await tables_of(), {**EXAMPLES[name], **CHANGES[name]()}
    before = await every_row(tables)
    await yes(first, name, **given)
    after = await every_row(tables)
    touched = [one for one in tables if before[one] != after[one]]
    assert len(touched) >= 2, "a change and its event"

    for table in touched:
        mend = await broken(table)
        try:
            answer = await second.answer(asking(name, given, "... on Refusal {code}"), **given)
        finally:
            await say(mend)
        assert answer["errors"][0]["extensions"]["code"] == "INTERNAL", (table, answer)
        assert await every_row(tables) == after, table
        await Bucket.all().delete()  # each try was counted, as it should
    await yes(second, name, **given)

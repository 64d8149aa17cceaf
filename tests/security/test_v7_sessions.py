"""ASVS chapter V7: sessions are ours to look up, few at a time, shown to their owner, and begun by nothing but a proof."""

import ast
import base64
import re
import secrets
from typing import Any

import pytest
from graphql import build_schema

from api import cookies
from api.commands.schema import Which, printed
from models.actions import member, sessions
from models.policy import Role
from models.tables import Session, StaffSession
from tests.api.small import production
from tests.enrolled import SIGN_IN, same_person, with_totp
from tests.factories import Client, House
from tests.schema.test_subjects import no, yes
from tests.security.readme import rows, section, words
from tests.security.source import modules
from tests.security.test_v2_rules import span

ME = "{viewer {id}}"
SESSIONS = "{viewer {sessions {id isCurrent label kind lastSeenAt place {country} userAgent {browser}}}}"


# ---- written down ----------------------------------------------------------------------------------------------------
@pytest.mark.asvs("7.1.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_how_long_sessions_last_is_written_down(house: House) -> None:
    """Each rule with its span, as the policy's data has it; the standard that it is held to is named and kept."""
    table = {words(rule).pop(): span(cell) for rule, cell, _ in rows("models", "Sessions")}

    assert set(table) >= {"SESSION_IDLE", "SESSION_ABSOLUTE", "ACCESS_TOKEN", "REFRESH_TOKEN", "STEP_UP"}
    assert table == {name: house.world.policy.rule(name).span for name in table}
    assert "NIST SP 800-63B-4" in section("models", "Sessions")
    assert table["SESSION_ABSOLUTE"].total_seconds() <= 24 * 3600
    assert table["SESSION_IDLE"].total_seconds() <= 3600


@pytest.mark.asvs("7.1.2")
def test_how_many_sessions_there_may_be_is_written_down() -> None:
    """With what happens to the one too many."""
    text = section("models", "Sessions")
    assert f"{sessions.AT_MOST} sessions at once" in text
    assert re.search(rf"member of staff {member.AT_MOST}\b", text)
    assert "unused for longest" in text


@pytest.mark.asvs("7.1.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_the_eleventh_session_ends_the_one_unused_for_longest(house: House) -> None:
    """It is not refused: an owner always gets in; their events say which way one ended."""
    person = await house.customer()
    house.clock.advance(minutes=2)
    others = [same_person(person) for _ in range(sessions.AT_MOST)]
    for number, one in enumerate(others):
        one.http.cookies["device"] = person.http.cookies["device"]
        if number < sessions.AT_MOST - 1:
            await one.sign_in()
            house.clock.advance(seconds=5)
    assert await person.ok(ME) is not None, "ten are open"
    house.clock.advance(minutes=2)
    await person.ok(ME)
    await others[-1].sign_in()

    assert await person.ok(ME) is not None, "used a moment ago"
    assert await others[0].ok(ME) is None
    assert len((await person.ok(SESSIONS))["sessions"]) == sessions.AT_MOST
    events = (await person.ok("{viewer {events(first: 9) {nodes {action}}}}"))["events"]["nodes"]
    assert {"action": "session.made-room"} in events


@pytest.mark.asvs("7.1.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_colleagues_third_session_ends_the_oldest(house: House) -> None:
    """Two are as many as there may be."""
    ieva = await house.colleague(Role.SUPPORT)
    before = ieva.http.cookies["staff"]
    for _ in range(member.AT_MOST):
        house.clock.advance(seconds=5)
        await ieva.sign_in()

    assert await StaffSession.filter(staff_id=ieva.id, ended_at=None).count() == member.AT_MOST
    assert await ieva.ok("{viewer {id}}") is not None
    there = house.client(Cookie=f"staff={before}")
    there.path = ieva.path
    assert await there.ok("{viewer {id}}") is None


# ---- how long --------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("7.3.1", "7.3.2")
async def test_a_browsers_session_ends_unused_and_after_half_a_day_anyway(house: House) -> None:
    """Half an hour without a request; twelve hours with any number of them. A proof does not make it last longer."""
    person = await house.customer()
    house.clock.advance(minutes=29)
    assert await person.ok(ME) is not None
    house.clock.advance(minutes=29)
    assert await person.ok(ME) is not None, "used half an hour ago"
    house.clock.advance(minutes=30)
    assert await person.ok(ME) is None

    await person.sign_in()
    for _ in range(25):
        house.clock.advance(minutes=28)
        assert await person.ok(ME) is not None
    await person.step_up()
    house.clock.advance(minutes=20)
    assert await person.ok(ME) is None, "twelve hours are over"


# ---- tokens ----------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("7.2.1", "7.2.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_token_is_looked_up_whole(house: House) -> None:
    """Cut, lengthened, of other letters, forged or of another store: nobody. It says nothing by itself."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT)
    token = person.http.cookies["session"]
    assert len(base64.urlsafe_b64decode(token + "=")) * 8 >= 128
    swapped = token.swapcase() if token.swapcase() != token else token[::-1]
    forged = base64.urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=") + "." + token
    stored = (await Session.get()).token_digest
    wrong = [
        token[:-1],
        token + "A",
        token[1:],
        swapped,
        token[::-1],
        forged,
        secrets.token_urlsafe(32),
        stored.hex(),
        "null",
        "x" * 512,
    ]
    wrong.append(colleague.http.cookies["staff"])
    for one in wrong:
        thief = house.client()
        thief.http.cookies["session"] = one
        assert await thief.ok(ME) is None, one
        bearer = house.client(Authorization=f"Bearer {one}")
        assert await bearer.ok(ME) is None, one
    assert bytes(stored) != token.encode()
    assert await person.ok(ME) is not None


@pytest.mark.asvs("7.2.2", "7.2.3", "3.3.4", "3.3.5")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_browsers_token_is_in_its_cookie_and_nowhere_else(house: House) -> None:
    """New at every sign-in; in no body, and short."""
    person = await house.customer()
    seen = {person.http.cookies["session"]}
    for _ in range(3):
        again = same_person(person)
        answer = await again.http.post(
            "/graphql",
            json={"query": SIGN_IN, "variables": {"e": person.email, "p": person.password}},
            headers={"X-Octopus-Client": "t"},
        )
        token = again.http.cookies["session"]
        assert token not in answer.text
        assert '"tokens":null' in answer.text
        assert token not in seen
        seen.add(token)
        for cookie in answer.headers.get_list("set-cookie"):
            assert "HttpOnly" in cookie
            assert len(cookie) < 4096
    assert cookies.names(production()).session.startswith("__Host-")


# ---- shown and ended -------------------------------------------------------------------------------------------------
@pytest.mark.asvs("7.5.2", "7.4.1")
async def test_an_owner_sees_every_session_and_ends_any(house: House) -> None:
    """Where, with what and when; another one only after a fresh proof; what is ended opens nothing, whatever it carries."""
    person = await house.customer()
    phone = same_person(person)
    tokens = (await phone.ok(SIGN_IN, e=person.email, p=person.password, k="NATIVE", l="Phone"))["tokens"]
    app = house.client(Authorization=f"Bearer {tokens['accessToken']}")
    held = (await person.ok(SESSIONS))["sessions"]
    assert {one["kind"] for one in held} == {"BROWSER", "NATIVE"}
    assert [one["label"] for one in held if one["kind"] == "NATIVE"] == ["Phone"]
    [other] = [one["id"] for one in held if not one["isCurrent"]]

    assert (await no(person, "endSession", id=other))["code"] == "STEP_UP_REQUIRED"
    assert await app.ok(ME) is not None
    await person.step_up()
    await yes(person, "endSession", id=other)
    assert await app.ok(ME) is None
    assert (await no(app, "refreshTokens", refreshToken=tokens["refreshToken"]))["code"] == "EXPIRED_TOKEN"

    again = same_person(person)
    await again.sign_in()
    await yes(person, "endOtherSessions")
    assert await again.ok(ME) is None
    assert [one["isCurrent"] for one in (await person.ok(SESSIONS))["sessions"]] == [True]


@pytest.mark.asvs("7.4.3")
async def test_other_sessions_can_be_ended_after_a_factor_changed(house: House) -> None:
    """The proof that the change asked for serves for that, too; a changed password ends them by itself."""
    person, _ = await with_totp(house)
    assert await yes(person, "endOtherSessions")
    other = same_person(person)
    assert (await other.answer(SIGN_IN, e=person.email, p=person.password))["data"]["signIn"][
        "__typename"
    ] == "SecondFactorRequired"


# ---- how one begins --------------------------------------------------------------------------------------------------
BEGINS = {"SignedIn", "StaffSignedIn", "Tokens", "SteppedUp"}


def camel(name: str) -> str:
    """As GraphQL calls a Python name."""
    first, *rest = name.split("_")
    return first + "".join(map(str.title, rest))


def beginning() -> set[str]:
    """Functions of schema/ from which a session's cookie is set, by whatever they call."""
    calls: dict[str, set[str]] = {}
    for path, tree in modules().items():
        if not path.startswith("schema/"):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                inside = {ast.unparse(one.func) for one in ast.walk(node) if isinstance(one, ast.Call)}
                calls.setdefault(f"{'staff' if 'staff' in path else 'customer'} {node.name}", set()).update(inside)
    found = {name for name, inside in calls.items() if any(one.endswith("port.begin") for one in inside)}
    while True:
        more = {
            name
            for name, inside in calls.items()
            for one in found
            if one.split()[1] in inside and one.split()[0] == name.split()[0]
        }
        if more <= found:
            return {name for name in found if not name.split()[1].startswith("_") and name != "customer answer"}
        found |= more


@pytest.mark.asvs("6.1.3", "7.6.2")
def test_every_way_in_is_written_down() -> None:
    """The table names the mutations that set a session's cookie or give tokens, and no others; each says what it takes."""
    table = {
        f"{who.split()[0]} {words(mutation).pop()}"
        for who, mutation, takes, strength in rows("models", "Ways in")
        if takes and strength
    }
    table = {one.replace("customer's", "customer") for one in table}
    by_code = {f"{who} {camel(name)}" for who, name in (one.split() for one in beginning())}
    by_type = set()
    for which in Which:
        schema = build_schema(printed(which))
        assert schema.mutation_type is not None
        for name, field in schema.mutation_type.fields.items():
            kind: Any = field.type.of_type
            if BEGINS & {one.name for one in kind.types}:
                by_type.add(f"{'staff' if which is Which.support else 'customer'} {name}")
    assert by_code <= table
    assert by_type <= table | {"staff signIn"}, "whose answer is always a question"
    assert table == by_code | by_type - {"staff signIn"}


@pytest.mark.asvs("7.6.2", "6.3.6")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_no_link_of_a_letter_signs_anybody_in(house: House) -> None:
    """Confirming, resetting, reverting and reporting set no cookie; with a second factor the new password is half the way."""
    person, _ = await with_totp(house)
    await house.work(only="post-letters")
    nobody = house.client()

    async def follow(name: str, **given: Any) -> None:
        await yes(nobody, name, **given)
        assert not nobody.http.cookies, name
        assert await nobody.ok(ME) is None

    await yes(house.client(), "requestPasswordReset", email=person.email)
    await house.work(only="post-letters")
    await follow(
        "resetPassword", token=house.token("reset-password", person.email), newPassword="another " + person.password
    )
    await follow("reportSignIn", by={"token": house.token("factor-changed", person.email)})
    other: Client = house.client()
    await other.sign_up()
    await house.work(only="post-letters")
    await follow("confirmEmail", token=house.token("confirm-email", other.email))
    assert not other.http.cookies.get("session"), "signing up signs nobody in"

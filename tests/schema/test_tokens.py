"""Tokens of native apps: short-lived, rotating, a family per device; revoked at once, everywhere."""

import asyncio
import base64
from typing import Any

import pytest

from models.tables import Session
from tests.enrolled import sign_in
from tests.factories import Client, House

REFRESH = """mutation($t: String!) {refreshTokens(refreshToken: $t) {__typename
  ... on Tokens {accessToken accessExpiresAt refreshToken refreshExpiresAt} ... on Refusal {code}}}"""
VIEWER = "{viewer {id sessions {id label kind isCurrent}}}"


class Phone:
    """A native app: it keeps a pair of tokens and sends no cookie."""

    def __init__(self, house: House, person: Client) -> None:
        self.client = house.client()
        self.client.email, self.client.password = person.email, person.password
        self.access = self.refresh = self.device = ""

    async def sign_in(self, label: str = "Phone") -> "Phone":
        found = await sign_in(self.client, k="NATIVE", l=label)
        assert "session" not in self.client.http.cookies, "an app gets no cookie"
        self.client.http.cookies.clear()
        self.keep(found["tokens"])
        self.device = found["deviceToken"]
        return self

    def keep(self, tokens: Any) -> None:
        self.access, self.refresh = tokens["accessToken"], tokens["refreshToken"]
        self.client.http.headers["Authorization"] = f"Bearer {self.access}"

    async def ask(self, token: str | None = None) -> Any:
        """A refresh's answer; the tokens are not kept."""
        answer = await self.client.answer(REFRESH, t=token or self.refresh)
        assert "errors" not in answer, answer
        return answer["data"]["refreshTokens"]

    async def rotate(self) -> str:
        """A refresh; the token that is spent by it."""
        spent = self.refresh
        self.keep(await self.ask())
        return spent

    async def is_in(self) -> bool:
        return (await self.client.ok(VIEWER)) is not None


async def phone(house: House, person: Client | None = None) -> Phone:
    return await Phone(house, person or await house.customer()).sign_in()


@pytest.mark.asvs("7.2.2", "7.2.3")
async def test_an_access_token_lives_ten_minutes_and_a_refresh_token_brings_the_next(house: House) -> None:
    """A device has its name; the old access token is dead at once."""
    app = await phone(house)
    assert await app.is_in()
    sessions = (await app.client.ok(VIEWER))["sessions"]
    assert [(one["label"], one["isCurrent"]) for one in sessions if one["kind"] == "NATIVE"] == [("Phone", True)]
    house.clock.advance(minutes=10, seconds=1)
    assert not await app.is_in()

    before = app.access
    spent = await app.rotate()
    assert len({spent, app.refresh, before, app.access}) == 4
    assert await app.is_in()
    app.client.http.headers["Authorization"] = f"Bearer {before}"
    assert not await app.is_in()


@pytest.mark.asvs("6.3.5")
async def test_an_app_that_was_here_before_is_no_new_device(house: House) -> None:
    """It says so in a header, as a browser in a cookie: its owner gets no letter. One that makes something up is unknown."""
    person = await house.customer()
    first = await phone(house, person)
    for device in (first.device, "made up", "not; a token"):
        again = Phone(house, person)
        again.client.http.headers["X-Octopus-Device"] = device
        await again.sign_in()
        assert (again.device == device) is (device == first.device)
    history = await again.client.ok("{viewer {signIns(first: 4) {nodes {isNewDevice}}}}")
    assert [one["isNewDevice"] for one in history["signIns"]["nodes"]] == [True, True, False, True]
    await house.work(only="post-letters")
    assert [one.template for one in house.letters].count("new-device") == 3
    assert (await sign_in(person))["deviceToken"] is None, "a browser's stays in its cookie"


@pytest.mark.asvs("10.4.5")
async def test_a_lost_answer_is_given_again_within_ten_seconds(house: House) -> None:
    """The same successors; asked for once more, still the same."""
    app = await phone(house)
    spent, first = app.refresh, await app.ask()
    house.clock.advance(seconds=10)

    assert await app.ask(spent) == first
    app.keep(first)
    assert await app.is_in()
    assert (await app.ask())["refreshToken"] not in (spent, first["refreshToken"])


@pytest.mark.asvs("7.4.1", "10.4.5", "16.3.3")
async def test_a_spent_token_used_again_ends_the_family(house: House) -> None:
    """Whoever has the newer one loses it too, and the customer is told."""
    person = await house.customer()
    app, other = await phone(house, person), await phone(house, person)
    spent = await app.rotate()
    house.clock.advance(seconds=11)

    assert (await app.ask(spent))["code"] == "EXPIRED_TOKEN"
    assert not await app.is_in()
    assert (await app.ask())["code"] == "EXPIRED_TOKEN"
    assert await other.is_in(), "another device is another family"
    await house.work(only="post-letters")
    assert [one.to for one in house.letters if one.template == "session-family-ended"] == [person.email]
    events = (await person.ok("{viewer {events(first: 1) {nodes {action}}}}"))["events"]["nodes"]
    assert events == [{"action": "session.token-reused"}]


@pytest.mark.asvs("10.4.5")
@pytest.mark.parametrize("generations", [2, 3, 9])
async def test_however_long_ago_it_was_spent(house: House, generations: int) -> None:
    """A thief who refreshed twice before the owner's app woke up is found out all the same."""
    app = await phone(house)
    stolen = app.refresh
    for _ in range(generations):
        await app.rotate()
        house.clock.advance(seconds=1)

    assert (await app.ask(stolen))["code"] == "EXPIRED_TOKEN"
    assert not await app.is_in()
    assert await Session.filter(kind="NATIVE", ended_at=None).count() == 0


async def test_within_the_grace_only_the_last_token_is_given_again(house: House) -> None:
    """One from before it was spent twice over: somebody has a copy."""
    app = await phone(house)
    first = await app.rotate()
    await app.rotate()

    assert (await app.ask(first))["code"] == "EXPIRED_TOKEN"
    assert not await app.is_in()


async def test_a_made_up_token_ends_nobody_s_session(house: House) -> None:
    """One that looks like ours, with a session's own id in it, has to carry our mark."""
    app = await phone(house)
    raw = base64.urlsafe_b64decode(app.refresh)
    forged = base64.urlsafe_b64encode(raw[:16] + bytes(32)).decode()
    for token in (forged, "made up", "", "ā" * 64, base64.urlsafe_b64encode(raw[:47] + b"\0").decode()):
        assert (await app.client.answer(REFRESH, t=token))["data"]["refreshTokens"]["code"] == "EXPIRED_TOKEN"

    assert await app.is_in()
    assert (await app.ask())["__typename"] == "Tokens"


@pytest.mark.asvs("10.4.5")
async def test_two_at_once_get_the_same_pair(house: House) -> None:
    """An app that asks twice before it hears the answer is no thief."""
    app = await phone(house)
    answers = await asyncio.gather(*(app.ask(app.refresh) for _ in range(6)))

    assert len({one["refreshToken"] for one in answers}) == 1
    app.keep(answers[0])
    assert await app.is_in()
    assert (await app.ask())["__typename"] == "Tokens"


@pytest.mark.asvs("10.4.8")
async def test_a_family_ends_after_sixty_days(house: House) -> None:
    """However often it was refreshed; an access token never outlives it."""
    app = await phone(house)
    for _ in range(59):
        house.clock.advance(days=1)
        await app.rotate()
    house.clock.advance(hours=23, minutes=55)
    last = await app.ask()
    assert last["accessExpiresAt"] <= last["refreshExpiresAt"]
    house.clock.advance(minutes=6)

    assert (await app.ask(last["refreshToken"]))["code"] == "EXPIRED_TOKEN"


async def end_session(house: House, person: Client, app: Phone) -> None:
    await person.step_up()
    sessions = (await person.ok(VIEWER))["sessions"]
    native = next(one["id"] for one in sessions if one["kind"] == "NATIVE")
    await person.ok("mutation($i: ID!) {endSession(id: $i) {__typename}}", i=native)


async def end_others(house: House, person: Client, app: Phone) -> None:
    await person.step_up()
    await person.ok("mutation {endOtherSessions {__typename}}")


async def sign_out(house: House, person: Client, app: Phone) -> None:
    await app.client.ok("mutation {signOut {__typename}}")


async def reset(house: House, person: Client, app: Phone) -> None:
    await person.ok("mutation($e: String!) {requestPasswordReset(email: $e) {__typename}}", e=person.email)
    await house.work(only="post-letters")
    token = house.token("reset-password", person.email)
    await house.client().ok(
        'mutation($t: String!) {resetPassword(token: $t, newPassword: "plum tart under glass") {__typename}}', t=token
    )


async def change(house: House, person: Client, app: Phone) -> None:
    await person.ok(
        'mutation($c: String!) {changePassword(currentPassword: $c, newPassword: "plum tart under glass") {__typename}}',
        c=person.password,
    )


async def delete(house: House, person: Client, app: Phone) -> None:
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")


async def not_me(house: House, person: Client, app: Phone) -> None:
    attempt = (await person.ok("{viewer {signIns {nodes {id}}}}"))["signIns"]["nodes"][0]["id"]
    await person.ok("mutation($i: ID!) {reportSignIn(by: {id: $i}) {__typename}}", i=attempt)


@pytest.mark.asvs("7.4.1", "7.4.2", "7.4.3", "10.4.9")
@pytest.mark.parametrize("how", [end_session, end_others, sign_out, reset, change, delete, not_me])
async def test_ending_it_works_at_once(house: House, how: Any) -> None:
    """Neither the access token nor any refresh token, spent or not, does anything from then on."""
    person = await house.customer()
    app = await phone(house, person)
    spent = await app.rotate()
    await how(house, person, app)

    assert not await app.is_in()
    for token in (app.refresh, spent):
        assert (await app.ask(token))["code"] == "EXPIRED_TOKEN"


async def test_a_cookie_and_a_token_together_are_refused(house: House) -> None:
    """Which one counts would be a guess."""
    person = await house.customer()
    app = await phone(house, person)
    app.client.http.cookies["session"] = person.http.cookies["session"]
    answer = await app.client.http.post(
        "/graphql",
        json={"query": VIEWER},
        headers={"X-Octopus-Client": "tests", "Authorization": f"Bearer {app.access}"},
    )

    assert answer.status_code >= 400

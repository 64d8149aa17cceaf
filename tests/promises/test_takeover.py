"""Clause 4.1.4: whoever gets in, whatever they do, the owner of the mailbox that was there before gets the account back.

An attacker holds the password, a session with a fresh proof and the mailbox of every *new* address, but not the old mailbox.
They make any moves through GraphQL for up to thirteen days. Then the owner, with nothing but the old mailbox (and the factor
enrolled long before, if the attacker left it there), has a way back: and afterwards the attacker has none.
"""

import asyncio
import shutil
import tempfile
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models.database import close_databases, open_databases
from models.migrations.runner import migrate
from models.tables import Closure
from tests.authenticator import Authenticator
from tests.enrolled import (
    ADD_PASSKEY,
    BEGIN_PASSKEY,
    BEGIN_STEP_UP,
    BEGIN_TOTP,
    CONFIRM_TOTP,
    STEP_UP,
    App,
    add_totp,
    complete,
    prove_by_passkey,
    sign_in,
    sign_in_by_passkey,
)
from tests.factories import START, Client, Clock, House, make_world

THEIRS = [f"thief{number}@example.com" for number in range(3)]
ANEW = "plum tart under glass"
LONGEST = timedelta(days=13)
CODE = "{__typename ... on Refusal {code}}"
LINKS = {  # templates → the mutations that their links are for
    "revert-email-change": [f"mutation($t: String!) {{revertEmailChange(token: $t) {CODE}}}"],
    "factor-changed": [f"mutation($t: String!) {{reportSignIn(by: {{token: $t}}) {CODE}}}"],
    "new-device": [f"mutation($t: String!) {{reportSignIn(by: {{token: $t}}) {CODE}}}"],
    "factor-recovery-started": [
        f"mutation($t: String!) {{reportSignIn(by: {{token: $t}}) {CODE}}}",
        f"mutation($t: String!) {{removeLostFactors(token: $t) {CODE}}}",
    ],
    "confirm-email-change": [f"mutation($t: String!) {{confirmEmail(token: $t) {CODE}}}"],
}
RESETS = ("reset-password", "account-secured")
RESET = f"mutation($t: String!, $n: String!) {{resetPassword(token: $t, newPassword: $n) {CODE}}}"


async def said(client: Client, query: str, **variables: Any) -> dict[str, Any]:
    """A mutation's answer, whatever it is; nothing is ever an error."""
    answer = await client.answer(query, **variables)
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values())) or {}


class Thief:
    """What an attacker has learnt, and every move they can think of."""

    def __init__(self, house: House, victim: Client, app: App | None) -> None:
        self.house, self.victim_address, self.app = house, victim.email, None
        self.browser, self.passwords = victim, [victim.password]
        self.passkeys: list[Authenticator] = []
        self.codes: list[str] = []
        self.ended = house.clock.now + LONGEST

    # ---- being in
    async def come_in(self, which: int) -> None:
        """Sign in with what they know; a second step with what they have."""
        client = self.house.client()
        if self.passkeys and which % 2:
            found = await sign_in_by_passkey(client, self.passkeys[which % len(self.passkeys)])
        else:
            client.email = ([self.victim_address, *THEIRS])[which % 4]
            client.password = self.passwords[which % len(self.passwords)]
            found = await sign_in(client)
            if found["__typename"] == "SecondFactorRequired":
                found = await self.second_step(client, found, which)
        if found["__typename"] == "SignedIn":
            self.browser = client

    async def second_step(self, client: Client, asked: dict[str, Any], which: int) -> dict[str, Any]:
        if which % 3 == 0:
            await said(
                client, f"mutation($c: String!) {{requestFactorRecovery(challenge: $c) {CODE}}}", c=asked["challenge"]
            )
        if self.app and "TOTP" in asked["methods"]:
            return await complete(client, asked["challenge"], totp=self.app.code())
        return await complete(
            client, asked["challenge"], recoveryCode=self.codes.pop() if self.codes else "aaaaa-aaaaa"
        )

    async def prove(self, which: int) -> None:
        asked = await said(self.browser, BEGIN_STEP_UP)
        if "PASSKEY" in asked.get("methods", ()) and self.passkeys:
            await prove_by_passkey(self.browser, self.passkeys[-1])
        elif "TOTP" in asked.get("methods", ()) and self.app:
            await said(self.browser, STEP_UP, p={"totp": self.app.code()})
        else:
            await said(self.browser, STEP_UP, p={"password": self.passwords[which % len(self.passwords)]})

    # ---- changing
    async def change_email(self, which: int) -> None:
        await said(self.browser, f"mutation($e: String!) {{changeEmail(newEmail: $e) {CODE}}}", e=THEIRS[which % 3])

    async def cancel(self, which: int) -> None:
        await said(self.browser, f"mutation {{cancelEmailChange {CODE}}}")

    async def restore(self, which: int) -> None:
        page = (await self.browser.answer("{viewer {changes(first: 20) {nodes {id}}}}"))["data"]["viewer"]
        if page and page["changes"]["nodes"]:
            nodes = page["changes"]["nodes"]
            query = f"mutation($i: ID!) {{restoreValue(changeId: $i) {CODE}}}"
            await said(self.browser, query, i=nodes[which % len(nodes)]["id"])

    async def change_password(self, which: int) -> None:
        query = f"mutation($c: String!, $n: String!) {{changePassword(currentPassword: $c, newPassword: $n) {CODE}}}"
        new = f"violet kettle on rail {which}"
        if (await said(self.browser, query, c=self.passwords[-1], n=new))["__typename"] == "PasswordChanged":
            self.passwords.append(new)

    async def add_app(self, which: int) -> None:
        begun = await said(self.browser, BEGIN_TOTP)
        if begun["__typename"] == "TotpBegun":
            app = App(self.house, begun["secret"])
            done = await said(self.browser, CONFIRM_TOTP, c=app.code())
            if done["__typename"] == "TotpEnabled":
                self.app, self.codes = app, done["recoveryCodes"]

    async def add_key(self, which: int) -> None:
        begun = await said(self.browser, BEGIN_PASSKEY)
        if begun["__typename"] == "PasskeyChallenge":
            device = Authenticator()
            credential = device.create(begun["options"])
            if (await said(self.browser, ADD_PASSKEY, c=begun["challenge"], d=credential, l="Key"))[
                "__typename"
            ] == "PasskeyAdded":
                self.passkeys.append(device)

    async def make_codes(self, which: int) -> None:
        query = "mutation {makeRecoveryCodes {__typename ... on RecoveryCodesMade {codes}}}"
        self.codes = (await said(self.browser, query)).get("codes", self.codes)

    async def drop_app(self, which: int) -> None:
        await said(self.browser, f"mutation {{disableTotp {CODE}}}")

    async def drop_key(self, which: int) -> None:
        page = (await self.browser.answer("{viewer {security {passkeys {id}}}}"))["data"]["viewer"]
        keys = page["security"]["passkeys"] if page else []
        if keys:
            await said(
                self.browser, f"mutation($i: ID!) {{removePasskey(id: $i) {CODE}}}", i=keys[which % len(keys)]["id"]
            )

    async def end_others(self, which: int) -> None:
        await said(self.browser, f"mutation {{endOtherSessions {CODE}}}")

    async def report(self, which: int) -> None:
        page = (await self.browser.answer("{viewer {signIns(first: 1) {nodes {id}}}}"))["data"]["viewer"]
        if page:
            query = f"mutation($i: ID!) {{reportSignIn(by: {{id: $i}}) {CODE}}}"
            await said(self.browser, query, i=page["signIns"]["nodes"][0]["id"])

    async def delete(self, which: int) -> None:
        await said(self.browser, f"mutation {{deleteProfile {CODE}}}")

    # ---- letters
    async def ask_reset(self, which: int) -> None:
        address = [self.victim_address, *THEIRS][which % 4]
        await said(self.house.client(), f"mutation($e: String!) {{requestPasswordReset(email: $e) {CODE}}}", e=address)

    async def newest_letter(self, which: int) -> None:
        letters = self.letters()
        if letters:
            await self.open(letters[-1])

    async def some_letter(self, which: int) -> None:
        letters = self.letters()
        if letters:
            await self.open(letters[which % len(letters)])

    def letters(self) -> list[Any]:
        return [one for one in self.house.letters if one.to in THEIRS and one.template in (*LINKS, *RESETS)]

    async def open(self, letter: Any) -> list[str]:
        """Every link in a letter; what the answers were."""
        tokens = [
            str(letter.params[name]).split("token=")[1] for name in ("link", "remove_link") if name in letter.params
        ]
        if letter.template in RESETS:
            answer = await said(self.house.client(), RESET, t=tokens[0], n=ANEW + " too")
            if answer["__typename"] == "PasswordChanged":
                self.passwords.append(ANEW + " too")
            return [answer["__typename"]]
        pairs = zip(LINKS[letter.template], tokens, strict=True)
        return [(await said(self.house.client(), query, t=token))["__typename"] for query, token in pairs]

    async def wait(self, which: int) -> None:
        for_ = timedelta(minutes=(1, 6, 70, 60 * 26, 60 * 73, 60 * 24 * 5)[which % 6])
        self.house.clock.now = min(self.house.clock.now + for_, self.ended)


MOVES: list[Callable[[Thief, int], Awaitable[None]]] = [
    Thief.come_in, Thief.prove, Thief.change_email, Thief.cancel, Thief.restore, Thief.change_password, Thief.add_app,
    Thief.add_key, Thief.make_codes, Thief.drop_app, Thief.drop_key, Thief.end_others, Thief.report, Thief.delete,
    Thief.ask_reset, Thief.newest_letter, Thief.some_letter, Thief.wait,
]  # fmt: skip
NAMES = {move.__name__: move for move in MOVES}
OFTEN = ["change_email", "newest_letter", "prove", "come_in", "add_key", "add_app", "restore", "some_letter"]


class Owner:
    """Somebody with the old mailbox, a browser that was never here, and perhaps the authenticator app of long ago."""

    def __init__(self, house: House, address: str, app: App | None) -> None:
        self.house, self.app, self.client = house, app, house.client()
        self.client.email, self.client.password = address, ANEW

    def tokens(self, *templates: str) -> list[str]:
        """Of the links in the old mailbox, newest first."""
        mine = [one for one in self.house.letters if one.to == self.client.email and one.template in templates]
        return [str(one.params["link"]).split("token=")[1] for one in reversed(mine)]

    async def gets_back(self) -> dict[str, Any]:
        """Revert; else undo; then choose a password; then sign in. The last answer."""
        await self._undo()
        self.house.clock.advance(minutes=16)  # whatever was tried too often
        await said(
            self.client, f"mutation($e: String!) {{requestPasswordReset(email: $e) {CODE}}}", e=self.client.email
        )
        await self.house.work(only="post-letters")
        for token in self.tokens(*RESETS):
            if (await said(self.client, RESET, t=token, n=ANEW))["__typename"] == "PasswordChanged":
                break
        found = await sign_in(self.client)
        if found["__typename"] == "SecondFactorRequired" and self.app is not None:
            found = await complete(self.client, found["challenge"], totp=self.app.code())
        return found

    async def _undo(self) -> None:
        for token in self.tokens("revert-email-change"):
            if (await said(self.client, LINKS["revert-email-change"][0], t=token))["__typename"] == "EmailReverted":
                return
        for token in reversed(self.tokens("factor-changed")):
            if (await said(self.client, LINKS["factor-changed"][0], t=token))["__typename"] == "AccountSecured":
                return


async def attack(folder: Path, moves: list[tuple[str, int]], *, factor: bool) -> None:
    """One attack from the first move to the last word."""
    await open_databases(f"sqlite:///{folder}/octopus.db", f"sqlite:///{folder}/keystore.db")
    clock = Clock()
    house = House(make_world(folder, clock), clock, folder)
    try:
        victim = await house.customer()
        app = None
        if factor:
            await victim.step_up()
            app = await add_totp(victim)
            clock.advance(days=30)
            again = await sign_in(victim)
            await complete(victim, again["challenge"], totp=app.code())
            await said(victim, STEP_UP, p={"totp": app.code()})
        else:
            await victim.step_up()
        await house.work(only="post-letters")
        address, thief = victim.email, Thief(house, victim, app)
        for name, which in moves:
            await NAMES[name](thief, which)
            await house.work(only="post-letters")
        await _judge(house, Owner(house, address, app), thief)
    finally:
        await house.close()
        await close_databases()


async def _judge(house: House, owner: Owner, thief: Thief) -> None:
    closure = await Closure.all().first()
    if closure is not None:  # the office restores it: there is time
        assert closure.erase_at - house.clock.now > timedelta(days=60)
        return
    found = await owner.gets_back()
    assert found["__typename"] == "SignedIn", found
    profile = (await owner.client.ok("{viewer {profile {email}}}"))["profile"]
    assert profile["email"] == owner.client.email
    # and now the other way round: nothing they still hold opens the account, or throws the owner out
    for letter in thief.letters():
        answers = await thief.open(letter)
        assert set(answers) == {"Refusal"}, (letter.template, answers)
    house.clock.advance(minutes=16)
    thief.browser = house.client()
    for which in range(8):
        await thief.come_in(which)
        assert await thief.browser.ok("{viewer {id}}") is None, which
    assert await owner.client.ok("{viewer {id}}") is not None


async def _make(folder: Path) -> None:
    await open_databases(f"sqlite:///{folder}/octopus.db", f"sqlite:///{folder}/keystore.db")
    clock = Clock()
    house = House(make_world(folder, clock), clock, folder)
    try:
        await migrate(START)
        await house.world.vault.belongs()
    finally:
        await house.close()
        await close_databases()


@pytest.fixture(scope="module")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrated once, copied for each attack."""
    folder = tmp_path_factory.mktemp("empty")
    asyncio.run(_make(folder))
    return folder


def play(empty_house: Path, moves: list[tuple[str, int]], *, factor: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(empty_house, folder, dirs_exist_ok=True)
        asyncio.run(attack(Path(folder), moves, factor=factor))


AWAY = [("change_email", 0), ("newest_letter", 0)]
BACK_IN = [("come_in", 1), ("prove", 0)]
ON = [("change_email", 1), ("newest_letter", 0)]
KNOWN: dict[str, list[tuple[str, int]]] = {
    "moves away": AWAY,
    "moves away twice": [*AWAY, *BACK_IN, *ON],
    "restores, and uses the link of their own mailbox": [
        *AWAY, *BACK_IN, ("restore", 0), ("newest_letter", 0), ("newest_letter", 0),
    ],
    "restores, moves on, and then uses that link": [
        *AWAY, *BACK_IN, ("restore", 0), ("come_in", 0), ("prove", 0), *ON, ("some_letter", 1), ("some_letter", 2),
    ],
    "adds a passkey of their own": [("add_key", 0), ("change_password", 0)],
    "adds an app, and moves away": [("add_app", 0), *AWAY],
    "adds a passkey, waits, moves away": [("add_key", 0), ("wait", 5), *BACK_IN, *AWAY],
    "reports the owner": [("report", 0), ("come_in", 0), ("come_in", 0)],
    "leaves a change of address behind": [("change_email", 0)],
}  # fmt: skip


@pytest.mark.asvs("6.3.7", "6.4.3")
@pytest.mark.parametrize("factor", [False, True], ids=["password", "app"])
@pytest.mark.parametrize("moves", KNOWN.values(), ids=KNOWN)
def test_the_attacks_we_thought_of(empty_house: Path, moves: list[tuple[str, int]], factor: bool) -> None:
    """Each was a way to shut the owner out in some version of this, or nearly one."""
    play(empty_house, moves, factor=factor)


@pytest.mark.slow
@settings(
    max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck), print_blob=True
)  # fmt: skip
@given(
    moves=st.lists(st.tuples(st.sampled_from([*NAMES, *OFTEN, *OFTEN]), st.integers(0, 11)), max_size=14),
    factor=st.booleans(),
)
@example(moves=[], factor=False)
def test_no_moves_shut_the_owner_out(empty_house: Path, moves: list[tuple[str, int]], factor: bool) -> None:
    """Any moves in any order, for up to thirteen days: the old mailbox brings the account back, for good."""
    play(empty_house, moves, factor=factor)

"""Customers with more than a password: an authenticator app, passkeys in software, recovery codes; through GraphQL."""

from dataclasses import dataclass, field
from typing import Any

import pyotp

from tests.authenticator import Authenticator
from tests.factories import Client, House

OUTCOME = """__typename ... on SignedIn {customer {id} session {id} tokens {accessToken refreshToken} deviceToken}
  ... on SecondFactorRequired {challenge methods passkeyOptions} ... on AccountClosed {closure {eraseAt}}
  ... on Refusal {code retryAt problems {field code}}"""
SIGN_IN = f"""mutation($e: String!, $p: String!, $k: SessionKind! = BROWSER, $l: String)
  {{signIn(email: $e, password: $p, kind: $k, label: $l) {{{OUTCOME}}}}}"""
COMPLETE = f"mutation($c: String!, $p: FactorProof!) {{completeSignIn(challenge: $c, proof: $p) {{{OUTCOME}}}}}"
WITH_PASSKEY = f"""mutation($c: String!, $d: JSON!, $k: SessionKind! = BROWSER)
  {{signInWithPasskey(challenge: $c, credential: $d, kind: $k) {{{OUTCOME}}}}}"""
ASK_PASSKEY = "mutation {beginPasskeySignIn {... on PasskeyChallenge {challenge options} ... on Refusal {code}}}"
STEP_UP = "mutation($p: FactorProof!) {stepUp(proof: $p) {__typename ... on SteppedUp {until} ... on Refusal {code}}}"
BEGIN_STEP_UP = (
    "mutation {beginStepUp {__typename ... on StepUpBegun {challenge methods passkeyOptions} ... on Refusal {code}}}"
)
BEGIN_TOTP = "mutation {beginTotp {__typename ... on TotpBegun {secret uri} ... on Refusal {code}}}"
CONFIRM_TOTP = "mutation($c: String!) {confirmTotp(code: $c) {__typename ... on TotpEnabled {recoveryCodes} ... on Refusal {code}}}"
BEGIN_PASSKEY = "mutation {beginPasskey {__typename ... on PasskeyChallenge {challenge options} ... on Refusal {code}}}"
ADD_PASSKEY = """mutation($c: String!, $d: JSON!, $l: String!) {addPasskey(challenge: $c, credential: $d, label: $l)
  {__typename ... on PasskeyAdded {passkey {id label}} ... on Refusal {code problems {field code}}}}"""
SECURITY = "{viewer {security {totpEnabled recoveryCodesLeft coolingOffUntil passkeys {id label lastUsedAt}}}}"
HISTORY = "{viewer {signIns(first: 50) {nodes {outcome method count}}}}"


@dataclass
class App:
    """An authenticator app; each code works once, so it waits for the next one."""

    house: House
    seed: str
    recovery_codes: list[str] = field(default_factory=list)
    last: int = 0

    def code(self) -> str:
        """The next code; the clock goes on by at most thirty seconds."""
        while int(self.house.clock.now.timestamp()) // 30 <= self.last:
            self.house.clock.advance(seconds=1)
        self.last = int(self.house.clock.now.timestamp()) // 30
        return pyotp.TOTP(self.seed).at(self.house.clock.now)


def wrong(app: App) -> str:
    """Six digits that are not the app's now."""
    near = {pyotp.TOTP(app.seed).at(int(app.house.clock.now.timestamp()) + 30 * step) for step in range(-2, 3)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in near)


async def add_totp(person: Client) -> App:
    """An authenticator app, after a proof that was given before."""
    begun = await person.ok(BEGIN_TOTP)
    app = App(person.house, begun["secret"])
    app.recovery_codes = (await person.ok(CONFIRM_TOTP, c=app.code()))["recoveryCodes"]
    return app


async def add_passkey(person: Client, label: str = "Laptop", **lies: Any) -> Authenticator:
    """A passkey, after a proof that was given before."""
    begun, device = await person.ok(BEGIN_PASSKEY), Authenticator(**lies)
    await person.ok(ADD_PASSKEY, c=begun["challenge"], d=device.create(begun["options"]), l=label)
    return device


async def with_totp(house: House, **given: Any) -> tuple[Client, App]:
    """Somebody signed in who has an authenticator app."""
    person = await house.customer(**given)
    await person.step_up()
    return person, await add_totp(person)


async def with_passkey(house: House, **given: Any) -> tuple[Client, Authenticator]:
    """Somebody signed in who has a passkey."""
    person = await house.customer(**given)
    await person.step_up()
    return person, await add_passkey(person)


def same_person(person: Client, **headers: str) -> Client:
    """Another browser in which the same address and password are typed."""
    other = person.house.client(**headers)
    other.email, other.password = person.email, person.password
    return other


async def sign_in(client: Client, **more: Any) -> Any:
    """The first step's answer, whatever it is."""
    answer = await client.answer(SIGN_IN, e=client.email, p=client.password, **more)
    assert "errors" not in answer, answer
    return answer["data"]["signIn"]


async def complete(client: Client, challenge: str, **proof: Any) -> Any:
    """The second step's answer, whatever it is."""
    answer = await client.answer(COMPLETE, c=challenge, p=proof)
    assert "errors" not in answer, answer
    return answer["data"]["completeSignIn"]


async def sign_in_by_passkey(client: Client, device: Authenticator, **more: Any) -> Any:
    """With the passkey alone; the answer, whatever it is."""
    asked = await client.ok(ASK_PASSKEY)
    answer = await client.answer(WITH_PASSKEY, c=asked["challenge"], d=device.get(asked["options"]), **more)
    assert "errors" not in answer, answer
    return answer["data"]["signInWithPasskey"]


async def prove_by_passkey(person: Client, device: Authenticator) -> Any:
    """A step-up with a passkey; the answer, whatever it is."""
    asked = await person.ok(BEGIN_STEP_UP)
    proof = {"passkey": {"challenge": asked["challenge"], "credential": device.get(asked["passkeyOptions"])}}
    return (await person.answer(STEP_UP, p=proof))["data"]["stepUp"]


async def prove(person: Client, **proof: Any) -> Any:
    """A step-up; the answer, whatever it is."""
    return (await person.answer(STEP_UP, p=proof))["data"]["stepUp"]

"""A passkey in a real Chromium: its virtual authenticator registers with our options and signs in with them, on our own origin."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page

from tests.e2e.test_real_server import MORE, PASSWORD, WHO, Server
from tests.e2e.visitors import MARKS, chromium

pytestmark = MARKS
ASK = """async ([query, variables]) => {
  const answer = await fetch('/graphql', {method: 'POST', credentials: 'same-origin',
    headers: {'Content-Type': 'application/json', 'X-Octopus-Client': 'browser'}, body: JSON.stringify({query, variables})})
  return {status: answer.status, body: await answer.text()}
}"""
CREATE = """async (options) => {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options)
  return (await navigator.credentials.create({publicKey})).toJSON()
}"""
GET = """async (options) => {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
  return (await navigator.credentials.get({publicKey})).toJSON()
}"""
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
CODE = "__typename ... on Refusal {code message problems {field code}}"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A real server at http://localhost, which a browser takes for a secure place."""
    made = Server(tmp_path)
    try:
        assert made.say("migrate").returncode == 0
        made.start()
        yield made
    finally:
        made.remove()


@pytest.fixture
def page(server: Server) -> Iterator[Page]:
    """A page of the server's own origin, in a browser of its own."""
    with chromium() as browser:
        # Any answer of our origin will do, even where the pages are not built; some of them may not connect anywhere (CSP).
        found = browser.new_context(bypass_csp=True).new_page()
        found.goto(server.url + "/robots.txt")
        yield found


def authenticator(page: Page) -> tuple[CDPSession, str]:
    """Chromium's own virtual authenticator: a device that verifies its user."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return devtools, made["authenticatorId"]


def ask(page: Page, query: str, **variables: Any) -> Any:
    """The value of the only root field, asked for by the page itself."""
    answer = page.evaluate(ASK, [query, variables])
    body = json.loads(answer["body"])
    assert "errors" not in body, answer
    return next(iter(body["data"].values()))


def sign_up(page: Page, server: Server) -> None:
    version = ask(page, "{policy {version}}")["version"]
    given = {**WHO, **MORE, "acceptedPolicy": version}
    assert (
        ask(page, f"mutation($i: SignUpInput!) {{signUp(input: $i) {{{CODE}}}}}", i=given)["__typename"]
        == "SignUpStarted"
    )
    token = server.token("confirm-email")
    assert (
        ask(page, f"mutation($t: String!) {{confirmEmail(token: $t) {{{CODE}}}}}", t=token)["__typename"]
        == "EmailConfirmed"
    )


def sign_in(page: Page) -> Any:
    return ask(
        page,
        f"""mutation($e: String!, $p: String!) {{signIn(email: $e, password: $p)
          {{{CODE} ... on SecondFactorRequired {{challenge methods passkeyOptions}}}}}}""",
        e=WHO["email"], p=PASSWORD,
    )  # fmt: skip


def add_passkey(page: Page) -> None:
    proof = ask(page, f"mutation($p: String!) {{stepUp(proof: {{password: $p}}) {{{CODE}}}}}", p=PASSWORD)
    assert proof["__typename"] == "SteppedUp", proof
    begun = ask(page, f"mutation {{beginPasskey {{{CODE} ... on PasskeyChallenge {{challenge options}}}}}}")
    credential = page.evaluate(CREATE, begun["options"])
    added = ask(
        page,
        f"""mutation($c: String!, $d: JSON!) {{addPasskey(challenge: $c, credential: $d, label: "This browser")
          {{{CODE} ... on PasskeyAdded {{passkey {{label}}}}}}}}""",
        c=begun["challenge"], d=credential,
    )  # fmt: skip
    assert added == {"__typename": "PasskeyAdded", "passkey": {"label": "This browser"}}, added


@pytest.mark.asvs("6.3.3")
def test_a_passkey_is_registered_and_signs_in(server: Server, page: Page) -> None:
    """By itself, as the second step, and as a fresh proof; and not while its user is not verified."""
    devtools, device = authenticator(page)
    sign_up(page, server)
    assert sign_in(page)["__typename"] == "SignedIn"
    add_passkey(page)
    [held] = devtools.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]
    assert held["isResidentCredential"] is True
    assert held["rpId"] == "localhost"

    assert ask(page, f"mutation {{signOut {{{CODE}}}}}")["__typename"] == "SignedOut"
    assert ask(page, "{viewer {id}}") is None
    assert by_passkey(page)["__typename"] == "SignedIn"
    assert ask(page, "{viewer {profile {email}}}")["profile"]["email"] == WHO["email"]

    begun = ask(page, f"mutation {{beginStepUp {{{CODE} ... on StepUpBegun {{challenge methods passkeyOptions}}}}}}")
    assert begun["methods"] == ["PASSKEY"]
    assert proven(page, begun["challenge"], page.evaluate(GET, begun["passkeyOptions"]))["__typename"] == "SteppedUp"

    ask(page, f"mutation {{signOut {{{CODE}}}}}")
    second = sign_in(page)
    assert second["methods"] == ["PASSKEY"]
    done = ask(
        page,
        f"mutation($c: String!, $p: PasskeyProof!) {{completeSignIn(challenge: $c, proof: {{passkey: $p}}) {{{CODE}}}}}",
        c=second["challenge"],
        p={"challenge": second["challenge"], "credential": page.evaluate(GET, second["passkeyOptions"])},
    )
    assert done["__typename"] == "SignedIn", done

    outcomes = ask(page, "{viewer {signIns {nodes {outcome method}}}}")["signIns"]["nodes"]
    assert [one["method"] for one in outcomes] == ["PASSKEY", "PASSKEY", "PASSWORD"]
    devtools.send("WebAuthn.setUserVerified", {"authenticatorId": device, "isUserVerified": False})
    with pytest.raises(Exception, match="NotAllowedError"):
        by_passkey(page)


def by_passkey(page: Page) -> Any:
    asked = ask(page, f"mutation {{beginPasskeySignIn {{{CODE} ... on PasskeyChallenge {{challenge options}}}}}}")
    credential = page.evaluate(GET, asked["options"])
    query = f"mutation($c: String!, $d: JSON!) {{signInWithPasskey(challenge: $c, credential: $d) {{{CODE}}}}}"
    return ask(page, query, c=asked["challenge"], d=credential)


def proven(page: Page, challenge: str, credential: Any) -> Any:
    query = f"mutation($p: PasskeyProof!) {{stepUp(proof: {{passkey: $p}}) {{{CODE}}}}}"
    return ask(page, query, p={"challenge": challenge, "credential": credential})

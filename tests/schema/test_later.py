"""What later steps fill in answers NOT_READY, and only to those who may ask."""

import pytest

from tests.factories import House

SIGNED_OUT = {
    "beginPasskeySignIn": "",
    "signInWithPasskey": '(challenge: "c", credential: {})',
    "requestFactorRecovery": '(challenge: "c")',
    "removeLostFactors": '(token: "t")',
    "fileComplaint": '(input: {text: "?"})',
}
SIGNED_IN = {
    "beginTotp": "",
    "confirmTotp": '(code: "1")',
    "disableTotp": "",
    "beginPasskey": "",
    "addPasskey": '(challenge: "c", credential: {}, label: "l")',
    "removePasskey": '(id: "i")',
    "makeRecoveryCodes": "",
}


@pytest.mark.parametrize("name", SIGNED_OUT)
async def test_anybody_is_told_that_it_is_not_ready(house: House, name: str) -> None:
    """These work signed out."""
    refused = await house.client().refused(f"mutation {{{name}{SIGNED_OUT[name]} {{__typename ...R}}}}")

    assert refused["code"] == "NOT_READY"


async def test_who_is_not_signed_in_learns_only_that(house: House) -> None:
    """The others need a viewer first."""
    person, nobody = await house.customer(), house.client()
    for name, arguments in SIGNED_IN.items():
        query = f"mutation {{{name}{arguments} {{__typename ...R}}}}"

        assert (await nobody.refused(query))["code"] == "NOT_SIGNED_IN"
        assert (await person.refused(query))["code"] == "NOT_READY"


async def test_their_lists_are_empty(house: House) -> None:
    """Until they are filled."""
    person = await house.customer()
    query = "{viewer {requests {nodes {id} pageInfo {hasNextPage}} complaints {id} security {passkeys {id}}}}"

    assert await person.ok(query) == {
        "requests": {"nodes": [], "pageInfo": {"hasNextPage": False}},
        "complaints": [],
        "security": {"passkeys": []},
    }

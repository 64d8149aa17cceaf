"""Clause 1.6: nothing optional is kept before you have chosen, and refusing takes no more steps than accepting."""

from typing import Any

import pytest

from models.tables import Preferences
from tests.factories import Client, House
from tests.promises.kept import kept

CHOICE = "{viewer {preferences {cookies {preferences statistics advertising decidedAt}}}}"
CHOOSE = (
    """mutation($c: CookieChoicesInput!) {setPreferences(input: {cookies: $c}) {__typename ... on Refusal {code}}}"""
)
CONSENTS = "{viewer {consents {nodes {purpose decision at policyVersion}}}}"
NONE, ALL = (dict.fromkeys(("preferences", "statistics", "advertising"), given) for given in (False, True))


async def choice(person: Client) -> dict[str, Any]:
    """What may be kept in this person's browsers besides what is needed."""
    return (await person.ok(CHOICE))["preferences"]["cookies"]  # type: ignore[no-any-return]


async def test_before_a_choice_there_is_nothing_but_what_is_needed(house: House) -> None:
    """Off until chosen; what a browser was given by then waits for no choice, by the register."""
    person = await house.customer()

    assert await choice(person) == {**NONE, "decidedAt": None}
    optional = {item.name for item in house.world.policy.cookies.values() if item.optional}
    assert not {f"__Host-{cookie.name}" for cookie in person.http.cookies.jar} & optional
    assert (await person.ok(CONSENTS))["consents"]["nodes"] == []


@pytest.mark.parametrize(("chosen", "decision"), [(NONE, "REFUSED"), (ALL, "GIVEN")], ids=["refuse", "accept"])
async def test_refusing_is_one_step_as_accepting_is(house: House, chosen: dict[str, bool], decision: str) -> None:
    """The same one operation; each of the three decisions is recorded with its date and the policy that governed."""
    person = await house.customer()

    await person.ok(CHOOSE, c=chosen)

    assert await choice(person) == {**chosen, "decidedAt": "2026-11-23T09:00:00Z"}
    consents = (await person.ok(CONSENTS))["consents"]["nodes"]
    assert sorted(one.pop("purpose") for one in consents) == [
        "ADVERTISING_COOKIES", "PREFERENCE_COOKIES", "STATISTICS_COOKIES",
    ]  # fmt: skip
    governed = house.world.policy.newest.name
    assert consents == [{"decision": decision, "at": "2026-11-23T09:00:00Z", "policyVersion": governed}] * 3


async def test_a_cookie_that_did_not_wait_is_found(house: House) -> None:
    """Everybody's choice is looked at; one that is on without a decision breaks the promise."""
    chose, waits = await house.customer(), await house.customer()
    await chose.ok(CHOOSE, c=ALL)
    line = await kept(house, "cookies_before_a_choice")
    assert (line.measured, line.broken) == (2, 0)

    await Preferences.filter(cookies_decided_at=None).update(statistics_cookies=True)

    assert (await kept(house, "cookies_before_a_choice")).broken == 1
    assert (await choice(waits))["decidedAt"] is None

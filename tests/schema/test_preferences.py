"""Preferences, every consent decision on its own record, and the link that stops news (clauses 1.6 and 2)."""

from typing import Any

import pytest

from models.actions.account import SYSTEM, changing
from models.actions.tokens import make_link
from models.tables import Customer
from models.tables.credentials import Purpose
from tests.factories import Client, House

SET = """mutation($i: SetPreferencesInput!) {setPreferences(input: $i) {__typename ...R
    ... on PreferencesSet {preferences {locale timeZone theme newsByEmail personalisedAds adTopics
    cookies {preferences statistics advertising decidedAt}}}}}"""
CONSENTS = "{viewer {consents {nodes {id purpose decision policyVersion}}}}"
UNSUBSCRIBE = "mutation($t: String!) {unsubscribe(token: $t) {__typename ...R ... on Unsubscribed {at}}}"
PLAIN = " fragment R on Refusal {code}"


async def chosen(person: Client, **given: Any) -> dict[str, Any]:
    """The preferences after setting some."""
    answer = await person.ok(SET + PLAIN, i=given)
    return answer["preferences"]  # type: ignore[no-any-return]


async def decisions(person: Client) -> list[tuple[str, str]]:
    """Every decision, oldest first."""
    nodes = (await person.ok(CONSENTS))["consents"]["nodes"]
    return [(one["purpose"], one["decision"]) for one in reversed(nodes)]


async def test_what_is_left_out_stays(house: House) -> None:
    """Only the language changes, and a time zone is one of the IANA database."""
    person = await house.customer()

    await chosen(person, locale="LV", adTopics=["SECURITY", "HOSTING", "SECURITY"], theme="DARK")
    held = await chosen(person, timeZone="Europe/London", theme=None)

    assert (held["locale"], held["timeZone"], held["theme"]) == ("LV", "Europe/London", "DARK")
    assert held["adTopics"] == ["HOSTING", "SECURITY"]
    assert held["cookies"] == {"preferences": False, "statistics": False, "advertising": False, "decidedAt": None}
    assert (await person.refused(SET, i={"timeZone": "Europe/Nowhere"}))["problems"][0]["field"] == ["timeZone"]
    assert await decisions(person) == []


async def test_each_decision_that_changed_is_recorded(house: House) -> None:
    """Given, withdrawn, refused; the same again leaves no second record."""
    person = await house.customer()

    await chosen(person, newsByEmail=True, personalisedAds=False)
    await chosen(person, newsByEmail=True)
    await chosen(person, newsByEmail=False)
    await chosen(person, newsByEmail=False)

    assert await decisions(person) == [
        ("NEWS_BY_EMAIL", "GIVEN"),
        ("PERSONALISED_ADS", "REFUSED"),
        ("NEWS_BY_EMAIL", "WITHDRAWN"),
    ]


async def test_a_choice_of_cookies_is_three_decisions_with_a_date(house: House) -> None:
    """Refusing all of them is as easy as accepting them (clause 1.6)."""
    person = await house.customer()

    held = await chosen(person, cookies={"preferences": True, "statistics": False, "advertising": False})

    assert held["cookies"]["preferences"]
    assert held["cookies"]["decidedAt"] == "2026-11-23T09:00:00Z"
    assert sorted(await decisions(person)) == [
        ("ADVERTISING_COOKIES", "REFUSED"),
        ("PREFERENCE_COOKIES", "GIVEN"),
        ("STATISTICS_COOKIES", "REFUSED"),
    ]


@pytest.fixture
async def link(house: House) -> tuple[Client, str]:
    """Somebody who gets news, and the token at the foot of a letter."""
    person = await house.customer()
    await chosen(person, newsByEmail=True)
    async with changing(house.world, (await Customer.get()).id, by=SYSTEM) as account:
        made = await make_link(account, Purpose.UNSUBSCRIBE, account.until("UNSUBSCRIBE_LINK"))
    return person, made.split("token=")[1]


async def test_news_stop_at_once_signed_out_and_twice(house: House, link: tuple[Client, str]) -> None:
    """The link of a letter needs no session; used again it does no harm."""
    person, token = link

    for _ in range(2):
        await house.client().ok(UNSUBSCRIBE + PLAIN, t=token)

    assert await decisions(person) == [("NEWS_BY_EMAIL", "GIVEN"), ("NEWS_BY_EMAIL", "WITHDRAWN")]
    assert not (await person.ok("{viewer {preferences {newsByEmail}}}"))["preferences"]["newsByEmail"]


async def test_a_made_up_or_old_link_stops_nothing(house: House, link: tuple[Client, str]) -> None:
    """Both are answered alike."""
    _, token = link
    assert (await house.client().refused(UNSUBSCRIBE, t="made up"))["code"] == "EXPIRED_TOKEN"

    house.clock.advance(days=366)

    assert (await house.client().refused(UNSUBSCRIBE, t=token))["code"] == "EXPIRED_TOKEN"


async def test_the_link_of_a_closed_account_does_no_harm(house: House, link: tuple[Client, str]) -> None:
    """No news goes to a closed account."""
    person, token = link
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")

    assert (await house.client().ok(UNSUBSCRIBE + PLAIN, t=token))["at"]

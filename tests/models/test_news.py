"""News goes to who agreed, once, and stops at once when the consent is taken back (clause 2)."""

import pytest

from models.actions.news import NewIssue, issue_news
from models.refused import Refused
from models.tables import Letter, NewsIssue
from tests.factories import Client, House

WANTS = "mutation($p: SetPreferencesInput!) {setPreferences(input: $p) {__typename}}"
SPRING = NewIssue(
    name="spring",
    headline=("Faster servers", "Ātrāki serveri"),
    body=("They are new.", "Tie ir jauni."),
    topic="HOSTING",
)


async def reader(house: House, **wants: object) -> Client:
    """A customer who agreed to news, and to what else is given."""
    person = await house.customer()
    await person.ok(WANTS, p={"newsByEmail": True, **wants})
    return person


def news(house: House) -> list[str]:
    """To whom news was sent."""
    return sorted(letter.to for letter in house.letters if letter.template == "news")


async def test_news_goes_once_to_who_agreed_and_wants_its_topic(house: House) -> None:
    """In the reader's language; topics are read only of those who agreed to personalised content."""
    plain = await reader(house, locale="LV")
    other_topic = await reader(house, adTopics=["EMAIL"])
    personal = await reader(house, personalisedContent=True, adTopics=["EMAIL"])
    chosen = await reader(house, personalisedContent=True, adTopics=["HOSTING"])
    await house.customer()

    await issue_news(house.world, SPRING)
    with pytest.raises(Refused):
        await issue_news(house.world, SPRING)
    await house.work()
    await house.work()

    assert news(house) == sorted(person.email for person in (plain, other_topic, chosen))
    assert personal.email not in news(house)
    latvian = next(letter for letter in house.letters if letter.template == "news" and letter.to == plain.email)
    assert latvian.rendered.subject == "Ātrāki serveri"
    assert (await NewsIssue.get()).written == 3


async def test_a_consent_taken_back_after_the_letter_was_written_stops_it(house: House) -> None:
    """It is checked when the letter is sent, not when it is written."""
    person = await reader(house)
    await issue_news(house.world, SPRING)
    await house.work(only="write-news")
    assert await Letter.filter(template="news").count() == 1

    await person.ok(WANTS, p={"newsByEmail": False})
    await house.work()

    assert news(house) == []
    assert (await Letter.get(template="news")).trouble == "no consent"


async def test_the_link_at_the_foot_works_from_a_mail_program_and_signed_out(house: House) -> None:
    """RFC 8058's POST, and the page's mutation; twice does no harm, a made-up token is told."""
    person = await reader(house)
    await issue_news(house.world, SPRING)
    await house.work()
    letter = next(letter for letter in house.letters if letter.template == "news")
    link = letter.params["unsubscribe_link"]
    assert f"List-Unsubscribe: <{link}>".encode() in letter.content

    stranger = house.client()
    answer = await stranger.http.post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert (await person.ok("{viewer {preferences {newsByEmail}}}"))["preferences"]["newsByEmail"] is False
    token = link.split("token=")[1]
    await stranger.ok("mutation($t: String!) {unsubscribe(token: $t) {__typename}}", t=token)
    assert (await stranger.http.post(f"{house.world.base_url}/unsubscribe?token=made-up")).status_code == 410

"""Clause 2: each value is used for its declared purposes; news goes to who agreed and stops at once when that is taken back."""

from dataclasses import replace

import msgspec
import pytest

from models.actions.news import NewIssue, issue_news
from models.refused import Refused
from models.tables import Letter, NewsIssue
from tests.factories import Client, House
from tests.promises.kept import kept, with_policy

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


@pytest.mark.parametrize("way", ["preferences", "objection", "link", "closing", "restriction"])
async def test_taken_back_it_stops_at_once_whatever_waits(house: House, way: str) -> None:
    """By every way there is; the report counts letters that went after a withdrawal, and there is none."""
    person, other = await reader(house), await reader(house)
    await issue_news(house.world, SPRING)
    await house.work()
    first = next(letter for letter in house.letters if letter.template == "news" and letter.to == person.email)
    await issue_news(house.world, NewIssue(name="summer", headline=("A", "B"), body=("C", "D")))
    await house.work(only="write-news")
    house.clock.advance(minutes=1)
    await person.step_up()

    stop = {
        "preferences": "mutation {setPreferences(input: {newsByEmail: false}) {__typename}}",
        "objection": 'mutation {fileRequest(kind: OBJECT, text: "No news.") {__typename}}',
        "restriction": 'mutation {fileRequest(kind: RESTRICT, text: "Wait.") {__typename}}',
        "closing": "mutation {deleteProfile {__typename}}",
        "link": f'mutation {{unsubscribe(token: "{first.params["unsubscribe_link"].split("token=")[1]}") {{__typename}}}}',
    }
    await person.ok(stop[way])
    await house.work()

    assert news(house) == sorted([person.email, other.email, other.email])
    line = await kept(house, "marketing_after_withdrawal")
    assert (line.measured, line.broken) == (3, 0)


async def test_a_letter_after_the_withdrawal_is_found(house: House) -> None:
    """Posted although the consent was taken back before, it is a promise broken; service letters need no consent."""
    person = await reader(house)
    await issue_news(house.world, SPRING)
    await house.work()
    assert (await kept(house, "marketing_after_withdrawal")).kept == 1
    house.clock.advance(minutes=1)
    await person.ok(WANTS, p={"newsByEmail": False})
    await person.ok('mutation {fileComplaint(input: {text: "Too much news."}) {__typename}}')
    await house.work()
    assert "complaint-received" in [one.template for one in house.letters]
    house.clock.advance(minutes=1)

    await Letter.filter(template="news").update(posted_at=house.clock.now)

    line = await kept(house, "marketing_after_withdrawal")
    assert (line.measured, line.broken) == (1, 1)


async def test_what_rests_on_consent_reads_no_identity_and_no_payments(house: House) -> None:
    """Advertising and personalised content read language and topics; a field that said otherwise breaks the promise."""
    person = await house.customer()
    uses: dict[str, set[str]] = {}
    for name in house.world.policy.inventory.sections:
        query = "query($e: String!) {viewer {report {section(entity: $e) {fields {name purposes}}}}}"
        section = (await person.ok(query, e=name))["report"]["section"]
        for field in section["fields"]:
            assert field["purposes"], f"{name}.{field['name']} is used for nothing"
            for purpose in field["purposes"]:
                uses.setdefault(purpose, set()).add(f"{name}.{field['name']}")

    assert uses["personalised advertising"] == {
        "preferences.locale",
        "preferences.personalised_ads",
        "preferences.ad_topics",
    }
    assert uses["personalised content"] == {
        "preferences.locale", "preferences.personalised_content", "preferences.ad_topics",
    }  # fmt: skip
    assert (await kept(house, "fields_read_beyond_purpose")).broken == 0
    policy = house.world.policy
    ads = msgspec.structs.replace(policy.inventory.purposes["ads"], reads=None)
    spoilt = replace(policy.inventory, purposes={**policy.inventory.purposes, "ads": ads})
    assert (await kept(with_policy(house, replace(policy, inventory=spoilt)), "fields_read_beyond_purpose")).broken == 1

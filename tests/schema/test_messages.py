"""The conversation with support (clause 2), letters included, without their links."""

from typing import Any

import pytest

from models.tables import Message
from tests.factories import Client, House

SEND = """mutation($k: String!, $text: String!, $about: ID) {
    sendMessage(idempotencyKey: $k, text: $text, about: $about) {
    __typename ...R ... on MessageSent {sent {id at kind author {kind} subject text about readAt}}}}"""
READ = "mutation($id: ID!) {markMessagesRead(upTo: $id) {__typename ...R ... on MessagesRead {unreadMessages}}}"
LIST = "{viewer {unreadMessages messages {nodes {id kind text readAt author {kind}}}}}"
PLAIN = " fragment R on Refusal {code}"


async def sent(person: Client, number: int = 1, text: str = "Hello?", about: str | None = None) -> dict[str, Any]:
    """A message that was sent."""
    answer = await person.ok(SEND + PLAIN, k=f"a-key-of-mine-{number:04}", text=text, about=about)
    return answer["sent"]  # type: ignore[no-any-return]


async def test_the_same_key_again_says_it_once(house: House) -> None:
    """And a card number is not said at all."""
    person = await house.customer()

    first, again = await sent(person), await sent(person)
    refused = await person.refused(SEND, k="a-key-of-mine-0002", text="4111 1111 1111 1111")

    assert first == again
    assert (first["kind"], first["author"], first["text"]) == ("FROM_CUSTOMER", {"kind": "CUSTOMER"}, "Hello?")
    assert refused["problems"] == [{"field": ["text"], "code": "CARD_NUMBER"}]
    assert await Message.filter(kind="FROM_CUSTOMER").count() == 1


async def test_a_message_is_about_something_of_ones_own(house: House) -> None:
    """An event, say; somebody else's is not found."""
    person, stranger = await house.customer(), await house.customer()
    event = (await person.ok("{viewer {events(first: 1) {nodes {id}}}}"))["events"]["nodes"][0]["id"]

    assert (await sent(person, about=event))["about"] == event
    refused = await stranger.refused(SEND, k="a-key-of-mine-0001", text="?", about=event)
    assert refused["code"] == "NOT_FOUND"


async def test_letters_are_read_up_to_one(house: House) -> None:
    """Letters and answers count as unread until they are read; one's own words never do."""
    person = await house.customer()
    await sent(person)
    await house.work(only="post-letters")
    before = await person.ok(LIST)
    letters = [one for one in before["messages"]["nodes"] if one["kind"] == "LETTER"]

    assert before["unreadMessages"] == len(letters) > 0
    assert letters[0]["author"] == {"kind": "SYSTEM"}
    assert (await person.ok(READ + PLAIN, id=letters[0]["id"]))["unreadMessages"] == 0
    assert (await person.refused(READ, id="bm9uZQ=="))["code"] == "NOT_FOUND"


@pytest.mark.asvs("2.3.2")
async def test_twenty_an_hour(house: House) -> None:
    """Then one every three minutes; asking again for one that was sent is free."""
    person = await house.customer()
    for number in range(20):
        await sent(person, number)

    assert (await person.refused(SEND, k="a-key-of-mine-0020", text="?"))["code"] == "TOO_MANY_ATTEMPTS"
    assert (await sent(person, 3))["text"] == "Hello?"
    house.clock.advance(minutes=4)
    assert await sent(person, 20)

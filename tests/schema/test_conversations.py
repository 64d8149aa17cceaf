"""Customers wait for an answer, longest first; support answers in the conversation, and a letter tells without a word of it (2)."""

from typing import Any

from models.policy import Role
from models.tables import Message
from tests.factories import Client, House
from tests.schema.test_records import code_of, hit, opened
from tests.schema.test_searches import error_of
from tests.statements import Statements

R = " fragment R on Refusal {code message retryAt problems {field code}}"
WRITE = "mutation($k: String!, $t: String!) {sendMessage(idempotencyKey: $k, text: $t) {__typename}}"
ANSWER = """mutation($c: ID!, $k: String!, $t: String!, $a: ID) {
  sendMessage(customerId: $c, idempotencyKey: $k, text: $t, about: $a) {__typename
  ... on StaffMessageSent {sent {id kind author text about readAt}} ...R}}"""
ASSIGN = """mutation($i: ID!, $s: ID) {assign(id: $i, staffId: $s) {__typename
  ... on Assigned {assignedTo {name}} ...R}}"""
LIST = """query($u: Boolean = true, $s: ID, $n: Int = 20, $a: String) {
  conversations(first: $n, after: $a, unanswered: $u, assignedTo: $s) {totalCount pageInfo {hasNextPage endCursor}
    nodes {unanswered waitingSince assignedTo {name} customer {id number maskedName}}}}"""
MINE = "{viewer {messages {nodes {kind text author {kind name}}}}}"
KEY = "a-key-of-support-0001"


async def writes(person: Client, number: int = 1, text: str = "Hello?") -> None:
    """A customer writes to support."""
    await person.ok(WRITE, k=f"a-key-of-mine-{number:04}", t=text)


async def waiting(colleague: Client, **chosen: Any) -> list[dict[str, Any]]:
    """The list of conversations."""
    return (await colleague.ok(LIST, **chosen))["nodes"]  # type: ignore[no-any-return]


async def test_who_waits_longest_stands_first(house: House) -> None:
    """Since their first message without an answer, with how many there are; the same message sent twice counts once."""
    first, second, colleague = await house.customer(), await house.customer(), await house.colleague(Role.SUPPORT)
    await house.customer()
    await writes(first)
    since = house.clock.now
    house.clock.advance(minutes=1)
    await writes(second)
    await writes(first, 2)
    await writes(first, 2)

    rows = await waiting(colleague)

    assert [row["unanswered"] for row in rows] == [2, 1]
    assert rows[0]["waitingSince"] == since.isoformat().replace("+00:00", "Z")
    assert rows[0]["customer"] | {"number": ""} == {
        "id": await hit(colleague, first),
        "number": "",
        "maskedName": "•••",
    }
    page = await colleague.ok(LIST, n=1)
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (2, True)
    [after] = await waiting(colleague, a=page["pageInfo"]["endCursor"])
    assert after["customer"]["id"] == await hit(colleague, second)
    assert (await colleague.ok("{work {conversationsUnanswered requestsOpen}}")) == {
        "conversationsUnanswered": 2, "requestsOpen": 0,
    }  # fmt: skip


async def test_an_answer_ends_the_waiting_and_a_letter_tells_without_its_words(house: House) -> None:
    """Only with the record open; the same key sends it once; the customer reads it by the member's name."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")
    await writes(person)
    customer = await hit(colleague, person)
    assert await code_of(colleague, ANSWER, c=customer, k=KEY, t="Hello!") == "GRANT_REQUIRED"
    await opened(colleague, person)

    sent = [(await colleague.ok(ANSWER + R, c=customer, k=KEY, t="Your secret word."))["sent"] for _ in range(2)]

    assert sent[0] == sent[1]
    assert (sent[0]["kind"], sent[0]["author"], sent[0]["text"]) == ("FROM_SUPPORT", "Ieva Lapiņa", "Your secret word.")
    assert await Message.filter(kind="FROM_SUPPORT").count() == 1
    assert await waiting(colleague) == []
    [answered] = await waiting(colleague, u=False)
    assert (answered["unanswered"], answered["waitingSince"]) == (0, None)
    assert len(await waiting(colleague, u=None)) == 1
    mine = (await person.ok(MINE))["messages"]["nodes"]
    assert mine[0] == {
        "kind": "FROM_SUPPORT", "text": "Your secret word.", "author": {"kind": "STAFF", "name": "Ieva Lapiņa"},
    }  # fmt: skip
    await house.work(only="post-letters")
    letter = house.letters[-1]
    assert (letter.template, letter.to) == ("message-from-support", person.email)
    assert "secret" not in str(letter)
    await writes(person, 2)
    assert [row["unanswered"] for row in await waiting(colleague)] == [1]


async def test_what_a_message_is_about_is_the_customers_own(house: House) -> None:
    """A request of theirs; somebody else's is not found. A card number is not sent."""
    person, stranger, colleague = await house.customer(), await house.customer(), await house.colleague(Role.SUPPORT)
    for one in (person, stranger):
        await one.ok('mutation {fileRequest(kind: OBJECT, text: "No.") {__typename}}')
    requests = "query($c: ID!) {customer(id: $c) {requests {id}}}"
    customer, _ = await opened(colleague, person)
    other, _ = await opened(colleague, stranger)
    own = (await colleague.ok(requests, c=customer))["requests"][0]["id"]
    theirs = (await colleague.ok(requests, c=other))["requests"][0]["id"]

    sent = await colleague.ok(ANSWER + R, c=customer, k=KEY, t="We saw it.", a=own)

    assert sent["sent"]["about"] == own
    again = KEY + "2"
    assert await code_of(colleague, ANSWER, c=customer, k=again, t="We saw it.", a=theirs) == "NOT_FOUND"
    assert await code_of(colleague, ANSWER, c=customer, k=again, t="We saw it.", a=customer) == "NOT_FOUND"
    assert await code_of(colleague, ANSWER, c=customer, k=again, t="4111 1111 1111 1111") == "INVALID_INPUT"
    assert await code_of(colleague, ANSWER, c=customer, k="short", t="Hello!") == "INVALID_INPUT"


async def test_a_conversation_is_somebodys_work(house: House) -> None:
    """Given, listed by whose it is, put back; only to who works here, by who answers customers."""
    person, colleague = await house.customer(), await house.colleague(Role.SUPPORT, name="Ieva Lapiņa")
    auditor = await house.colleague(Role.AUDITOR)
    customer = await hit(colleague, person)
    ieva = (await colleague.ok("{viewer {id}}"))["id"]
    assert await code_of(colleague, ASSIGN, i=customer, s=ieva) == "NOT_FOUND"
    await writes(person)

    assert (await colleague.ok(ASSIGN + R, i=customer, s=ieva))["assignedTo"] == {"name": "Ieva Lapiņa"}

    assert [row["assignedTo"] for row in await waiting(colleague, s=ieva)] == [{"name": "Ieva Lapiņa"}]
    assert (await colleague.ok(ASSIGN + R, i=customer))["assignedTo"] is None
    assert await waiting(colleague, s=ieva) == []
    assert await code_of(auditor, ASSIGN, i=await hit(auditor, person)) == "NOT_PERMITTED"
    assert await error_of(auditor, LIST) == "NOT_PERMITTED"
    assert await code_of(colleague, ASSIGN, i=customer, s=customer) == "NOT_FOUND"


async def test_a_page_of_conversations_says_few_statements(statements: Statements, house: House) -> None:
    """Beside the session's: rows, how many, customers, colleagues."""
    people, colleague = [await house.customer() for _ in range(3)], await house.colleague(Role.SUPPORT)
    ieva = (await colleague.ok("{viewer {id}}"))["id"]
    for person in people:
        await writes(person)
        await colleague.ok(ASSIGN + R, i=await hit(colleague, person), s=ieva)
    statements.clear()

    assert len(await waiting(colleague)) == 3

    assert len(statements.main) <= 5, statements.main

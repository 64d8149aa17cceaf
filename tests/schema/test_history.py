"""What happened to an account, the dates the policy sets for it, and its services, read by their owner."""

from tests.factories import House

EVENTS = """query($kind: [EventKind!]) {viewer {events(kind: $kind) {
    nodes {action kind title actor {kind} fields ip place {country}} pageInfo {hasNextPage}}}}"""


async def test_events_are_ones_own_and_named_in_ones_language(house: House) -> None:
    """Newest first; another customer's are not among them."""
    person, stranger = await house.customer(), await house.customer()
    await stranger.step_up()

    events = (await person.ok(EVENTS))["events"]["nodes"]

    assert [one["action"] for one in events] == ["sign-in.succeeded", "account.confirmed", "account.signed-up"]
    assert [one["title"] for one in events] == ["Signed in", "E-mail address confirmed", "Account opened"]
    assert events[0]["ip"]
    assert events[1]["fields"] == ["email"]
    assert events[2]["actor"] == {"kind": "CUSTOMER"}


async def test_events_of_some_kinds(house: House) -> None:
    """Only what was changed."""
    person = await house.customer()

    events = (await person.ok(EVENTS, kind=["MODIFY", "REMOVE"]))["events"]["nodes"]

    assert [one["action"] for one in events] == ["account.confirmed"]


async def test_met_and_open_dates(house: House) -> None:
    """A person removed on request is a date that was met."""
    person = await house.customer()
    given = {"givenName": "Anna", "familyName": "Kalniņa", "role": "BILLING"}
    query = """mutation($i: AddRelatedPersonInput!) {addRelatedPerson(input: $i) {__typename
        ... on RelatedPersonAdded {relatedPerson {id}}}}"""
    anna = (await person.ok(query, i=given))["relatedPerson"]["id"]
    await person.ok("mutation($id: ID!) {removeRelatedPerson(by: {id: $id}) {__typename}}", id=anna)

    found = await person.ok(
        """{viewer {open: obligations {clause}
        met: obligations(open: false) {clause title startedAt doneAt movedBecause}
        all: obligations(open: null) {clause} services {name}}}"""
    )

    met = {
        "clause": "4.1.5", "title": "A person named by a customer is erased", "startedAt": "2026-11-23T09:00:00Z",
        "doneAt": "2026-11-23T09:00:00Z", "movedBecause": None,
    }  # fmt: skip
    assert met in found["met"]
    assert {"clause": "4.1.5"} not in found["open"]
    assert len(found["all"]) == len(found["open"]) + len(found["met"])
    assert found["services"] == []

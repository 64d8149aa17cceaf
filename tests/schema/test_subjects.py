"""Each subject of an account through GraphQL, on both databases: what succeeds, what is refused, what belongs to somebody else."""

from collections.abc import Iterable
from typing import Any

import pytest
from graphql import build_schema

from api.commands.schema import Which, printed
from models.database import transaction
from models.tables import Customer, Service
from models.tables.services import ServiceContents
from tests.factories import ADDRESS, PASSWORD, START, Client, House

SCHEMA = build_schema(printed(Which.customer))
MADE_UP = "bm9uZQ=="
KEY = "a-key-of-my-own-0001"
PERSON = {"givenName": "Anna", "familyName": "Kalniņa", "role": "TECHNICAL"}
IBAN = {"bankAccount": {"iban": "LV80BANK0000435195001"}}
EXAMPLES: dict[str, dict[str, Any]] = {
    "signUp": {"input": {
        "givenName": "Anna", "familyName": "Kalniņa", "identity": {"birthdate": "1987-04-12"}, "address": ADDRESS,
        "phoneNumber": "+37121234567", "email": "anna@example.com", "password": PASSWORD, "acceptedPolicy": "1",
    }},
    "resendConfirmation": {"email": "anna@example.com"}, "confirmEmail": {"token": "t"},
    "signIn": {"email": "anna@example.com", "password": "p"},
    "completeSignIn": {"challenge": "c", "proof": {"totp": "1"}}, "beginPasskeySignIn": {},
    "signInWithPasskey": {"challenge": "c", "credential": {}}, "requestFactorRecovery": {"challenge": "c"},
    "removeLostFactors": {"token": "t"}, "reportSignIn": {"by": {"id": MADE_UP}}, "refreshTokens": {"refreshToken": "t"},
    "signOut": {}, "endSession": {"id": MADE_UP}, "endOtherSessions": {},
    "requestPasswordReset": {"email": "anna@example.com"}, "resetPassword": {"token": "t", "newPassword": "p"},
    "changePassword": {"currentPassword": PASSWORD, "newPassword": "p"}, "beginStepUp": {},
    "stepUp": {"proof": {"password": "p"}}, "beginTotp": {}, "confirmTotp": {"code": "1"}, "disableTotp": {},
    "beginPasskey": {}, "addPasskey": {"challenge": "c", "credential": {}, "label": "l"}, "removePasskey": {"id": MADE_UP},
    "rename": {"id": MADE_UP, "label": "l"}, "makeRecoveryCodes": {},
    "editProfile": {"input": {"revision": 1, "phoneNumber": "+37121234567"}}, "revealPersonalCode": {},
    "changeEmail": {"newEmail": "new@example.com"}, "cancelEmailChange": {}, "revertEmailChange": {"token": "t"},
    "restoreValue": {"changeId": MADE_UP}, "addPaymentMethod": {"input": {"idempotencyKey": KEY, "method": IBAN}},
    "setDefaultPaymentMethod": {"id": MADE_UP}, "removePaymentMethod": {"id": MADE_UP}, "setPreferences": {"input": {}},
    "addRelatedPerson": {"input": PERSON}, "editRelatedPerson": {"id": MADE_UP, "input": PERSON},
    "removeRelatedPerson": {"by": {"id": MADE_UP}}, "unsubscribe": {"token": "t"},
    "answerPolicy": {"version": "1", "answer": "VIEWED"},
    "sendMessage": {"idempotencyKey": KEY, "text": "Hello?", "about": MADE_UP}, "markMessagesRead": {"upTo": MADE_UP},
    "fileRequest": {"kind": "OBJECT", "text": "?"}, "withdrawRequest": {"id": MADE_UP},
    "fileComplaint": {"input": {"text": "?"}}, "requestExport": {}, "collectCopy": {"code": "c"}, "deleteProfile": {},
}  # fmt: skip
"""Arguments of every mutation that GraphQL takes; ids, tokens and versions are made up."""


def asking(name: str, arguments: Iterable[str], selected: str = "...R") -> str:
    """The operation that calls a mutation with these arguments as variables."""
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    given = [(one, mutation.fields[name].args[one].type) for one in arguments]
    declared = f"({', '.join(f'${one}: {kind}' for one, kind in given)})" if given else ""
    passed = f"({', '.join(f'{one}: ${one}' for one, _ in given)})" if given else ""
    return f"mutation{declared} {{{name}{passed} {{__typename {selected}}}}}"


async def no(client: Client, name: str, **arguments: Any) -> dict[str, Any]:
    """The refusal of a mutation; its example's arguments, some replaced."""
    given = {**EXAMPLES[name], **arguments}
    return await client.refused(asking(name, given), **given)


async def yes(client: Client, name: str, selected: str = "", **arguments: Any) -> Any:
    """The success of a mutation."""
    given = {**EXAMPLES[name], **arguments}
    return await client.ok(asking(name, given, selected or "... on Refusal {code}"), **given)


IDS = """{viewer {id signIns {nodes {id}} sessions {id} changes {nodes {id}} paymentMethods {id} consents {nodes {id}}
    relatedPersons {id} services {id} messages {nodes {id}} obligations(open: null) {id} events {nodes {id}} exports {id}}}"""
NODE = "query($id: ID!) {node(id: $id) {__typename id}}"


@pytest.fixture
async def person(house: House) -> Client:
    """Somebody with something of everything, and a fresh proof."""
    person = await house.customer()
    await person.step_up()
    for number, method in enumerate(
        [IBAN, {"payPal": {"email": "p@example.com"}}, {"phoneBill": {"phoneNumber": "+37121234567"}}]
    ):
        await yes(person, "addPaymentMethod", input={"idempotencyKey": f"{KEY}-{number}", "method": method})
    await yes(person, "addRelatedPerson")
    await yes(person, "setPreferences", input={"newsByEmail": True, "theme": "DARK"})
    await yes(person, "sendMessage", about=None)
    await yes(person, "answerPolicy", version=house.world.policy.newest.name, answer="VIEWED")
    await yes(person, "requestExport")
    await yes(person, "editProfile", input={"revision": 1, "familyName": "Krūmiņa"})
    customer = await Customer.get()
    row = Service(id=house.world.new_id(), customer_id=customer.id, reference="S-1", kind="DOMAIN", started_at=START)
    row.seal(await house.world.vault.keys([customer.id]), ServiceContents(name="ozolina.example"))
    async with transaction():
        await row.save(force_create=True)
    await house.work()
    return person


def ids(found: Any) -> list[str]:
    """Every id in an answer."""
    if isinstance(found, list):
        return [one for each in found for one in ids(each)]
    if isinstance(found, dict):
        return [value for key, value in found.items() if key == "id"] + [
            one for key, value in found.items() if key != "id" for one in ids(value)
        ]
    return []


@pytest.mark.asvs("8.2.2")
async def test_a_node_is_its_owners_only(house: House, person: Client) -> None:
    """Every kind by its id; somebody else's, a made-up and a mutilated one are all answered with null, signed in or out."""
    held = ids(await person.ok(IDS))
    kinds = set()
    for one in held:
        found = await person.ok(NODE, id=one)
        assert found["id"] == one
        kinds.add(found["__typename"])
    assert kinds >= {"Customer", "SignIn", "Session", "Change", "BankAccount", "PayPalAccount", "PhoneBill", "Consent",
                     "RelatedPerson", "Service", "Message", "Obligation", "Event", "Export"}  # fmt: skip

    stranger, nobody = await house.customer(), house.client()
    for one in (*held, *(one[:-2] + "AA" for one in held), MADE_UP, "", "x", "é" * 32, "A" * 32, "x" * 3000):
        answers = [await who.answer(NODE, id=one) for who in (stranger, nobody)]
        assert answers == [{"data": {"node": None}}] * 2, one


@pytest.mark.asvs("8.2.2", "8.4.1")
async def test_what_is_somebody_elses_is_refused_like_what_is_made_up(house: House, person: Client) -> None:
    """The same code, words and fields, whichever mutation is given the id."""
    held = await person.ok(IDS)
    stranger = await house.customer()
    await stranger.step_up()
    theirs: dict[str, dict[str, Any]] = {
        "setDefaultPaymentMethod": {"id": held["paymentMethods"][1]["id"]},
        "removePaymentMethod": {"id": held["paymentMethods"][1]["id"]},
        "editRelatedPerson": {"id": held["relatedPersons"][0]["id"]},
        "removeRelatedPerson": {"by": {"id": held["relatedPersons"][0]["id"]}},
        "restoreValue": {"changeId": held["changes"]["nodes"][0]["id"]},
        "reportSignIn": {"by": {"id": held["signIns"]["nodes"][0]["id"]}},
        "endSession": {"id": held["sessions"][0]["id"]},
        "rename": {"id": held["sessions"][0]["id"]},
        "markMessagesRead": {"upTo": held["messages"]["nodes"][0]["id"]},
        "sendMessage": {"about": held["events"]["nodes"][0]["id"]},
    }
    for name, given in theirs.items():
        refused = await no(stranger, name, **given)
        assert refused == await no(stranger, name, **EXAMPLES[name])
        assert refused["code"] == "NOT_FOUND", name
    assert ids(await person.ok(IDS)) == ids(held), "nothing of the owner's moved"


async def test_a_signed_out_viewer_is_nobody(house: House, person: Client) -> None:
    """No list, no count, no error that says more."""
    assert await house.client().answer("{viewer {id}}") == {"data": {"viewer": None}}


@pytest.mark.parametrize("subject", ["signIns", "consents", "changes", "messages", "events"])
async def test_a_list_is_read_page_by_page(house: House, person: Client, subject: str) -> None:
    """One row at a time gives every row once, in the order of the whole list."""
    whole = (await person.ok(f"{{viewer {{{subject}(first: 50) {{nodes {{id}}}}}}}}"))[subject]["nodes"]
    query = f"""query($a: String) {{viewer {{{subject}(first: 1, after: $a) {{nodes {{id}} edges {{cursor}}
        pageInfo {{hasNextPage hasPreviousPage endCursor}}}}}}}}"""
    rows, after = [], None
    for number in range(len(whole)):
        page = (await person.ok(query, a=after))[subject]
        rows += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert page["edges"] == [{"cursor": after}]
        assert page["pageInfo"]["hasNextPage"] == (number + 1 < len(whole))
        assert page["pageInfo"]["hasPreviousPage"] == (number > 0)
    assert rows == whole


async def test_payment_methods_and_related_persons_come_and_go(person: Client) -> None:
    """Added oldest first, one of them the default; removed ones leave the list."""
    held = await person.ok("{viewer {paymentMethods {__typename id isDefault masked} relatedPersons {id}}}")
    methods = held["paymentMethods"]
    assert [one["__typename"] for one in methods] == ["BankAccount", "PayPalAccount", "PhoneBill"]
    assert [one["isDefault"] for one in methods] == [True, False, False]
    assert all("•" in one["masked"] for one in methods)

    assert (await no(person, "removePaymentMethod", id=methods[0]["id"]))["code"] == "IN_USE"
    await yes(person, "setDefaultPaymentMethod", id=methods[2]["id"])
    await yes(person, "removePaymentMethod", id=methods[0]["id"])
    edited = await yes(person, "editRelatedPerson", "... on RelatedPersonEdited {relatedPerson {role}}",
                       id=held["relatedPersons"][0]["id"], input=PERSON | {"role": "BILLING"})  # fmt: skip
    assert edited["relatedPerson"] == {"role": "BILLING"}
    await yes(person, "removeRelatedPerson", by={"id": held["relatedPersons"][0]["id"]})

    now = await person.ok("{viewer {paymentMethods {id isDefault} relatedPersons {id}}}")
    assert [one["isDefault"] for one in now["paymentMethods"]] == [False, True]
    assert now["relatedPersons"] == []


async def test_preferences_and_the_decisions_behind_them(person: Client) -> None:
    """Given, then withdrawn: two decisions, and the one in force."""
    await yes(person, "setPreferences", input={"newsByEmail": False, "adTopics": ["DOMAINS"]})
    assert (await no(person, "setPreferences", input={"timeZone": "Mars/Olympus"}))["problems"][0]["field"] == [
        "timeZone"
    ]

    found = await person.ok("{viewer {preferences {newsByEmail theme adTopics} consents {nodes {purpose decision}}}}")

    assert found["preferences"] == {"newsByEmail": False, "theme": "DARK", "adTopics": ["DOMAINS"]}
    assert {one["decision"] for one in found["consents"]["nodes"]} == {"GIVEN", "WITHDRAWN"}
    assert {one["purpose"] for one in found["consents"]["nodes"]} == {"NEWS_BY_EMAIL"}


async def test_messages_and_policy_answers(house: House, person: Client) -> None:
    """Read up to one; viewed and accepted are apart, and what binds cannot be declined."""
    found = await person.ok("{viewer {unreadMessages messages {nodes {id kind text}}}}")
    assert {one["kind"] for one in found["messages"]["nodes"]} == {"FROM_CUSTOMER", "LETTER"}
    assert found["unreadMessages"] > 0
    read = await yes(
        person, "markMessagesRead", "... on MessagesRead {unreadMessages}", upTo=found["messages"]["nodes"][0]["id"]
    )
    assert read["unreadMessages"] == 0

    version = house.world.policy.newest.name
    await yes(person, "answerPolicy", version=version, answer="ACCEPTED")
    assert (await no(person, "answerPolicy", version=version, answer="DECLINED"))["code"] == "NOT_PERMITTED"
    said = await person.ok("{viewer {acceptances {event} policyStanding {pending {version}}}}")
    assert [one["event"] for one in said["acceptances"]] == ["VIEWED", "ACCEPTED"]
    assert said["policyStanding"]["pending"] is None


async def test_obligations_open_met_and_all(person: Client) -> None:
    """Soonest first; an export's is met when it is ready."""
    query = "query($o: Boolean) {viewer {obligations(open: $o) {id clause title dueAt doneAt}}}"
    every = {open_: (await person.ok(query, o=open_))["obligations"] for open_ in (True, False, None)}

    assert all(one["doneAt"] is None for one in every[True])
    assert every[False]
    assert all(one["doneAt"] for one in every[False])
    assert sorted(ids(every[None])) == sorted(ids(every[True]) + ids(every[False]))
    assert [one["dueAt"] for one in every[None]] == sorted(one["dueAt"] for one in every[None])


async def test_events_by_kind_and_in_the_readers_language(person: Client) -> None:
    """What happened, newest first, called by its name in English and in Latvian."""
    query = "query($k: [EventKind!]) {viewer {events(first: 50, kind: $k) {nodes {kind action title actor {kind} at}}}}"
    english = (await person.ok(query))["events"]["nodes"]
    person.http.headers["Accept-Language"] = "lv"
    latvian = (await person.ok(query))["events"]["nodes"]
    made = (await person.ok(query, k=["CREATE"]))["events"]["nodes"]

    assert {one["kind"] for one in english} >= {"CREATE", "MODIFY", "AUTHENTICATION", "ACCESS"}
    assert [one["at"] for one in english] == sorted((one["at"] for one in english), reverse=True)
    assert all(one["title"] != other["title"] for one, other in zip(english, latvian, strict=True))
    assert {one["kind"] for one in made} == {"CREATE"}


async def test_the_report_shows_every_section(house: House, person: Client) -> None:
    """As many records as it counts; financial values are hidden until a fresh proof; an unknown section is none."""
    sections = (await person.ok("{viewer {report {sections {entity title count}}}}"))["report"]["sections"]
    query = """query($e: String!) {viewer {report {section(entity: $e) {count fields {name title source basis retention}
        items(first: 20) {nodes {lastDay values {field value}}}}}}}"""
    shown: dict[str, Any] = {}
    for section in sections:
        found = (await person.ok(query, e=section["entity"]))["report"]["section"]
        assert found["count"] == section["count"]
        assert len(found["items"]["nodes"]) == min(20, found["count"])
        shown[section["entity"]] = found
    assert (await person.ok(query, e="no such thing"))["report"]["section"] is None
    assert sum(section["count"] for section in sections) > 10

    assert IBAN["bankAccount"]["iban"] in str(shown)
    house.clock.advance(minutes=6)
    hidden = [await person.ok(query, e=section["entity"]) for section in sections]
    assert IBAN["bankAccount"]["iban"] not in str(hidden)

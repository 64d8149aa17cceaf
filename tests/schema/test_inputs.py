"""Every input field's limits and formats, walked from the schema itself; and whatever else a client may send."""

import base64
import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_enum_type,
    is_required_input_field,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.passwords import ArgonPasswords
from tests.factories import Client, House
from tests.schema.test_subjects import EXAMPLES, SCHEMA, asking, no, yes


async def proven(house: House, **given: Any) -> Client:
    """Somebody with a fresh proof."""
    person = await house.customer(**given)
    await person.step_up()
    return person


async def busy(house: House, person: Client | None = None) -> Client:
    """The same person (or somebody) before a server that has no thread left for a password."""
    full = ArgonPasswords(house.clock, threads=1, queue=-1, memory_kib=8, time=1)
    client = House(replace(house.world, passwords=full), house.clock, house.folder).client()
    house.clients.append(client)
    if person is not None:
        client.http.cookies, client.email = person.http.cookies, person.email
    return client


async def reset_token(house: House) -> str:
    """Out of somebody's letter."""
    person = await house.customer()
    await yes(house.client(), "requestPasswordReset", email=person.email)
    await house.work(only="post-letters")
    return house.token("reset-password", person.email)


# ---- what is wrong with a text, by the name of its field ------------------------------------------------------------
CARD, CONTROL = "4111 1111-1111 1111", "a\x07b"


def line(limit: int, **more: str) -> dict[str, str]:
    """One line of text; ``more`` are codes and values of the field's own."""
    wrong = {"": "REQUIRED", " \u200b ": "REQUIRED", "x" * (limit + 1): "TOO_LONG", CONTROL: "MALFORMED"}
    card = "CARD_NUMBER" if limit > len(CARD) else "TOO_LONG"
    more = {value: code for code, value in more.items()}
    return wrong | {"a\nb": "MALFORMED", CARD: card, "４１１１１１１１１１１１１１１１": card} | more


def form(limit: int, *malformed: str, card: str = "MALFORMED") -> dict[str, str]:
    """A value with a form of its own; a card number has not got it."""
    wrong = {"": "REQUIRED", "1" * (limit + 1): "TOO_LONG", CARD: card, CONTROL: "MALFORMED"}
    return wrong | dict.fromkeys(malformed, "MALFORMED")


NAME, EMAIL = (
    line(100, MALFORMED="Anna <anna@example.com>"),
    form(254, "anna", "anna@", "ā@example.com", card="CARD_NUMBER"),
)
NEW_PASSWORD = {"": "REQUIRED", "short": "TOO_SHORT", "x" * 129: "TOO_LONG", "passwordpassword": "BREACHED_PASSWORD"}
TEXTS: dict[str, dict[str, str]] = {
    "givenName": NAME, "familyName": NAME, "holder": NAME, "name": NAME, "email": EMAIL, "newEmail": EMAIL,
    "streetAddress": line(200), "locality": line(100), "region": line(100), "postalCode": line(12, MALFORMED="99"),
    "country": {"": "REQUIRED", "UK": "MALFORMED", "LVA": "MALFORMED", CARD: "MALFORMED"},
    "phoneNumber": form(40, "21234567", "+371 1", "+371 2123 ext. 4"), "code": form(20, "161175-19990", "abc"),
    "password": NEW_PASSWORD, "newPassword": NEW_PASSWORD, "label": line(60), "iban": form(50, "LV81BANK0000435195001"),
    "acceptedPolicy": {"": "NOT_ALLOWED", CARD: "NOT_ALLOWED"}, "timeZone": form(64, "Riga", "Factory"),
    "idempotencyKey": {"": "REQUIRED", "short": "TOO_SHORT", "x" * 65: "TOO_LONG", "ķ" * 20: "MALFORMED",
                       "4111111111111111": "CARD_NUMBER"},
    "text": {"": "REQUIRED", " \n ": "REQUIRED", CONTROL: "MALFORMED", CARD: "CARD_NUMBER", "x" * 10_001: "TOO_LONG"},
}  # fmt: skip
SECRETS = {"token", "challenge", "refreshToken", "currentPassword", "totp", "recoveryCode", "version"}
"""Compared by digest or name and never kept, so that anything may be tried."""
COMPARED = {("signIn", "password"), ("stepUp", "proof", "password"), ("completeSignIn", "proof", "password"),
            ("confirmTotp", "code"), ("collectCopy", "code")}  # fmt: skip
EMPTY_IS_NONE = {
    "holder",
    "region",
    "postalCode",
    "label",
    ("RelatedPerson", "email"),
    ("RelatedPerson", "phoneNumber"),
}
Path = tuple[str, ...]


def arguments(name: str) -> dict[str, Any]:
    """A mutation's arguments and their types."""
    mutation = SCHEMA.mutation_type
    assert mutation is not None
    return {key: one.type for key, one in mutation.fields[name].args.items()}


def leaves(type_: Any, path: Path) -> Iterator[Path]:
    """The paths of all texts in an input."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for key, field in named.fields.items():
            yield from leaves(field.type, (*path, key))
    elif named.name == "String":
        yield path


def put(type_: Any, base: Any, path: Path, value: Any) -> Any:
    """``base`` with a value at a path; of a choice of one, that one."""
    if not path:
        return value
    named = get_named_type(type_)
    assert isinstance(named, GraphQLInputObjectType)
    key, *rest = path
    inside = put(named.fields[key].type, (base or {}).get(key), tuple(rest), value)
    return {key: inside} if named.is_one_of else {**required(named), **(base or {}), key: inside}


def required(named: GraphQLInputObjectType) -> dict[str, Any]:
    """What an input cannot be without."""
    return {
        key: SAMPLES[key] for key, field in named.fields.items() if is_required_input_field(field) and key in SAMPLES
    }


SAMPLES: dict[str, Any] = {
    "country": "LV", "code": "161175-19997", "streetAddress": "Brīvības iela 214", "locality": "Rīga", "credential": {},
    "iban": "LV80BANK0000435195001", "name": "Anna", "email": "anna@example.com", "challenge": "c", "text": "Hello?",
}  # fmt: skip
WRITTEN = {
    name: found
    for name in EXAMPLES
    if (found := [path for key, type_ in arguments(name).items() for path in leaves(type_, (key,))])
}
"""Mutation → the paths of its texts."""


async def somebody(house: House) -> tuple[Client, dict[str, dict[str, Any]]]:
    """A person with a fresh proof, and what their inputs need to be right: ids, a token, the version, their password."""
    person = await house.customer(familyName="Zvirbule")
    await yes(house.client(), "requestPasswordReset", email=person.email)
    await house.work(only="post-letters")
    await person.step_up()
    related = await yes(person, "addRelatedPerson", "... on RelatedPersonAdded {relatedPerson {id}}")
    session = (await person.ok("{viewer {sessions {id}}}"))["sessions"][0]["id"]
    return person, {
        "signUp": {"input": person.sign_up_input(email="anna@example.com")}, "rename": {"id": session},
        "editRelatedPerson": {"id": related["relatedPerson"]["id"]}, "sendMessage": {"about": None},
        "resetPassword": {"token": house.token("reset-password", person.email)},
    }  # fmt: skip


def spoilt(name: str, base: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The arguments with one value replaced."""
    return {**base, path[0]: put(arguments(name)[path[0]], base.get(path[0]), path[1:], value)}


@pytest.mark.asvs("1.3.3", "2.2.1", "2.2.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", WRITTEN)
async def test_each_wrong_text_is_told_with_its_path(house: House, name: str) -> None:
    """Too short, too long, blank, controls, line breaks, cards, wrong forms: INVALID_INPUT, which field and what is wrong."""
    person, right = await somebody(house)
    for path in WRITTEN[name]:
        if path[-1] in SECRETS or (name, *path) in COMPARED:
            continue
        for value, code in TEXTS[path[-1]].items():
            if code == "REQUIRED" and (path[-1] in EMPTY_IS_NONE or (name[-13:], *path[1:]) in EMPTY_IS_NONE):
                continue
            base = {**EXAMPLES[name], **right.get(name, {})}
            refused = await no(person, name, **spoilt(name, base, path, value))
            if refused["code"] == "NOT_READY":  # a later step; then it is looked at
                continue
            expected = {"field": list(path[1:] if path[0] == "input" else path), "code": code}
            assert refused["code"] == "INVALID_INPUT", (path, value[:20], refused)
            assert expected in refused["problems"], (path, value[:20], refused["problems"])


DATES: list[tuple[dict[str, Any], str]] = [
    ({"birthdate": "2026-11-24"}, "IN_THE_FUTURE"), ({"birthdate": "2008-11-24"}, "NOT_ALLOWED"),
    ({"birthdate": "1899-12-31"}, "MALFORMED"),
]  # fmt: skip


@pytest.mark.asvs("2.2.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_birthdate_is_an_adults(house: House) -> None:
    """Nobody is born tomorrow, a minor, or older than anybody; a code of another country is not taken."""
    person = await house.customer()
    for identity, code in DATES:
        refused = await no(person, "editProfile", input={"revision": 1, "identity": identity})
        assert refused["problems"] == [{"field": ["identity", "birthdate"], "code": code}]
    refused = await no(
        person, "editProfile", input={"revision": 1, "identity": {"personalCode": {"country": "GB", "code": "1"}}}
    )
    assert {"field": ["identity", "personalCode", "country"], "code": "NOT_ALLOWED"} in refused["problems"]


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "value", ["1987-02-30", "12.04.1987", "1987-04-12T00:00:00Z", 5, True, ["1987-04-12"], "", "+1987-04-12"]
)
async def test_what_is_no_date_is_told_without_repeating_it(house: House, value: Any) -> None:
    """A wrong type is the client author's: an error of the request, its value left out."""
    person = await house.customer()
    given = {"input": {"revision": 1, "identity": {"birthdate": value}}}
    answer = await person.answer(asking("editProfile", given, ""), **given)

    assert answer["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert len(str(value)) < 4 or str(value) not in answer["errors"][0]["message"]


PAGE = "(first: $n, after: $a)"
LISTS = [*(one + PAGE for one in ("signIns", "changes", "consents", "messages", "events")),
         f'report {{section(entity: "signIns") {{items{PAGE}']  # fmt: skip
CURSORS = ["x", "=", "é", "\ud800", "A" * 33, base64.b64encode(b"\x7f" * 25).decode(), "0" * 5000]


async def paged(person: Client, field: str, first: Any, after: Any) -> dict[str, Any]:
    """The answer to a page of a list."""
    ends = "}" * (field.count("{") + 2)
    query = f"query($n: Int! = 20, $a: String) {{viewer {{{field} {{nodes {{__typename}}}}{ends}"
    return await send(person, {"query": query, "variables": {"n": first, "a": after}})


async def send(person: Client, body: dict[str, Any]) -> dict[str, Any]:
    """Post it with every sign escaped, unpaired surrogates too; never a 5xx."""
    headers = {"X-Octopus-Client": "tests", "Content-Type": "application/json"}
    answer = await person.http.post("/graphql", content=json.dumps(body), headers=headers)
    assert answer.status_code < 500, answer.text
    assert '"INTERNAL"' not in answer.text, (body, answer.text)
    return json.loads(answer.content)  # type: ignore[no-any-return]


@pytest.mark.asvs("1.4.2")
async def test_a_page_is_of_one_to_fifty_rows_after_a_cursor_of_ours(house: House) -> None:
    """Others are refused; there is no union in a list, so it is an error with the refusal's code."""
    person = await house.customer()
    wrong = [(0, None), (51, None), (-1, None), (2**31, None), ("1", None), *((20, one) for one in CURSORS)]
    for field in LISTS:
        assert "errors" not in await paged(person, field, 50, None)
        for first, after in wrong:
            answer = await paged(person, field, first, after)
            code = answer["errors"][0]["extensions"]["code"]
            assert code == EARLIER.get(first if after is None else after, "INVALID_INPUT"), (
                field,
                first,
                after,
                answer,
            )


EARLIER = {"\ud800": "BAD_JSON", "1": "BAD_USER_INPUT", 2**31: "LIMIT_EXCEEDED", 51: "LIMIT_EXCEEDED"}
"""What never reaches a list."""

# ---- anything at all ------------------------------------------------------------------------------------------------
CANARY = "Canary-Zvirbule"
NASTY = [CANARY, CARD, CONTROL, "", " ", "\x00", "\ud800", "x" * 6000, "'; DROP TABLE customers--", "{{7*7}}",
         "😀" * 300, "1e999", "\u202e"]  # fmt: skip
JUNK = st.sampled_from([None, True, 0, -1, 2**40, 1.5, [], {}, [[]], {"a": 1}, CANARY])


def values(type_: Any, name: str = "") -> st.SearchStrategy[Any]:
    """What GraphQL takes, mostly; now and then anything."""
    if isinstance(type_, GraphQLNonNull):
        return st.one_of(right(type_.of_type, name), right(type_.of_type, name), right(type_.of_type, name), JUNK)
    return st.one_of(st.none(), right(type_, name), right(type_, name))


def right(type_: Any, name: str) -> st.SearchStrategy[Any]:
    """A value of the type: half of them plausible for the field's name."""
    if isinstance(type_, GraphQLList):
        return st.lists(values(type_.of_type, name), max_size=4)
    if is_enum_type(type_):
        return st.sampled_from([*type_.values, "OTHER"])
    if isinstance(type_, GraphQLInputObjectType):
        fields = {key: values(one.type, key) for key, one in type_.fields.items()}
        if type_.is_one_of:
            return st.one_of(*(st.fixed_dictionaries({key: one}) for key, one in fields.items()))
        need = {key: one for key, one in fields.items() if is_required_input_field(type_.fields[key])}
        return st.fixed_dictionaries(need, optional={key: one for key, one in fields.items() if key not in need})
    sample = st.just(SAMPLES.get(name, CANARY))
    kinds = {"Int": st.integers(-2, 2**33), "Boolean": st.booleans(), "Date": st.dates().map(str), "JSON": JUNK}
    return kinds.get(type_.name, st.one_of(sample, sample, st.sampled_from(NASTY), st.text(max_size=40)))


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", EXAMPLES)
@settings(max_examples=12, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
async def test_whatever_is_sent_is_answered_plainly(house: House, name: str, data: st.DataObject) -> None:
    """Never a 5xx, never a fault, never a value of the request or of the person in an answer."""
    if not house.clients:
        await somebody(house)
    person = house.clients[0]
    variables = data.draw(st.fixed_dictionaries({key: values(type_, key) for key, type_ in arguments(name).items()}))
    query = asking(name, variables, "... on Refusal {code message problems {message}}")
    answer = await send(person, {"query": query, "variables": variables})
    assert CANARY not in str(answer)
    assert not [one for one in (person.email, "Zvirbule") if one in str(answer)]


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["resendConfirmation", "requestPasswordReset", "signIn"])
async def test_the_pending_address_of_a_closed_account_is_answered_like_an_unknown_one(house: House, name: str) -> None:
    """Nobody learns from the answer that somebody wanted to move there."""
    person, stranger = await proven(house), house.client()
    await yes(person, "changeEmail", newEmail="pending@example.com")
    await yes(person, "deleteProfile")
    answers = []
    for email in ("pending@example.com", "unknown@example.com"):
        given = {**EXAMPLES[name], "email": email}
        answers.append((await stranger.answer(asking(name, given, "... on Refusal {code}"), **given))["data"][name])

    assert answers[0] == answers[1]

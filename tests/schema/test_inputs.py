"""Every input field's limits and formats, walked from the schema itself; and whatever else a client may send."""

import base64
import json
from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLList, GraphQLNonNull, get_named_type, is_enum_type
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from schema.customer import schema
from tests.factories import ADDRESS, PASSWORD, Client, House

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
    mutation = schema._schema.mutation_type
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


# ---- what is wrong with a text, by the name of its field ------------------------------------------------------------
CARD = "4111 1111-1111 1111"
CONTROL = "a\x07b"


def line(limit: int, **more: str) -> dict[str, str]:
    """One line of text; ``more`` are codes and values of the field's own."""
    wrong = {"": "REQUIRED", " \u200b ": "REQUIRED", "x" * (limit + 1): "TOO_LONG", CONTROL: "MALFORMED", CARD: "CARD_NUMBER"}
    return wrong | {"a\nb": "MALFORMED", "４１１１１１１１１１１１１１１１": "CARD_NUMBER"} | {value: code for code, value in more.items()}


def form(limit: int, *malformed: str, card: str = "MALFORMED") -> dict[str, str]:
    """A value with a form of its own; a card number has not got it."""
    wrong = {"": "REQUIRED", "1" * (limit + 1): "TOO_LONG", CARD: card, CONTROL: "MALFORMED"}
    return wrong | dict.fromkeys(malformed, "MALFORMED")


NAME, EMAIL = line(100, MALFORMED="Anna <anna@example.com>"), form(254, "anna", "anna@", "ā@example.com", card="CARD_NUMBER")
NEW_PASSWORD = {"": "REQUIRED", "short": "TOO_SHORT", "x" * 129: "TOO_LONG", "passwordpassword": "BREACHED_PASSWORD",
                "Līga Ozoliņa Līga": "BREACHED_PASSWORD"}  # fmt: skip
TEXTS: dict[str, dict[str, str]] = {
    "givenName": NAME, "familyName": NAME, "holder": NAME, "name": NAME, "email": EMAIL, "newEmail": EMAIL,
    "streetAddress": line(200), "locality": line(100), "region": line(100), "postalCode": line(12, MALFORMED="99"),
    "country": {"": "REQUIRED", "UK": "MALFORMED", "LVA": "MALFORMED", CARD: "MALFORMED"},
    "phoneNumber": form(40, "21234567", "+371 1", "+371 2123 ext. 4"), "code": form(20, "161175-19990", "abc"),
    "password": NEW_PASSWORD, "newPassword": NEW_PASSWORD, "label": line(60), "iban": form(50, "LV81BANK0000435195001"),
    "acceptedPolicy": {"": "NOT_ALLOWED", CARD: "NOT_ALLOWED"}, "timeZone": form(64, "Riga", "Factory"),
    "idempotencyKey": {"": "REQUIRED", "short": "TOO_SHORT", "x" * 65: "TOO_LONG", "ķ" * 20: "MALFORMED",
                       "4111111111111111": "CARD_NUMBER"},
    "text": {"": "REQUIRED", " \n ": "REQUIRED", CONTROL: "MALFORMED", CARD: "CARD_NUMBER", "x" * 5001: "TOO_LONG"},
}  # fmt: skip
SECRETS = {"token", "challenge", "refreshToken", "currentPassword", "totp", "recoveryCode", "version"}
"""Compared by digest or name and never kept, so that anything may be tried."""
COMPARED = {("signIn", "password"), ("stepUp", "proof", "password"), ("completeSignIn", "proof", "password"),
            ("confirmTotp", "code"), ("collectCopy", "code")}  # fmt: skip
EMPTY_IS_NONE = {"holder", "region", "postalCode", "label"}
Path = tuple[str, ...]


def arguments(name: str) -> dict[str, Any]:
    """A mutation's arguments and their types."""
    mutation = schema._schema.mutation_type
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
    samples = {"country": "LV", "code": "161175-19997", "streetAddress": "Brīvības iela 214", "locality": "Rīga",
               "iban": "LV80BANK0000435195001", "name": "Anna", "email": "anna@example.com", "credential": {}, "challenge": "c"}  # fmt: skip
    return {key: samples[key] for key, field in named.fields.items() if field.is_required_input() and key in samples} \
        if hasattr(next(iter(named.fields.values())), "is_required_input") else \
        {key: samples[key] for key, field in named.fields.items() if isinstance(field.type, GraphQLNonNull) and key in samples}

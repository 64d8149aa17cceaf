"""Which member of staff may call what: every root field of the support schema, as every role, against the table of SECURITY.md."""

import re
from typing import Any
from uuid import UUID

import pytest
from graphql import GraphQLSchema, build_schema, is_required_argument

from api.commands.schema import Which, printed
from models.policy import Role
from tests.factories import House, StaffClient
from tests.schema.desk import PASSPORT, seen_by
from tests.security.documents import rows

SCHEMA: GraphQLSchema = build_schema(printed(Which.support))
ROW = UUID("018f0000-0000-7000-8000-000000000001")
WHO_CAN_SIGN_IN = "nobody signed in"
EVERYBODY = "every role"
BY_OBJECT = "decided by its kind"

KINDS = {
    "customerId": "Customer", "grantId": "AccessGrant", "requestId": "StaffRequest", "id": "StaffMember",
    "acknowledgeComplaint": "StaffComplaint", "closeComplaint": "StaffComplaint", "referComplaint": "StaffComplaint",
    "reviewHold": "Hold", "releaseHold": "Hold", "customer": "CustomerRecord", "completeReview": "Review",
    "approve": "Approval", "reject": "Approval", "assign": "StaffRequest",
}  # fmt: skip
GIVEN: dict[str, Any] = {
    "from": "2026-11-01", "to": "2026-11-20", "by": {"email": "nobody.here@example.com"}, "reviewBy": "2027-01-10",
    "proof": {"totp": "000000"}, "scope": ["sign_in"], "roles": ["SUPPORT"], "credential": {}, "refs": [],
    "reason": "A reason.", "check": PASSPORT, "validFrom": "2027-02-01T00:00:00Z", "idempotencyKey": "a-key-of-my-own-0001",
}  # fmt: skip


def documented() -> dict[str, str]:
    """The table of SECURITY.md: root field → who may call it."""
    return {name.strip("`"): who for name, who in rows("Which member of staff may do what")}


def fields_of() -> list[tuple[str, str]]:
    """Every root field and its kind of operation."""
    return [
        (kind, name)
        for kind, root in (("query", SCHEMA.query_type), ("mutation", SCHEMA.mutation_type))
        for name in (root.fields if root else {})
    ]


def test_the_table_names_every_function_and_nothing_else() -> None:
    """A new one without a line does not merge."""
    assert sorted(documented()) == sorted(name for _, name in fields_of())


def operation(kind: str, name: str, member: StaffClient) -> tuple[str, dict[str, Any]]:
    """The call with arguments of the right type; ids are well formed, as this member sees them, and lead nowhere."""
    root = SCHEMA.query_type if kind == "query" else SCHEMA.mutation_type
    assert root is not None
    field = root.fields[name]
    given: dict[str, Any] = {}
    for argument, about in field.args.items():
        if is_required_argument(about):
            given[argument] = value(name, argument, str(about.type), member)
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in given)
    passed = ", ".join(f"{one}: ${one}" for one in given)
    selected = " {__typename ...R}" if kind == "mutation" else " {__typename}"
    fragment = " fragment R on Refusal {code}" if kind == "mutation" else ""
    text = (
        f"{kind}{f'({declared})' if declared else ''} {{{name}{f'({passed})' if passed else ''}{selected}}}{fragment}"
    )
    return text, given


def value(name: str, argument: str, kind: str, member: StaffClient) -> Any:
    if kind.startswith("ID"):
        return seen_by(member, KINDS.get(name) or KINDS[argument], ROW)
    if argument == "reason" and name == "openRecord":
        return "CUSTOMER_CONTACT"
    if argument == "input":
        return INPUTS[name](member)
    return GIVEN.get(argument, "x")


INPUTS: dict[str, Any] = {
    "receiveComplaint": lambda _: {"channel": "OFFICE", "text": "?", "receivedAt": "2026-11-23T08:00:00Z"},
    "receiveRequest": lambda member: {"kind": "COPY", "channel": "OFFICE", "receivedAt": "2026-11-23T08:00:00Z",
                                      "customerId": seen_by(member, "Customer", ROW)},
    "recordService": lambda member: {"customerId": seen_by(member, "Customer", ROW), "kind": "DOMAIN", "reference": "S-1",
                                     "name": "ozolina.example", "startedAt": "2026-11-23T08:00:00Z"},
}  # fmt: skip


async def code(member: Any, query: str, given: dict[str, Any]) -> str:
    """The refusal's or the error's code; OK for anything else."""
    answer = await member.answer(query, **given)
    for error in answer.get("errors", ()):
        return str(error["extensions"]["code"])
    found = next(iter(answer["data"].values()))
    return str(found["code"]) if isinstance(found, dict) and "code" in found else "OK"


@pytest.mark.asvs("8.1.1", "8.2.1", "8.3.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_every_function_is_for_the_roles_that_the_table_names(house: House) -> None:
    """Seven members of staff with one role each, and somebody signed out, call everything; the answers are the table."""
    members = {role.value: await house.colleague(role) for role in Role}
    stranger = StaffClient(house, {})
    house.clients.append(stranger)
    wrong = []
    for kind, name in fields_of():
        who = documented()[name]
        query, given = operation(kind, name, stranger)
        nobody = await code(stranger, query, given)
        if (who == WHO_CAN_SIGN_IN) != (nobody != "NOT_SIGNED_IN") and name not in ("viewer", "signOut"):
            wrong.append((name, "signed out", nobody))
        if who in (WHO_CAN_SIGN_IN, BY_OBJECT) or name in ("signOut", "changePassword"):
            continue
        allowed = {role.value for role in Role} if who == EVERYBODY else set(re.findall(r"[A-Z_]+", who))
        for role, member in members.items():
            said = await code(member, *operation(kind, name, member))
            assert said not in ("VALIDATION_FAILED", "BAD_USER_INPUT", "INTERNAL"), (name, role, said)
            if (said != "NOT_PERMITTED") != (role in allowed):
                wrong.append((name, role, said))
    assert not wrong, "\n".join(map(str, wrong))

"""Every id that either schema takes, found by walking it: somebody else's is answered like a made-up one, with as many statements.

The number of statements stands for the time that an answer takes. A new argument that takes an id is tried by itself; what else its
field needs stands in a table, and a field without a line there fails.
"""

# ruff: noqa: F811  a test asks for imported fixtures by their names

import base64
import json
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    get_named_type,
    get_nullable_type,
    is_list_type,
    is_required_argument,
)

from api.commands.schema import Which, printed
from models.policy import Role
from models.tables import AccessGrant, Approval, Bucket, Complaint, Customer, Hold, Review, RightsRequest
from schema.nodes import KINDS, encode
from tests.enrolled import add_passkey
from tests.factories import Client, House
from tests.schema.desk import open_grant, received, row, seen_by
from tests.schema.test_subjects import EXAMPLES, IBAN, IDS, KEY, ids, yes
from tests.schema.test_subjects import person as owner  # noqa: F401  a fixture
from tests.security.test_function_access import GIVEN, INPUTS
from tests.security.test_function_access import KINDS as OF_ARGUMENT
from tests.statements import Statements
from tests.statements import statements as listened  # noqa: F401  a fixture

NO_ROW = {"officeId"}
"""An office's name out of the company's data; nobody's row."""
REFUSED = "__typename ... on Refusal {code message retryAt problems {field code message}}"


class Place(NamedTuple):
    """Where an id is taken: kind of operation, root field, the argument and what is inside it, one or several."""

    kind: str
    name: str
    path: tuple[str, ...]
    several: bool


def taken(type_: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], bool]]:
    """Every way to an id inside an argument."""
    named = get_named_type(type_)
    if isinstance(named, GraphQLInputObjectType):
        for key, field in named.fields.items():
            yield from taken(field.type, (*path, key))
    elif named.name == "ID" and path[-1] not in NO_ROW:
        yield path, is_list_type(get_nullable_type(type_))


def places(schema: GraphQLSchema) -> list[Place]:
    """Every place of the schema; below a root field there is none, or this walk could not try it."""
    found = []
    for kind, root in (("query", schema.query_type), ("mutation", schema.mutation_type)):
        assert root is not None
        for name, field in root.fields.items():
            for argument, about in field.args.items():
                found += [Place(kind, name, *one) for one in taken(about.type, (argument,))]
    roots = {"Query", "Mutation"}
    below = [
        (one.name, name)
        for one in schema.type_map.values()
        if isinstance(one, GraphQLObjectType | GraphQLInterfaceType)
        and one.name not in roots
        and not one.name.startswith("__")
        for name, field in one.fields.items()
        if any(list(taken(about.type, (key,))) for key, about in field.args.items())
    ]
    assert below == [], "an id is an argument of a field below a root: try it here"
    return found


CUSTOMER, SUPPORT = (build_schema(printed(which)) for which in (Which.customer, Which.support))


def put(given: Any, path: tuple[str, ...], value: Any) -> Any:
    """Arguments with a value at a path; of a choice of one, that one."""
    if not path:
        return value
    key, *rest = path
    inside = put((given or {}).get(key), tuple(rest), value)
    return (
        {key: inside}
        if key in ("id",) and rest == [] and set(given or {}) == {"id"}
        else {**(given or {}), key: inside}
    )


def asking(schema: GraphQLSchema, place: Place, given: dict[str, Any]) -> str:
    """The operation with these arguments."""
    root = schema.query_type if place.kind == "query" else schema.mutation_type
    assert root is not None
    field = root.fields[place.name]
    declared = ", ".join(f"${one}: {field.args[one].type}" for one in given)
    passed = ", ".join(f"{one}: ${one}" for one in given)
    selected = REFUSED if place.kind == "mutation" else "__typename"
    return f"{place.kind}({declared}) {{{place.name}({passed}) {{{selected}}}}}"


async def answered(
    heard: Statements, who: Client, schema: GraphQLSchema, place: Place, given: dict[str, Any]
) -> tuple[str, list[str]]:
    """The whole answer, and which statements were said; nobody is slowed down by the tries before."""
    await Bucket.all().delete()
    query = asking(schema, place, given)
    if place.kind == "query":  # twice before, so that it is compiled by now
        for _ in range(2):
            await who.answer(query, **given)
    heard.clear()
    answer = await who.answer(query, **given)
    said = [statement.split()[0].upper() for statement in heard.said]
    return json.dumps(answer, sort_keys=True), said


# ---- customers -------------------------------------------------------------------------------------------------------
MORE = "{viewer {requests {nodes {id}} complaints {id} security {passkeys {id}}}}"


def kind_of(node_id: str) -> str:
    """What an id says it is of."""
    return KINDS[base64.urlsafe_b64decode(node_id)[0]]


def untrue(node_id: str) -> str:
    """The same with another tag: an id that nobody was given."""
    raw = bytearray(base64.urlsafe_b64decode(node_id))
    raw[-1] ^= 1
    return base64.urlsafe_b64encode(bytes(raw)).decode()


NOTED = {"about"}
"""Only written down and shown to who wrote it: the tag, which no other viewer's id has, is what is asked for."""


@pytest.mark.asvs("8.2.2", "8.2.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_another_customers_ids_are_like_made_up_ones(listened: Statements, house: House, owner: Client) -> None:
    """As the owner sees them, and as if they had been given to the stranger: every kind at every place of the customers' schema."""
    await yes(owner, "fileRequest")
    await yes(owner, "fileComplaint")
    await add_passkey(owner)
    held = {kind_of(one): one for one in [*ids(await owner.ok(IDS)), *ids(await owner.ok(MORE))]}
    assert len(held) >= 15
    stranger = await house.customer()
    await stranger.step_up()
    method = {"idempotencyKey": KEY, "method": IBAN}
    own = await yes(stranger, "addPaymentMethod", "... on PaymentMethodAdded {paymentMethod {id}}", input=method)
    beside: dict[tuple[str, str], dict[str, Any]] = {
        ("removePaymentMethod", "replacementId"): {"id": own["paymentMethod"]["id"]}
    }
    context: Any = SimpleNamespace(world=house.world, viewer=SimpleNamespace(row=await row(stranger)), colleague=None)

    def as_if_given(one: str, made_up: bool) -> str:
        raw = base64.urlsafe_b64decode(one)
        return str(
            encode(
                context, kind_of(one), house.world.new_id() if made_up else type(house.world.new_id())(bytes=raw[1:17])
            )
        )

    tried = places(CUSTOMER)
    assert len(tried) >= 15
    for place in tried:
        base = {} if place.kind == "query" else {**EXAMPLES[place.name], **beside.get((place.name, place.path[-1]), {})}
        for kind, one in held.items():
            pairs = [] if place.path[-1] in NOTED else [(as_if_given(one, False), as_if_given(one, True))]
            if kind in ("Session", "Message", "Event"):
                pairs.append((one, untrue(one)))
            for theirs, nobodys in pairs:
                first = await answered(listened, stranger, CUSTOMER, place, put(base, place.path, theirs))
                second = await answered(listened, stranger, CUSTOMER, place, put(base, place.path, nobodys))
                assert first == second, (place, kind)
                assert '"NOT_FOUND"' in first[0] or '"node": null' in first[0], (place, kind, first)
    again = {kind_of(one): one for one in [*ids(await owner.ok(IDS)), *ids(await owner.ok(MORE))]}
    assert again == held, "nothing of the owner's moved"


# ---- staff -----------------------------------------------------------------------------------------------------------
OWN_TAG = {("closeRecord", "grantId"), ("reveal", "grantId"), ("customer", "id")}
"""What is somebody else's although it exists and is named rightly: another's grant, a record without one's own grant."""
PLACED: dict[str, str] = {"staffId": "StaffMember", "assignedTo": "StaffMember", "staff": "StaffMember", "customer": "Customer",
                          "about": "StaffMessage", "relatedPersonId": "MaskedRelatedPerson", "restoreValues": "MaskedChange",
                          "refs": "AccessGrant"}  # fmt: skip


def kind_at(place: Place) -> str:
    """The kind of id that a place takes. Fails for an argument that no table names."""
    last = place.path[-1]
    found = PLACED.get(last) or (OF_ARGUMENT.get(place.name) if last == "id" else None) or OF_ARGUMENT.get(last)
    assert found is not None, f"{place}: name the kind of its id"
    return found


def base_of(place: Place, member: Any, one: str) -> dict[str, Any]:
    """What else the field needs. Fails for an argument that no table names."""
    root = SUPPORT.query_type if place.kind == "query" else SUPPORT.mutation_type
    assert root is not None
    given: dict[str, Any] = {}
    for argument, about in root.fields[place.name].args.items():
        if argument == place.path[0] and len(place.path) == 1:
            continue
        if argument == "input" and (place.name in INPUTS or argument == place.path[0]):
            given[argument] = INPUTS[place.name](member) if place.name in INPUTS else {}
        elif is_required_argument(about):
            if get_named_type(about.type).name == "ID":
                given[argument] = one
            elif argument == "reason" and place.name == "openRecord":
                given[argument] = "CUSTOMER_CONTACT"
            else:
                given[argument] = GIVEN.get(argument, "SUP-1" if argument == "ticket" else "x")
    return given


@pytest.mark.asvs("8.2.2", "8.3.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_another_colleagues_ids_are_like_made_up_ones(listened: Statements, house: House) -> None:
    """For each role, at every place of support's schema: the ids that a colleague was given, of rows that are there."""
    person = await house.customer()
    await yes(person, "fileComplaint")
    other = await house.colleague(Role.OFFICE, Role.PRIVACY_OFFICER, Role.SENIOR_SUPPORT, Role.ADMIN)
    customer = await row(person)
    await other.step_up()
    await received(other, person, "UPDATE")
    await open_grant(house, other, customer)
    seen = seen_by(other, "Customer", customer.id)
    hold = f'placeHold(customerId: "{seen}", basis: "A dispute.", scope: ["all"], reviewBy: "2027-01-10")'
    closing = f'closeForTerms(customerId: "{seen}", reason: "Broke them.", termsClause: "7")'
    for one in (hold, closing):
        await other.ok(f"mutation {{{one} {{__typename}}}}")
    there = {
        "Customer": customer.id, "CustomerRecord": customer.id, "StaffMember": other.id,
        "AccessGrant": (await AccessGrant.get()).id, "StaffRequest": (await RightsRequest.get()).id,
        "StaffComplaint": (await Complaint.get()).id,
    }  # fmt: skip
    for kind, table in (("Hold", Hold), ("Approval", Approval), ("Review", Review)):
        found = await table.all().first()
        there[kind] = found.id if found else house.world.new_id()
    tried = places(SUPPORT)
    assert len(tried) >= 35

    for role in Role:
        member = await house.colleague(role)
        await member.step_up()
        await member.ok("{viewer {id}}")
        for place in tried:
            kind = kind_at(place)
            real, none = there.get(kind, customer.id), house.world.new_id()
            pairs = [(seen_by(other, kind, real), seen_by(other, kind, none))]
            if (place.name, place.path[-1]) in OWN_TAG:
                pairs.append((seen_by(member, kind, real), seen_by(member, kind, none)))
            for theirs, nobodys in pairs:
                answers = []
                for one in (theirs, nobodys):
                    given = put(base_of(place, member, one), place.path, [one] if place.several else one)
                    answers.append(await answered(listened, member, SUPPORT, place, given))
                assert answers[0] == answers[1], (role, place)
                assert "INTERNAL" not in answers[0][0], (role, place, answers[0])
    assert await Customer.filter(id=customer.id).exists()

"""The printed schemas: committed as they are, no less than their contracts, shaped as clients rely on."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    GraphQLUnionType,
    build_schema,
)
from graphql.utilities import find_breaking_changes

from api.commands.schema import Which, printed

HOUSE = Path(__file__).parents[2]
BOTH = pytest.mark.parametrize("which", list(Which))


@cache
def contract(which: Which) -> GraphQLSchema:
    """As given to us; graphql-core brings @oneOf itself."""
    lines = (HOUSE / "tests/contracts" / f"{which}.graphql").read_text().splitlines()
    return build_schema("\n".join(line for line in lines if not line.startswith("directive @oneOf")))


@cache
def text(which: Which) -> str:
    """As it is printed now."""
    return printed(which)


@cache
def ours(which: Which) -> GraphQLSchema:
    """As clients see it."""
    return build_schema(text(which))


def types(schema: GraphQLSchema) -> dict[str, GraphQLNamedType]:
    """By name, GraphQL's own aside."""
    return {name: found for name, found in schema.type_map.items() if not name.startswith("__")}


def shared(which: Which, kind: type) -> Iterator[tuple[GraphQLNamedType, GraphQLNamedType]]:
    """Types of one kind that both the contract and we have: theirs and ours."""
    we = types(ours(which))
    for name, theirs in types(contract(which)).items():
        if isinstance(theirs, kind) and name in we:
            assert isinstance(we[name], kind), name
            yield theirs, we[name]


def results(which: Which) -> Iterator[tuple[str, GraphQLUnionType]]:
    """Every mutation's name and union."""
    mutation = ours(which).mutation_type
    assert mutation is not None
    for name, field in mutation.fields.items():
        found = field.type.of_type
        assert isinstance(found, GraphQLUnionType), name
        yield name, found


@BOTH
def test_what_is_printed_is_what_is_committed(which: Which) -> None:
    """Run `python -m api schema print` and commit what it writes."""
    assert (HOUSE / "schema" / f"{which}.graphql").read_text() == text(which)


def test_the_customer_schema_breaks_nothing_of_its_contract() -> None:
    """Nothing removed, retyped or newly required."""
    found = find_breaking_changes(contract(Which.customer), ours(Which.customer))

    assert [change.description for change in found] == []


@BOTH
def test_no_union_has_a_new_member(which: Which) -> None:
    """A client that matches on every member of a union would meet a stranger."""
    for theirs, mine in shared(which, GraphQLUnionType):
        assert {one.name for one in mine.types} == {one.name for one in theirs.types}, theirs.name


@BOTH
def test_what_is_there_already_agrees_with_the_contract(which: Which) -> None:
    """Support comes in a later step: each field that both have is of the same type, each input takes the same."""
    for kind in (GraphQLObjectType, GraphQLInterfaceType, GraphQLInputObjectType):
        for theirs, mine in shared(which, kind):
            for name, field in mine.fields.items():
                if name not in theirs.fields:
                    assert kind is not GraphQLInputObjectType or not field.is_required(), (mine.name, name)
                    continue
                assert str(field.type) == str(theirs.fields[name].type), (mine.name, name)
                arguments = getattr(theirs.fields[name], "args", {})
                for argument, given in getattr(field, "args", {}).items():
                    same = argument in arguments and str(given.type) == str(arguments[argument].type)
                    new = argument not in arguments and not given.is_required()
                    assert same or new, (mine.name, name, argument)


@BOTH
def test_enums_keep_every_value(which: Which) -> None:
    """More values may come, none may go."""
    for theirs, mine in shared(which, GraphQLEnumType):
        assert theirs.values.keys() <= mine.values.keys(), theirs.name


@BOTH
def test_inputs_of_one_are_inputs_of_one(which: Which) -> None:
    """@oneOf: exactly one of its fields, checked by GraphQL itself."""
    for theirs, mine in shared(which, GraphQLInputObjectType):
        assert mine.is_one_of == theirs.is_one_of, theirs.name


@BOTH
def test_every_mutation_may_answer_with_a_refusal(which: Which) -> None:
    """An expected 'no' is data; the union's other members are successes."""
    for name, union in results(which):
        members = {one.name for one in union.types}
        assert "Refusal" in members, name
        assert len(members) >= 2, name


@BOTH
def test_every_success_can_be_selected_beside_a_refusal(which: Which) -> None:
    """GraphQL 5.3.2: fields of one name in one place are of one type, or the client's document is not valid."""
    refusal = types(ours(which))["Refusal"]
    assert isinstance(refusal, GraphQLObjectType)
    assert refusal.fields.keys() == {"code", "message", "retryAt", "problems"}
    for name, union in results(which):
        for member in union.types:
            for field in refusal.fields.keys() & member.fields.keys():
                assert str(member.fields[field].type) == str(refusal.fields[field].type), (name, member.name, field)


@BOTH
def test_every_type_says_what_it_is(which: Which) -> None:
    """The schema is its own documentation."""
    standard = {"Boolean", "Float", "ID", "Int", "String"}
    silent = [name for name, found in types(ours(which)).items() if not found.description and name not in standard]

    assert silent == []


@BOTH
def test_every_mutation_and_query_says_what_it_does(which: Which) -> None:
    """One sentence at least."""
    schema = ours(which)
    assert schema.query_type is not None
    assert schema.mutation_type is not None
    fields = {**schema.query_type.fields, **schema.mutation_type.fields}

    assert [name for name, field in fields.items() if not field.description] == []


def test_nothing_of_a_payment_card_exists() -> None:
    """Clause 1.4: no type, field, argument or input is for one; only the problem that says so, and the identity card."""
    lines = (text(Which.customer) + text(Which.support)).splitlines()
    code = [line for line in lines if "card" in line.lower() and '"""' not in line]

    assert {line.strip() for line in code} <= {"CARD_NUMBER", "IDENTITY_CARD"}

"""What one operation may ask for: each way of asking for too much is refused after one linear walk."""

import pytest
from graphql import parse

from api.documents import Library
from api.graphql_answer import RequestErrors
from api.limits import Limits, Operation, OverLimit, survey
from tests.api.small import schema

LIMITS = Limits(single=frozenset({"signIn", "signOut"}))


def operation(text: str, limits: Limits = LIMITS) -> Operation:
    """The document's only operation."""
    (found,), _ = survey(schema._schema, parse(text), limits)
    return found


def cost(text: str, **variables: object) -> int:
    """What it costs with these variables."""
    return operation(text).cost(variables)


def bomb(levels: int) -> str:
    """Fragments that each spread the next one twice, under two names: two to the power of levels fields."""
    fragments = [f"fragment F{i} on Leaf {{a: twig {{...F{i + 1}}} twig {{...F{i + 1}}}}}" for i in range(levels)]
    return " ".join(["{leaf {...F0}}", *fragments, f"fragment F{levels} on Leaf {{name}}"])


def spreads(levels: int) -> str:
    """The same without any field between: no depth, no alias."""
    fragments = [f"fragment F{i} on Leaf {{...F{i + 1} ...F{i + 1}}}" for i in range(levels)]
    return " ".join(["{leaf {...F0}}", *fragments, f"fragment F{levels} on Leaf {{name}}"])


def nested(levels: int) -> str:
    """Fields within each other."""
    return "{leaf" + "{twig" * levels + "{name}" + "}" * (levels + 1)


TOO_MUCH = {
    "depth": (nested(12), "levels deep"),
    "deeper than Python's stack would like": (nested(180), "levels deep"),
    "depth through fragments": (
        "{leaf {...F0}} fragment F8 on Leaf {twig {twig {name}}} "
        + " ".join(f"fragment F{i} on Leaf {{twig {{...F{i + 1}}}}}" for i in range(8)),
        "fields deep",
    ),
    "inline fragments": ("{leaf {" + "... {" * 60 + "name" + "}" * 61 + "}", "levels deep"),
    "aliases": ("{" + " ".join(f"a{i}: hello" for i in range(16)) + "}", "aliases"),
    "root fields": ("{" + "hello leaf {name} page {nodes {name}} " * 3 + "}", "root fields"),
    "a fragment bomb of 19 levels": (bomb(19), "fields deep|aliases"),
    "a fragment bomb of 58 levels": (bomb(58), "fields deep|aliases"),
    "a bomb of bare spreads, 19 levels": (spreads(19), "costs"),
    "a bomb of bare spreads, 59 levels": (spreads(59), "costs"),
    "fragments": (spreads(60), "fragments"),
    "equal fields": ("{" + "hello " * 700 + "}", "stands 21 times"),
    "equal fields in several places": (
        "{leaf {" + " ".join(["three {name name name name}"] * 20) + "}}",
        "repeated|stands",
    ),
    "equal spreads": ("{leaf {" + "...A " * 30 + "}} fragment A on Leaf {name}", "stands 21 times"),
    "lists in lists": ("{leaf {leaves {leaves {leaves {name}}}}}", "costs"),
    "a list in a full page": ("{page(first: 50) {nodes {leaves {name number}}}}", "costs"),
    "a page": ("{page(first: 51) {nodes {name}}}", "page of 51"),
    "directives": ("{hello " + "@skip(if: false) " * 60 + "}", "directives"),
    "operations": (" ".join(f"query Q{i} {{hello}}" for i in range(11)), "operations"),
    "an operation's name": (f"query {'Q' * 81} {{hello}}", "81 characters"),
    "two sensitive mutations": ("mutation {signIn {__typename} signOut {__typename}}", "mutations"),
    "the same in a fragment": (
        "mutation {...A ...B} "
        "fragment A on Mutation {signIn {__typename}} fragment B on Mutation {signOut {__typename}}",
        "mutations",
    ),
}


@pytest.mark.asvs("4.3.1")
@pytest.mark.parametrize("name", TOO_MUCH)
def test_too_much_is_refused(name: str) -> None:
    """Each of these documents, by the limits alone, before validation sees it."""
    text, why = TOO_MUCH[name]

    with pytest.raises(OverLimit, match=why):
        operation(text)


@pytest.mark.asvs("4.3.1")
@pytest.mark.parametrize("text", ["{" + "hello " * 3000 + "}", "{hello " + "@skip(if: false) " * 3000 + "}"])
def test_too_many_tokens_are_not_even_parsed(text: str) -> None:
    """The lexer stops at the limit."""
    library = Library(schema._schema, LIMITS, {}, ad_hoc=True, development=False)

    with pytest.raises(RequestErrors) as refused:
        library.prepare(text)

    assert refused.value.code == "LIMIT_EXCEEDED"


@pytest.mark.asvs("4.3.1")
@pytest.mark.parametrize("levels", [19, 38, 57])
def test_the_walk_is_linear(levels: int) -> None:
    """Two spreads, three nodes with their field: each level is visited once, however often it is spread."""
    loose = Limits(cost=10**15, depth=1000, aliases=1000)

    _, visited = survey(schema._schema, parse(spreads(levels)), loose)
    _, with_fields = survey(schema._schema, parse(bomb(levels)), loose)

    assert visited == 2 * levels + 3
    assert with_fields == 4 * levels + 3


def test_fragments_in_a_circle_do_not_loop() -> None:
    """The walk ends; validation is who refuses them."""
    library = Library(schema._schema, LIMITS, {}, ad_hoc=True, development=False)

    with pytest.raises(RequestErrors) as refused:
        library.prepare("{leaf {...A}} fragment A on Leaf {twig {...B}} fragment B on Leaf {...A ...A}")

    assert refused.value.code == "VALIDATION_FAILED"


def test_cost_counts_fields_and_multiplies_lists() -> None:
    """A field is 1; below a list it counts for each item: ``first``, or what the field says, or 20."""
    assert cost("{hello leaf {name number}}") == 4
    assert cost("{leaf {leaves {name}}}") == 2 + 20
    assert cost("{leaf {three {name number}}}") == 2 + 3 * 2
    assert cost("{page(first: 5) {nodes {name}}}") == 1 + 5 * 2, "a page's nodes are the page, not a list in a list"
    assert cost("{page {nodes {name}}}") == 1 + 20 * 2


def test_a_variable_counts_with_its_value() -> None:
    """The value of this request, else the variable's default, else the argument's."""
    text = "query ($n: Int = 7) {page(first: $n) {...P}} fragment P on LeafConnection {nodes {name}}"

    assert cost(text, n=3) == 1 + 3 * 2
    assert cost(text) == 1 + 7 * 2
    assert cost(text.replace(" = 7", "")) == 1 + 20 * 2
    with pytest.raises(OverLimit, match="page of 51"):
        cost(text, n=51)


def test_variables_in_nested_and_shared_places_multiply() -> None:
    """Fragments with variables in them are worked out once and count wherever they stand."""
    text = (
        "query ($n: Int) {a: page(first: $n) {...P} b: page(first: $n) {...P}} "
        "fragment P on LeafConnection {nodes {name three {name}}}"
    )
    found = operation(text)

    assert found.cost({"n": 4}) == 2 * (1 + 4 * (1 + 1 + 1 + 3))
    with pytest.raises(OverLimit, match="costs"):
        operation(text, Limits(cost=300)).cost({"n": 50})


def test_single_mutations_may_stand_beside_others() -> None:
    """Only the named ones are counted, unless all are."""
    text = 'mutation {signIn {__typename} greet(person: {name: "a", age: 1}) {__typename}}'

    assert operation(text).kind == "mutation"
    with pytest.raises(OverLimit, match="mutations"):
        operation(text, Limits(single=None))


def test_what_validation_would_refuse_anyway_does_not_disturb_the_walk() -> None:
    """Unknown fields, types and fragments cost little and raise nothing."""
    assert cost("{nothing {at {all}} leaf {...Missing ... on Nowhere {x}}}") == 5

"""What a plan is: readable, one for each shape of its document, nobody's in particular; and what it leaves to graphql-core."""

import asyncio
import random
from pathlib import Path
from typing import Any

import pytest
from graphql import parse

import schema
from api.documents import load
from schema.plan.compiler import CannotCompile, Compiler, compile_document
from tests.schema.plan.documents import document, values
from tests.schema.plan.executors import Pair
from tests.schema.plan.household import Household
from tests.schema.plan.test_differences import SCHEMAS

ROUNDS = 1000
DOCUMENTS = Path(schema.__file__).parent / "documents"
TOGETHER = 20


def compiled(name: str, text: str, **switches: bool) -> Any:
    """A document of one operation."""
    node: Any = parse(text)
    return compile_document(SCHEMAS[name], node, node.definitions[0], switches, "postgres")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("customer", '{erasureCertificate(code: "A") {__typename}}'),
        ("support", '{findCustomers(by: {email: "a@example.com"}) {id}}'),
        ("customer", "mutation {signOut {__typename}}"),
        ("customer", "{__schema {types {name}}}"),
        ("customer", "{viewer {signIns(first: 51) {nodes {id}}}}"),
    ],
)
def test_what_leaves_a_trace_or_is_always_refused_is_left_to_graphql_core(name: str, text: str) -> None:
    """A plan's run may be thrown away, so nothing may remain of it."""
    with pytest.raises(CannotCompile):
        compiled(name, text)


def test_a_document_asks_for_the_columns_that_it_selects() -> None:
    """And for the sealed column once, whatever stands in it."""
    found = compiled("customer", "{viewer {signIns(first: 3) {nodes {at ip place {city}}}}}")
    assert found.statements == (
        'select "at", "sealed", "id" from "sign_in" where "customer_id" = $1 order by "at" desc, "id" desc limit $2',
    )
    assert not found.resolvers
    assert found.source.count("open_sign_in(") == 1


def test_what_a_directive_leaves_out_is_not_compiled() -> None:
    """One plan for each turn of its switches."""
    text = "query($all: Boolean!) {viewer {number services @include(if: $all) {id}}}"
    assert not compiled("customer", text, all=False).statements
    assert len(compiled("customer", text, all=True).statements) == 1


def test_names_and_values_of_the_client_become_literals_only() -> None:
    """Nothing that stands in a document is read as Python."""
    found = compiled("customer", '{__import__: viewer {number} x: node(id: "\\"+exit()+\\"") {id}}')
    assert "exit" not in found.source
    assert "'__import__': viewer" in found.source


@pytest.mark.parametrize("name", SCHEMAS)
def test_trusted_documents_are_answered_alike_to_everybody(
    name: str, runner: asyncio.Runner, household: Household
) -> None:
    """Every document of the folder that the server reads, with variables of all sorts; and every query compiles."""
    pair, chance = Pair(SCHEMAS[name]), random.Random(7)
    texts = [text for text in load([DOCUMENTS / name]).values() if is_query(text)]
    assert texts
    for text in texts:
        pair.valid(text)
        for asker in household.askers[name]:
            for _ in range(2):
                given = values(chance, SCHEMAS[name]._schema, asker.ids, text)
                runner.run(pair.agree(text, given, asker))
    assert not pair.seen["interpreted"], pair.seen


def is_query(text: str) -> bool:
    """Whether a document's operation is compiled at all."""
    node: Any = parse(text)
    return bool(node.definitions[0].operation.value == "query")


@pytest.mark.parametrize("name", SCHEMAS)
def test_nobody_gets_what_another_one_asked_for(
    name: str,
    runner: asyncio.Runner,
    household: Household,
) -> None:
    """A thousand requests of all customers and roles, twenty at a time, through the same few plans."""
    pair, askers = Pair(SCHEMAS[name]), household.askers[name]
    chance, ids = random.Random(11), [one.ids for one in askers]
    asked = [document(chance, SCHEMAS[name]._schema, ids) for _ in range(20)]

    async def together() -> None:
        for _ in range(ROUNDS // TOGETHER):
            await asyncio.gather(*[_one(pair, chance.choice(asked), chance.choice(askers)) for _ in range(TOGETHER)])

    runner.run(together())


async def _one(pair: Pair, one: Any, asker: Any) -> None:
    await pair.agree(one.text, one.variables, asker)


def _shown(compiler: Compiler, field: Any, details: Any, source: Any, place: Any, block: Any) -> str:
    """A compiler that forgets to mask: a derived field shows what it was derived from."""
    return f"{place.contents()}.{source.sealed[0]}"


def test_a_fault_in_the_compiler_is_noticed(
    runner: asyncio.Runner,
    household: Household,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mask that is left out, a column in another's place, a null that is let through: each differs."""
    pair, anna = Pair(SCHEMAS["customer"]), household.askers["customer"][0]
    for name, fault, text in (
        ("_derived", _shown, "{viewer {paymentMethods {id masked}}}"),
        ("_may_be_null", lambda *_: "None", "{viewer {number signIns {nodes {at}}}}"),
        ("_selected", lambda *_: "{}", "{viewer {number}}"),
    ):
        runner.run(pair.agree(text, {}, anna))
        with monkeypatch.context() as patch:
            patch.setattr(Compiler, name, fault)
            with pytest.raises(AssertionError):
                runner.run(Pair(SCHEMAS["customer"]).agree(text, {}, anna))

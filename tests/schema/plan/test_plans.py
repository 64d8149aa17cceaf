"""What a plan is: readable, one for each shape of its document, nobody's in particular; and what it leaves to graphql-core."""

import asyncio
import random
from pathlib import Path
from typing import Any

import orjson
import pytest
from graphql import OperationType, TypeInfo, TypeInfoVisitor, Visitor, parse, visit

import schema
from api.documents import load
from schema.plan.compiled import CannotCompile
from schema.plan.compiler import Compiler, compile_document
from schema.plan.completion import Completion
from schema.plan.row_fields import RowFields
from schema.sources import EFFECT
from tests.schema.plan.documents import STRAWBERRY, values
from tests.schema.plan.executors import Pair
from tests.schema.plan.household import Asker, Household
from tests.schema.plan.pages import documents_of
from tests.schema.plan.test_differences import SCHEMAS
from tests.statements import Statements

ROUNDS = 1000
DOCUMENTS = Path(schema.__file__).parent / "documents"
TOGETHER = 2  # of customers, and of staff


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
        'select "at", uuid_send("id"), "sealed" from "sign_in" where "customer_id" = $1 order by "at" desc, "id" desc limit $2',
    )
    assert not found.resolvers
    assert found.source.count("open_all(") == 1


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
    name: str, runner: asyncio.Runner, household: Household, statements: Statements
) -> None:
    """Every document of the folder that the server reads and of the front end, with variables of all sorts.

    And every query compiles, but for those that leave a trace.
    """
    pair, chance, schema = Pair(SCHEMAS[name], statements), random.Random(7), SCHEMAS[name]._schema
    written = [*load([DOCUMENTS / name]).values(), *documents_of(name)]
    texts = [text for text in written if is_query(text) and not effects(schema, text)]
    assert len(texts) > 20, "the pages' documents were not found"
    for text in texts:
        pair.valid(text)
        for asker in household.askers[name]:
            given = values(chance, schema, asker.ids, text)
            runner.run(pair.agree(text, given, asker))
    assert not pair.seen["interpreted"], pair.seen


def is_query(text: str) -> bool:
    """Whether a document's operation is compiled at all."""
    return any(getattr(one, "operation", None) is OperationType.QUERY for one in parse(text).definitions)


def effects(schema: Any, text: str) -> set[str]:
    """The fields of a document that leave a trace."""
    types, found = TypeInfo(schema), set()

    class Fields(Visitor):
        def enter_field(self, node: Any, *_: Any) -> None:
            field: Any = types.get_field_def()
            if (
                field is not None
                and field.extensions.get(STRAWBERRY)
                and field.extensions[STRAWBERRY].metadata.get(EFFECT)
            ):
                found.add(node.name.value)

    visit(parse(text), TypeInfoVisitor(types, Fields()))
    return found


@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
def test_nobody_gets_what_another_one_asked_for(
    runner: asyncio.Runner, household: Household, statements: Statements
) -> None:
    """A thousand rounds of customers and staff of every role, asking together through the same few plans.

    What each is to get was told by graphql-core before, to each alone.
    """
    chance, sides = random.Random(11), list[tuple[Pair, list[tuple[str, Asker, bytes]]]]()
    for name, compiled in SCHEMAS.items():
        pair, known = Pair(compiled, statements), []
        for text in filter(is_query, load([DOCUMENTS / name]).values()):
            for asker in household.askers[name]:
                told = runner.run(pair.interpreted(parse(text), {}, asker.context()))
                known += [] if told.errors else [(text, asker, orjson.dumps(told.data))]
        sides.append((pair, known))

    async def one(pair: Pair, text: str, asker: Asker, told: bytes) -> None:
        assert orjson.dumps(await pair.compiled(text, {}, asker), option=orjson.OPT_UTC_Z) == told, (asker.name, text)

    async def together() -> None:
        for _ in range(ROUNDS):
            await asyncio.gather(*[one(pair, *chance.choice(known)) for pair, known in sides for _ in range(TOGETHER)])

    runner.run(together())
    assert all(len({told for _, _, told in known}) > len(known) // 2 for _, known in sides), "few differ at all"


def _shown(fields: RowFields, field: Any, details: Any, source: Any, place: Any, block: Any) -> str:
    """A compiler that forgets to mask: a derived field shows what it was derived from."""
    return f"{place.contents()}.{source.sealed[0]}"


def test_a_fault_in_the_compiler_is_noticed(
    runner: asyncio.Runner,
    household: Household,
    statements: Statements,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A mask that is left out, a column in another's place, a null that is let through: each differs."""
    pair, anna = Pair(SCHEMAS["customer"], statements), household.askers["customer"][0]
    for part, name, fault, text in (
        (RowFields, "_derived", _shown, "{viewer {paymentMethods {id masked}}}"),
        (Completion, "may_be_null", lambda *_: "None", "{viewer {number signIns {nodes {at}}}}"),
        (Compiler, "_selected", lambda *_: "{}", "{viewer {number}}"),
    ):
        runner.run(pair.agree(text, {}, anna))
        with monkeypatch.context() as patch:
            patch.setattr(part, name, fault)
            with pytest.raises(AssertionError):
                runner.run(Pair(SCHEMAS["customer"], statements).agree(text, {}, anna))


def test_a_field_that_leaves_a_trace_without_saying_so_is_noticed(
    runner: asyncio.Runner, household: Household, statements: Statements
) -> None:
    """Every mark is deserved: read as if it were not there, the field is found to write."""
    marked = {
        "customer": '{erasureCertificate(code: "AAAA-BBBB-CCCC-DDDD") {__typename}}',
        "support": '{findCustomers(by: {email: "a@example.com"}) {id}}',
    }
    for name, text in marked.items():
        assert effects(SCHEMAS[name]._schema, text) == {
            field
            for field, one in SCHEMAS[name]._schema.query_type.fields.items()
            if one.extensions[STRAWBERRY].metadata.get(EFFECT)
        }
        with pytest.raises(AssertionError, match="EFFECT"):
            runner.run(Pair(SCHEMAS[name], statements).agree(text, {}, household.askers[name][0]))

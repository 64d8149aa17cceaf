"""Refusals have words in both languages, and none is forgotten: what the code can refuse, docstrings say and tests give."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from string import Formatter
from typing import Any

import pytest

from models.refused import ProblemCode, Reason
from schema.customer import Mutation, schema
from schema.words import PROBLEMS, REASONS
from tests.schema.test_refusals_given import CASES

Function = Callable[..., Any]
SAID = re.compile(r"Refused\(([^)]*)\)")
NEVER = {
    *((name, Reason.NOT_FOUND) for name in ("signIn", "completeSignIn", "signInWithPasskey")),  # the closure was found
    *(
        (name, Reason.EMAIL_UNCONFIRMED) for name in ("completeSignIn", "signInWithPasskey")
    ),  # who enrolled has confirmed
}
"""What the search below finds and cannot come to a client."""
RESOLVERS: dict[str, Function] = {
    one.graphql_name or schema.config.name_converter.get_graphql_name(one): one.base_resolver.wrapped_func
    for one in Mutation.__strawberry_definition__.fields  # type: ignore[attr-defined]
}


def said(function: Function) -> set[Reason]:
    """What a docstring says: "Raises Refused(A, B when so)"."""
    inside = " ".join(SAID.findall(inspect.getdoc(function) or ""))
    return {Reason(word) for word in re.findall(r"[A-Z_]+", inside) if word in Reason.__members__}


def raised(tree: ast.AST) -> set[Reason]:
    """What stands behind ``raise Refused(Reason.…)`` or is answered as ``Reason.…``."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.exc is not None]
    return {
        Reason[part.attr]
        for node in found
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Reason"
    }


def called(function: Function, tree: ast.AST) -> Iterator[Function]:
    """Functions of ours that it names: by name, through a module, or of an input it takes."""
    known = inspect.getmodule(function).__dict__
    inputs = [
        one.annotation for one in inspect.signature(function).parameters.values() if inspect.isclass(one.annotation)
    ]
    for node in ast.walk(tree):
        found: list[Any] = []
        if isinstance(node, ast.Name):
            found = [known.get(node.id)]
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            module = known.get(node.value.id)
            found = [getattr(module, node.attr, None)] if inspect.ismodule(module) else []
            found += [one.__dict__.get(node.attr) for one in inputs]
        yield from (one for one in found if inspect.isfunction(one) and one.__module__.startswith(("schema", "models")))


@cache
def looked_at(function: Function) -> tuple[frozenset[Reason], tuple[Function, ...]]:
    """What a function says and raises itself, and whom it calls."""
    plain = inspect.unwrap(function)
    tree = ast.parse(textwrap.dedent(inspect.getsource(plain)))
    return frozenset(said(plain) | raised(tree)), tuple(set(called(plain, tree)))


def reachable(function: Function, *, deep: bool) -> set[Reason]:
    """What can come out of it: by everything it calls, or (not ``deep``) by what the actions it calls say of themselves."""
    waiting, seen, found = [function], {function}, set[Reason]()
    while waiting:
        one = waiting.pop()
        own, calls = looked_at(one)
        found |= own
        if deep or not one.__module__.startswith("models"):
            waiting += [call for call in calls if call not in seen]
            seen |= set(calls)
    return found


def expected(name: str, found: set[Reason]) -> set[Reason]:
    """Without what never comes to a client; an account that is gone is no refusal of who needs no session."""
    ours = {reason for reason in found if (name, reason) not in NEVER}
    return ours if Reason.NOT_SIGNED_IN in reachable(RESOLVERS[name], deep=False) else ours - {Reason.NOT_SIGNED_IN}


@pytest.mark.parametrize("name", RESOLVERS)
def test_each_refusal_of_a_mutation_is_tested(name: str) -> None:
    """A new reason needs a case in tests/schema/test_refusals_given.py."""
    assert set(CASES[name]) == expected(name, reachable(RESOLVERS[name], deep=True))


@pytest.mark.parametrize("name", RESOLVERS)
def test_the_docstrings_of_its_actions_say_each(name: str) -> None:
    """Who reads an action knows every no it can give."""
    assert set(CASES[name]) == expected(name, reachable(RESOLVERS[name], deep=False))


def test_no_case_is_of_a_mutation_that_is_gone() -> None:
    """The table follows the schema."""
    assert CASES.keys() == RESOLVERS.keys()


@pytest.mark.parametrize(("words", "codes"), [(REASONS, Reason), (PROBLEMS, ProblemCode)])
def test_every_code_has_words_in_both_languages(words: Any, codes: Any) -> None:
    """One sentence each, not the same one, with the same blanks to fill."""
    assert set(words) == set(codes)
    for code, sentences in words.items():
        assert sentences.keys() == {"EN", "LV"}, code
        english, latvian = sentences["EN"], sentences["LV"]
        assert english != latvian, code
        assert english.endswith("."), code
        assert latvian.endswith("."), code
        assert blanks(english) == blanks(latvian) <= {"limit"}, code


def blanks(sentence: str) -> set[str]:
    """What is filled in."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}

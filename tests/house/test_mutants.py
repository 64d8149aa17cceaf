"""The edits of ``python -m tests.mutants`` still apply, and each clause with a promise has some."""

import ast
from collections import Counter
from pathlib import Path

import pytest

from models.policy import load
from tests.mutants.__main__ import spoilt
from tests.mutants.edits import MUTANTS
from tests.mutants.mutant import Mutant

HOUSE = Path(__file__).parents[2]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda one: one.name)
def test_an_edit_applies_and_its_test_is_there(mutant: Mutant) -> None:
    """Its text stands in the file once; Python stays Python; the test that must fail exists."""
    text = spoilt(mutant, (HOUSE / mutant.file).read_text())
    if mutant.file.endswith(".py"):
        ast.parse(text)

    file, test = mutant.test.split("::")
    tree = ast.parse((HOUSE / file).read_text())
    assert test in {node.name for node in tree.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)}


def test_no_name_is_given_twice_and_every_clause_is_broken_somehow() -> None:
    """Clauses 1.1.1 to 1.1.6 and 1.2.1, 1.2.2 are broken as one."""
    assert [name for name, count in Counter(one.name for one in MUTANTS).items() if count > 1] == []

    broken = tuple(sorted({one.clause for one in MUTANTS}))
    for promise in load().promises:
        assert any(promise.clause == clause or promise.clause.startswith(clause + ".") for clause in broken), (
            promise.name
        )

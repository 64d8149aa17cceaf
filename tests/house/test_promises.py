"""Every promise of the policy is measured and tested: forgetting one fails here."""

import ast
from pathlib import Path

import pytest

from models.policy import Promise, load
from models.retention.evidence import EVIDENCE

FOLDER = Path(__file__).parents[1] / "promises"
FILES = sorted(file.name for file in FOLDER.glob("test_*.py"))
BESIDE = {"test_takeover.py"}
"""Keeps what clauses 4.1.4 and 6.1.3 promise together: no stranger shuts the owner out."""
GROUPS = {"1.1", "1.2", "3", "4.1", "6", "6.1"}
"""Headings that only group others."""
POLICY = load()


def _named_tests(file: str) -> list[str]:
    """The names of a file's tests."""
    tree = ast.parse((FOLDER / file).read_text())
    named = [node for node in tree.body if isinstance(node, ast.AsyncFunctionDef | ast.FunctionDef)]
    return [node.name for node in named if node.name.startswith("test_")]


def clause_of(file: str) -> str:
    """The clause in a file's name: ``test_4_1_4_restore.py`` → 4.1.4."""
    return ".".join(part for part in file.removeprefix("test_").removesuffix(".py").split("_") if part.isdigit())


def test_each_promise_has_evidence_and_each_evidence_a_promise() -> None:
    """The register of queries and promises.yaml name the same."""
    assert {one.evidence for one in POLICY.promises} == set(EVIDENCE)


@pytest.mark.parametrize("promise", POLICY.promises, ids=lambda one: one.name)
def test_each_promise_is_tested(promise: Promise) -> None:
    """Its file is there, holds tests, and at least one of them reads the promise's own line of the compliance report."""
    assert promise.test in FILES
    assert _named_tests(promise.test)
    assert f'"{promise.evidence}"' in (FOLDER / promise.test).read_text(), "broken, it would be counted"


@pytest.mark.parametrize("file", [name for name in FILES if name not in BESIDE])
def test_each_file_keeps_a_clause(file: str) -> None:
    """Named after a clause, by a promise; and its first line says the clause's number."""
    assert file in {one.test for one in POLICY.promises}
    first = (ast.get_docstring(ast.parse((FOLDER / file).read_text())) or "").split("\n")[0]
    assert f"Clause {clause_of(file)}" in first or f"Clauses {clause_of(file)}" in first


def test_each_clause_of_the_text_has_a_tested_promise() -> None:
    """A clause without a promise, or a promise without a test, does not merge."""
    tested = {one.clause for one in POLICY.promises if one.test in FILES}

    assert set(POLICY.newest.clauses("EN")) - GROUPS == tested

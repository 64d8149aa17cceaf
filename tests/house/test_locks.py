"""Rows are locked where the code says so: Tortoise leaves FOR UPDATE away, without a word, when values are asked for."""

import ast
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
MODULES = sorted(str(file.relative_to(HOUSE)) for file in (HOUSE / "models").rglob("*.py"))
VALUES = {"values", "values_list", "count", "exists"}


@pytest.mark.parametrize("module", MODULES)
def test_what_is_locked_is_read_as_instances(module: str) -> None:
    """No ``values_list`` of a query that was told to lock, in one expression or through a name."""
    tree = ast.parse((HOUSE / module).read_text())
    for function in ast.walk(tree):
        if not isinstance(function, ast.AsyncFunctionDef):
            continue
        locking = {
            target.id
            for one in ast.walk(function)
            if isinstance(one, ast.Assign) and _locks(one.value)
            for target in one.targets
            if isinstance(target, ast.Name)
        }
        for call in ast.walk(function):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in VALUES:
                names = {one.id for one in ast.walk(call.func.value) if isinstance(one, ast.Name)}
                locked = _locks(call.func.value) or names & locking
                assert not locked, f"{module}:{call.lineno}"


def _locks(found: ast.AST) -> bool:
    return any(isinstance(one, ast.Attribute) and one.attr == "select_for_update" for one in ast.walk(found))

"""The rooms' code as syntax trees, for rules that hold for all of it: what is never called, never imported, never built by hand."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

HOUSE = Path(__file__).parents[2]
ROOMS = ("api", "schema", "models")


@cache
def modules() -> dict[str, ast.Module]:
    """Every file of the three rooms by its path in the house."""
    files = sorted(file for room in ROOMS for file in (HOUSE / room).rglob("*.py"))
    return {str(file.relative_to(HOUSE)): ast.parse(file.read_text("utf-8")) for file in files}


def calls() -> Iterator[tuple[str, str, ast.Call]]:
    """File, dotted name and node of every call; a name ends where something else than a name is asked."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                yield path, dotted(node.func), node


def imports() -> Iterator[tuple[str, str]]:
    """File and dotted name of everything that is imported."""
    for path, tree in modules().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                yield from ((path, one.name) for one in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module:
                yield from ((path, f"{node.module}.{one.name}") for one in node.names)


def dotted(node: ast.expr) -> str:
    """``a.b.c`` of an attribute; what is called on a call's answer begins with a dot."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def constant(node: ast.expr | None) -> bool:
    """A literal without anything put into it."""
    if isinstance(node, ast.IfExp):
        return constant(node.body) and constant(node.orelse)
    return isinstance(node, ast.Constant)

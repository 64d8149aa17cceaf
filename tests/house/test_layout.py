"""The house has three rooms, its tests and its front ends, and nobody else's package can stand in a room's place."""

import ast
from importlib.metadata import distributions
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
ROOMS = ("api", "schema", "models")
WORKING_DATA = "var"  # written by a running server, never committed


def test_the_top_level_is_the_rooms_the_tests_and_the_front_ends() -> None:
    """No other folder stands beside them, dot-folders aside."""
    folders = {path.name for path in HOUSE.iterdir() if path.is_dir() and not path.name.startswith(".")}

    assert folders - {WORKING_DATA, "__pycache__"} <= {*ROOMS, "tests", "frontend"}
    assert folders >= {*ROOMS, "tests"}


@pytest.mark.parametrize("name", [*ROOMS, "tests"])
def test_no_distribution_owns_a_name_of_ours(name: str) -> None:
    """A package of that name in the environment would shadow our folder, or be shadowed by it."""
    owners = [
        distribution.name
        for distribution in distributions()
        if any(file.parts[0] in (name, f"{name}.py") for file in distribution.files or ())
    ]

    assert owners == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is_for(room: str) -> None:
    """Each package of a room opens with a docstring."""
    silent = [
        str(package.relative_to(HOUSE))
        for package in (HOUSE / room).rglob("__init__.py")
        if not ast.get_docstring(ast.parse(package.read_text()))
    ]

    assert silent == []

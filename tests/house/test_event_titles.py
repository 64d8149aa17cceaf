"""Every action that the code writes into the history has a title in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.archive.event_titles import KINDS, TITLES, event_title
from models.tables.events import EventKind
from models.tables.policy import AcceptanceEvent
from models.tables.sign_ins import SignInOutcome

MODELS = Path(__file__).parents[2] / "models"
ACTION = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")


def words(tree: ast.AST) -> Iterator[str]:
    """Texts that look like an action's name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and ACTION.fullmatch(node.value):
            yield node.value


def calls(tree: ast.AST, name: str) -> Iterator[ast.Call]:
    """Calls of a method by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name:
            yield node


def actions() -> set[str]:
    """In models/actions every text like ``thing.done`` but what is logged; elsewhere, those handed to ``event``."""
    found: set[str] = set()
    for file in MODELS.rglob("*.py"):
        tree = ast.parse(file.read_text())
        found |= {word for call in calls(tree, "event") for word in words(call)}
        if file.is_relative_to(MODELS / "actions"):
            found |= set(words(tree)) - {word for call in calls(tree, "log") for word in words(call)}
    found |= {"sign-in." + outcome.value.lower().replace("_", "-") for outcome in SignInOutcome}
    return found | {"policy." + event.value.lower() for event in AcceptanceEvent}


def test_every_action_has_a_title() -> None:
    """A new action without a title fails here."""
    assert actions() - TITLES.keys() == set()


def test_the_search_finds_what_is_written() -> None:
    """The search of this file sees actions handed on by name, too."""
    assert {"email.changed", "password.reset", "profile.restored", "sign-in.wrong-credentials"} <= actions()


@pytest.mark.parametrize("titles", [*TITLES.values(), *KINDS.values()])
def test_a_title_is_said_in_both_languages(titles: tuple[str, str]) -> None:
    """English and Latvian differ, and both start with a capital."""
    english, latvian = titles

    assert english != latvian
    assert english[0].isupper()
    assert latvian[0].isupper()


@pytest.mark.parametrize("kind", EventKind)
def test_an_action_of_another_release_is_called_by_its_kind(kind: EventKind) -> None:
    """Nothing in the history is nameless."""
    assert event_title("something.gone", kind, "LV") == KINDS[kind][1]

"""Whatever is said to people is said in English and in Latvian, and the two are not the same."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tortoise.models import Model

from models import tables
from models.archive.value_words import WORDS
from models.policy import load
from models.policy.words import Words

HOUSE = Path(__file__).parents[2]
LATVIAN = set("āčēģīķļņšūž")
SAME = {"Hosting", "PayPal", "E-mail"}
"""Names that are one in both."""


def pairs(tree: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Dictionaries with the keys EN and LV."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            said = {
                key.value: value
                for key, value in zip(node.keys, node.values, strict=True)
                if isinstance(key, ast.Constant)
            }
            if said.keys() & {"EN", "en"}:
                yield said.get("EN", said.get("en")), said.get("LV", said.get("lv"))  # type: ignore[misc]


def texts(value: Any) -> list[str]:
    """The sentences in an expression; keys are in every language the same."""
    keys = {id(key) for node in ast.walk(value) if isinstance(node, ast.Dict) for key in node.keys}
    found = [node for node in ast.walk(value) if isinstance(node, ast.Constant) and id(node) not in keys]
    return [node.value for node in found if isinstance(node.value, str)]


FILES = sorted(path for room in ("schema", "models", "api") for path in (HOUSE / room).rglob("*.py"))
SAID = [(file.relative_to(HOUSE), pair) for file in FILES for pair in pairs(ast.parse(file.read_text()))]


@pytest.mark.parametrize(("file", "pair"), SAID, ids=lambda one: str(one) if isinstance(one, Path) else "")
def test_what_the_code_says_has_both_languages(file: Path, pair: tuple[Any, Any]) -> None:
    """As many sentences in one as in the other, none of them copied."""
    english, latvian = pair
    assert english is not None, file
    assert latvian is not None, file
    assert len(texts(english)) == len(texts(latvian)), file
    for one, other in zip(texts(english), texts(latvian), strict=True):
        assert one != other or one in SAME, (file, one)


def test_the_search_finds_them() -> None:
    """Refusals and their problems, letters' words, consequences of deleting."""
    places = {str(file) for file, _ in SAID}

    assert {"schema/words.py", "schema/deletion.py", "schema/changes.py"} <= places


def words(found: Any, path: str = "") -> Iterator[tuple[str, Words]]:
    """Every pair of texts in the policy's data."""
    if isinstance(found, Words):
        yield path, found
    elif isinstance(found, msgspec.Struct):
        for name in found.__struct_fields__:
            yield from words(getattr(found, name), f"{path}.{name}")
    elif hasattr(found, "__dataclass_fields__"):
        for name in found.__dataclass_fields__:
            yield from words(getattr(found, name), f"{path}.{name}")
    elif hasattr(found, "items"):
        for name, value in found.items():
            yield from words(value, f"{path}.{name}")
    elif isinstance(found, list | tuple):
        for number, value in enumerate(found):
            yield from words(value, f"{path}.{number}")


def test_the_policys_data_has_both_languages() -> None:
    """Titles of fields, purposes, rules, promises, cookies; addresses of authorities: none is empty in either."""
    found = dict(words(load()))
    assert len(found) > 100
    for path, one in found.items():
        assert one.said("EN").strip(), path
        assert one.said("LV").strip(), path


def test_sentences_of_the_policys_data_are_not_copied() -> None:
    """What is longer than a name differs between the two."""
    copied = {
        path: one.said("EN")
        for path, one in words(load())
        if one.said("EN") == one.said("LV") and " " in one.said("EN")
    }

    assert {text for text in copied.values() if not any(char.isdigit() for char in text)} <= NAMES


def test_every_value_of_a_closed_list_has_a_name_in_both_languages() -> None:
    """What a customer reads of their records says "signed in", not SUCCEEDED."""
    models = {
        one._meta.db_table: one for one in vars(tables).values() if isinstance(one, type) and issubclass(one, Model)
    }
    held = {
        getattr(models[entity.table]._meta.fields_map.get(field.name), "enum_type", None)
        for entity in load().inventory.sections.values()
        for field in entity.columns
    } - {None}

    assert held <= WORDS.keys()
    for closed, named in WORDS.items():
        assert named.keys() == {one.value for one in closed}, closed
        assert all(one.en and one.lv for one in named.values()), closed


NAMES = {"Octopus Telecom Ltd", "Information Commission", "Datu valsts inspekcija"}


@pytest.mark.parametrize("version", load().versions, ids=lambda one: one.name)
def test_every_version_of_the_policy_is_in_both_languages(version: Any) -> None:
    """The same clauses under the same numbers; the Latvian text is Latvian."""
    assert version.clauses("EN") == version.clauses("LV")
    assert LATVIAN & set(version.text("LV").lower())
    assert version.text("EN") != version.text("LV")


def test_every_letter_is_in_both_languages() -> None:
    """A template of one language has its twin."""
    files = {path.name for path in (HOUSE / "api/letters").rglob("*.txt")}
    english = {name.replace(".en.", ".") for name in files if ".en." in name}

    assert len(english) > 5
    assert english == {name.replace(".lv.", ".") for name in files if ".lv." in name}

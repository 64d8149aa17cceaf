"""Every setting is documented and read somewhere; a wrong or unknown one refuses in one sentence that names it."""

import ast
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.settings import HOUSE, Settings, WrongSetting
from api.settings.environment import read_settings
from api.settings.names import variable
from api.settings.table import describe

ALL = {one.name: one for one in fields(Settings)}
FREE = {name for name, one in ALL.items() if one.metadata["read"].__name__ in ("text", "path", "paths")}
"""Any text will do for these, as far as the reading goes; the location has a rule of its own."""


def reads() -> set[str]:
    """The names of settings that code asks for, other than the reading of settings itself."""
    found: set[str] = set()
    for file in (HOUSE / "api").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load):
                found.add(node.attr)
    return found


def refusal(environment: dict[str, str], folder: Path) -> str:
    """The sentence."""
    with pytest.raises(WrongSetting) as refused:
        read_settings(environment, folder)
    return str(refused.value)


@pytest.mark.parametrize("name", ALL)
def test_it_is_read(name: str) -> None:
    """A setting that nothing asks for is a promise to the operator that nobody keeps."""
    assert name in reads()


@pytest.mark.parametrize("one", describe(), ids=lambda one: one.name)
def test_it_is_documented(one: Any) -> None:
    """What it is for, as a sentence; its default, unless there is none."""
    assert len(one.about) > 10
    assert one.about.endswith((".", "…"))
    assert "\n" not in one.about


def test_the_readme_has_the_table() -> None:
    """As `octopus settings --markdown` prints it, or the word that prints it."""
    readme = (HOUSE / "README.md").read_text()

    assert "octopus settings" in readme or all(one.name in readme for one in describe())


@pytest.mark.parametrize("name", [name for name in ALL if name not in FREE])
def test_a_wrong_value_refuses_in_one_sentence(name: str, tmp_path: Path) -> None:
    """It names the setting and says what is expected; a secret's value stays out of it."""
    said = refusal({variable(name): "\x00no such thing"}, tmp_path)

    assert said.startswith(f"{variable(name)}: expected ")
    assert "\n" not in said
    assert ("no such thing" in said) is not ALL[name].metadata["secret"]


@pytest.mark.parametrize(
    "name",
    [name for name in ALL if name not in {"metrics_allow", "trusted_proxies", "support_allow", "documents_dirs"}],
)
def test_an_empty_value_is_a_wrong_one(name: str, tmp_path: Path) -> None:
    """Left out is one thing, set to nothing another: only a list may be empty."""
    assert refusal({variable(name): " "}, tmp_path).startswith(variable(name))


@pytest.mark.parametrize("name", ALL)
def test_a_slip_of_the_pen_is_no_setting(name: str, tmp_path: Path) -> None:
    """One letter too many refuses to start, and is guessed."""
    said = refusal({variable(name) + "X": "1"}, tmp_path)

    assert said.startswith(f"{variable(name)}X is no setting")
    assert f"perhaps {variable(name)}" in said


@pytest.mark.parametrize("name", ALL)
def test_its_default_is_as_good_as_a_value(name: str, tmp_path: Path) -> None:
    """What is shown as a plain default can be written down and read again."""
    default = next(one.default for one in describe() if one.name == variable(name))
    value = getattr(read_settings({}, tmp_path), name)
    if not default or ALL[name].metadata["shown"]:
        return

    assert getattr(read_settings({variable(name): default}, tmp_path), name) == value


@pytest.mark.parametrize("name", ["clock_offset"])
def test_development_only_settings_are_refused_in_production(name: str, tmp_path: Path) -> None:
    """The contradiction is told in one sentence, too."""
    production = {
        "OCTOPUS_PROFILE": "production",
        "OCTOPUS_BASE_URL": "https://a.example",
        "OCTOPUS_SMTP_URL": "smtp://m",
    }

    assert read_settings(production, tmp_path).clock_offset == timedelta()
    assert refusal(production | {variable(name): "P1D"}, tmp_path).startswith(variable(name))

"""The arrows hold: api -> schema -> models, and those inside models. They are drawn in pyproject.toml."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]


def lint_imports(house: Path) -> str:
    """What import-linter says, without its banner; "0 broken." when every contract is kept."""
    program = Path(sys.executable).with_name("lint-imports")
    command = [program, "--no-cache", "--no-logo"]
    return subprocess.run(command, cwd=house, capture_output=True, text=True, check=False).stdout


def test_every_arrow_holds() -> None:
    """No module of the house imports against an arrow."""
    said = lint_imports(HOUSE)

    assert " 0 broken." in said, said


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("schema/profile.py", "import api"),
        ("models/actions/sign_in.py", "import schema"),
        ("models/archive/page.py", "import models.actions"),
        ("models/tables/customer.py", "import models.archive"),
        ("models/tables/customer.py", "import models.actions"),
        ("models/actions/sign_in.py", "import models.retention"),
        ("models/vault.py", "import models.tables"),
        ("models/actions/sign_in.py", "import strawberry"),
        ("models/actions/sign_in.py", "from starlette.requests import Request"),
        ("models/tables/customer.py", "import os"),
        ("models/vault.py", "from pathlib import Path"),
        ("schema/profile.py", "import socket"),
        ("schema/profile.py", "from tortoise import fields"),
        ("api/worker.py", "import strawberry"),
    ],
)
def test_an_import_against_an_arrow_is_found(file: str, line: str, tmp_path: Path) -> None:
    """The contracts see what they forbid: in an empty house, one wrong line breaks them."""
    shutil.copy(HOUSE / "pyproject.toml", tmp_path)
    for room in ("api", "schema", "models", "models/tables", "models/archive", "models/actions", "models/retention"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / file).write_text(line)

    said = lint_imports(tmp_path)

    assert " 1 broken." in said, said

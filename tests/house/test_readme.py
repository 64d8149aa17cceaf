"""What the README says of retention is what the inventory and the rules say."""

from pathlib import Path

from api.commands.policy import kept, with_table
from models.policy import load

README = Path(__file__).parents[2] / "README.md"


def test_the_retention_table_is_the_inventorys() -> None:
    """`make regenerate` writes it; nobody else does."""
    text = README.read_text("utf-8")

    assert with_table(text, kept(load())) == text

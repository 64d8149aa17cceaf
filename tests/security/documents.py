"""SECURITY.md as data: its sections, and the tables in them."""

from itertools import takewhile
from pathlib import Path

HOUSE = Path(__file__).parents[2]
TEXT = (HOUSE / "SECURITY.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    """What stands below a heading, up to the next one of its rank or higher. Fails when it is not there."""
    lines = TEXT.splitlines()
    begins = next((number for number, line in enumerate(lines) if line.lstrip("#").strip() == title), None)
    assert begins is not None, f"SECURITY.md has no section {title!r}"
    rank = len(lines[begins]) - len(lines[begins].lstrip("#"))
    body = []
    for line in lines[begins + 1 :]:
        if line.startswith("#") and len(line) - len(line.lstrip("#")) <= rank:
            break
        body.append(line)
    return "\n".join(body)


def rows(title: str) -> list[list[str]]:
    """The rows of the first table of a section, without its heading."""
    lines = section(title).splitlines()
    begins = next(number for number, line in enumerate(lines) if line.startswith("|"))
    found = list(takewhile(lambda line: line.startswith("|"), lines[begins:]))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[2:]]


def words(cell: str) -> set[str]:
    """The names in back quotes of a cell."""
    return set(cell.split("`")[1::2])

"""A room's README as data: its sections, the tables in them, the names in back quotes."""

from itertools import takewhile
from pathlib import Path

HOUSE = Path(__file__).parents[2]


def section(room: str, title: str) -> str:
    """What stands below a heading of ``room``'s README, up to the next of its rank or higher. Fails when it is not there."""
    lines = (HOUSE / room / "README.md").read_text(encoding="utf-8").splitlines()
    begins = next(
        (number for number, line in enumerate(lines) if line.startswith("#") and line.lstrip("# ") == title), None
    )
    assert begins is not None, f"{room}/README.md has no section {title!r}"
    rank = len(lines[begins]) - len(lines[begins].lstrip("#"))
    body = []
    for line in lines[begins + 1 :]:
        if line.startswith("#") and len(line) - len(line.lstrip("#")) <= rank:
            break
        body.append(line)
    return "\n".join(body)


def rows(room: str, title: str) -> list[list[str]]:
    """The rows of the section's first table, without its heading."""
    lines = section(room, title).splitlines()
    begins = next(number for number, line in enumerate(lines) if line.startswith("|"))
    found = list(takewhile(lambda line: line.startswith("|"), lines[begins:]))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[2:]]


def words(text: str) -> set[str]:
    """What stands in back quotes."""
    return set(text.split("`")[1::2])

"""The documents of the two front ends, read from their sources: what their build makes the trusted documents of."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graphql import DocumentNode, FragmentDefinitionNode, FragmentSpreadNode, Visitor, parse, print_ast, visit

SOURCES = Path(__file__).parents[3] / "frontend" / "src"
FOLDERS = {"customer": "portal", "support": "support"}
WRITTEN = re.compile(r"\bgraphql\(\s*`([^`]*)`")


def documents_of(name: str) -> list[str]:
    """Each operation of one schema's pages with the fragments that it spreads, as the build writes it."""
    files = sorted(SOURCES.joinpath(FOLDERS[name]).rglob("*.ts*"))
    texts = [text for file in files if ".test." not in file.name for text in WRITTEN.findall(file.read_text())]
    definitions = parse("\n".join(texts)).definitions
    fragments = {one.name.value: one for one in definitions if isinstance(one, FragmentDefinitionNode)}
    operations = [one for one in definitions if not isinstance(one, FragmentDefinitionNode)]
    return [
        print_ast(DocumentNode(definitions=(*(fragments[one] for one in sorted(_spread(each, fragments))), each)))
        for each in operations
    ]


def _spread(node: Any, fragments: dict[str, FragmentDefinitionNode]) -> set[str]:
    """The names of all fragments that are reached from here."""
    reached: set[str] = set()
    waiting = list(_named(node))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += _named(fragments[name])
    return reached


def _named(node: Any) -> Iterator[str]:
    spreads = _Spreads()
    visit(node, spreads)
    yield from spreads.names


class _Spreads(Visitor):
    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: Any) -> None:
        self.names.append(node.name.value)

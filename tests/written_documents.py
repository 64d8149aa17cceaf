"""The operations that the pages ask, read from their sources: no build is needed to try them."""

import re
from pathlib import Path

from graphql import DocumentNode, OperationDefinitionNode, OperationType, parse, print_ast, visit
from graphql.language import FragmentDefinitionNode, FragmentSpreadNode, Visitor

SOURCES = Path(__file__).parents[1] / "frontend" / "src"
WRITTEN = re.compile(r"\bgraphql\(\s*`([^`]*)`\s*,?\s*\)")


class _Spreads(Visitor):
    """The names of the fragments that a node spreads."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def enter_fragment_spread(self, node: FragmentSpreadNode, *_: object) -> None:
        self.names.add(node.name.value)


def queries(page: str) -> dict[str, str]:
    """The queries of one page (``portal``, ``support``) by name, each with the fragments it needs."""
    files = sorted((SOURCES / page).rglob("*.ts*"))
    texts = [text for file in files for text in WRITTEN.findall(file.read_text(encoding="utf-8"))]
    nodes = [node for text in texts for node in parse(text).definitions]
    fragments = {node.name.value: node for node in nodes if isinstance(node, FragmentDefinitionNode)}
    asked = [node for node in nodes if isinstance(node, OperationDefinitionNode) and node.name]
    return {
        node.name.value: print_ast(DocumentNode(definitions=(node, *_needed(node, fragments))))
        for node in asked
        if node.operation is OperationType.QUERY and node.name
    }


def _needed(
    node: OperationDefinitionNode, fragments: dict[str, FragmentDefinitionNode]
) -> list[FragmentDefinitionNode]:
    found: dict[str, FragmentDefinitionNode] = {}
    waiting: list[OperationDefinitionNode | FragmentDefinitionNode] = [node]
    while waiting:
        spreads = _Spreads()
        visit(waiting.pop(), spreads)
        new = {name: fragments[name] for name in spreads.names if name not in found}
        found |= new
        waiting += new.values()
    return list(found.values())

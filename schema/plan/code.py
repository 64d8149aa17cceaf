"""Writing Python: lines, fresh names, and values bound to names. Nothing that a client sent becomes code but by ``repr``."""

import re
from typing import Any

INDENT = "    "
WORD = re.compile(r"[^a-z0-9_]+")


class Code:
    """The source of one function, and what its free names stand for."""

    def __init__(self) -> None:
        self.bound: dict[str, Any] = {}
        self._names: dict[int, str] = {}
        self._count = 0

    def fresh(self, hint: str) -> str:
        """A name that nothing else has; the hint is ours or a GraphQL name, and only decorates it."""
        self._count += 1
        return f"{WORD.sub('_', hint.lower())[:24]}_{self._count}"

    def bind(self, value: Any, hint: str) -> str:
        """A name for a value of the house's: a function, a class, a constant."""
        known = self._names.get(id(value))
        if known is None:
            known = self._names[id(value)] = self.fresh(hint).upper()
            self.bound[known] = value
        return known


class Block:
    """Lines of one depth; ``head`` come before all others, as soon as one of them needs what they bring."""

    def __init__(self) -> None:
        self.head: dict[str, str] = {}
        self.lines: list[str] = []

    def __call__(self, line: str) -> None:
        self.lines.append(line)

    def first(self, name: str, line: str) -> None:
        """A line of the head, once for its name."""
        self.head.setdefault(name, line)

    def nested(self, opening: str, block: "Block") -> None:
        """``opening:`` and the block below it."""
        self.lines.append(opening)
        self.lines += [INDENT + line for line in block.all() or ["pass"]]

    def all(self) -> list[str]:
        """The head and what follows."""
        return [*self.head.values(), *self.lines]

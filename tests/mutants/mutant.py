"""An edit that breaks a promise, in one place: a wait that is longer, a table that is skipped, a check that is left out."""

from dataclasses import dataclass

NOW = "models/policy/versions/2026-11-22.1/rules.yaml"
"""The rules in force when the tests begin."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """How a promise of ``clause`` is broken, in a few words: ``old``, which stands once in ``file``, becomes ``new``.

    Then ``test`` (a file and a test of it) must fail.
    """

    clause: str
    breaks: str
    file: str
    old: str
    new: str
    test: str

    @property
    def name(self) -> str:
        return f"{self.clause} {self.breaks}"


def of(clause: str, tests: str, *edits: tuple[str, str, str, str, str]) -> list[Mutant]:
    """Of one clause, found by tests of one file; each edit says what breaks, its file, the old text, the new, the test."""
    return [
        Mutant(clause, breaks, file, old, new, f"tests/promises/{tests}::{test}")
        for breaks, file, old, new, test in edits
    ]

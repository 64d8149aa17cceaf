"""All of them. ``python -m tests.mutants`` tries each; tests/house/test_mutants.py looks whether each still applies."""

from tests.mutants import clause_4, clauses_1_to_3, clauses_5_to_10

MUTANTS = [*clauses_1_to_3.MUTANTS, *clause_4.MUTANTS, *clauses_5_to_10.MUTANTS]

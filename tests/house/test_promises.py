"""Every promise of the policy has its evidence, its test and its clause in the texts: forgetting one fails here."""

from pathlib import Path

import pytest

from models.policy import Promise, load
from models.retention.evidence import EVIDENCE

TESTS = Path(__file__).parents[1] / "promises"


def test_each_promise_has_evidence_and_each_evidence_a_promise() -> None:
    """The register of queries and promises.yaml name the same."""
    assert {one.evidence for one in load().promises} == set(EVIDENCE)


@pytest.mark.parametrize("promise", load().promises, ids=lambda one: one.name)
def test_each_promise_has_a_test_of_its_own(promise: Promise) -> None:
    """Its file stands in tests/promises and asserts something."""
    file = TESTS / promise.test
    assert file.exists(), f"{promise.clause} {promise.title.en}: write {promise.test}"
    text = file.read_text(encoding="utf-8")
    assert "def test_" in text
    assert "assert" in text

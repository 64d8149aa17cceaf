"""Every promise of the policy is measured: forgetting one fails here."""

from models.policy import load
from models.retention.evidence import EVIDENCE


def test_each_promise_has_evidence_and_each_evidence_a_promise() -> None:
    """The register of queries and promises.yaml name the same."""
    assert {one.evidence for one in load().promises} == set(EVIDENCE)

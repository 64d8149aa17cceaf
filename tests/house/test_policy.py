"""Both languages say the same clauses, and every promise stands in both."""

from collections import Counter

import pytest

from models.policy import Version, load

POLICY = load()


@pytest.mark.parametrize("version", POLICY.versions, ids=lambda version: version.name)
def test_both_languages_have_the_same_clauses(version: Version) -> None:
    """In the same order, none twice."""
    assert version.clauses("EN") == version.clauses("LV")
    assert [clause for clause, count in Counter(version.clauses("EN")).items() if count > 1] == []


@pytest.mark.parametrize("locale", ["EN", "LV"])
def test_every_promise_stands_in_the_text(locale: str) -> None:
    """A promise that the customer cannot read is none."""
    assert {promise.clause for promise in POLICY.promises} <= set(POLICY.newest.clauses(locale))


def test_every_clause_that_promises_has_a_promise() -> None:
    """Headings that only group others (1.1, 1.2, 3, 4.1, 6, 6.1) promise nothing themselves."""
    groups = {"1.1", "1.2", "3", "4.1", "6", "6.1"}

    assert set(POLICY.newest.clauses("EN")) - groups == {promise.clause for promise in POLICY.promises}


def test_evidence_is_measured_once() -> None:
    """Each promise has a query of its own, so that one line of the report measures one promise."""
    evidence = Counter(promise.evidence for promise in POLICY.promises)

    assert [name for name, count in evidence.items() if count > 1] == []


def test_a_test_is_named_after_its_clause() -> None:
    """``test_4_1_4_restore.py`` keeps clause 4.1.4; one file may keep a clause's parts together (1.1 for 1.1.3)."""
    for promise in POLICY.promises:
        number = promise.test.removeprefix("test_").split("_")
        digits = ".".join(part for part in number if part.isdigit())

        assert promise.clause == digits or promise.clause.startswith(digits + "."), promise.name


@pytest.mark.parametrize("locale", ["EN", "LV"])
def test_the_text_says_the_numbers_that_are_kept(locale: str) -> None:
    """The prose and the rules agree: 180, 365, 90, 91, 14, 730, 821, 48, 15, 1,095."""
    text = POLICY.newest.text(locale).replace("1,095", "1095")

    for number in (180, 365, 90, 91, 14, 730, 821, 48, 15, 30, 24, 1095):
        assert str(number) in text

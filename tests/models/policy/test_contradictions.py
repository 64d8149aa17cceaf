"""Each contradiction, planted in a copy of the policy, is refused with a sentence that names it."""

import shutil
from pathlib import Path

import pytest

from models.policy import HERE, PolicyContradiction, load

RULES = f"versions/{load().newest.name}/rules.yaml"
META = f"versions/{load().newest.name}/meta.yaml"
EN = f"versions/{load().newest.name}/en.md"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The policy's files, free to be spoilt."""
    return shutil.copytree(HERE, tmp_path / "policy", ignore=shutil.ignore_patterns("*.py", "__pycache__"))


def spoil(copy: Path, file: str, old: str, new: str) -> None:
    """Replace ``old``, which must be there, once."""
    text = (copy / file).read_text()
    assert old in text, f"{file} no longer says {old!r}"
    (copy / file).write_text(text.replace(old, new, 1))


def refusal(copy: Path) -> str:
    """What loading the copy is refused with."""
    with pytest.raises(PolicyContradiction) as refused:
        load(copy)
    return str(refused.value)


def test_an_unspoilt_copy_loads(copy: Path) -> None:
    """So that what follows is refused for what was planted and nothing else."""
    assert load(copy).newest.sha256 == load().newest.sha256


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        # 5.1: the wait, the oldest backup and the margin
        (RULES, "closed, due: P90D", "closed, due: P317D", "together exceed the P365D of clause 5.1"),
        (RULES, "due: P34D, ceiling: P35D", "due: P265D, ceiling: P266D", "together exceed the P365D of clause 5.1"),
        (RULES, "due: P90D, ceiling: P365D", "due: P90D, ceiling: P366D", "clause 5.1 says P365D"),
        # a day between due and ceiling
        (
            RULES,
            "due: P364D, ceiling",
            "due: P365D, ceiling",
            "rule SIGN_IN is due after P365D, less than a day before",
        ),
        (
            RULES,
            "at: P179D, ceiling",
            "at: P180D, ceiling",
            "rule SIGN_IN does cut_ip after P180D, less than a day before",
        ),
        (RULES, "due: P90D, ceiling: P91D", "due: P90DT1S, ceiling: P91D", "rule OLD_VALUE is due after P90DT1S"),
        (RULES, "working_days: 5", "working_days: 30", "rule COMPLAINT is due after P42D, less than a day before"),
        (RULES, "at: P179D, ceiling: P180D", "at: P364D, ceiling: P365D", "when the record is already gone"),
        (RULES, "due: PT72H", "due: -PT72H", "rule COOL_OFF counts backwards"),
        (RULES, "due: P364D, ceiling", "ceiling", "rule SIGN_IN promises a ceiling but is never due"),
        # clause 2: what consented purposes may read
        (
            "inventory.yaml",
            "personal_code: {class: government_id, source: customer",
            "personal_code: {class: government_id, purposes: [ads], source: customer",
            "Field customer.personal_code is of class government_id, which purpose ads may not read",
        ),
        (
            "inventory.yaml",
            'given_name: {class: identity, source: customer, clause: "1.1.1", purposes: [account,',
            'given_name: {class: identity, source: customer, clause: "1.1.1", purposes: [ads, account,',
            "Field customer.given_name is of class identity, which purpose ads may not read",
        ),
        (
            "inventory.yaml",
            "reference: {class: financial,",
            "reference: {class: financial, purposes: [payment, content],",
            "Field payment_method.reference is of class financial, which purpose content may not read",
        ),
        (
            "inventory.yaml",
            "encoded: {class: secret,",
            "encoded: {class: secret, purposes: [marketing],",
            "Field password.encoded is of class secret, which purpose marketing may not read",
        ),
        (
            "inventory.yaml",
            "reads: [identity, contact, preference",
            "reads: [financial, contact, preference",
            "Purpose marketing rests on consent and may never read class financial",
        ),
        (
            "inventory.yaml",
            'clauses: ["1.6", "2"], reads: [preference, consent]',
            'clauses: ["1.6", "2"]',
            "Purpose ads rests on consent but does not say which classes alone it reads",
        ),
        # a class loosened
        (
            "inventory.yaml",
            "personal_code: {class: government_id,",
            "personal_code: {class: government_id, read: {SUPPORT: reveal},",
            "Field customer.personal_code lets SUPPORT see more than its class government_id does",
        ),
        (
            "inventory.yaml",
            "token_digest: {class: secret,",
            "token_digest: {class: secret, exported: portability,",
            "Field session.token_digest is exported for portability; its class secret allows existence",
        ),
        (
            "inventory.yaml",
            "email: {class: contact, source: customer, clause",
            "email: {class: contact, erased: keep, source: customer, clause",
            "Field customer.email stays after an erasure although its class contact is personal",
        ),
        # clause 2: where data stands
        (
            "company.yaml",
            "backups: {title: [Backups, Rezerves kopijas], location: GB}",
            "backups: {title: [Backups, Rezerves kopijas], location: IE}",
            "Store backups is in IE; clause 2 keeps data on servers in GB",
        ),
        ("inventory.yaml", "store: keystore", "store: cellar", "stands in store cellar, which is not declared"),
        # names of what does not exist
        (RULES, "\nPROBE:", "\nPROBES:", "lacks rule PROBE, which is named"),
        (RULES, "\nCOPY:", "\nCOPIES:", "lacks rule COPY, which is named"),
        ("inventory.yaml", "rule: SIGN_IN,", "rule: SIGNIN,", "lacks rule SIGNIN, which is named"),
        ("inventory.yaml", "purposes: [display]", "purposes: [looks]", "names purpose looks, which does not exist"),
        (
            "inventory.yaml",
            "outcome: {class: access",
            "outcome: {class: acces",
            "names class acces, which does not exist",
        ),
        ("inventory.yaml", "basis: law", "basis: lore", "Purpose rights names legal basis lore, which does not exist"),
        (
            "inventory.yaml",
            "start: changed_at",
            "start: changed_on",
            "starts its clock at changed_on, which is no column",
        ),
        ("inventory.yaml", "rule: SIGN_IN, start: at,", "rule: SIGN_IN,", "which has a clock, but names no column"),
        ("inventory.yaml", "rule: MESSAGE,", "rule: MESSAGE, start: at,", "but its rule MESSAGE has none"),
        (
            "inventory.yaml",
            "person: alias",
            "person: nickname",
            "finds its person by nickname, which is no column of it",
        ),
        ("inventory.yaml", "section: sessions", "section: signIns", "have the same section signIns"),
        (
            "inventory.yaml",
            "purposes: [staff], source",
            "purposes: [], source",
            "Field staff_session.id has no purpose",
        ),
        ("inventory.yaml", "encoded: {class: secret, category", "changed_at: {class: secret, category", "named twice"),
        # promises
        ("promises.yaml", '{clause: "1.3", ', "{", "place_is_estimated: Object missing required field `clause`"),
        (
            "promises.yaml",
            "limit: P365D, start: at, rule: SIGN_IN, evidence: places",
            "evidence: places",
            "missing required",
        ),
        ("promises.yaml", "evidence: ips_cut, ", "", "ip_is_cut: Object missing required field `evidence`"),
        ("promises.yaml", "evidence: ips_cut, ", "evidence: '', ", "Promise ip_is_cut has an empty evidence"),
        ("promises.yaml", 'clause: "7"', 'clause: "77"', "keeps clause 77, which the text does not have"),
        (
            "promises.yaml",
            "limit: P91D, start: superseded",
            "limit: P80D, start: superseded",
            "rule OLD_VALUE does not keep",
        ),
        (
            "promises.yaml",
            "limit: P180D, start: at",
            "limit: six months, start: at",
            "'six months' is not an ISO 8601 duration",
        ),
        (
            "promises.yaml",
            "limit: P180D, start: at",
            "limit: P180D, start: null",
            "must name both a limit and the event",
        ),
        # the texts
        (EN, "### 1.3 Estimated place\n", "", "the English and the Latvian text differ in their clauses: 1.3"),
        (META, "version: 2026-11-22.1", "version: 2026-11-22.2", "calls itself version 2026-11-22.2"),
        # unknown keys and values, anywhere
        (RULES, "SIGN_IN:\n  {start", "SIGN_IN:\n  {begin", "SIGN_IN: Object contains unknown field `begin`"),
        (RULES, "due: P90D, ceiling: P91D", "due: P3M, ceiling: P91D", "OLD_VALUE: Only units"),
        (META, "change:", "changed:", "unknown field `changed`"),
        (META, "EXTENDS_RIGHTS", "SHRINKS_RIGHTS", "Invalid enum value 'SHRINKS_RIGHTS'"),
        ("company.yaml", "country: GB", "land: GB", "company.yaml: Object contains unknown field `land`"),
        ("cookies.yaml", "kind: COOKIE", "sort: COOKIE", "__Host-session: Object contains unknown field `sort`"),
        ("promises.yaml", "limit: null", "limits: null", "sources_are_named: Object contains unknown field `limits`"),
        ("inventory.yaml", "\nbases:", "\nbasis: {}\nbases:", "inventory.yaml: 'basis' is unknown"),
        ("inventory.yaml", "at: {class: access,", "at: {klass: access,", "inventory.yaml, sign_in, at: Object"),
        (
            "inventory.yaml",
            "section: signIns,",
            "segment: signIns,",
            "entity, sign_in: Object contains unknown field `segment`",
        ),
        ("inventory.yaml", "FINANCE: mask", "CASHIER: mask", "readers of class identity: 'FINANCE' is missing"),
        ("inventory.yaml", "is_new_device:", "outcome:", "inventory.yaml names 'outcome' twice"),
        ("inventory.yaml", "bases:", "bases: [", "inventory.yaml is not YAML"),
    ],
)
def test_a_planted_contradiction_is_refused(copy: Path, file: str, old: str, new: str, sentence: str) -> None:
    """Nothing starts with a policy that contradicts itself."""
    spoil(copy, file, old, new)

    assert sentence in refusal(copy)


def test_all_of_them_are_listed(copy: Path) -> None:
    """One start shows everything that is wrong, in every file."""
    spoil(copy, "company.yaml", "location: GB", "location: US")
    spoil(copy, RULES, "due: P364D, ceiling", "due: P365D, ceiling")
    spoil(copy, "inventory.yaml", "purposes: [display]", "purposes: [looks]")

    with pytest.raises(PolicyContradiction) as refused:
        load(copy)

    said = refused.value.sentences
    assert sum("looks" in each for each in said) >= 1
    assert any("Store main is in US" in each for each in said)
    assert any("SIGN_IN is due" in each for each in said)


def test_malformed_lines_of_several_files_are_listed_together(copy: Path) -> None:
    """One start shows every file that cannot be read."""
    spoil(copy, "cookies.yaml", "kind: COOKIE", "sort: COOKIE")
    spoil(copy, "promises.yaml", "limit: null", "limits: null")
    (copy / "company.yaml").unlink()

    said = refusal(copy)

    assert "cookies.yaml, __Host-session" in said
    assert "promises.yaml, sources_are_named" in said
    assert "company.yaml cannot be read" in said


def test_every_version_that_may_govern_defines_every_rule_named(copy: Path) -> None:
    """An older version that lacks a rule would leave its customers without a date."""
    newest = copy / "versions" / load().newest.name
    shutil.copytree(newest, copy / "versions" / "2026-01-01.1")
    spoil(copy, "versions/2026-01-01.1/meta.yaml", "version: 2026-11-22.1", "version: 2026-01-01.1")
    spoil(copy, "versions/2026-01-01.1/meta.yaml", "valid_from: 2026-11-22", "valid_from: 2026-01-01")
    spoil(copy, "versions/2026-01-01.1/rules.yaml", "\nEVENT:", "\nEVENTS:")

    said = refusal(copy)

    assert "Version 2026-01-01.1 lacks rule EVENT, which is named." in said
    assert "takes effect less than P30D after it was published (clause 9)" in said

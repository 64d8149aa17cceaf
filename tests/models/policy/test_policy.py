"""The policy as it is loaded: rules, versions, inventory, registers."""

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from models.policy import HERE, Exported, Reading, Role, load

POLICY = load()
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_a_sign_in_is_due_a_day_before_what_is_promised() -> None:
    """The worker acts after 364 days, the promise is 365, the IP is cut by 180 (clause 1.2)."""
    rule = POLICY.rule("SIGN_IN")

    assert rule.due_at(NOW) == NOW + timedelta(days=364)
    assert rule.ceiling_at(NOW) == NOW + timedelta(days=365)
    assert rule.expired_before(NOW) == NOW - timedelta(days=364)
    assert rule.stage("cut_ip").ceiling == timedelta(days=180)


@pytest.mark.parametrize(
    ("name", "due", "ceiling"),
    [
        ("OLD_VALUE", timedelta(days=90), timedelta(days=91)),
        ("CLOSED", timedelta(days=90), timedelta(days=365)),
        ("OFFICE_ERASE", timedelta(0), timedelta(hours=48)),
        ("EVENT", timedelta(days=1094), timedelta(days=1095)),
        ("COPY", timedelta(days=13), timedelta(days=14)),
        ("GRANT", timedelta(minutes=15), None),
        ("REVERT_LINK", timedelta(days=14), None),
        ("COOL_OFF", timedelta(hours=72), None),
        ("POLICY_NOTICE", timedelta(days=30), None),
    ],
)
def test_the_promised_numbers_are_these(name: str, due: timedelta, ceiling: timedelta | None) -> None:
    """The numbers of the specification, each in its one home."""
    assert (POLICY.rule(name).due, POLICY.rule(name).ceiling) == (due, ceiling)


def test_a_complaint_is_acknowledged_in_five_working_days() -> None:
    """Clause 8; the law's thirty days are the ceiling."""
    rule = POLICY.rule("COMPLAINT")

    assert rule.due_at(datetime(2026, 11, 20, tzinfo=UTC)) == datetime(2026, 11, 27, tzinfo=UTC)
    assert rule.ceiling == timedelta(days=30)


def test_a_rule_without_a_clock_is_never_due() -> None:
    """What lives as long as the account has no date to compute."""
    with pytest.raises(ValueError, match="has no due time"):
        POLICY.rule("ACCOUNT").due_at(NOW)


def test_the_version_in_force_is_the_newest_valid_one() -> None:
    """And before the first, the first."""
    assert POLICY.current(NOW) is POLICY.newest
    assert POLICY.current(datetime(2020, 1, 1, tzinfo=UTC)) is POLICY.versions[-1]
    assert POLICY.version(POLICY.newest.name) is POLICY.newest


def test_unknown_names_are_faults() -> None:
    """A rule or version that does not exist is a KeyError that says so."""
    with pytest.raises(KeyError, match="no rule NOTHING"):
        POLICY.rule("NOTHING")
    with pytest.raises(KeyError, match="no policy version 1"):
        POLICY.version("1")


def test_a_version_is_known_by_the_sha256_of_its_texts_and_rules() -> None:
    """``cat en.md lv.md rules.yaml | sha256sum`` (clause 9)."""
    directory = HERE / "versions" / POLICY.newest.name
    whole = b"".join((directory / file).read_bytes() for file in ("en.md", "lv.md", "rules.yaml"))

    assert POLICY.newest.sha256 == hashlib.sha256(whole).hexdigest()


def test_every_retention_is_said_in_words() -> None:
    """The report says how long, in both languages, with no number left out."""
    for name in POLICY.inventory.rules_named:
        for locale in ("EN", "LV"):
            assert "{" not in POLICY.rule(name).kept(locale)


def test_a_secret_is_read_by_nobody() -> None:
    """Hashes, seeds and tokens are exported as existence only."""
    for entity in POLICY.inventory.entities:
        for field in (each for each in entity.fields if each.class_name == "secret"):
            assert set(field.read.values()) == {Reading.NONE}
            assert field.exported is Exported.EXISTENCE


def test_the_personal_code_is_masked_even_to_its_owner() -> None:
    """Until a fresh proof; support may not reveal it at all."""
    field = POLICY.inventory.entity("customer").field("personal_code")

    assert field.to_subject is Reading.MASK
    assert field.for_roles([Role.SUPPORT, Role.AUDITOR]) is Reading.PRESENT
    assert field.readers == (Role.OFFICE, Role.PRIVACY_OFFICER)


def test_advertising_reads_language_and_topics_only() -> None:
    """Beside the consents themselves (clause 2)."""
    read = {
        f"{entity.table}.{field.name}"
        for entity in POLICY.inventory.entities
        for field in entity.fields
        if {"ads", "content"} & set(field.purposes)
    }

    assert read == {
        "preferences.locale",
        "preferences.ad_topics",
        "preferences.personalised_ads",
        "preferences.personalised_content",
    }


def test_the_customer_is_erased_last() -> None:
    """Children first; proofs, events and staff are not among them."""
    tables = [entity.table for entity in POLICY.inventory.erased_with_person]

    assert tables[-1] == "customer"
    assert not {"event", "tombstone", "certificate", "staff", "person_key"} & set(tables)


def test_optional_storage_waits_for_a_choice() -> None:
    """What is essential is signing in, the known device and the choice itself (clause 1.6)."""
    essential = {item.name for item in POLICY.cookies.values() if not item.optional}

    assert essential == {"__Host-session", "__Host-device", "__Host-staff", "cookie-choice"}


def test_both_authorities_are_named() -> None:
    """The United Kingdom's and Latvia's (clause 4.2.1)."""
    assert {authority.country for authority in POLICY.company.authorities} == {"GB", "LV"}
    assert POLICY.company.registration_number == "7007920"


def test_the_policy_is_read_once() -> None:
    """Loading is cached."""
    assert load() is POLICY

"""Passwords: long, not common, hard to guess; no composition rules (NIST SP 800-63B-4, ASVS 6.2)."""

import random
import string
import time

import pytest
from zxcvbn import matching

from models.checks.guessing import COMMONEST, guesses
from models.checks.passwords import new_password
from models.checks.wrong import Wrong
from models.refused import ProblemCode

OWN = ["Jānis", "Bērziņš", "janis.berzins@example.com", "+37121234567"]


@pytest.mark.asvs("6.2.5", "6.2.9")
@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "ūdens kaķis mēness zvans",
        "  spaces at both ends count  ",
        "nocapitalsnodigitshere okay",
        "vQ7#kZ2!mWx9pLt4" * 8,
        "🐙 lives in the deep sea 🐙",
        "庭に猫が三匹いて毎朝鳴いている",
    ],
)
def test_a_long_unusual_password_is_taken_as_typed(password: str) -> None:
    """Never trimmed, cut or folded; any characters."""
    assert new_password(password, OWN, second_factor=False) == password


def test_a_password_is_kept_in_nfc() -> None:
    """So that it is the same from every keyboard."""
    assert new_password("u\u0304dens kaķis mēness zvans", [], second_factor=False) == "ūdens kaķis mēness zvans"


@pytest.mark.asvs("6.1.2", "6.2.4", "6.2.11")
@pytest.mark.parametrize(
    "password",
    [
        "password1234567",
        "qwertyuiopasdfgh",
        "aaaaaaaaaaaaaaaaaaaa",
        "123456789012345678",
        "abcdefghijklmnopqr",
        "jānisbērziņšjānis",
        "JanisBerzins1985",
        "Janis.Berzins@Example.com",
        "octopustelecom2026",
        "OctopusOctopus!!",
        "+37121234567+37121234567",
        "passwordpassword",
    ],
)
def test_a_common_or_guessable_password_is_refused(password: str) -> None:
    """The commonest, keyboard walks, sequences, repeats, the person's own words and ours."""
    with pytest.raises(Wrong) as wrong:
        new_password(password, OWN, second_factor=False)
    assert wrong.value.code is ProblemCode.BREACHED_PASSWORD


@pytest.mark.asvs("6.2.4", "6.2.12")
@pytest.mark.parametrize("password", ["baseball", "trustno1", "Sunshine", "12345678", "iloveyou1"])
def test_the_commonest_are_refused_with_a_second_factor_too(password: str) -> None:
    """Eight characters are enough then, but not these."""
    with pytest.raises(Wrong) as wrong:
        new_password(password, [], second_factor=True)
    assert wrong.value.code is ProblemCode.BREACHED_PASSWORD


def test_eight_characters_do_with_a_second_factor() -> None:
    """And are too short without."""
    assert new_password("Zq8$kLm2x", [], second_factor=True) == "Zq8$kLm2x"
    with pytest.raises(Wrong) as wrong:
        new_password("Zq8$kLm2x", [], second_factor=False)
    assert (wrong.value.code, wrong.value.limit) == (ProblemCode.TOO_SHORT, 15)


@pytest.mark.parametrize(
    ("password", "code"),
    [("", ProblemCode.REQUIRED), (None, ProblemCode.REQUIRED), ("\ud800" * 20, ProblemCode.MALFORMED)],
)
def test_no_password_and_one_that_cannot_be_hashed_are_refused(password: str | None, code: ProblemCode) -> None:
    """An unpaired surrogate has no UTF-8."""
    with pytest.raises(Wrong) as wrong:
        new_password(password, [], second_factor=False)
    assert wrong.value.code is code


@pytest.mark.asvs("6.2.4", "6.2.12")
def test_the_list_of_the_commonest_is_long_enough() -> None:
    """At least 3,000 that are long enough to be tried here (ASVS 6.2.4)."""
    assert sum(len(word) >= 8 for word in COMMONEST) >= 3_000


def test_own_words_are_not_remembered() -> None:
    """zxcvbn.zxcvbn keeps them in a global; this must not."""
    new_password("correct horse battery staple", OWN, second_factor=False)
    assert "user_inputs" not in matching.RANKED_DICTIONARIES


def test_scoring_takes_bounded_time() -> None:
    """zxcvbn alone takes over a second for some 64 characters: all its substitutions at once."""
    dice = random.Random(7)
    alphabets = ["4@8({[<3691!|70$5+%2", "01", "1!|7lti", string.printable[:94], "a@4bB8", "4@1!"]
    guesses("warm up")
    for alphabet in alphabets * 3:
        part = "".join(dice.choice(alphabet) for _ in range(dice.randint(1, 64)))
        began = time.process_time()
        guesses((part * 128)[:128])
        assert time.process_time() - began < 0.5, part

"""Which digits can be a payment card's: ISO/IEC 7812 issuer prefix, length, and the Luhn check digit (clause 1.4)."""

import re
from itertools import accumulate
from typing import Final

# Issuer, its prefixes as a pattern, its lengths.
ISSUERS: Final[tuple[tuple[str, str, frozenset[int]], ...]] = (
    ("Visa", "4", frozenset({13, 16, 19})),
    ("Mastercard", "5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720", frozenset({16})),
    ("American Express", "3[47]", frozenset({15})),
    ("Discover", "6011|64[4-9]|65", frozenset(range(16, 20))),
    ("JCB", "352[89]|35[3-8]", frozenset(range(16, 20))),
    ("Diners Club", "30[0-5]|3095|36|3[89]", frozenset(range(14, 20))),
    ("UnionPay", "62|81", frozenset(range(16, 20))),
    ("Mir", "220[0-4]", frozenset(range(16, 20))),
    ("Maestro", "50|5[6-9]|6", frozenset(range(12, 20))),
)
SHORTEST, LONGEST = 12, 19

FIRST_DIGITS = frozenset("234568")
_DOUBLED = str.maketrans("0123456789", "0246813579")  # twice the digit, its digits added


def _prefixes(length: int, *, leaving_out: str = "") -> re.Pattern[str]:
    return re.compile(
        "|".join(p for name, p, lengths in ISSUERS if length in lengths and name != leaving_out) or "(?!)"
    )


_ANY = {length: _prefixes(length) for length in range(SHORTEST, LONGEST + 1)}
# Maestro's prefixes are so wide that inside longer runs of digits they would find cards everywhere.
_DISTINCT = {length: _prefixes(length, leaving_out="Maestro") for length in range(SHORTEST, LONGEST + 1)}


def is_card_number(digits: str) -> bool:
    """Whether these ASCII digits, all of them, are a payment card's number."""
    pattern = _ANY.get(len(digits))
    if pattern is None or not pattern.match(digits):
        return False
    return sum(map(int, digits[-1::-2] + digits[-2::-2].translate(_DOUBLED))) % 10 == 0


def starts_like_a_card(digits: str, start: int, length: int) -> bool:
    """Whether an issuer, Maestro aside, gives numbers of this length that start with the digits found there."""
    return _DISTINCT[length].match(digits, start) is not None


def luhn_sums(digits: str) -> tuple[list[int], list[int]]:
    """Running Luhn sums (mod 10) with the digits at even, and at odd places doubled.

    The digits from start to end pass Luhn exactly when ``sums[end % 2]`` holds the same at both.
    """
    plain, doubled = list(map(int, digits)), list(map(int, digits.translate(_DOUBLED)))
    even, odd = plain.copy(), plain
    even[::2] = doubled[::2]
    odd[1::2] = doubled[1::2]
    return [n % 10 for n in accumulate(even, initial=0)], [n % 10 for n in accumulate(odd, initial=0)]

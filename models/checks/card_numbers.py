"""Payment card numbers are refused in every text (clause 1.4): no card is ever stored, however it was written."""

import unicodedata
from functools import lru_cache

from models.checks.digit_runs import digit_runs, has_long_run
from models.checks.issuers import SHORTEST
from models.checks.not_cards import blank_identifiers

_SEPARATOR_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Pc", "Ps", "Pe", "Pi", "Pf"})
_SEPARATORS = frozenset("\t\n\r\x0b\x0c,\\*'`|~·•‧∙⋅…")
_CHINESE_DIGITS = "〇一二三四五六七八九"
_LOOK_UPS = 100  # of IBANs, codes and phone numbers in one text: what looks like a card after so many is taken for one


def find_card_number(text: str) -> bool:
    """Whether the text holds a payment card's number: issuer prefix and length, and Luhn (ISO/IEC 7812).

    Separators between digits and the digits of every script are seen through. IBANs, E.164 phone numbers, UUIDs,
    dates, IPv4 addresses and Latvian personal codes are no cards, but one next to them is found. Linear in the text.
    """
    if not _may_hold(text) or not has_long_run(folded := fold(text)):
        return False
    budget = iter(range(_LOOK_UPS))
    return any(run.holds_card(budget) for run in digit_runs(blank_identifiers(folded, budget)))


def _may_hold(text: str) -> bool:
    """Whether there are digits enough, of any script: most texts are looked at no further."""
    if len(text) < SHORTEST:
        return False
    return sum(map(str.isdigit, text)) + sum(map(_CHINESE_DIGITS.__contains__, text)) >= SHORTEST


def fold(text: str) -> str:
    """The text in few characters: ASCII digits and capitals, + . - /, blanks for other separators, '!' for the rest."""
    return text.translate({ord(character): _folded(character) for character in set(text)})


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character in "+./-":
        return character
    if character.isascii() and character.isalnum():
        return character.upper()
    if character.isalpha() and character not in _CHINESE_DIGITS:
        return "!"
    digit = unicodedata.digit(character, _CHINESE_DIGITS.find(character))
    if digit >= 0:
        return str(digit)
    category = unicodedata.category(character)
    if category[0] == "M" or category == "Cf":  # keycaps, joiners, soft hyphens: unseen between digits
        return ""
    if category == "Pd" or character == "−":
        return "-"
    if category in _SEPARATOR_CATEGORIES or character in _SEPARATORS:
        return " "
    return "+" if character in "＋﹢" else "!"

"""What has as many digits as a card and is none: IBANs, UUIDs, dates, IP addresses, personal codes, phone numbers."""

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers
from stdnum import iban, numdb
from stdnum.lv import pvn

# All patterns read folded text (card_numbers.fold): ASCII digits, capitals, + . - / and blanks. All are bounded.
_UUID = re.compile(  # RFC 9562, with its dashes or in one piece
    r"""
    (?<![0-9A-Z]) (?=[0-9A-F]{8})
    (?: [0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}
      | (?=[0-9]{0,31}[A-F]) [0-9A-F]{12}[1-8][0-9A-F]{3}[89AB][0-9A-F]{15}
    )
    (?![0-9A-Z])
    """,
    re.VERBOSE,
)
_SHAPED = re.compile(
    r"""
    (?<![0-9]) (?=[0-9][0-9.]) (?<![0-9][./-])
    (?: [0-3][0-9]([./-])[01][0-9]\1(?:19|20)[0-9]{2}                                  # 23.11.2026
      | (?:19|20)[0-9]{2}([./-])[01][0-9]\2[0-3][0-9]                                  # 2026-11-23
      | (?=[0-9.]{9}) (?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(?:\.(?:25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])){3}  # IPv4
      | (?P<code>[0-9]{6}-[0-9]{5})                                                    # a Latvian personal code
    )
    (?![0-9]) (?![./-][0-9])
    """,
    re.VERBOSE,
)
_IBAN_START = re.compile(r"(?<![0-9A-Z])([A-Z]{2}) ?[0-9]{2}")
_BETWEEN = re.compile(r"[ ./-]")
_BBAN_PART = re.compile(r"([0-9]+)!")


def blank_identifiers(folded: str, budget: Iterator[int]) -> str:
    """The folded text with every IBAN and UUID replaced by '!'."""
    return _UUID.sub("!", _without_ibans(folded, budget))


def blank_shapes(run: str, budget: Iterator[int]) -> str:
    """A run of digits with every date, IPv4 address and personal code in it replaced by '!'."""

    def unless_wrong(found: re.Match[str]) -> str:
        right = not found["code"] or (next(budget, None) is not None and pvn.is_valid(found["code"]))
        return "!" if right else found[0]

    return _SHAPED.sub(unless_wrong, run)


def is_phone_number(digits: str, budget: Iterator[int]) -> bool:
    """Whether +digits is a valid E.164 number; no more are looked up than the budget has."""
    if next(budget, None) is None:
        return False
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse("+" + digits))
    except phonenumbers.NumberParseException:
        return False


def _without_ibans(folded: str, budget: Iterator[int]) -> str:
    kept, end = [], 0
    for start in _IBAN_START.finditer(folded):
        shape = _iban_shape(start[1])
        if shape is None or start.start() < end:
            continue
        found = shape.match(folded, start.start())
        if found is None:
            continue
        if next(budget, None) is None:
            break
        if iban.is_valid(_BETWEEN.sub("", found[0])):
            kept.append(folded[end : start.start()])
            end = found.end()
    return "!".join([*kept, folded[end:]])


@cache
def _iban_shape(country: str) -> re.Pattern[str] | None:
    """Exactly as many letters and digits as the country's IBAN has (ISO 13616), a separator between any two."""
    info = numdb.get("iban").info(country)[0][1]
    if not info:
        return None
    length = 4 + sum(map(int, _BBAN_PART.findall(info["bban"])))
    return re.compile(rf"[A-Z](?:[ ./-]?[0-9A-Z]){{{length - 1}}}")

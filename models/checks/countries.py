"""Countries: the 249 officially assigned codes of ISO 3166-1 alpha-2."""

from typing import Final

from models.checks.wrong import Wrong
from models.refused import ProblemCode

# A first letter, and every second letter it goes with.
_LETTERS: Final = (
    "A DEFGILMOQRSTUWXZ", "B ABDEFGHIJLMNOQRSTVWYZ", "C ACDFGHIKLMNORUVWXYZ", "D EJKMOZ", "E CEGHRST", "F IJKMOR",
    "G ABDEFGHILMNPQRSTUWY", "H KMNRTU", "I DELMNOQRST", "J EMOP", "K EGHIMNPRWYZ", "L ABCIKRSTUVY",
    "M ACDEFGHKLMNOPQRSTUVWXYZ", "N ACEFGILOPRUZ", "O M", "P AEFGHKLMNRSTWY", "Q A", "R EOSUW",
    "S ABCDEGHIJKLMNORSTVXYZ", "T CDFGHJKLMNORTVWZ", "U AGMSYZ", "V ACEGINU", "W FS", "Y ET", "Z AMW",
)  # fmt: skip
COUNTRIES: Final = frozenset(row[0] + second for row in _LETTERS for second in row[2:])


def country_code(value: str | None) -> str:
    """The code in capitals. Raises Wrong: REQUIRED; MALFORMED for what is no assigned code (UK is GB)."""
    code = (value or "").strip()
    if not code:
        raise Wrong(ProblemCode.REQUIRED)
    if not (len(code) == 2 and code.isascii()) or code.upper() not in COUNTRIES:
        raise Wrong(ProblemCode.MALFORMED)
    return code.upper()

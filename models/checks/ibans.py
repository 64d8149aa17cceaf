"""Bank accounts by their IBAN (clause 1.4; ISO 13616)."""

import re
from typing import NamedTuple

from stdnum import iban as standard

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode


class Iban(NamedTuple):
    """An account number without blanks, and the country it is in."""

    country: str
    number: str


_BETWEEN = re.compile(r"[\s.\-‐‑–]")
# The library converts digits of other scripts silently; what is stored would then not be what was checked.
_COMPACT = re.compile(r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,30}")


def iban(value: str | None) -> Iban:
    """The compact IBAN in capitals: country, length, structure and check digits are right.

    Raises Wrong: REQUIRED, TOO_LONG, MALFORMED. A card number is not an IBAN, so it is refused too.
    """
    written = (value or "").strip()
    if not written:
        raise Wrong(ProblemCode.REQUIRED)
    if len(written) > LIMITS["iban"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["iban"])
    compact = _BETWEEN.sub("", written)
    if not _COMPACT.fullmatch(compact) or not standard.is_valid(compact):
        raise Wrong(ProblemCode.MALFORMED)
    return Iban(compact[:2].upper(), compact.upper())

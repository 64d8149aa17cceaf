"""Phone numbers (clauses 1.1.5 and 1.4), as ITU-T E.164 writes them."""

import re

import phonenumbers

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode

_WRITTEN = re.compile(r"[+＋][\d\s().\-‐‑–/\u2060]+")  # no letters: an extension or a 'tel:' would be lost silently


def phone_number(value: str | None) -> str:
    """The canonical E.164 number, as '+37121234567'; written with + and the country's code, valid in its plan.

    Raises Wrong: REQUIRED, TOO_LONG, MALFORMED. A card number is not a valid phone number, so it is refused too.
    """
    written = (value or "").strip()
    if not written:
        raise Wrong(ProblemCode.REQUIRED)
    if len(written) > LIMITS["phone"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["phone"])
    if not _WRITTEN.fullmatch(written):
        raise Wrong(ProblemCode.MALFORMED)
    try:
        number = phonenumbers.parse(written)
    except phonenumbers.NumberParseException:
        raise Wrong(ProblemCode.MALFORMED) from None
    if not phonenumbers.is_valid_number(number):
        raise Wrong(ProblemCode.MALFORMED)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

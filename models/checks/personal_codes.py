"""Personal identity codes (clause 1.1.3): Latvia's personas kods, in both forms."""

import re
from datetime import date
from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.lv import pvn

from models.checks.birthdates import birthdate
from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode


class PersonalCode(NamedTuple):
    """A country and its canonical code, as ('LV', '161175-19997')."""

    country: str
    code: str


_WRITTEN = re.compile(r"([0-9]{6})[ -]?([0-9]{5})")


def latvian_personal_code(value: str | None, today: date) -> str:
    """'DDMMYY-CNNNN' (its date of birth is held to birthdate's rules), or '32NNNN-NNNNN' as given since July 2017.

    The check digit is verified. A company's number has the same length and a first digit over 3: it is refused.
    Raises Wrong: REQUIRED, TOO_LONG, MALFORMED, IN_THE_FUTURE, NOT_ALLOWED.
    """
    written = re.sub("[‐‑–−]", "-", (value or "").strip())
    if not written:
        raise Wrong(ProblemCode.REQUIRED)
    if len(written) > LIMITS["personal_code"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["personal_code"])
    found = _WRITTEN.fullmatch(written)
    if found is None or written[0] > "3":
        raise Wrong(ProblemCode.MALFORMED)
    try:
        digits = pvn.validate(found[1] + found[2])
        born = None if digits.startswith("32") else pvn.get_birth_date(digits)
    except ValidationError:
        raise Wrong(ProblemCode.MALFORMED) from None
    if born is not None:
        birthdate(born, today)
    return f"{found[1]}-{found[2]}"

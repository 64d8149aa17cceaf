"""Text as people write it, made canonical: NFC, trimmed, without what could mislead a reader or break a store."""

import re
import unicodedata

from models.checks.card_numbers import find_card_number
from models.checks.limits import LIMITS, Limit
from models.checks.wrong import Wrong
from models.refused import ProblemCode

# Controls, unpaired surrogates, noncharacters, and what reorders the text around it (Trojan Source, CVE-2021-42574).
_HARMFUL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
# Pasted along unseen; joiners (U+200C, U+200D) stay, Persian and emoji need them.
_UNSEEN = re.compile("[\u00ad\u200b\u2060\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\u2028\u2029]")
_NEWLINE_OR_TAB = re.compile("[\n\t]")
_BLANKS = re.compile(r"\s+")


def one_line(value: str | None, limit: Limit) -> str:
    """A label, a street line, a subject: one line, inner blanks collapsed.

    Raises Wrong: REQUIRED, MALFORMED (line breaks, controls, overrides), TOO_LONG, CARD_NUMBER (clause 1.4).
    """
    clean = _clean(value)
    if _NEWLINE_OR_TAB.search(clean):
        raise Wrong(ProblemCode.MALFORMED)
    return _accept(_BLANKS.sub(" ", clean), limit)


def many_lines(value: str | None, limit: Limit) -> str:
    """A message, a complaint, a note: line ends become LF, blanks at the ends of lines go. Raises Wrong as one_line."""
    return _accept("\n".join(line.rstrip() for line in _clean(value).split("\n")), limit)


def _clean(value: str | None) -> str:
    clean = _LINE_ENDS.sub("\n", _UNSEEN.sub("", value or "")).strip()
    if _HARMFUL.search(clean):
        raise Wrong(ProblemCode.MALFORMED)
    return unicodedata.normalize("NFC", clean)


def _accept(clean: str, limit: Limit) -> str:
    if not clean:
        raise Wrong(ProblemCode.REQUIRED)
    if len(clean) > LIMITS[limit]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS[limit])
    if find_card_number(clean):
        raise Wrong(ProblemCode.CARD_NUMBER)
    return clean

"""Short strings with a fixed form: idempotency keys, tickets, the last four characters of a document."""

import re

from models.checks.card_numbers import find_card_number
from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode

_KEY = re.compile(r"[A-Za-z0-9_-]+")
_DIGITS_ONLY = re.compile(r"[0-9_-]+")
_TICKET = re.compile(r"[A-Z]{2,5}-[0-9]{1,9}")
_NUMBER = re.compile(r"[A-Z0-9-]{1,16}")
_ACTION = re.compile(r"[a-z0-9.-]{1,48}")
_LAST_FOUR = re.compile(r"[A-Za-z0-9]{4}")


def idempotency_key(value: str | None) -> str:
    """16 to 64 characters that need no escaping in a URL, the client's own choice.

    Raises Wrong: REQUIRED, TOO_SHORT, TOO_LONG, MALFORMED; CARD_NUMBER for digits that are one (a hash in hexadecimal
    can hold such digits by chance, so only keys without letters are looked at).
    """
    key = value or ""
    if not key:
        raise Wrong(ProblemCode.REQUIRED)
    if len(key) > LIMITS["idempotency_key"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["idempotency_key"])
    if not _KEY.fullmatch(key):
        raise Wrong(ProblemCode.MALFORMED)
    if len(key) < LIMITS["idempotency_key_min"]:
        raise Wrong(ProblemCode.TOO_SHORT, LIMITS["idempotency_key_min"])
    if _DIGITS_ONLY.fullmatch(key) and find_card_number(key):
        raise Wrong(ProblemCode.CARD_NUMBER)
    return key


def ticket(value: str | None) -> str:
    """A support ticket, as 'SUP-1234' (clause 6.1.3: no record is opened without one). Raises Wrong."""
    return _fixed_form(value, _TICKET)


def last_four(value: str | None) -> str:
    """The last four letters or digits of an identity document that the office saw, in capitals. Raises Wrong."""
    return _fixed_form(value, _LAST_FOUR).upper()


def number_asked_for(value: str) -> str:
    """A customer's, request's or complaint's number, in capitals; empty, as nobody's is, for what cannot be one."""
    written = value.strip().upper()
    return written if _NUMBER.fullmatch(written) else ""


def action_asked_for(value: str) -> str:
    """An event's action; empty, as none is, for what cannot be one."""
    return value if _ACTION.fullmatch(value) else ""


def _fixed_form(value: str | None, form: re.Pattern[str]) -> str:
    written = (value or "").strip()
    if not written:
        raise Wrong(ProblemCode.REQUIRED)
    if not form.fullmatch(written):
        raise Wrong(ProblemCode.MALFORMED)
    return written

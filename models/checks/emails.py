"""E-mail addresses (clause 1.1.6): syntax only, nobody is asked whether they exist; a letter with a link shows that."""

import re
import unicodedata

from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from models.checks.texts import one_line
from models.checks.wrong import Wrong
from models.refused import ProblemCode

_LONGEST = 63
"""Signs up to which neither an address nor any of its parts can be too long."""
_PLAIN = re.compile(r"[a-z0-9_+-]++(?:\.[a-z0-9_+-]++){0,31}@(?:[a-z0-9]++(?:-[a-z0-9]++){0,31}\.){1,31}[a-z]{2,}")
"""No group of it is possessive: Python before 3.11.5 finds nothing then. 31 of a part are all that so few signs have room for."""
_SPECIAL = tuple(mark + name for name in SPECIAL_USE_DOMAIN_NAMES for mark in "@.")


def email_address(value: str | None) -> str:
    """The canonical address: the local part as written, the domain in lower case and IDNA's ASCII (RFC 5890).

    Local parts outside ASCII are refused: not every mail server on the way takes them (RFC 6531).
    Raises Wrong: REQUIRED, MALFORMED, TOO_LONG, CARD_NUMBER.
    """
    return _canonical(one_line(value, "email"))


def email_key(value: str) -> str:
    """What blind indexes know an address by: canonical, casefolded whole. Never raises: sign-in asks for anything."""
    try:
        return email_address(value).casefold()
    except Wrong:
        sound = value.encode("utf-8", "replace").decode("utf-8")  # an unpaired surrogate cannot be hashed
        return unicodedata.normalize("NFC", sound.strip()).casefold()


def domain_name(value: str | None) -> str:
    """A domain in lower case and IDNA's ASCII, without the root's dot. Raises Wrong as email_address."""
    return _canonical("x@" + one_line(value, "domain").removesuffix(".")).removeprefix("x@")


def service_name(value: str | None) -> str:
    """What a service is called: one line; a domain's name in its canonical form, so that it is found again."""
    clean = one_line(value, "service_name")
    if "." not in clean or " " in clean or "@" in clean:
        return clean
    try:
        return domain_name(clean)
    except Wrong:
        return clean


def _canonical(address: str) -> str:
    if len(address) <= _LONGEST and _PLAIN.fullmatch(address) and not address.endswith(_SPECIAL):
        return address  # what the library would say of it, in a fortieth of the time
    try:
        valid = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise Wrong(ProblemCode.MALFORMED) from None
    return f"{valid.local_part}@{(valid.ascii_domain or valid.domain).lower()}"

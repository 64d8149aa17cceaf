"""Which passwords are good enough to be set: long, not among the commonest, hard to guess, not one's own name.

No composition rules (NIST SP 800-63B-4 3.1.1.2, OWASP ASVS 6.2). All of it offline: nobody is told a password.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode

_OUR_WORDS: Final = ("octopus", "octopustelecom", "telecom", "hosting", "password", "parole")
_ENOUGH_GUESSES: Final = 10**8  # zxcvbn's score 3: safely unguessable
_NOT_IN_WORDS = re.compile(r"[\W_]+")


def new_password(value: str | None, own_words: Iterable[str], *, second_factor: bool) -> str:
    """The password in NFC and otherwise as typed: never trimmed, cut or folded.

    ``own_words`` are the person's names, addresses and numbers. Raises Wrong: REQUIRED, TOO_SHORT, TOO_LONG (with the
    limit), MALFORMED (an unpaired surrogate cannot be hashed), BREACHED_PASSWORD (common, or too easy to guess).
    """
    if not value:
        raise Wrong(ProblemCode.REQUIRED)
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise Wrong(ProblemCode.MALFORMED)
    password = unicodedata.normalize("NFC", value)
    shortest = LIMITS["password_with_factor" if second_factor else "password_alone"]
    if len(password) < shortest:
        raise Wrong(ProblemCode.TOO_SHORT, shortest)
    if len(password) > LIMITS["password"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["password"])
    from models.checks.guessing import COMMONEST, guesses  # loaded when the first password is set

    words = _words(own_words)
    too_much_own = len(_without(password, words)) < shortest // 2
    if too_much_own or password.lower() in COMMONEST or guesses(password, words) < _ENOUGH_GUESSES:
        raise Wrong(ProblemCode.BREACHED_PASSWORD)
    return password


def _words(own_words: Iterable[str]) -> list[str]:
    """The person's words and ours, whole and in parts, also without their accents, in lower case; three or longer."""
    found = dict.fromkeys(_OUR_WORDS)
    for word in own_words:
        lowered = unicodedata.normalize("NFC", word).lower()
        plain = "".join(c for c in unicodedata.normalize("NFD", lowered) if not unicodedata.combining(c))
        for spelt in (lowered, plain):
            found |= dict.fromkeys(part for part in (spelt, *_NOT_IN_WORDS.split(spelt)) if len(part) >= 3)
    return list(found)


def _without(password: str, words: list[str]) -> str:
    """What is left of the password, the longest words taken out first."""
    left = password.lower()
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return left

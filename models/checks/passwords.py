"""Which passwords are good enough to be set: long, not among the commonest, hard to guess, not one's own name.

No composition rules (NIST SP 800-63B-4 3.1.1.2, OWASP ASVS 6.2). All of it offline: nobody is told a password.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from zxcvbn import matching, scoring
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode

# Over 11,000 of eight characters or more, in lower case.
COMMONEST: Final = frozenset(FREQUENCY_LISTS["passwords"])
_OUR_WORDS: Final = ("octopus", "octopustelecom", "telecom", "hosting", "password", "parole")
_ENOUGH_GUESSES: Final = 10**8  # zxcvbn's score 3: safely unguessable
_SCORED: Final = 64  # characters; scoring takes time with the square of the length
_SUBSTITUTIONS: Final = 8  # ways to read 'p4$$w0rd' as letters; a wild password has hundreds and would take seconds
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
    words = _words(own_words)
    too_much_own = len(_without(password, words)) < shortest // 2
    if too_much_own or password.lower() in COMMONEST or guesses(password, words) < _ENOUGH_GUESSES:
        raise Wrong(ProblemCode.BREACHED_PASSWORD)
    return password


def guesses(password: str, words: Iterable[str] = ()) -> int:
    """How many guesses zxcvbn thinks the first 64 characters take, in bounded time.

    Not by ``zxcvbn.zxcvbn``: that reads the clock, and keeps the person's words in a module's global, where the next
    person's thread finds them.
    """
    scored = password[:_SCORED]
    dictionaries = {**matching.RANKED_DICTIONARIES, "user_inputs": matching.build_ranked_dict(words)}
    if _readings(scored) <= _SUBSTITUTIONS:
        matches = matching.omnimatch(scored, dictionaries)
    else:
        gentle = (matching.dictionary_match, matching.reverse_dictionary_match, matching.sequence_match)
        matches = [match for matcher in gentle for match in matcher(scored, _ranked_dictionaries=dictionaries)]
        matches += matching.spatial_match(scored) + matching.regex_match(scored) + matching.date_match(scored)
        matches.sort(key=lambda match: (match["i"], match["j"]))
    return int(scoring.most_guessable_match_sequence(scored, matches)["guesses"])


def _readings(password: str) -> int:
    """At most how many ways zxcvbn would undo substitutions; its own enumeration is what takes long."""
    ways = 1
    for choices in matching.relevant_l33t_subtable(password, matching.L33T_TABLE).values():
        ways *= len(choices)
    return ways


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

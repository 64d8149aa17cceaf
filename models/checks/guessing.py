"""How easily a password is guessed. Its dictionaries take 13 MB: whoever asks imports this when a password is set."""

from collections.abc import Iterable
from typing import Final

from zxcvbn import matching, scoring
from zxcvbn.frequency_lists import FREQUENCY_LISTS

# Over 11,000 of eight characters or more, in lower case.
COMMONEST: Final = frozenset(FREQUENCY_LISTS["passwords"])
_SCORED: Final = 64  # characters; scoring takes time with the square of the length
_SUBSTITUTIONS: Final = 8  # ways to read 'p4$$w0rd' as letters; a wild password has hundreds and would take seconds


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

"""Names of people and account holders (clauses 1.1.1 and 1.1.2)."""

import re

from models.checks.texts import one_line
from models.checks.wrong import Wrong
from models.refused import ProblemCode

# Letters greet people by name: a name that mail programs turn into a link or markup would be spam sent by us.
_NOT_IN_NAMES = re.compile(r"[<>@{}|\\^]|://|www\.", re.IGNORECASE)


def personal_name(value: str | None) -> str:
    """One line with at least one letter. Raises Wrong as one_line; MALFORMED for links, addresses and markup."""
    clean = one_line(value, "name")
    if _NOT_IN_NAMES.search(clean) or not any(character.isalpha() for character in clean):
        raise Wrong(ProblemCode.MALFORMED)
    return clean

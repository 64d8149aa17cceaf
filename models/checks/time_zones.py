"""Time zones by their name in the IANA database, as 'Europe/Riga'."""

from functools import cache
from zoneinfo import available_timezones

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode


@cache
def time_zones() -> frozenset[str]:
    """Every name in the packaged database; not this machine's own ('localtime'), nor what is no zone ('Factory')."""
    return frozenset(available_timezones() - {"localtime", "posixrules", "Factory"})


def time_zone(value: str | None) -> str:
    """The name as the database spells it. Raises Wrong: REQUIRED, TOO_LONG, MALFORMED."""
    name = (value or "").strip()
    if not name:
        raise Wrong(ProblemCode.REQUIRED)
    if len(name) > LIMITS["time_zone"]:
        raise Wrong(ProblemCode.TOO_LONG, LIMITS["time_zone"])
    if name not in time_zones():
        raise Wrong(ProblemCode.MALFORMED)
    return name

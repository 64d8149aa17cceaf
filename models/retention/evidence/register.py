"""The register of evidence queries."""

from collections.abc import Awaitable, Callable

from models.retention.measures import Measure, Period
from models.world import World

Query = Callable[[World, Period], Awaitable[Measure]]
EVIDENCE: dict[str, Query] = {}


def evidence(query: Query) -> Query:
    """The query is a promise's evidence, under its own name."""
    EVIDENCE[query.__name__] = query
    return query

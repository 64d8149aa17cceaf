"""What design/performance.md asks for: least ratios of requests/s, ours to theirs, and the other figures."""

from collections.abc import Mapping
from typing import NamedTuple


class Goal(NamedTuple):
    """At least (or, ``most``, at most) so much; ``aim`` is what one would like."""

    must: float
    aim: float | None = None
    most: bool = False

    def kept(self, figure: float) -> bool:
        return figure <= self.must if self.most else figure >= self.must

    def __str__(self) -> str:
        least = f"{'≤' if self.most else '≥'} {self.must:g}"
        return least if self.aim is None else f"{least}, aim {self.aim:g}"


RATIOS: Mapping[str, Mapping[str, Goal]] = {
    "Mercurius": {"A": Goal(0.6, 0.8), "B": Goal(1.5, 2.0), "C": Goal(1.0, 1.2), "D": Goal(1.5, 2.0)},
    "Apollo Server": {"A": Goal(1.2, 1.6), "B": Goal(2.0, 2.5), "C": Goal(2.0, 2.5), "D": Goal(1.8, 2.5)},
    "PostGraphile": {"A": Goal(1.6, 2.2), "B": Goal(1.7, 2.2), "C": Goal(1.7, 2.2), "D": Goal(2.0, 2.7)},
    "the usual way": {"A": Goal(15, 20), "B": Goal(15, 25), "C": Goal(12, 18), "D": Goal(50, 80)},
    "no GraphQL": {"A": Goal(0.7, 0.85), "B": Goal(0.9, 1.2), "C": Goal(0.75, 0.95), "D": Goal(0.75, 0.95)},
}
SLOWEST_BESIDE = "Mercurius"
"""Whose p99 on B, C and D is the worst that ours may be, and of whose memory ours may take a share."""
MEMORY = Goal(0.6, most=True)
FLOOD = Goal(0.6)
START = Goal(2.0, most=True)
ERASURE = Goal(5_000)
LOCK = Goal(50, most=True)
IMPORT = Goal(5_000)
GROWTH = Goal(1.2, most=True)

"""The register of moves: what anybody may do next, and how often."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from tests.simulation.model import Person
from tests.simulation.town import Town

Does = Callable[[Town, random.Random], Awaitable[None]]


@dataclass(frozen=True)
class Move:
    """One thing somebody does; ``weight``: how often, compared with the others. ``mortal``: a process may die in it."""

    name: str
    does: Does
    weight: int
    mortal: bool


MOVES: Final[dict[str, Move]] = {}


def move(weight: int = 4, *, mortal: bool = True) -> Callable[[Does], Does]:
    """The function is a move, under its own name."""

    def keep(does: Does) -> Does:
        MOVES[does.__name__] = Move(does.__name__, does, weight, mortal)
        return does

    return keep


def some(town: Town, rng: random.Random, *states: str) -> Person | None:
    """Anybody in one of these states; mostly somebody of the latest, so that they meet themselves again."""
    found = town.model.here(*states)
    if not found:
        return None
    return rng.choice(found[-25:] if rng.random() < 0.7 else found)

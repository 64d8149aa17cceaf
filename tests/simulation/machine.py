"""One step: somebody does something, perhaps the process dies in it, and everything must still hold."""

import random

from tests.simulation import attackers, customers, passing, staff
from tests.simulation.faults import Died
from tests.simulation.invariants import after_a_step
from tests.simulation.moves import MOVES, Move
from tests.simulation.town import Town

MORTAL = 0.2
FAR = (15, 60, 600)

__all__ = ["attackers", "customers", "passing", "staff", "step"]


async def step(town: Town, move: Move, rng: random.Random) -> None:
    """One move with its death, if it has one, and the invariants after it. Raises Broken."""
    try:
        await _step(town, move, rng)
    except BaseException as fault:
        town.broken = True
        where = town.fate.where or "no death in it"
        fault.add_note(f"after {move.name}, step {town.counts.steps}, at {town.now}; {where}")
        raise


async def _step(town: Town, move: Move, rng: random.Random) -> None:
    town.move = move.name
    town.counts.steps += 1
    town.fate.where = ""
    if move.mortal and rng.random() < MORTAL:
        town.fate.left = int(rng.random() ** 2 * rng.choice(FAR))
    try:
        await move.does(town, rng)
        if town.fate.dead:
            raise Died
    except Died:
        town.counts.note(move.name, "died")
        await town.restart()
        await town.settle_doubt()
    town.fate.left = town.doubt = None
    await after_a_step(town)


def chosen(rng: random.Random) -> Move:
    """Any move, by its weight."""
    moves = list(MOVES.values())
    return rng.choices(moves, [one.weight for one in moves])[0]

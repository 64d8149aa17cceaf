"""How a process that runs for long looks for garbage."""

import gc

YOUNG = 50_000
"""Objects made since the collector last looked at the young: next to none of a request's, or of a lot's, are left to it."""


def settle() -> None:
    """What is there now stays: nobody looks at it again, which would stop everything while transactions are open."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, 20, 20)

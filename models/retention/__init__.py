"""TIME: what becomes due, who does it, how it is proved.

A duty is ``run(world, limit) -> int``: small, repeatable, safe to kill.
"""

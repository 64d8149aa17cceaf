"""The same operations by others, over plain tables with the same rows: see tests/bench/contest.py."""

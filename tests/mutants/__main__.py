"""``python -m tests.mutants``: break each promise in a copy of the project; a test must fail. What none finds is told.

``--only WORDS`` tries the edits whose clause and name hold these words, ``--jobs N`` so many at once. On SQLite alone.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue

from tests.mutants.edits import MUTANTS
from tests.mutants.mutant import Mutant

HOUSE = Path(__file__).parents[2]
ROOMS = ("api", "schema", "models", "tests")
FILES = ("pyproject.toml", "SECURITY.md")
TESTS_FAILED, PATIENCE = 1, 600


@dataclass
class Copy:
    """The project's Python and policy, free to be spoilt, one edit at a time."""

    folder: Path
    clock: Iterator[int] = field(default_factory=lambda: iter(range(int(time.time()) - 10**6, 2**31, 2)))

    def __post_init__(self) -> None:
        leave = shutil.ignore_patterns("__pycache__", "node_modules", ".*")
        for room in ROOMS:
            shutil.copytree(HOUSE / room, self.folder / room, ignore=leave)
        for file in FILES:
            if (HOUSE / file).exists():
                shutil.copy(HOUSE / file, self.folder / file)

    def killed(self, mutant: Mutant) -> bool:
        """Whether its test failed, as a test and not for being unable to begin."""
        file = self.folder / mutant.file
        whole = file.read_bytes()
        self._write(file, spoilt(mutant, whole.decode()).encode())
        try:
            return self.run([mutant.test]) == TESTS_FAILED
        finally:
            self._write(file, whole)

    def run(self, tests: list[str]) -> int:
        """pytest's exit code: 0 all passed, 1 some failed, more when it could not begin."""
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-m", "not postgres", *tests]
        environment = {**os.environ, "PYTHONPATH": str(self.folder)}
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, timeout=PATIENCE, check=False
        )
        self.said = done.stdout.decode()
        return done.returncode

    def _write(self, file: Path, content: bytes) -> None:
        """With a time of its own: a compiled file is known by its source's second."""
        file.write_bytes(content)
        second = next(self.clock)
        os.utime(file, (second, second))


def spoilt(mutant: Mutant, text: str) -> str:
    """The file's text with the edit. Raises ValueError when it does not apply exactly once."""
    if text.count(mutant.old) != 1:
        raise ValueError(
            f"{mutant.name}: {mutant.file} has {mutant.old!r} {text.count(mutant.old)} times, not once: mend it in tests/mutants"
        )
    return text.replace(mutant.old, mutant.new)


def try_all(mutants: list[Mutant], jobs: int) -> list[Mutant]:
    """Those that no test found; each is told as soon as it is known."""
    with tempfile.TemporaryDirectory() as scratch:
        copies: SimpleQueue[Copy] = SimpleQueue()
        for number in range(jobs):
            copies.put(Copy(Path(scratch) / str(number)))
        first = copies.get()
        if first.run(sorted({one.test for one in mutants})):
            raise SystemExit(f"The tests fail without any edit:\n{first.said}")
        copies.put(first)

        def one(mutant: Mutant) -> bool:
            copy = copies.get()
            try:
                killed = copy.killed(mutant)
            finally:
                copies.put(copy)
            found = "killed  " if killed else "SURVIVED"
            print(f"{found}  {mutant.name}  ({mutant.test.removeprefix('tests/promises/')})", flush=True)
            return killed

        with ThreadPoolExecutor(jobs) as pool:
            return [mutant for mutant, killed in zip(mutants, pool.map(one, mutants), strict=True) if not killed]


def main() -> None:
    """Exit code 1 when one survived."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--jobs", type=int, default=2)
    asked = parser.parse_args()
    chosen = [one for one in MUTANTS if asked.only in one.name]
    if not chosen:
        parser.error(f"no edit's clause and name hold {asked.only!r}")
    for mutant in chosen:
        spoilt(mutant, (HOUSE / mutant.file).read_text())
    survivors = try_all(chosen, asked.jobs)
    print(f"{len(chosen) - len(survivors)} of {len(chosen)} edits that break a promise were found by its test.")
    sys.exit(bool(survivors))


if __name__ == "__main__":
    main()

"""`make asvs`: how many requirements of OWASP ASVS 5.0 the passing tests show, by level, and which are missing.

A test says what it shows with ``@pytest.mark.asvs("7.4.2", "7.4.3")``; only one that ran and passed counts. The requirements and
which of them apply here stand in tests/contracts/asvs.csv.
"""

import csv
import sys
from collections import defaultdict
from pathlib import Path

import pytest
from rich.console import Console
from rich.table import Table

LIST = Path(__file__).parent / "contracts" / "asvs.csv"
GOALS = {"L1": 1.0, "L2": 1.0, "L3": 40 / 64}


class Shown:
    """A pytest plugin: which requirement is shown by which passing test, and which by one that failed."""

    def __init__(self) -> None:
        self.marked: dict[str, list[str]] = {}
        self.passed: dict[str, set[str]] = defaultdict(set)
        self.broken: set[str] = set()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        marked = [item for item in items if next(item.iter_markers("asvs"), None)]
        items[:] = marked
        for item in marked:
            self.marked[item.nodeid] = [str(one) for mark in item.iter_markers("asvs") for one in mark.args]

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        for requirement in self.marked.get(report.nodeid, ()):
            if report.failed:
                self.broken.add(requirement)
            elif report.when == "call" and report.passed:
                self.passed[requirement].add(report.nodeid)

    @property
    def met(self) -> set[str]:
        """Shown by a test, and contradicted by none."""
        return set(self.passed) - self.broken


def main() -> int:
    """Run the marked tests and print the score; 0 when the goals are reached."""
    shown = Shown()
    pytest.main(["-q", "--no-header", *sys.argv[1:]], plugins=[shown])
    rows = [row for row in csv.DictReader(LIST.open(encoding="utf-8")) if row["applies"] == "yes"]
    unknown = sorted(
        {one for ids in shown.marked.values() for one in ids} - {row["id"].removeprefix("V") for row in rows}
    )
    table = Table("level", "met", "applicable", "goal", box=None, padding=(0, 2, 0, 0), header_style="bold")
    reached = not unknown
    missing = []
    for level, goal in GOALS.items():
        of_level = [row for row in rows if row["level"] == level]
        met = [row for row in of_level if row["id"].removeprefix("V") in shown.met]
        missing += [row for row in of_level if row not in met]
        wanted = round(goal * len(of_level))
        reached = reached and len(met) >= wanted
        table.add_row(level, str(len(met)), str(len(of_level)), str(wanted))
    console = Console()
    for row in missing:
        console.print(f"  missing {row['id']} ({row['level']}) {row['short_text']}", markup=False, highlight=False)
    for one in unknown:
        console.print(f"  {one} is marked but does not apply here")
    console.print(table)
    return 0 if reached else 1


if __name__ == "__main__":
    raise SystemExit(main())

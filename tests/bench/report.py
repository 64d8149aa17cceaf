"""The figures for people: tables that say of each goal whether it was kept, the README's table, a file."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from tests.bench.goals import (
    ERASURE,
    FLOOD,
    GROWTH,
    IMPORT,
    LOCK,
    MEMORY,
    RATIOS,
    SLOWEST_BESIDE,
    START,
    Goal,
)  # fmt: skip
from tests.bench.operations import ABOUT

KEPT, MISSED = "[green]kept[/]", "[bold red]MISSED[/]"


def show(figures: dict[str, Any]) -> None:
    """Print what was measured; what was skipped is left out."""
    console = Console()
    machine = f"{figures['cores']} cores, {figures['processor']}, Python {figures['python']}"
    console.print(f"{figures['at']}: {machine}", markup=False)
    contest = figures.get("contest", {})
    if contest:
        console.print(_goals(contest))
        for name, what in ABOUT.items():
            console.print(_operation(f"{name}: {what}", contest[name], contest["memory"]))
    if sizes := figures.get("sizes"):
        console.print(_sizes(sizes))
    if blocks := figures.get("blocks"):
        table = Table("customers", *ABOUT, title="blocks that PostgreSQL looks at for a request")
        for size in blocks["A"]:
            table.add_row(size, *(f"{blocks[operation][size]:.1f}" for operation in ABOUT))
        console.print(table)
    table = Table("what", "figure", "goal", "", "more", title="The rest")
    for what, figure, goal, kept, more in _rest(figures):
        table.add_row(what, figure, str(goal or ""), "" if kept is None else (KEPT if kept else MISSED), more)
    console.print(table)
    for part, fault in figures.get("failed", {}).items():
        console.print(f"FAILED: {part}: {fault}", style="bold red", markup=False)


def keep(figures: dict[str, Any], folder: Path, name: str = "report") -> None:
    """Write NAME.json, and NAME.md: the README's table."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    if contest := figures.get("contest"):
        (folder / f"{name}.md").write_text("\n".join(markdown(contest)) + "\n")


def markdown(contest: dict[str, Any]) -> Iterator[str]:
    """The README's table: requests/s, ours to theirs, each with what it must be."""
    names = [name for name in contest["A"] if name in RATIOS]
    yield f"| ours : theirs (must be) | our CPU | our p50, p99 | {' | '.join(names)} |"
    yield "|" + "---|" * (3 + len(names))
    for operation, what in ABOUT.items():
        ours = next(iter(contest[operation].values()))
        cells = [f"{contest[operation][name]['ratio']:.2f} ({RATIOS[name][operation].must:g})" for name in names]
        own = f"{ours['cpu'] / 1000:.2f} ms | {ours['p50']:.1f}, {ours['p99']:.1f} ms"
        yield f"| {operation}: {what} | {own} | {' | '.join(cells)} |"


# ---- the contest -----------------------------------------------------------------------------------------------------
def _goals(contest: dict[str, Any]) -> Table:
    table = Table(
        "ours : theirs", *ABOUT, title="requests/s in pairs of rounds, and what they must be", show_lines=True
    )
    for name, goals in RATIOS.items():
        if name not in contest["A"]:
            table.add_row(name, *("[bold red]NOT MEASURED[/]" for _ in goals))
            continue
        table.add_row(name, *(_ratio(contest[operation][name]["ratio"], goal) for operation, goal in goals.items()))
    return table


def _ratio(found: float, goal: Goal) -> str:
    return f"{found:.2f} {KEPT if goal.kept(found) else MISSED}\n{goal}"


def _operation(title: str, figures: dict[str, Any], memory: dict[str, float]) -> Table:
    table = Table("server", "requests/s", "CPU µs", "p50 ms", "p99 ms", "MB", "ours : theirs", "wrong", title=title)
    for name, one in figures.items():
        numbers = f"{one['rate']:,.0f} {one['cpu']:,.0f} {one['p50']:.1f} {one['p99']:.1f} {memory[name]:.0f}".split()
        table.add_row(name, *numbers, f"{one['ratio']:.2f}", f"{one['wrong']} {one['example'] or ''}"[:90])
    return table


def _sizes(sizes: dict[str, Any]) -> Table:
    table = Table("customers", *ABOUT, title="p50 in ms, and to that of the fewest customers", show_lines=True)
    for name in sizes["A"]:
        found = [sizes[operation][name] for operation in ABOUT]
        cells = [
            f"{one['p50']:.2f} × {one['p50 ratio']:.2f} {KEPT if GROWTH.kept(one['p50 ratio']) else MISSED}"
            for one in found
        ]
        table.add_row(name, *cells)
    return table


# ---- the rest --------------------------------------------------------------------------------------------------------
Row = tuple[str, str, Goal | None, bool | None, str]


def _rest(figures: dict[str, Any]) -> Iterator[Row]:
    yield from _beside(figures.get("contest", {}))
    for kind, taken in figures.get("start", {}).items():
        more = f"least {taken['least']:.2f}, CPU {taken['cpu']:.2f}"
        yield _row(f"start to first answer, {kind}", taken["median"], "{:.2f} s", START, more)
    if one := figures.get("flood"):
        spread = f"{min(one['all']):.0%} to {max(one['all']):.0%}"
        more = f"{spread}; {one['wrong sign-ins a second']:.0f} wrong sign-ins/s, p99 {one['p99']:.1f} ms"
        yield _row("viewer's requests/s kept under wrong sign-ins", one["kept"], "{:.0%}", FLOOD, more)
    if one := figures.get("import"):
        yield _row("import, customers/s", one["a second"], "{:,.0f}", IMPORT, f"{one['customers']:,} customers")
    for what, works in figures.get("one of them", {}).items():
        yield f"one of the imported: {what}", "works" if works else "FAILS", None, works, ""
    if one := figures.get("export"):
        more = f"{one['archives']:,} archives of {one['bytes each'] / 1024:.0f} kB"
        yield _row("exports built, archives/s", one["a second"], "{:,.1f}", None, more)
    if one := figures.get("erasure"):
        more = f"{one['customers']:,} customers, left over {one['left over']}; {one['workers']} workers"
        yield _row("erasure, claim to rows gone, customers/s", one["a second"], "{:,.0f}", ERASURE, more)
        yield _row("longest transaction of an erasure", one["longest transaction"], "{:.0f} ms", LOCK, "")
    if one := figures.get("proving"):
        yield _row("erasures verified and certified, customers/s", one["a second"], "{:,.0f}", None, "")
    for size, one in figures.get("erasures", {}).items():
        looked_at = f"{one['blocks']:,.0f} blocks looked at for each, their closing included"
        more = f"{one['customers']:,} due; longest transaction {one['longest transaction']:.0f} ms; {looked_at}"
        yield _row(f"erasure among {size}, customers/s", one["a second"], "{:,.0f}", None, more)
    if one := figures.get("rewrap"):
        yield _row("keys wrapped anew, keys/s", one["a second"], "{:,.0f}", None, f"{one['keys']:,} keys")


def _beside(contest: dict[str, Any]) -> Iterator[Row]:
    other = SLOWEST_BESIDE
    if not contest or other not in contest["A"]:
        return
    for operation in "BCD":
        ours, theirs = next(iter(contest[operation].values())), contest[operation][other]
        goal = Goal(round(theirs["p99"], 1), most=True)
        yield _row(f"p99 of {operation}, {other}'s at most", ours["p99"], "{:.1f} ms", goal, "")
    memory = contest["memory"]
    ours = next(iter(memory.values()))
    more = f"{ours:.0f} MB and {memory[other]:.0f}"
    yield _row(f"resident memory, ours : {other}'s", ours / memory[other], "{:.2f}", MEMORY, more)


def _row(what: str, figure: float, form: str, goal: Goal | None, more: str) -> Row:
    return what, form.format(figure), goal, goal.kept(figure) if goal else None, more

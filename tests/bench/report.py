"""The figures for people: a table, a file, a plot."""

import json
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

WIDTH, BAR, GAP, LEFT = 640, 26, 14, 70
COLOURS = {"cpu": "#3b6ea5", "p50": "#7a9e3b", "p99": "#c98b2b"}


def show(figures: dict[str, Any], about: dict[str, str]) -> None:
    """Print what was measured; what was skipped is left out."""
    console = Console()
    if operations := figures.get("operations"):
        table = Table(
            "", "asked", "requests/s", "CPU µs", "p50 ms", "p99 ms", "wrong", title="16 connections, one process"
        )
        for name, what in about.items():
            one = operations[name]
            cells = (one["rate"], one["cpu"], one["p50"], one["p99"])
            formats = ("{:,.0f}", "{:,.0f}", "{:.1f}", "{:.1f}")
            texts = [text.format(cell) for text, cell in zip(formats, cells, strict=True)]
            table.add_row(name, what, *texts, str(one["wrong"]))
        console.print(table)
        if examples := [operations[name]["example"] for name in about if operations[name]["example"]]:
            console.print(f"wrong answers: {examples}", markup=False)
    for name, what in about.items():
        if others := figures.get("contest", {}).get(name):
            console.print(_against(f"{name}: {what}", others, figures["contest"]["memory"]))
    table = Table("what", "figure", "more", title="The rest")
    for row in _rows(figures):
        table.add_row(*row)
    console.print(table)


def _against(title: str, others: dict[str, Any], memory: dict[str, float]) -> Table:
    """One operation by everybody, ours first; the last ratio is ours to theirs, of pairs of rounds."""
    table = Table("server", "requests/s", "CPU µs", "p50 ms", "p99 ms", "MB", "ours : theirs", "wrong", title=title)
    for name, one in others.items():
        numbers = f"{one['rate']:,.0f} {one['cpu']:,.0f} {one['p50']:.1f} {one['p99']:.1f} {memory[name]:.0f}".split()
        table.add_row(name, *numbers, f"{one['ratio']:.2f}", f"{one['wrong']} {one['example'] or ''}"[:90])
    return table


def _rows(figures: dict[str, Any]) -> list[tuple[str, str, str]]:
    rows = []
    for kind, taken in figures.get("start", {}).items():
        rows.append(
            (
                f"start to first answer, {kind}",
                f"{taken['median']:.2f} s",
                f"least {taken['least']:.2f}, CPU {taken['cpu']:.2f}",
            )
        )
    if one := figures.get("operations"):
        rows.append(("resident memory", f"{one['memory']:.0f} MB", f"most {one['most memory']:.0f}"))
    if one := figures.get("flood"):
        more = f"{one['wrong sign-ins a second']:.0f} wrong sign-ins/s, p99 {one['p99']:.1f} ms"
        rows.append(("viewer's requests/s kept under wrong sign-ins", f"{one['kept']:.0%}", more))
    if one := figures.get("import"):
        rows.append(("import", f"{one['a second']:,.0f} customers/s", f"{one['customers']:,} customers"))
    for what, works in figures.get("one of them", {}).items():
        rows.append((f"one of the imported: {what}", "works" if works else "FAILS", ""))
    if one := figures.get("erasure"):
        more = f"{one['customers']:,} customers, longest transaction {one['longest transaction']:.0f} ms"
        more += f", left over {one['left over']}"
        rows.append(("erasure, claim to rows gone (guard off)", f"{one['a second']:,.0f} customers/s", more))
        spent = ", ".join(f"{name} {each:,.0f}" for name, each in one["µs each"].items())
        rows.append(("  µs for each customer", "", spent))
    if one := figures.get("rewrap"):
        rows.append(("keys wrapped anew", f"{one['a second']:,.0f} keys/s", f"{one['keys']:,} keys"))
    return rows


def keep(figures: dict[str, Any], folder: Path) -> None:
    """Write report.json, and report.svg and contest.svg (CPU a request)."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(figures, indent=2, ensure_ascii=False) + "\n")
    if operations := figures.get("operations"):
        bars = [
            (f"{name} {what}", operations[name][what] / (1000 if what == "cpu" else 1), colour)
            for what, colour in COLOURS.items()
            for name in "ABC"
        ]
        (folder / "report.svg").write_text(plot(bars))
    if contest := figures.get("contest"):
        ratios = [
            (f"{operation} {name}", one["cpu"] / 1000, COLOURS["cpu" if name == "ours" else "p99"])
            for operation in "ABC"
            for name, one in contest[operation].items()
        ]
        (folder / "contest.svg").write_text(plot(ratios, left=170))


def plot(bars: list[tuple[str, float, str]], left: int = LEFT) -> str:
    """Horizontal bars in milliseconds, each with its label."""
    scale = (WIDTH - left - 90) / max(value for _, value, _ in bars)
    drawn = []
    for number, (label, value, colour) in enumerate(bars):
        y = GAP + number * BAR
        drawn.append(
            f'<text x="{left - 8}" y="{y + 13}" text-anchor="end">{label}</text>'
            f'<rect x="{left}" y="{y}" width="{value * scale:.1f}" height="{BAR - 8}" fill="{colour}"/>'
            f'<text x="{left + value * scale + 6:.1f}" y="{y + 13}">{value:.2f} ms</text>'
        )
    size = f'width="{WIDTH}" height="{2 * GAP + BAR * len(bars)}"'
    style = 'font-family="sans-serif" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(drawn) + "\n</svg>\n"

"""The figures as bars."""

from pathlib import Path
from typing import Any

from tests.bench.operations import ABOUT

WIDTH, BAR, GAP, LEFT = 720, 24, 14, 200
OURS, THEIRS = "#3b6ea5", "#c98b2b"


def keep(figures: dict[str, Any], folder: Path, name: str = "report") -> None:
    """Write NAME.svg: what a request costs of each server's processor, or what it takes at each size."""
    bars = []
    if contest := figures.get("contest"):
        bars = [
            (f"{operation} {who}", one["cpu"] / 1000, OURS if who == "ours" else THEIRS)
            for operation in ABOUT
            for who, one in contest[operation].items()
        ]
    elif sizes := figures.get("sizes"):
        bars = [
            (f"{operation} {size}", one["p50"], OURS) for operation in ABOUT for size, one in sizes[operation].items()
        ]
    if bars:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.svg").write_text(drawn(bars))


def drawn(bars: list[tuple[str, float, str]]) -> str:
    """Horizontal bars in milliseconds, each with its label."""
    scale = (WIDTH - LEFT - 90) / max(value for _, value, _ in bars)
    parts = []
    for number, (label, value, colour) in enumerate(bars):
        y = GAP + number * BAR
        parts.append(
            f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{label}</text>'
            f'<rect x="{LEFT}" y="{y}" width="{value * scale:.1f}" height="{BAR - 8}" fill="{colour}"/>'
            f'<text x="{LEFT + value * scale + 6:.1f}" y="{y + 12}">{value:.2f} ms</text>'
        )
    size = f'width="{WIDTH}" height="{2 * GAP + BAR * len(bars)}"'
    style = 'font-family="sans-serif" font-size="12"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size} {style}>\n' + "\n".join(parts) + "\n</svg>\n"

"""octopus forecast"""

from typing import Annotated

import typer

from api.commands.opening import act
from models.world import World


def forecast(
    days: Annotated[int, typer.Option(min=1, max=4000, help="How far to look ahead.")] = 30,
) -> None:
    """Count what will go, by day and rule. Changes nothing."""

    async def action(world: World) -> None:
        from rich.console import Console
        from rich.table import Table

        from models.retention.forecast import forecast

        table = Table("day", "rule", "does", "what", box=None, padding=(0, 2, 0, 0), header_style="bold")
        table.add_column("count", justify="right")
        for one in await forecast(world, days):
            table.add_row(
                one.day.isoformat(),
                one.rule,
                one.action.replace("_", " "),
                one.table.replace("_", " "),
                f"{one.count:,}",
            )
        if table.row_count:
            Console().print(table)
        else:
            print(f"Nothing is due within {days} days.")

    act(action)

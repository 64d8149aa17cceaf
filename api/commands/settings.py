"""octopus settings"""

from typing import Annotated

import typer

from api.commands.trouble import told
from api.settings.environment import read_settings
from api.settings.table import describe


def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the table for the documentation.")] = False,
) -> None:
    """Show every setting: what it is for, its default, and what it is now."""
    if markdown:
        print("| setting | default | what it is for |\n|---|---|---|")
        for one in describe():
            default = f"`{one.default}`" if one.default else ""
            print(f"| `{one.name}` | {default} | {one.about} |")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("setting", "now", "what it is for", box=None, padding=(0, 2, 0, 0), header_style="bold")
    with told():
        current = read_settings()
        for one in describe(current):
            table.add_row(one.name, one.value or "", one.about)
        Console().print(table)
        for warning in current.warnings():
            print(f"warning: {warning}")

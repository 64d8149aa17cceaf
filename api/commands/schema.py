"""octopus schema print"""

from enum import StrEnum
from importlib import import_module
from typing import Annotated

import typer

from api.settings import HOUSE

app = typer.Typer(help="The two GraphQL schemas.", no_args_is_help=True)


class Which(StrEnum):
    """Whose schema."""

    customer = "customer"
    support = "support"


@app.callback()
def schema() -> None:
    """The two GraphQL schemas."""


@app.command("print")
def print_(
    which: Annotated[Which | None, typer.Argument(help="Only this one, to standard output.")] = None,
) -> None:
    """Write schema/customer.graphql and schema/support.graphql anew, sorted."""
    if which is not None:
        print(printed(which), end="")
        return
    for one in Which:
        path = HOUSE / "schema" / f"{one}.graphql"
        path.write_text(printed(one))
        print(f"Wrote {path.relative_to(HOUSE)}.")


def printed(which: Which) -> str:
    """A schema in the schema definition language, sorted. (Sorting the schema itself would break its unions.)"""
    from graphql import build_schema, lexicographic_sort_schema, print_schema

    text = import_module(f"schema.{which}").schema.as_str()
    return print_schema(lexicographic_sort_schema(build_schema(text))) + "\n"

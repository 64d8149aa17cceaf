"""octopus plan NAME"""

import asyncio
from enum import StrEnum
from importlib import import_module
from typing import Annotated, Any

import typer

from api.commands.schema import Which
from api.commands.trouble import told
from api.documents import load
from api.settings.environment import read_settings
from models.policy import Role


class Database(StrEnum):
    """The two kinds."""

    postgres = "postgres"
    sqlite = "sqlite"


def plan(
    name: Annotated[str, typer.Argument(help="The operation's name in a trusted document.")],
    database: Annotated[Database, typer.Option(help="For which of the two.")] = Database.postgres,
    role: Annotated[
        list[Role] | None, typer.Option(help="As which member of staff; all roles if none is named.")
    ] = None,
) -> None:
    """Show what a trusted document is compiled to: its statements, the fields that call a resolver, the function."""
    with told():
        found = asyncio.run(_shown(name, database, frozenset(role or Role)))
    if not found:
        print(f"No trusted document has an operation named {name}.")
        raise typer.Exit(1)
    print("\n\n".join(found))


async def _shown(name: str, database: Database, roles: frozenset[Role]) -> list[str]:
    from graphql import OperationDefinitionNode, parse

    from models.database import close_databases, open_databases

    await open_databases("sqlite:///main", "sqlite:///keystore")  # known to the models, not connected to
    found = []
    for which in Which:
        for text in load(folder / which for folder in read_settings().documents_dirs).values():
            document = parse(text)
            named = [one for one in document.definitions if isinstance(one, OperationDefinitionNode) and one.name]
            found += [
                _one(which, document, one, database, roles) for one in named if one.name and one.name.value == name
            ]
    await close_databases()
    return found


def _one(which: Which, document: Any, operation: Any, database: Database, roles: frozenset[Role]) -> str:
    from schema.plan.compiled import CannotCompile
    from schema.plan.compiler import compile_document

    schema, head = import_module(f"schema.{which}").schema, f"# {which}: {operation.name.value}, on {database}"
    switches = {one.variable.name.value: True for one in operation.variable_definitions or ()}
    try:
        made = compile_document(schema, document, operation, switches, database.value, roles)
    except CannotCompile as why:
        return f"{head}\n# graphql-core answers: {why}"
    statements = "\n".join(f"{one};" for one in made.statements) or "-- none: the row came with the session"
    if made.carried:
        statements = f"-- {len(made.carried)} of {len(made.statements)} come along with the session's\n{statements}"
    resolvers = ", ".join(made.resolvers) or "none"
    return f"{head}\n\n{statements}\n\n# fields that call a resolver: {resolvers}\n\n{made.source}".rstrip()

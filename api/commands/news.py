"""octopus news"""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from api.commands.opening import act
from api.commands.trouble import Trouble
from models.world import World

KEYS = {"name", "headline", "body", "topic"}


def news(
    file: Annotated[
        Path, typer.Argument(help="YAML: name, headline and body as [English, Latvian], topic if it has one.")
    ],
) -> None:
    """Send news to the customers who agreed to it. The worker writes the letters; consent is checked when each is sent."""

    async def action(world: World) -> None:
        from models.actions.news import NewIssue, issue_news

        said = _read(file)
        new = NewIssue(
            name=said["name"], headline=tuple(said["headline"]), body=tuple(said["body"]), topic=said.get("topic")
        )
        issue = await issue_news(world, new)
        print(f"Issue {issue.name!r} is made; the worker writes its letters.")

    act(action)


def _read(file: Path) -> dict[str, Any]:
    """The file's contents. Raises Trouble."""
    try:
        said = yaml.safe_load(file.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        raise Trouble(f"{file} is not YAML") from None
    if not isinstance(said, dict) or not {"name", "headline", "body"} <= said.keys() <= KEYS:
        raise Trouble(f"{file} needs name, headline and body, may have topic, and nothing else")
    for key in ("headline", "body"):
        if not (isinstance(said[key], list) and len(said[key]) == 2 and all(isinstance(one, str) for one in said[key])):
            raise Trouble(f"{file}: {key} is two texts, [English, Latvian]")
    if not all(isinstance(said[key], str) for key in ("name", "topic") if said.get(key) is not None):
        raise Trouble(f"{file}: name and topic are texts")
    return said

"""octopus staff"""

from typing import Annotated

import typer

from api.commands.opening import act
from models.policy import Role
from models.world import World

app = typer.Typer(help="The company's people.", no_args_is_help=True)


@app.callback()
def staff() -> None:
    """The company's people."""


@app.command()
def add(
    email: Annotated[str, typer.Argument(help="Their address at work.")],
    name: Annotated[str, typer.Option(help="Their name, as customers will read it.")],
    role: Annotated[list[Role], typer.Option(help="What they may do; may be given several times.")],
) -> None:
    """Invite a member of staff: prints the link with which they set their password and second factor."""

    async def invite(world: World) -> None:
        from models.actions.staff import invite_staff

        member, _, secret = await invite_staff(world, name=name, email=email, roles=role)
        print(f"{world.support_url or world.base_url}/support/invitation?token={secret}")
        print(f"Valid until {member.invitation_until:%Y-%m-%d %H:%M} UTC, once. Hand it over safely.")

    act(invite)

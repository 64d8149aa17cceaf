"""/.well-known/security.txt (RFC 9116): where somebody who found a hole tells us."""

from datetime import timedelta

from starlette.types import Receive, Scope, Send

from api.graphql_answer import reply
from api.settings import Settings
from models.world import World

VALID = timedelta(days=90)


class SecurityTxt:
    """The file, valid for three months from the day it is asked for."""

    def __init__(self, settings: Settings, world: World) -> None:
        self._settings, self._world = settings, world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        contact = self._settings.security_contact or f"mailto:{self._world.policy.company.email}"
        expires = (self._world.now() + VALID).replace(hour=0, minute=0, second=0, microsecond=0)
        lines = [
            f"Contact: {contact}",
            f"Expires: {expires:%Y-%m-%dT%H:%M:%SZ}",
            "Preferred-Languages: en, lv",
            f"Canonical: {self._settings.base_url}/.well-known/security.txt",
        ]
        await reply(send, 200, "".join(f"{line}\n" for line in lines).encode(), "text/plain")

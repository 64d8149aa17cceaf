"""Unsubscribing from a mail program (RFC 8058): it posts to the link at a letter's foot, without cookies and without our header."""

from urllib.parse import parse_qs

from starlette.types import ASGIApp, Receive, Scope, Send

from api.graphql_answer import error_body, reply
from api.logs import request_of
from models.actions.preferences import unsubscribe
from models.refused import Refused
from models.world import World


class OneClick:
    """POST ends the news at once; whoever opens the link in a browser gets the page, as any other path does."""

    def __init__(self, world: World, page: ASGIApp) -> None:
        self._world, self._page = world, page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await self._page(scope, receive, send)
            return
        record = request_of(scope)
        record.endpoint = "unsubscribe"
        token = parse_qs(scope["query_string"].decode("latin-1")).get("token", [""])[0]
        try:
            await unsubscribe(self._world, token)
        except Refused as refused:
            record.code = refused.reason.value
            await reply(send, 410, error_body("EXPIRED_TOKEN", "This link is too old or was never ours."))
            return
        await reply(send, 200, b'{"unsubscribed":true}')

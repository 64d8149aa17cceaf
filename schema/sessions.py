"""Sessions are carried on and ended: an app's next tokens, this session, one of the others, all of them."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import sessions
from schema.access import context, viewer
from schema.nodes import encode, given_id
from schema.refusal import Refusal, result


@strawberry.type(description="What a native app keeps.")
class Tokens:
    """The contract's Tokens."""

    access_token: str
    access_expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime

    @classmethod
    def of(cls, found: sessions.Tokens) -> "Tokens":
        return cls(
            access_token=found.access_token,
            access_expires_at=found.access_expires_at,
            refresh_token=found.refresh_token,
            refresh_expires_at=found.refresh_expires_at,
        )


@strawberry.type(description="The session has ended.")
class SignedOut:
    """The contract's SignedOut."""

    at: datetime


@strawberry.type(description="These sessions have ended.")
class SessionsEnded:
    """The contract's SessionsEnded."""

    ended_ids: list[strawberry.ID]


RefreshTokensResult = Annotated[Tokens | Refusal, result("RefreshTokensResult")]
SignOutResult = Annotated[SignedOut | Refusal, result("SignOutResult")]
EndSessionResult = Annotated[SessionsEnded | Refusal, result("EndSessionResult")]
EndOtherSessionsResult = Annotated[SessionsEnded | Refusal, result("EndOtherSessionsResult")]


@strawberry.type
class SessionMutations:
    """What the owner of a session does with it and with the others."""

    @strawberry.mutation(description="The next pair of tokens; each refresh token works once.")
    async def refresh_tokens(self, info: Info[Any, Any], refresh_token: str) -> RefreshTokensResult:
        return Tokens.of(await sessions.refresh_tokens(context(info).world, refresh_token))

    @strawberry.mutation(description="End this session.")
    async def sign_out(self, info: Info[Any, Any]) -> SignOutResult:
        ctx = context(info)
        at = await sessions.sign_out(ctx.world, viewer(info))
        ctx.port.end()
        return SignedOut(at=at)

    @strawberry.mutation(description="End one session; another one than this needs a fresh proof.")
    async def end_session(self, info: Info[Any, Any], id: strawberry.ID) -> EndSessionResult:
        ctx, who = context(info), viewer(info)
        ended = await sessions.end_session(ctx.world, who, given_id(ctx, id, "Session"))
        if who.session.id in ended:
            ctx.port.end()
        return SessionsEnded(ended_ids=[encode(ctx, "Session", one) for one in ended])

    @strawberry.mutation(description="End every other session; needs a fresh proof.")
    async def end_other_sessions(self, info: Info[Any, Any]) -> EndOtherSessionsResult:
        ctx = context(info)
        ended = await sessions.end_other_sessions(ctx.world, viewer(info))
        return SessionsEnded(ended_ids=[encode(ctx, "Session", one) for one in ended])

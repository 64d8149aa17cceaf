"""Signing in: with a password, and what a right proof brings."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import attempts
from models.actions import sign_in as signing_in
from models.actions.delete_profile import closure_of
from models.actions.second_factor import NextStep
from models.tables.credentials import SessionKind
from models.tables.sign_ins import SignInMethod
from schema.access import Context, context
from schema.customers import Customer
from schema.deletion import Closure, closure
from schema.refusal import Refusal, result
from schema.scalars import JSON
from schema.sessions import Tokens
from schema.sign_ins import Session


@strawberry.type(description="Somebody is signed in.")
class SignedIn:
    """The contract's SignedIn."""

    customer: Customer
    session: Session
    tokens: Tokens | None = strawberry.field(description="Only for kind NATIVE; a browser gets a cookie.")
    device_token: str | None = strawberry.field(
        default=None,
        description="Only for kind NATIVE: sent as X-Octopus-Device when somebody signs in again, it tells this device from an "
        "unknown one.",
    )


@strawberry.type(description="The password was right; a second factor is needed.")
class SecondFactorRequired:
    """The contract's SecondFactorRequired."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: JSON | None = None


@strawberry.type(description="The right proof of a closed account.")
class AccountClosed:
    """The contract's AccountClosed."""

    closure: Closure


SignInResult = Annotated[SignedIn | SecondFactorRequired | AccountClosed | Refusal, result("SignInResult")]


async def answer(
    ctx: Context, found: attempts.SignedIn | attempts.Closed | NextStep
) -> SignedIn | SecondFactorRequired | AccountClosed:
    """What a right proof brings, as the client sees it; the cookie is the port's."""
    if isinstance(found, NextStep):
        options = JSON(found.passkey_options) if found.passkey_options else None
        return SecondFactorRequired(challenge=found.challenge, methods=found.methods, passkey_options=options)
    if isinstance(found, attempts.Closed):
        return AccountClosed(closure=await closure(ctx, *await closure_of(ctx.world, found.customer_id)))
    ctx.viewer = found.viewer
    session, customer = found.viewer.session, found.viewer.customer
    if session.kind is SessionKind.BROWSER:
        ctx.port.begin(found.secret, session.expires_at)
    ctx.port.remember_device(found.device)
    keys = await ctx.world.vault.keys([customer.id])
    return SignedIn(
        customer=Customer.of(ctx, customer),
        session=Session.of(ctx, session, session.opened(keys)),
        tokens=Tokens.of(found.tokens) if found.tokens else None,
        device_token=found.device if found.tokens else None,
    )


@strawberry.type
class ComingInMutations:
    """An unknown address is answered like a wrong password, and takes as long."""

    @strawberry.mutation(description="With a password. A browser gets a cookie, kind NATIVE tokens.")
    async def sign_in(
        self,
        info: Info[Any, Any],
        email: str,
        password: str,
        kind: SessionKind = SessionKind.BROWSER,
        label: str | None = strawberry.UNSET,
    ) -> SignInResult:
        ctx, name = context(info), label or None
        found = await signing_in.sign_in(ctx.world, email, password, kind=kind, label=name, origin=ctx.origin)
        return await answer(ctx, found)

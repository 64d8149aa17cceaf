"""Second factors and passkeys of the customer: what is enrolled, added and removed."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import tables
from models.actions import factors
from models.actions.proving import enrolled
from schema.access import Context, context, viewer
from schema.loading import built, customer_of
from schema.nodes import Node, encode, given_id, node_id
from schema.refusal import Refusal, result
from schema.scalars import JSON
from schema.sources import FromRow, column, sealed


@strawberry.type(description="A passkey (WebAuthn).")
class Passkey(Node, FromRow):
    """The contract's Passkey."""

    id: strawberry.ID = node_id("Passkey")
    label: str = sealed(description="The customer's own name for it.")
    created_at: datetime = column()
    last_used_at: datetime | None = column()


@strawberry.type(description="How the account is protected.")
class Security(FromRow):
    """The contract's Security."""

    password_changed_at: datetime
    totp_enabled: bool
    passkeys: list[Passkey]
    recovery_codes_left: int
    stepped_up_until: datetime | None
    cooling_off_until: datetime | None = strawberry.field(description="Export and early erasure wait until then.")


@strawberry.type(description="A new authenticator app's secret; confirmTotp makes it count.")
class TotpBegun:
    """The contract's TotpBegun."""

    secret: str
    uri: str


@strawberry.type(description="The authenticator app counts; the recovery codes are shown once.")
class TotpEnabled:
    """The contract's TotpEnabled."""

    recovery_codes: list[str]


@strawberry.type(description="The authenticator app is off.")
class TotpDisabled:
    """The contract's TotpDisabled."""

    at: datetime


@strawberry.type(description="Options for the browser's WebAuthn call; the challenge comes back with its answer.")
class PasskeyChallenge:
    """The contract's PasskeyChallenge."""

    challenge: str
    options: JSON


@strawberry.type(description="The passkey counts.")
class PasskeyAdded:
    """The contract's PasskeyAdded."""

    passkey: Passkey


@strawberry.type(description="The passkey is removed.")
class PasskeyRemoved:
    """The contract's PasskeyRemoved."""

    removed_id: strawberry.ID


@strawberry.type(description="New recovery codes, shown once; the old ones are void.")
class RecoveryCodesMade:
    """The contract's RecoveryCodesMade."""

    codes: list[str]


BeginTotpResult = Annotated[TotpBegun | Refusal, result("BeginTotpResult")]
ConfirmTotpResult = Annotated[TotpEnabled | Refusal, result("ConfirmTotpResult")]
DisableTotpResult = Annotated[TotpDisabled | Refusal, result("DisableTotpResult")]
BeginPasskeyResult = Annotated[PasskeyChallenge | Refusal, result("BeginPasskeyResult")]
AddPasskeyResult = Annotated[PasskeyAdded | Refusal, result("AddPasskeyResult")]
RemovePasskeyResult = Annotated[PasskeyRemoved | Refusal, result("RemovePasskeyResult")]
MakeRecoveryCodesResult = Annotated[RecoveryCodesMade | Refusal, result("MakeRecoveryCodesResult")]


async def security(ctx: Context) -> Security:
    """How the viewer's account is protected."""
    customer, now = customer_of(ctx), ctx.world.now()
    password, held = await tables.Password.filter(customer_id=customer.id).first(), await enrolled(customer.id)
    session = ctx.viewer and ctx.viewer.session
    return Security(
        password_changed_at=password.changed_at if password else customer.created_at,
        totp_enabled=held.totp is not None,
        passkeys=await built(ctx, held.passkeys, lambda row, contents: Passkey.of(ctx, row, contents)),
        recovery_codes_left=held.codes,
        stepped_up_until=session.stepped_up_until if session and session.has_stepped_up(now) else None,
        cooling_off_until=customer.cooling_off_until if customer.cools_off(now) else None,
    )


@strawberry.type
class FactorMutations:
    """Each needs a fresh proof and is told by letter."""

    @strawberry.mutation(description="Start with an authenticator app; needs a fresh proof.")
    async def begin_totp(self, info: Info[Any, Any]) -> BeginTotpResult:
        begun = await factors.begin_totp(context(info).world, viewer(info))
        return TotpBegun(secret=begun.seed, uri=begun.uri)

    @strawberry.mutation(description="The app's first code: from now on it counts. Needs a fresh proof.")
    async def confirm_totp(self, info: Info[Any, Any], code: str) -> ConfirmTotpResult:
        return TotpEnabled(recovery_codes=await factors.confirm_totp(context(info).world, viewer(info), code))

    @strawberry.mutation(
        description="Without an authenticator app again; needs a fresh proof. NOT_PERMITTED: set a longer password first."
    )
    async def disable_totp(self, info: Info[Any, Any]) -> DisableTotpResult:
        return TotpDisabled(at=await factors.disable_totp(context(info).world, viewer(info)))

    @strawberry.mutation(description="Options to make a passkey with; needs a fresh proof.")
    async def begin_passkey(self, info: Info[Any, Any]) -> BeginPasskeyResult:
        asked = await factors.begin_passkey(context(info).world, viewer(info))
        return PasskeyChallenge(challenge=asked.challenge, options=JSON(asked.options))

    @strawberry.mutation(description="Keep the passkey that the browser made; needs a fresh proof.")
    async def add_passkey(self, info: Info[Any, Any], challenge: str, credential: JSON, label: str) -> AddPasskeyResult:
        ctx = context(info)
        row, contents = await factors.add_passkey(ctx.world, viewer(info), challenge, credential, label)
        return PasskeyAdded(passkey=Passkey.of(ctx, row, contents))

    @strawberry.mutation(
        description="Remove a passkey; needs a fresh proof. NOT_PERMITTED: it is the last factor, set a longer password first."
    )
    async def remove_passkey(self, info: Info[Any, Any], id: strawberry.ID) -> RemovePasskeyResult:
        ctx, who = context(info), viewer(info)
        removed = await factors.remove_passkey(ctx.world, who, given_id(ctx, id, "Passkey"))
        return PasskeyRemoved(removed_id=encode(ctx, "Passkey", removed))

    @strawberry.mutation(
        description="Ten new recovery codes; the old ones are void. Needs a fresh proof and a second factor."
    )
    async def make_recovery_codes(self, info: Info[Any, Any]) -> MakeRecoveryCodesResult:
        return RecoveryCodesMade(codes=await factors.make_recovery_codes(context(info).world, viewer(info)))

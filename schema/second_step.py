"""The second step of signing in, passkeys alone, a fresh proof, and the way back when every factor is lost."""

from datetime import datetime
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import factor_recovery, second_factor
from models.actions import step_up as proving_again
from models.actions.proving import Proof
from models.tables.credentials import SessionKind
from models.tables.sign_ins import SignInMethod
from schema.access import context, viewer
from schema.coming_in import SignInResult, answer
from schema.factors import BeginPasskeyResult, PasskeyChallenge
from schema.proofs import BeginStepUpResult, FactorProof, SteppedUp, StepUpBegun, StepUpResult
from schema.refusal import Refusal, result
from schema.scalars import JSON


@strawberry.type(description="Letters went to every address; the factors may be removed from then on.")
class FactorRecoveryStarted:
    """The contract's FactorRecoveryStarted."""

    available_at: datetime


@strawberry.type(description="The lost factors are removed; the password is still needed.")
class FactorsRemoved:
    """The contract's FactorsRemoved."""

    at: datetime


RequestFactorRecoveryResult = Annotated[FactorRecoveryStarted | Refusal, result("RequestFactorRecoveryResult")]
RemoveLostFactorsResult = Annotated[FactorsRemoved | Refusal, result("RemoveLostFactorsResult")]


def _proof(given: FactorProof) -> Proof:
    """The one proof that was given."""
    if given.passkey:
        found = given.passkey
        return Proof(SignInMethod.PASSKEY, challenge=found.challenge, credential=found.credential)
    if isinstance(given.totp, str):
        return Proof(SignInMethod.TOTP, given.totp)
    if isinstance(given.recovery_code, str):
        return Proof(SignInMethod.RECOVERY_CODE, given.recovery_code)
    return Proof(SignInMethod.PASSWORD, given.password or "")


@strawberry.type
class SecondStepMutations:
    """Proofs beside the password."""

    @strawberry.mutation(description="The second factor's proof; five tries a challenge.")
    async def complete_sign_in(self, info: Info[Any, Any], challenge: str, proof: FactorProof) -> SignInResult:
        ctx = context(info)
        found = await second_factor.complete_sign_in(ctx.world, challenge, _proof(proof), origin=ctx.origin)
        return await answer(ctx, found)

    @strawberry.mutation(description="A challenge for a passkey; works signed out.")
    async def begin_passkey_sign_in(self, info: Info[Any, Any]) -> BeginPasskeyResult:
        ctx = context(info)
        asked = await second_factor.begin_passkey_sign_in(ctx.world, origin=ctx.origin)
        return PasskeyChallenge(challenge=asked.challenge, options=JSON(asked.options))

    @strawberry.mutation(description="With a passkey alone. A browser gets a cookie, kind NATIVE tokens.")
    async def sign_in_with_passkey(
        self,
        info: Info[Any, Any],
        challenge: str,
        credential: JSON,
        kind: SessionKind = SessionKind.BROWSER,
        label: str | None = strawberry.UNSET,
    ) -> SignInResult:
        ctx, name = context(info), label or None
        found = await second_factor.sign_in_with_passkey(
            ctx.world, challenge, credential, kind=kind, label=name, origin=ctx.origin
        )
        return await answer(ctx, found)

    @strawberry.mutation(
        description="Every second factor lost: letters to all addresses, then a delay. Works signed out, by a sign-in's challenge."
    )
    async def request_factor_recovery(self, info: Info[Any, Any], challenge: str) -> RequestFactorRecoveryResult:
        at = await factor_recovery.request_recovery(context(info).world, challenge)
        return FactorRecoveryStarted(available_at=at)

    @strawberry.mutation(description="From the letter, after the delay: factors removed. Works signed out.")
    async def remove_lost_factors(self, info: Info[Any, Any], token: str) -> RemoveLostFactorsResult:
        return FactorsRemoved(at=await factor_recovery.remove_lost_factors(context(info).world, token))

    @strawberry.mutation(description="Which proof will do: the strongest enrolled.")
    async def begin_step_up(self, info: Info[Any, Any]) -> BeginStepUpResult:
        asked = await proving_again.begin_step_up(context(info).world, viewer(info))
        options = JSON(asked.passkey_options) if asked.passkey_options else None
        return StepUpBegun(challenge=asked.challenge, methods=asked.methods, passkey_options=options)

    @strawberry.mutation(description="A fresh proof of who is there, the strongest enrolled; holds five minutes.")
    async def step_up(self, info: Info[Any, Any], proof: FactorProof) -> StepUpResult:
        ctx, who = context(info), viewer(info)
        until, secret = await proving_again.step_up(ctx.world, who, _proof(proof))
        if secret is not None:
            ctx.port.begin(secret, who.session.expires_at)
        return SteppedUp(until=until)

"""Staff come in: an invitation accepted, a password and a second factor always, a fresh proof, their own secrets."""

from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models.actions import staff_enrolment as enrolment
from models.actions import staff_factors as factors
from models.actions import staff_sign_in as signing_in
from models.actions.member import sign_out
from models.actions.origin import Colleague
from models.actions.staff_factors import Proof
from models.refused import Reason, Refused
from schema.access import Context, context, staff
from schema.coming_in import SecondFactorRequired
from schema.factors import BeginPasskeyResult, PasskeyChallenge, TotpBegun
from schema.passwords import ChangePasswordResult, PasswordChanged
from schema.proofs import BeginStepUpResult, FactorProof, SteppedUp, StepUpBegun, StepUpResult
from schema.refusal import Refusal, result
from schema.scalars import JSON
from schema.sessions import SignedOut
from schema.staff import StaffMember


@strawberry.type(description="A member of staff is signed in.")
class StaffSignedIn:
    """The contract's StaffSignedIn."""

    staff: StaffMember


@strawberry.type(description="The factor counts.")
class FactorAdded:
    """The contract's FactorAdded."""

    staff: StaffMember
    recovery_codes: list[str] | None = strawberry.field(description="Shown once; null when there are some already.")


StaffSignInResult = Annotated[StaffSignedIn | SecondFactorRequired | Refusal, result("StaffSignInResult")]
StaffSignOutResult = Annotated[SignedOut | Refusal, result("StaffSignOutResult")]
AcceptInvitationResult = Annotated[TotpBegun | Refusal, result("AcceptInvitationResult")]
AddFactorResult = Annotated[FactorAdded | Refusal, result("AddFactorResult")]


def _proof(given: FactorProof) -> Proof:
    """The input as the actions take it."""
    passkey = (given.passkey.challenge, given.passkey.credential) if given.passkey else None
    texts = {"password": given.password, "totp": given.totp, "recovery_code": given.recovery_code}
    return Proof(passkey=passkey, **{name: text for name, text in texts.items() if isinstance(text, str)})


def _either(ctx: Context) -> Colleague:
    """Who is signed in, or is on the way to it from their invitation. Raises Refused(NOT_SIGNED_IN)."""
    found = ctx.colleague or ctx.newcomer
    if found is None:
        raise Refused(Reason.NOT_SIGNED_IN)
    return found


def _begun(ctx: Context, found: signing_in.SignedIn) -> StaffMember:
    """Signed in, as the client sees it; the cookies are the port's."""
    ctx.colleague, ctx.newcomer = found.colleague, None
    ctx.port.begin(found.secret, found.colleague.session.expires_at)
    ctx.port.remember_device(found.device)
    return StaffMember.of(ctx, found.colleague.staff, found.colleague.contents)


def _added(ctx: Context, found: enrolment.Added) -> FactorAdded:
    """A factor more; the first one signs in."""
    if found.signed_in is not None:
        return FactorAdded(staff=_begun(ctx, found.signed_in), recovery_codes=found.codes)
    member = StaffMember.of(ctx, found.colleague.staff, found.colleague.contents)
    return FactorAdded(staff=member, recovery_codes=found.codes)


@strawberry.type
class StaffComingInMutations:
    """An unknown address is answered like a wrong password, and takes as long."""

    @strawberry.mutation(description="The first step; a second factor is asked for, always.")
    async def sign_in(self, info: Info[Any, Any], email: str, password: str) -> StaffSignInResult:
        ctx = context(info)
        asked = await signing_in.sign_in(ctx.world, email, password, origin=ctx.origin)
        options = JSON(asked.passkey_options) if asked.passkey_options else None
        return SecondFactorRequired(challenge=asked.challenge, methods=asked.methods, passkey_options=options)

    @strawberry.mutation(description="The second factor's proof.")
    async def complete_sign_in(self, info: Info[Any, Any], challenge: str, proof: FactorProof) -> StaffSignInResult:
        ctx = context(info)
        found = await signing_in.complete_sign_in(ctx.world, challenge, _proof(proof), origin=ctx.origin)
        return StaffSignedIn(staff=_begun(ctx, found))

    @strawberry.mutation(description="End this session.")
    async def sign_out(self, info: Info[Any, Any]) -> StaffSignOutResult:
        ctx = context(info)
        at = await sign_out(ctx.world, _either(ctx))
        ctx.port.end()
        return SignedOut(at=at)

    @strawberry.mutation(description="Options for the browser's WebAuthn call, for whoever has a passkey.")
    async def begin_passkey_sign_in(self, info: Info[Any, Any]) -> BeginPasskeyResult:
        ctx = context(info)
        secret, options = await signing_in.begin_passkey_sign_in(ctx.world, origin=ctx.origin)
        return PasskeyChallenge(challenge=secret, options=JSON(options))

    @strawberry.mutation(description="A passkey is both factors: something held, unlocked by its owner.")
    async def sign_in_with_passkey(self, info: Info[Any, Any], challenge: str, credential: JSON) -> StaffSignInResult:
        ctx = context(info)
        found = await signing_in.sign_in_with_passkey(ctx.world, challenge, credential, origin=ctx.origin)
        return StaffSignedIn(staff=_begun(ctx, found))

    @strawberry.mutation(description="Which proof will do: the strongest factor there is.")
    async def begin_step_up(self, info: Info[Any, Any]) -> BeginStepUpResult:
        asked = await factors.begin_step_up(context(info).world, staff(info))
        options = JSON(asked.passkey_options) if asked.passkey_options else None
        return StepUpBegun(challenge=asked.challenge, methods=asked.methods, passkey_options=options)

    @strawberry.mutation(description="A fresh proof of who is there; holds five minutes.")
    async def step_up(self, info: Info[Any, Any], proof: FactorProof) -> StepUpResult:
        ctx = context(info)
        until, secret, expires_at = await factors.step_up(ctx.world, staff(info), _proof(proof))
        ctx.port.begin(secret, expires_at)
        return SteppedUp(until=until)

    @strawberry.mutation(
        description="From the invitation: a password, and an authenticator app begun; confirmTotp or addPasskey ends it."
    )
    async def accept_invitation(self, info: Info[Any, Any], token: str, new_password: str) -> AcceptInvitationResult:
        ctx = context(info)
        found = await enrolment.accept_invitation(ctx.world, token, new_password, origin=ctx.origin)
        ctx.port.begin(found.secret, found.expires_at)
        return TotpBegun(secret=found.seed, uri=found.uri)

    @strawberry.mutation(description="The current password is the proof; every other session ends.")
    async def change_password(
        self, info: Info[Any, Any], current_password: str, new_password: str
    ) -> ChangePasswordResult:
        at, ended = await enrolment.change_password(context(info).world, staff(info), current_password, new_password)
        return PasswordChanged(at=at, sessions_ended=ended)

    @strawberry.mutation(description="The authenticator app's first code: from now on it counts.")
    async def confirm_totp(self, info: Info[Any, Any], code: str) -> AddFactorResult:
        ctx = context(info)
        return _added(ctx, await enrolment.confirm_totp(ctx.world, _either(ctx), code, origin=ctx.origin))

    @strawberry.mutation(description="Options for a new passkey; beside another factor it needs a fresh proof.")
    async def begin_passkey(self, info: Info[Any, Any]) -> BeginPasskeyResult:
        ctx = context(info)
        secret, options = await enrolment.begin_passkey(ctx.world, _either(ctx))
        return PasskeyChallenge(challenge=secret, options=JSON(options))

    @strawberry.mutation(description="What the browser made counts from now on.")
    async def add_passkey(self, info: Info[Any, Any], challenge: str, credential: JSON, label: str) -> AddFactorResult:
        ctx, who = context(info), _either(context(info))
        found = await enrolment.add_passkey(ctx.world, who, challenge, credential, label, origin=ctx.origin)
        return _added(ctx, found)

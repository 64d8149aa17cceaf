"""Mutations that later steps fill in: each answers NOT_READY, after NOT_SIGNED_IN where a viewer is needed."""

from datetime import datetime
from typing import Annotated, Any, NoReturn

import strawberry
from strawberry.types import Info

from models.refused import Reason, Refused
from models.tables.credentials import SessionKind
from schema.access import viewer
from schema.coming_in import SignInResult
from schema.later import Complaint, Passkey
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


@strawberry.type(description="The complaint is recorded, with its deadline.")
class ComplaintFiled:
    """The contract's ComplaintFiled."""

    complaint: Complaint


@strawberry.input(description="How to answer somebody who is not signed in.")
class ContactInput:
    """The contract's ContactInput."""

    name: str
    email: str


@strawberry.input(description="A complaint; contact is required when nobody is signed in.")
class FileComplaintInput:
    """The contract's FileComplaintInput."""

    text: str
    about: strawberry.ID | None = strawberry.field(
        default=strawberry.UNSET, description="Id of an event, request or message."
    )
    contact: ContactInput | None = strawberry.UNSET


RequestFactorRecoveryResult = Annotated[
    FactorRecoveryStarted | Refusal, result("RequestFactorRecoveryResult")
]
RemoveLostFactorsResult = Annotated[FactorsRemoved | Refusal, result("RemoveLostFactorsResult")]
BeginTotpResult = Annotated[TotpBegun | Refusal, result("BeginTotpResult")]
ConfirmTotpResult = Annotated[TotpEnabled | Refusal, result("ConfirmTotpResult")]
DisableTotpResult = Annotated[TotpDisabled | Refusal, result("DisableTotpResult")]
BeginPasskeyResult = Annotated[PasskeyChallenge | Refusal, result("BeginPasskeyResult")]
AddPasskeyResult = Annotated[PasskeyAdded | Refusal, result("AddPasskeyResult")]
RemovePasskeyResult = Annotated[PasskeyRemoved | Refusal, result("RemovePasskeyResult")]
MakeRecoveryCodesResult = Annotated[RecoveryCodesMade | Refusal, result("MakeRecoveryCodesResult")]
FileComplaintResult = Annotated[ComplaintFiled | Refusal, result("FileComplaintResult")]


def _not_ready() -> NoReturn:
    raise Refused(Reason.NOT_READY)


def _not_ready_for(info: Info[Any, Any]) -> NoReturn:
    viewer(info)
    raise Refused(Reason.NOT_READY)


@strawberry.type
class FactorMutations:
    """Second factors, and signing in with them."""

    @strawberry.mutation(description="A challenge for a passkey; works signed out.")
    async def begin_passkey_sign_in(self) -> BeginPasskeyResult:
        _not_ready()

    @strawberry.mutation(description="With a passkey alone. A browser gets a cookie, kind NATIVE tokens.")
    async def sign_in_with_passkey(
        self,
        challenge: str,
        credential: JSON,
        kind: SessionKind = SessionKind.BROWSER,
        label: str | None = strawberry.UNSET,
    ) -> SignInResult:
        _not_ready()

    @strawberry.mutation(
        description="Every second factor lost: letters to all addresses, then a delay. Works signed out."
    )
    async def request_factor_recovery(self, challenge: str) -> RequestFactorRecoveryResult:
        _not_ready()

    @strawberry.mutation(description="From the letter, after the delay: factors removed. Works signed out.")
    async def remove_lost_factors(self, token: str) -> RemoveLostFactorsResult:
        _not_ready()

    @strawberry.mutation(description="Start with an authenticator app; needs a fresh proof.")
    async def begin_totp(self, info: Info[Any, Any]) -> BeginTotpResult:
        _not_ready_for(info)

    @strawberry.mutation(description="The app's first code: from now on it counts.")
    async def confirm_totp(self, info: Info[Any, Any], code: str) -> ConfirmTotpResult:
        _not_ready_for(info)

    @strawberry.mutation(description="Without an authenticator app again; needs a fresh proof.")
    async def disable_totp(self, info: Info[Any, Any]) -> DisableTotpResult:
        _not_ready_for(info)

    @strawberry.mutation(description="Options to make a passkey with; needs a fresh proof.")
    async def begin_passkey(self, info: Info[Any, Any]) -> BeginPasskeyResult:
        _not_ready_for(info)

    @strawberry.mutation(description="Keep the passkey that the browser made.")
    async def add_passkey(self, info: Info[Any, Any], challenge: str, credential: JSON, label: str) -> AddPasskeyResult:
        _not_ready_for(info)

    @strawberry.mutation(description="Remove a passkey; needs a fresh proof.")
    async def remove_passkey(self, info: Info[Any, Any], id: strawberry.ID) -> RemovePasskeyResult:
        _not_ready_for(info)

    @strawberry.mutation(description="Ten new recovery codes; the old ones are void. Needs a fresh proof.")
    async def make_recovery_codes(self, info: Info[Any, Any]) -> MakeRecoveryCodesResult:
        _not_ready_for(info)


@strawberry.type
class CaseMutations:
    """Complaints."""

    @strawberry.mutation(description="From anybody: contact is required when nobody is signed in.")
    async def file_complaint(self, input: FileComplaintInput) -> FileComplaintResult:
        _not_ready()


@strawberry.type
class LaterMutations(FactorMutations, CaseMutations):
    """All of them."""

"""Proofs of who is there: what is given as one, which will do, and how long it holds."""

from datetime import datetime
from typing import Annotated

import strawberry

from models.tables.sign_ins import SignInMethod
from schema.refusal import Refusal, result
from schema.scalars import JSON


@strawberry.input(description="What a passkey answered.")
class PasskeyProof:
    """The contract's PasskeyProof."""

    challenge: str
    credential: JSON


@strawberry.input(one_of=True, description="Exactly one proof.")
class FactorProof:
    """The contract's FactorProof."""

    password: str | None = strawberry.UNSET
    totp: str | None = strawberry.UNSET
    recovery_code: str | None = strawberry.UNSET
    passkey: PasskeyProof | None = strawberry.UNSET


@strawberry.type(description="Which proofs will do.")
class StepUpBegun:
    """The contract's StepUpBegun."""

    challenge: str
    methods: list[SignInMethod]
    passkey_options: JSON | None = None


@strawberry.type(description="The proof holds until then.")
class SteppedUp:
    """The contract's SteppedUp."""

    until: datetime


BeginStepUpResult = Annotated[StepUpBegun | Refusal, result("BeginStepUpResult")]
StepUpResult = Annotated[SteppedUp | Refusal, result("StepUpResult")]

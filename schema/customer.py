"""The customer schema: its two roots, and nothing else."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.schema.config import StrawberryConfig
from strawberry.types import Info

from models import tables
from schema.access import context
from schema.changes import ChangeMutations
from schema.coming_in import ComingInMutations
from schema.complaints import ComplaintMutations
from schema.customers import Customer
from schema.deletion import DeletionMutations, ErasureCertificate, erasure_certificate
from schema.editing import ProfileMutations
from schema.emails import EmailMutations
from schema.exports import ExportMutations
from schema.factors import FactorMutations
from schema.finding import find_node
from schema.messages import MessageMutations
from schema.nodes import Node
from schema.passwords import PasswordMutations
from schema.payment_methods import BankAccount, PaymentMethodMutations, PayPalAccount, PhoneBill
from schema.policy import PolicyMutations, PolicyQueries
from schema.preferences import PreferenceMutations
from schema.refusal import RefusedHandler
from schema.related_persons import RelatedPersonMutations
from schema.renaming import RenameMutations
from schema.requests import RequestMutations
from schema.scalars import SCALARS
from schema.second_step import SecondStepMutations
from schema.sessions import SessionMutations
from schema.sign_up import SignUpMutations
from schema.sources import EFFECT, SOURCE, Own

SINGLE = frozenset(
    {
        "signUp", "signIn", "completeSignIn", "signInWithPasskey", "stepUp", "changePassword", "resetPassword", "refreshTokens",
        "requestPasswordReset", "resendConfirmation", "changeEmail", "revertEmailChange", "requestExport", "deleteProfile",
        "collectCopy", "fileComplaint", "confirmTotp", "requestFactorRecovery", "removeLostFactors",
    }
)  # fmt: skip
"""Sensitive mutations: at most one of them in an operation."""


@strawberry.type(description="What this caller has left.")
class RateLimit:
    """The contract's RateLimit."""

    limit: int
    cost: int
    remaining: int
    reset_at: datetime


@strawberry.type(description="What can be asked.")
class Query(PolicyQueries):
    """What can be asked."""

    @strawberry.field(
        description="The signed-in customer; null when nobody is signed in.",
        metadata={SOURCE: Own(lambda: tables.Customer)},
    )
    def viewer(self, info: Info[Any, Any]) -> Customer | None:
        ctx = context(info)
        return Customer.of(ctx, ctx.viewer.customer) if ctx.viewer else None

    @strawberry.field(description="An object the viewer may see; somebody else's and none at all look the same.")
    async def node(self, info: Info[Any, Any], id: strawberry.ID) -> Node | None:
        return await find_node(context(info), id)

    @strawberry.field(
        description="By the code handed out at deletion; null for an unknown code. Public, throttled.",
        metadata={EFFECT: True},
    )
    async def erasure_certificate(self, info: Info[Any, Any], code: str) -> ErasureCertificate | None:
        return await erasure_certificate(context(info), code)

    @strawberry.field(description="What this caller has left.")
    def rate_limit(self, info: Info[Any, Any]) -> RateLimit:
        left, now = context(info).allowance, context(info).world.now()
        if left is None:
            return RateLimit(limit=0, cost=0, remaining=0, reset_at=now)
        return RateLimit(limit=left.limit, cost=left.cost, remaining=left.remaining, reset_at=left.reset_at)


@strawberry.type(description="What can be done. Every mutation answers its success type or a Refusal.")
class Mutation(
    SignUpMutations,
    ComingInMutations,
    SecondStepMutations,
    SessionMutations,
    PasswordMutations,
    FactorMutations,
    ProfileMutations,
    EmailMutations,
    ChangeMutations,
    PaymentMethodMutations,
    PreferenceMutations,
    RelatedPersonMutations,
    RenameMutations,
    MessageMutations,
    PolicyMutations,
    ExportMutations,
    DeletionMutations,
    RequestMutations,
    ComplaintMutations,
):
    """What can be done. Every mutation answers its success type or a Refusal."""


schema = strawberry.Schema(
    query=Query,
    mutation=Mutation,
    types=[BankAccount, PayPalAccount, PhoneBill],
    exception_handlers=[RefusedHandler()],
    config=StrawberryConfig(scalar_map=SCALARS),
)

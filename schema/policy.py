"""The privacy policy and its versions (clauses 7, 9 and 10); where the viewer stands with it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

import strawberry
from strawberry.types import Info

from models import policy as policies
from models.actions import answer_policy as answering
from models.actions.answer_policy import Standing
from models.policy import Change, Version
from models.tables.policy import AcceptanceEvent
from models.tables.preferences import Locale
from schema.access import Context, context, viewer
from schema.company import CompanyQueries, StoredItem
from schema.loading import customer_of, once
from schema.refusal import Refusal, result
from schema.sources import FromRow, column


@strawberry.enum(description="What a customer may answer.")
class PolicyAnswer(StrEnum):
    """The contract's PolicyAnswer."""

    VIEWED = "VIEWED"
    ACCEPTED = "ACCEPTED"
    DECLINED = "DECLINED"


@strawberry.type(description="One promise of the policy.")
class Promise:
    """The contract's Promise."""

    clause: str
    title: str = strawberry.field(description="What it says, in the reader's language.")
    limit: str | None = strawberry.field(description="An ISO 8601 duration; null when it has none.")


@strawberry.type(description="One published version of the privacy policy; it never changes.")
class Policy:
    """The contract's Policy."""

    found: strawberry.Private[Version]
    version: str
    published_at: datetime
    valid_from: datetime
    services: list[str] = strawberry.field(description="Which services it covers (clause 7).")
    change: Change
    sha256: str = strawberry.field(
        description="Of the English text, the Latvian text and the rules, one after the other."
    )

    @classmethod
    def of(cls, found: Version) -> "Policy":
        return cls(
            found=found,
            version=found.name,
            published_at=found.published_at,
            valid_from=found.valid_from,
            services=list(found.services),
            change=found.change,
            sha256=found.sha256,
        )

    @strawberry.field(description="What changed, in plain words.")
    def summary(self, info: Info[Any, Any], locale: Locale | None = strawberry.UNSET) -> str:
        return self.found.summary.said(locale or context(info).locale)

    @strawberry.field(description="The whole text, in Markdown.")
    def text(self, info: Info[Any, Any], locale: Locale | None = strawberry.UNSET) -> str:
        return self.found.text(locale or context(info).locale)

    @strawberry.field(description="What the policy promises, clause by clause.")
    def promises(self, info: Info[Any, Any]) -> list[Promise]:
        ctx, clauses = context(info), self.found.clauses("EN")
        return [_promise(one, ctx.locale) for one in ctx.world.policy.promises if one.clause in clauses]


def _promise(one: policies.Promise, locale: str) -> Promise:
    return Promise(clause=one.clause, title=one.title.said(locale), limit=one.limit)


@strawberry.type(description="Something that happened with a version: notified, viewed, accepted, declined.")
class PolicyAcceptance(FromRow):
    """The contract's PolicyAcceptance."""

    version: str = column()
    event: AcceptanceEvent = column()
    at: datetime = column()


@strawberry.type(description="Which version binds the customer, and which waits for an answer; none blocks sign-in.")
class PolicyStanding:
    """The contract's PolicyStanding."""

    governing: Policy = strawberry.field(description="Binds this customer now.")
    pending: Policy | None = strawberry.field(description="Waits for an answer.")
    may_decline: bool = strawberry.field(description="The one that waits reduces rights (clause 9).")

    @classmethod
    def of(cls, found: Standing) -> "PolicyStanding":
        pending = Policy.of(found.pending) if found.pending else None
        return cls(governing=Policy.of(found.governing), pending=pending, may_decline=found.may_decline)


async def _said(ctx: Context) -> list[Any]:
    """What the viewer said and answered: one statement a request, whoever asks."""
    return await once(ctx, "acceptances", lambda: answering.acceptances_of(customer_of(ctx).id))


async def acceptances(ctx: Context) -> list[PolicyAcceptance]:
    """What happened with each version, newest first."""
    return [PolicyAcceptance.of(ctx, row) for row in await _said(ctx)]


async def policy_standing(ctx: Context) -> PolicyStanding:
    """Which version binds the viewer, and which one waits."""
    governed_by = customer_of(ctx).governed_by
    return PolicyStanding.of(answering.standing(ctx.world.policy, governed_by, await _said(ctx), ctx.world.now()))


@strawberry.type
class PolicyQueries(CompanyQueries):
    """The policy and the company behind it: public."""

    @strawberry.field(description="The privacy policy in force, or the version named; null for an unknown one. Public.")
    def policy(self, info: Info[Any, Any], version: str | None = strawberry.UNSET) -> Policy | None:
        world = context(info).world
        found = answering.published_version(world.policy, version or None, world.now())
        return Policy.of(found) if found else None

    @strawberry.field(description="Every published version, newest first. Public.")
    def policies(self, info: Info[Any, Any]) -> list[Policy]:
        world = context(info).world
        return [Policy.of(version) for version in answering.published(world.policy, world.now())]

    @strawberry.field(description="Every cookie and stored item we may set: name, purpose, life (1.5, 1.6). Public.")
    def storage(self, info: Info[Any, Any]) -> list[StoredItem]:
        ctx = context(info)
        return [StoredItem.of(item, ctx.locale) for item in ctx.world.policy.cookies.values()]


@strawberry.type(description="The answer is recorded.")
class PolicyAnswered:
    """The contract's PolicyAnswered."""

    acceptance: PolicyAcceptance
    standing: PolicyStanding


AnswerPolicyResult = Annotated[PolicyAnswered | Refusal, result("AnswerPolicyResult")]


@strawberry.type
class PolicyMutations:
    """Answer a policy version."""

    @strawberry.mutation(
        description="Viewed, accepted, declined are recorded apart. Only what reduces rights may be declined (9)."
    )
    async def answer_policy(self, info: Info[Any, Any], version: str, answer: PolicyAnswer) -> AnswerPolicyResult:
        ctx, said = context(info), AcceptanceEvent(answer.value)
        row, standing = await answering.answer_policy(ctx.world, viewer(info), version, said)
        return PolicyAnswered(acceptance=PolicyAcceptance.of(ctx, row), standing=PolicyStanding.of(standing))

"""Policy versions as staff see them: drafts and published ones, who was told and who answered; publishing takes two (clause 9)."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.types import Info

from models.actions import publish_policy as publishing
from models.actions.publish_policy import Standing
from models.policy import Change
from schema.access import context, staff
from schema.approvals import ProposeResult, awaited


@strawberry.type(description="A version of the policy. Drafts come with a release; publishing dates them.")
class PolicyVersion:
    """The contract's PolicyVersion."""

    version: str
    sha256: str = strawberry.field(
        description="Of the English text, the Latvian text and the rules, one after the other: fixed once published."
    )
    change: Change
    summary: str = strawberry.field(description="What changes, in plain words.")
    published_at: datetime | None = strawberry.field(description="Null for a draft.")
    valid_from: datetime | None = strawberry.field(description="Null for a draft.")
    earliest_valid_from: datetime | None = strawberry.field(
        description="For a draft: the soonest that it could take effect if it were published now."
    )
    to_notify: int = strawberry.field(
        description="Customers whom it concerns: those written to and those still waiting."
    )
    notified: int = strawberry.field(description="Their letter was delivered.")
    undelivered: int = strawberry.field(description="Their letter was given up.")
    viewed: int
    accepted: int
    declined: int

    @classmethod
    def of(cls, found: Standing, earliest: datetime | None, locale: str) -> "PolicyVersion":
        version = found.version
        return cls(
            version=version.name,
            sha256=version.sha256,
            change=version.change,
            summary=version.summary.said(locale),
            published_at=None if version.is_draft else version.published_at,
            valid_from=None if version.is_draft else version.valid_from,
            earliest_valid_from=earliest,
            to_notify=found.to_notify,
            notified=found.notified,
            undelivered=found.undelivered,
            viewed=found.viewed,
            accepted=found.accepted,
            declined=found.declined,
        )


@strawberry.type
class PolicyVersionQueries:
    """Which versions there are."""

    @strawberry.field(
        description="Drafts first, then the newest; notified, viewed, accepted and declined are counted apart."
    )
    async def policies(self, info: Info[Any, Any]) -> list[PolicyVersion]:
        ctx, _ = context(info), staff(info)
        return [
            PolicyVersion.of(
                one, publishing.earliest(ctx.world, one.version) if one.version.is_draft else None, ctx.locale
            )
            for one in await publishing.standings(ctx.world)
        ]


@strawberry.type
class PolicyVersionMutations:
    """Make a version public."""

    @strawberry.mutation(
        description="Propose to publish a draft; a second person decides. What matters is announced 30 days ahead (clause 9)."
    )
    async def publish_policy(self, info: Info[Any, Any], version: str, valid_from: datetime) -> ProposeResult:
        ctx, who = context(info), staff(info)
        return await awaited(ctx, await publishing.publish_policy(ctx.world, who, version, valid_from))

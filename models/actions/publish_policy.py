"""A policy version is made public by two people (clause 9): dated, fixed by its SHA-256, announced before it takes effect.

Drafts come with a release. Their publication is a row, which every process looks up: nobody's memory is the only one.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tortoise.expressions import Subquery
from tortoise.functions import Count
from tortoise.queryset import QuerySet

from models.actions.approvals import Opened, Proposal, decides, propose_alone
from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.database import reader
from models.policy import PolicyContradiction, Role, Version
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import Approval, Customer, Event, PolicyAcceptance, PolicyNotice, Publication
from models.tables.accounts import State
from models.tables.events import ActorKind, EventKind
from models.tables.policy import AcceptanceEvent
from models.tables.staff import ApprovalKind
from models.world import World

PUBLISHERS = (Role.PRIVACY_OFFICER,)
SECONDS = (Role.PRIVACY_OFFICER, Role.ADMIN)
LOOKED_UP_EVERY = timedelta(seconds=5)
USING = (State.UNCONFIRMED, State.ACTIVE)
"""Who a new version may come to bind: a closed account keeps the dates it was closed with."""


# ---- what is public --------------------------------------------------------------------------------------------------
async def know_publications(world: World) -> None:
    """Learn which drafts were published meanwhile: no statement without drafts, and at most one in five seconds."""
    policy = world.policy
    if not policy.drafts:
        return
    now = world.now()
    if policy.looked_at and abs(now - policy.looked_at) < LOOKED_UP_EVERY:
        return
    found = await Publication.filter(version__in=[draft.name for draft in policy.drafts])
    policy.looked_at = now
    for row in found:
        draft = policy.draft(row.version)
        if draft is not None and draft.sha256 == row.sha256:
            policy.publish(draft, row.published_at, row.valid_from)
        else:
            world.log("policy.changed-after-publishing", level="error", version=row.version)


async def recognise(world: World) -> None:
    """At start: every published version is here as it was published, and those that came dated are written down.

    Raises PolicyContradiction when one is missing although it governs somebody, or is not what was published.
    """
    policy = world.policy
    rows = {row.version: row for row in await Publication.all()}
    here = {version.name: version for version in (*policy.versions, *policy.drafts)}
    troubles = [
        f"Version {name} is not the text that was published on {row.published_at:%Y-%m-%d}; a published version never changes."
        for name, row in rows.items()
        if name in here and here[name].sha256 != row.sha256
    ]
    governing = set(await Customer.all().distinct().values_list("governed_by", flat=True))
    published = {version.name for version in policy.versions} | rows.keys()
    troubles += [
        f"Version {name} still governs customers, but this release does not have it."
        for name in sorted(str(one) for one in governing)
        if name not in here or name not in published
    ]
    if troubles:
        raise PolicyContradiction(troubles)
    policy.looked_at = None
    await know_publications(world)
    new = [version for version in policy.versions if version.name not in rows]
    await Publication.bulk_create(
        [
            Publication(version=one.name, sha256=one.sha256, published_at=one.published_at, valid_from=one.valid_from)
            for one in new
        ],
        ignore_conflicts=True,
    )


# ---- publishing ------------------------------------------------------------------------------------------------------
async def publish_policy(world: World, colleague: Colleague, version: str, valid_from: datetime) -> Opened:
    """Propose to publish a draft; a second person decides. A change that matters leaves 31 days for its notices.

    Raises Refused(NOT_PERMITTED, NOT_FOUND, INVALID_INPUT, NOT_READY when it is published or proposed already).
    """
    permitted(colleague, PUBLISHERS)
    await know_publications(world)
    draft = world.policy.draft(version)
    if draft is None:
        known = any(one.name == version for one in world.policy.versions)
        raise Refused(Reason.NOT_READY if known else Reason.NOT_FOUND)
    if valid_from < earliest(world, draft):
        raise Refused(Reason.INVALID_INPUT, problems=[Problem(("validFrom",), ProblemCode.NOT_ALLOWED)])
    waiting = Approval.filter(kind=ApprovalKind.POLICY_PUBLICATION, subject=version, decided_at=None)
    if await waiting.exists():
        raise Refused(Reason.NOT_READY)
    return await propose_alone(
        world,
        ApprovalKind.POLICY_PUBLICATION,
        subject=version,
        reason=f"{version}, valid from {valid_from.astimezone(UTC):%Y-%m-%d %H:%M} UTC: {draft.summary.en}",
        by=colleague,
        details={"valid_from": valid_from.isoformat(), "sha256": draft.sha256},
    )


def earliest(world: World, draft: Version) -> datetime:
    """When a draft published now may take effect: after its notices, and after every other version."""
    now, newest = world.now(), world.policy.newest
    soonest = world.rule("PUBLICATION").due_at(now) if draft.change.matters else now
    return max(soonest, newest.valid_from + timedelta(microseconds=1))


@decides(ApprovalKind.POLICY_PUBLICATION, proposers=PUBLISHERS, approvers=SECONDS)
async def _publish(proposal: Proposal) -> None:
    """Refused as NOT_READY when it was published meanwhile, its text changed, or too little time is left for the notices."""
    world, details = proposal.world, proposal.contents.details
    draft, valid_from = world.policy.draft(proposal.approval.subject), datetime.fromisoformat(details["valid_from"])
    if draft is None or draft.sha256 != details["sha256"] or valid_from < earliest(world, draft):
        raise Refused(Reason.NOT_READY)
    now = world.now()
    row = Publication(
        version=draft.name, sha256=draft.sha256, published_at=now, valid_from=valid_from,
        published_by=proposal.by.staff.id,
    )  # fmt: skip
    if await Publication.filter(version=draft.name).exists():
        raise Refused(Reason.NOT_READY)
    await row.save(force_create=True)
    await Event(
        id=world.new_id(), at=now, kind=EventKind.CREATE, action="policy.published", actor_kind=ActorKind.STAFF,
        actor_id=proposal.by.staff.id, fields_named=[draft.name],
    ).save(force_create=True)  # fmt: skip
    world.policy.looked_at = None  # once this is committed, everybody finds it


# ---- who is told -----------------------------------------------------------------------------------------------------
def still_to_tell(world: World, version: Version) -> QuerySet[Customer]:
    """Customers whom an older version governs and to whom no letter about this one was written."""
    older = [one.name for one in world.policy.versions if one.valid_from < version.valid_from]
    told = PolicyNotice.filter(version=version.name).values("customer_id")
    return Customer.filter(state=State.ACTIVE, governed_by__in=older).exclude(id__in=Subquery(told))


@dataclass(frozen=True, slots=True)
class Standing:
    """A version, published or not, and what is known of its customers: counted apart."""

    version: Version
    to_notify: int
    notified: int
    undelivered: int
    viewed: int
    accepted: int
    declined: int


async def standings(world: World) -> list[Standing]:
    """Every version, drafts first, then the newest. Three statements, and two for each version that is being announced."""
    await know_publications(world)
    said = PolicyAcceptance.all().using_db(reader()).annotate(people=Count("customer_id", distinct=True))
    counts = {
        (one["version"], one["event"]): one["people"]
        for one in await said.group_by("version", "event").values("version", "event", "people")
    }
    notices = PolicyNotice.all().using_db(reader()).annotate(letters=Count("id"), lost=Count("failed_at"))
    rows = await notices.group_by("version").values("version", "letters", "lost")
    written = Counter({one["version"]: one["letters"] for one in rows})
    lost = Counter({one["version"]: one["lost"] for one in rows})
    found = []
    for version in (*world.policy.drafts, *world.policy.versions):
        concerned = version.change.matters and version is not world.policy.versions[-1]
        waiting = await still_to_tell(world, version).using_db(reader()).count() if concerned else 0
        by_event = {event: counts.get((version.name, event), 0) for event in AcceptanceEvent}
        found.append(
            Standing(
                version=version,
                to_notify=waiting + written[version.name],
                notified=by_event[AcceptanceEvent.NOTIFIED],
                undelivered=lost[version.name],
                viewed=by_event[AcceptanceEvent.VIEWED],
                accepted=by_event[AcceptanceEvent.ACCEPTED],
                declined=by_event[AcceptanceEvent.DECLINED],
            )
        )
    return found

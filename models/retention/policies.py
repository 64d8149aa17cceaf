"""Policy versions in time: each customer is told before one takes effect, and bound by it as clauses 9 and 10 say."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from tortoise.expressions import Q, Subquery

from models.actions.account import SYSTEM, changing
from models.actions.answer_policy import ANSWERS, IN_FORCE, bind
from models.actions.publish_policy import USING, know_publications, still_to_tell
from models.database import transaction
from models.keys import Keys
from models.policy import Change, Version
from models.refused import Refused
from models.retention.ageing import governing
from models.retention.bulk_letters import write_to_all
from models.retention.guards import once_in
from models.tables import Customer, Lease, Letter, PolicyAcceptance, PolicyNotice, Preferences
from models.tables.events import EventKind
from models.tables.letters import LetterKind
from models.tables.policy import AcceptanceEvent
from models.world import World

ANNOUNCED, APPLIED = "announce-policies", "apply-policies"
REST = timedelta(minutes=10)
TEMPLATE = "policy-notice"
FREELY = (Change.EDITORIAL, Change.EXTENDS_RIGHTS)
"""What nobody loses by: it binds everybody at its date."""


async def announce_policies(world: World, limit: int) -> int:
    """Write to up to ``limit`` customers about a version that matters to them; those whose letter was given up are noted."""
    await know_publications(world)
    coming = [version for version in world.policy.versions[:-1] if version.change.matters]
    if not coming or not await once_in(world, ANNOUNCED, REST):
        return 0
    done = await _note_lost(world)
    for version in coming:
        people = await still_to_tell(world, version).order_by("id").limit(limit).values_list("id", flat=True)
        done += await _tell(world, version, list(people)) if people else 0  # type: ignore[arg-type]
    if done:
        await Lease.filter(name=ANNOUNCED).update(until=world.now())
    return done


async def _tell(world: World, version: Version, people: Sequence[UUID]) -> int:
    async def params(customer: Customer, preferences: Preferences, keys: Keys) -> dict[str, Any]:
        return {
            "version": version.name,
            "valid_from": version.valid_from.isoformat(),
            "summary": version.summary.said(preferences.locale),
            "link": f"{world.base_url}/policy?version={version.name}",
        }

    keys = await world.vault.keys(people)
    now = world.now()
    async with transaction() as tx:
        told = PolicyNotice.filter(version=version.name, customer_id__in=list(keys)).using_db(tx)
        already = set(await told.values_list("customer_id", flat=True))
        wanted = [person for person in keys if person not in already]
        letters = await write_to_all(world, tx, wanted, keys, TEMPLATE, LetterKind.SERVICE, params)
        notices = [
            PolicyNotice(
                id=world.new_id(),
                customer_id=letter.customer_id,
                version=version.name,
                letter_id=letter.id,
                written_at=now,
            )
            for letter in letters
        ]
        await PolicyNotice.bulk_create(notices, using_db=tx)
    return len(notices)


async def _note_lost(world: World) -> int:
    """Letters that were given up: their notices did not arrive."""
    dead = await Letter.filter(template=TEMPLATE, dead_at__isnull=False).values_list("id", flat=True)
    lost = PolicyNotice.filter(letter_id__in=list(dead), failed_at=None, delivered_at=None)
    return int(await lost.update(failed_at=world.now())) if dead else 0


async def apply_policies(world: World, limit: int) -> int:
    """Versions in force bind who accepted them, and everybody else as far as they take no right away; how many were bound."""
    current = world.policy.current(world.now())
    if current is world.policy.versions[-1] or not await once_in(world, APPLIED, REST):
        return 0
    done = 0
    for name in await governing(world):
        if name == current.name or world.policy.version(name).valid_from >= current.valid_from:
            continue
        path = _path(world, world.policy.version(name))
        for version in reversed(path):  # the farthest first
            accepted = PolicyAcceptance.filter(version=version.name, event=AcceptanceEvent.ACCEPTED).values(
                "customer_id"
            )
            done += await _bind(world, version, name, Q(id__in=Subquery(accepted)), limit, asked=True)
        reach = _without_asking(path)
        if reach:
            done += await _bind(world, reach[-1], name, _may_be_bound(world, reach), limit)
    if done:
        await Lease.filter(name=APPLIED).update(until=world.now())
    return done


def _path(world: World, governs: Version) -> list[Version]:
    """The versions in force that came after the one that governs, oldest first."""
    now = world.now()
    return [one for one in reversed(world.policy.versions) if governs.valid_from < one.valid_from <= now]


def _without_asking(path: Sequence[Version]) -> list[Version]:
    """How far it goes before a version that takes a right away."""
    reach: list[Version] = []
    for version in path:
        if version.change is Change.REDUCES_RIGHTS:
            break
        reach.append(version)
    return reach


def _may_be_bound(world: World, reach: Sequence[Version]) -> Q:
    """A neutral change binds who was told thirty days ago or has used the site since (clause 10)."""
    neutral = [version for version in reach if version.change not in FREELY]
    if not neutral:
        return Q()
    last = neutral[-1]
    told = PolicyAcceptance.filter(
        version=last.name,
        event=AcceptanceEvent.NOTIFIED,
        at__lte=world.rule("POLICY_NOTICE").expired_before(world.now()),
    )
    return Q(id__in=Subquery(told.values("customer_id"))) | Q(last_sign_in_at__gte=last.valid_from)


async def _bind(world: World, version: Version, governed_by: str, whom: Q, limit: int, *, asked: bool = False) -> int:
    people = (
        await Customer.filter(whom, governed_by=governed_by, state__in=USING).limit(limit).values_list("id", flat=True)
    )
    done = 0
    for person in people:
        try:
            async with changing(world, person, by=SYSTEM) as account:  # type: ignore[arg-type]
                if account.customer.governed_by == governed_by and (not asked or await _agrees(account.id, version)):
                    await bind(account, version, because=IN_FORCE)
                    await account.event(EventKind.NOTICE, "policy.in-force", fields=[version.name])
                    done += 1
        except Refused:  # closed meanwhile
            continue
    return done


async def _agrees(customer_id: UUID, version: Version) -> bool:
    """The last answer to this version is yes."""
    said = PolicyAcceptance.filter(customer_id=customer_id, version=version.name, event__in=list(ANSWERS))
    last = await said.order_by("-at", "-id").first()
    return last is not None and last.event is AcceptanceEvent.ACCEPTED

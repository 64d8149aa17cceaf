"""Which policy version binds a customer, and their answer to one that waits (clauses 9 and 10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.actions.account import Account, changing, customer_actor
from models.actions.origin import Viewer
from models.database import reader
from models.policy import Change, Policy, Version
from models.refused import Reason, Refused
from models.tables import Obligation, PolicyAcceptance, Preferences
from models.tables.events import EventKind
from models.tables.obligations import ObligationContents
from models.tables.policy import AcceptanceEvent
from models.world import World

AT_MOST = 200
ANSWERS = (AcceptanceEvent.ACCEPTED, AcceptanceEvent.DECLINED)
MOVED = {
    "EN": "You accepted policy version {version}.",
    "LV": "Jūs pieņēmāt politikas redakciju {version}.",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """The version that binds, the one that waits for an answer, and whether that one may be declined."""

    governing: Version
    pending: Version | None
    may_decline: bool


def published(policy: Policy, now: datetime) -> tuple[Version, ...]:
    """Every version published by now, newest first."""
    return tuple(version for version in policy.versions if version.published_at <= now)


def published_version(policy: Policy, name: str | None, now: datetime) -> Version | None:
    """A published version by name; the one in force without a name; None for an unknown one."""
    if name is None:
        return policy.current(now)
    return next((version for version in published(policy, now) if version.name == name), None)


async def acceptances_of(customer_id: UUID) -> list[PolicyAcceptance]:
    """What was said and answered about versions, newest first. One statement."""
    found = PolicyAcceptance.filter(customer_id=customer_id).using_db(reader())
    return await found.order_by("-at", "-id").limit(AT_MOST)


def standing(policy: Policy, governed_by: str, acceptances: Iterable[PolicyAcceptance], now: datetime) -> Standing:
    """Where a customer stands. The newest version above the governing one waits, until it is accepted or declined."""
    governing = policy.version(governed_by)
    answered = {one.version for one in acceptances if one.event in ANSWERS}
    above = _above(policy, governing, now)
    pending = above[0] if above and above[0].name not in answered else None
    return Standing(governing, pending, pending is not None and _reduces(above))


async def answer_policy(
    world: World, viewer: Viewer, version: str, answer: AcceptanceEvent
) -> tuple[PolicyAcceptance, Standing]:
    """Record that a version was viewed, accepted or declined, each apart. Accepted, a newer one governs from now on.

    Raises Refused(NOT_FOUND, NOT_PERMITTED for declining what takes no right away or binds already).
    """
    found = published_version(world.policy, version, world.now())
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    async with changing(world, viewer.customer.id, by=customer_actor(viewer.customer)) as account:
        if answer is AcceptanceEvent.DECLINED and not _may_decline(account, found):
            raise Refused(Reason.NOT_PERMITTED)
        said = await PolicyAcceptance.filter(customer_id=account.id).order_by("-at", "-id")
        row = _said_before(said, found, answer)
        if row is None:
            row = PolicyAcceptance(
                id=world.new_id(), customer_id=account.id, version=found.name, event=answer, at=account.now
            )
            await row.save(force_create=True)
            await account.event(EventKind.NOTICE, "policy." + answer.value.lower())
        if answer is AcceptanceEvent.ACCEPTED and found in _above(world.policy, _governing(account), account.now):
            await bind(account, found)
        return row, standing(world.policy, account.customer.governed_by, [row, *said], account.now)


async def bind(account: Account, version: Version) -> None:
    """From now on this version governs, and every open date is counted again; in the caller's transaction."""
    account.customer.governed_by = version.name
    await account.save()
    locale = (await Preferences.get(id=account.id)).locale.value
    for owed in await Obligation.filter(customer_id=account.id, done_at=None):
        rule = version.rules.get(owed.rule)
        if rule is None:
            continue
        due_at, ceiling = rule.due_at(owed.started_at), rule.ceiling_at(owed.started_at)
        if (due_at, ceiling) != (owed.due_at, owed.ceiling):
            owed.seal(account.keys, ObligationContents(moved_because=MOVED[locale].format(version=version.name)))
        owed.due_at, owed.ceiling, owed.policy_version = due_at, ceiling, version.name
        await owed.save()


def _governing(account: Account) -> Version:
    return account.world.policy.version(account.customer.governed_by)


def _above(policy: Policy, governing: Version, now: datetime) -> tuple[Version, ...]:
    """The published versions newer than the one that governs, newest first."""
    found = published(policy, now)
    return found[: found.index(governing)] if governing in found else found


def _may_decline(account: Account, version: Version) -> bool:
    """Only what takes a right away, on the way from the version that governs, and does not bind yet."""
    above = _above(account.world.policy, _governing(account), account.now)
    if version not in above:
        return False
    return _reduces(above[above.index(version) :])


def _reduces(versions: Iterable[Version]) -> bool:
    return any(version.change is Change.REDUCES_RIGHTS for version in versions)


def _said_before(said: list[PolicyAcceptance], version: Version, answer: AcceptanceEvent) -> PolicyAcceptance | None:
    """The same thing said already: viewed once, or the last answer."""
    of_version = [one for one in said if one.version == version.name]
    if answer is AcceptanceEvent.VIEWED:
        return next((one for one in of_version if one.event is answer), None)
    last = next((one for one in of_version if one.event in ANSWERS), None)
    return last if last is not None and last.event is answer else None

"""Which policy version binds a customer, and their answer to one that waits (clauses 9 and 10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from models.actions.account import Account, changing, customer_actor
from models.actions.origin import Viewer
from models.database import reader
from models.policy import Change, Policy, Version
from models.refused import Reason, Refused
from models.tables import Change as OldValue
from models.tables import Export, IndexEntry, Obligation, PolicyAcceptance, RightsRequest
from models.tables.accounts import IndexUse
from models.tables.events import EventKind
from models.tables.obligations import ObligationContents
from models.tables.policy import AcceptanceEvent
from models.world import World

AT_MOST = 200
ANSWERS = (AcceptanceEvent.ACCEPTED, AcceptanceEvent.DECLINED)
ACCEPTED = {
    "EN": "You accepted policy version {version}.",
    "LV": "Jūs pieņēmāt politikas redakciju {version}.",
}
IN_FORCE = {
    "EN": "Policy version {version} took effect.",
    "LV": "Stājās spēkā politikas redakcija {version}.",
}
REQUESTS = ("REQUEST", "COPY", "OFFICE_48H")


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
    """Record that a version was viewed, accepted or declined, each apart. Accepted, a newer one governs once it is in force.

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
        newer = _above(world.policy, _governing(account), account.now)
        if answer is AcceptanceEvent.ACCEPTED and found in newer and found.valid_from <= account.now:
            await bind(account, found, because=ACCEPTED)
        return row, standing(world.policy, account.customer.governed_by, [row, *said], account.now)


async def bind(account: Account, version: Version, *, because: Mapping[str, str]) -> None:
    """From now on this version governs, and every open date is counted again from its start; in the caller's transaction.

    ``because``: the sentence that a moved date carries, in both languages.
    """
    before = _governing(account)
    account.customer.governed_by = version.name
    await account.save()
    locale = await account.locale()
    for owed in await Obligation.filter(customer_id=account.id, done_at=None):
        rule = version.rules.get(owed.rule)
        if rule is None or owed.policy_version == version.name:
            continue
        due_at, ceiling = rule.due_at(owed.started_at), rule.ceiling_at(owed.started_at)
        if (due_at, ceiling) != (owed.due_at, owed.ceiling):
            owed.seal(account.keys, ObligationContents(moved_because=because[locale].format(version=version.name)))
            # A request shows what was promised, an export when it is built.
            if owed.rule in REQUESTS and ceiling is not None:
                await RightsRequest.filter(id=owed.subject_id).update(due_at=ceiling)
            elif owed.rule == "EXPORT_BUILD":
                await Export.filter(id=owed.subject_id).update(due_at=due_at)
        owed.due_at, owed.ceiling, owed.policy_version = due_at, ceiling, version.name
        await owed.save()
    await _move_old_values(account, version.rule("OLD_VALUE").span - before.rule("OLD_VALUE").span)


async def _move_old_values(account: Account, by: timedelta) -> None:
    """Old values stay restorable, and their addresses held, as long as the new version says."""
    if not by:
        return
    for change in await OldValue.filter(customer_id=account.id):
        change.restorable_until += by
        await change.save(update_fields=["restorable_until"])
    for entry in await IndexEntry.filter(person_id=account.id, use=IndexUse.HELD, until__isnull=False):
        entry.until = entry.until + by if entry.until else None
        await entry.save(update_fields=["until"])


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

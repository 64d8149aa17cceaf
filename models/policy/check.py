"""The contradictions a policy can have with itself and with its promises; any one of them stops the start."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

from models.policy.classes import SENSITIVE, Erased, Whose, looser
from models.policy.durations import iso
from models.policy.entities import Entity, Field

if TYPE_CHECKING:
    from models.policy import Policy
    from models.policy.inventory import Inventory
    from models.policy.rules import Rule
    from models.policy.versions import Version

A_DAY = timedelta(days=1)
A_YEAR = timedelta(days=365)
NONE_AT_ALL = timedelta(0)
WORKING_WEEK, CALENDAR_WEEK = 5, 7
HOME = "GB"
REQUIRED = ("CLOSED", "BACKUP", "BACKUP_MARGIN", "OFFICE_ERASE", "POLICY_NOTICE", "PUBLICATION")
SHARED = ("EVENT", "BACKUP", "BACKUP_MARGIN", "PROOF", "STAFF")
"""What these rules keep belongs to no single customer, so no version may give them numbers of its own."""
WITHOUT_PERSON = frozenset({"technical", "pseudonym"})


def contradictions(policy: "Policy") -> list[str]:
    """Every contradiction, one sentence each; none for a policy that holds."""
    return [
        *(each for version in (*policy.drafts, *policy.versions) for each in _version(version, policy)),
        *_notices(policy),
        *_purposes(policy.inventory),
        *(each for entity in policy.inventory.entities for each in _entity(entity, policy)),
        *_sections(policy.inventory),
        *_stores(policy),
        *_promises(policy),
    ]


def longest(rule: "Rule") -> timedelta | None:
    """The longest that ``due`` can be after the start; a week of working days lasts seven."""
    if rule.working_days is None:
        return rule.due
    return timedelta(days=-(-rule.working_days // WORKING_WEEK) * CALENDAR_WEEK)


# ---- versions and their rules (clauses 5.1, 9) ------------------------------------------------------------------
def _version(version: "Version", policy: "Policy") -> Iterator[str]:
    promised = {promise.rule for promise in policy.promises if promise.rule is not None}
    needed = {*REQUIRED, *policy.inventory.rules_named, *promised}
    lacking = sorted(needed - version.rules.keys())
    yield from (f"Version {version.name} lacks rule {name}, which is named." for name in lacking)
    for rule in version.rules.values():
        yield from (f"Version {version.name}: {each}" for each in _rule(rule, version))
    if version.clauses("EN") != version.clauses("LV"):
        odd = sorted(set(version.clauses("EN")) ^ set(version.clauses("LV"))) or ["their order"]
        yield f"Version {version.name}: the English and the Latvian text differ in their clauses: {', '.join(odd)}."
    for name in SHARED:
        ours, newest = version.rules.get(name), policy.newest.rules.get(name)
        if ours and newest and (ours.due, ours.ceiling) != (newest.due, newest.ceiling):
            yield f"Version {version.name} changes rule {name}, which is the same for everybody."
    if not {"CLOSED", "BACKUP", "BACKUP_MARGIN"} & set(lacking):
        yield from _year(version)


def _rule(rule: "Rule", version: "Version") -> Iterator[str]:
    spans = (rule.due, rule.ceiling, *(span for stage in rule.stages for span in (stage.at, stage.ceiling)))
    if any(span is not None and span < NONE_AT_ALL for span in spans):
        yield f"rule {rule.name} counts backwards."
    due = longest(rule)
    if rule.due is not None and rule.working_days is not None:
        yield f"rule {rule.name} has both a due time and working days."
    if rule.ceiling is not None and due is None:
        yield f"rule {rule.name} promises a ceiling but is never due."
    if rule.ceiling is not None and due is not None and due + A_DAY > rule.ceiling and rule.overrides != "all":
        yield f"rule {rule.name} is due after {iso(due)}, less than a day before its ceiling of {iso(rule.ceiling)}."
    for stage in rule.stages:
        if stage.at + A_DAY > stage.ceiling:
            late = f"less than a day before its ceiling of {iso(stage.ceiling)}"
            yield f"rule {rule.name} does {stage.do} after {iso(stage.at)}, {late}."
        if due is not None and stage.at >= due:
            yield f"rule {rule.name} does {stage.do} after {iso(stage.at)}, when the record is already gone."
    if rule.clause not in version.clauses("EN"):
        yield f"rule {rule.name} names clause {rule.clause}, which the text does not have."


def _year(version: "Version") -> Iterator[str]:
    closed, backup, margin = (version.rules[name] for name in ("CLOSED", "BACKUP", "BACKUP_MARGIN"))
    if closed.due is None or closed.ceiling is None or backup.ceiling is None or margin.due is None:
        yield f"Version {version.name}: CLOSED, BACKUP and BACKUP_MARGIN must say their times."
        return
    if closed.ceiling > A_YEAR:
        yield f"Version {version.name} promises erasure within {iso(closed.ceiling)}; clause 5.1 says {iso(A_YEAR)}."
    if closed.due + backup.ceiling + margin.due > min(closed.ceiling, A_YEAR):
        yield (
            f"Version {version.name}: the wait of {iso(closed.due)}, the oldest backup of {iso(backup.ceiling)} and "
            f"the margin of {iso(margin.due)} together exceed the {iso(min(closed.ceiling, A_YEAR))} of clause 5.1."
        )


def _notices(policy: "Policy") -> Iterator[str]:
    for version in policy.versions[:-1]:
        rule = version.rules.get("POLICY_NOTICE")
        if rule and rule.due and version.change.matters and version.valid_from - version.published_at < rule.due:
            yield f"Version {version.name} takes effect less than {iso(rule.due)} after it was published (clause 9)."


# ---- the inventory (clauses 1, 2, 6.1.3) ------------------------------------------------------------------------
def _purposes(inventory: "Inventory") -> Iterator[str]:
    for name, purpose in inventory.purposes.items():
        if purpose.basis not in inventory.bases:
            yield f"Purpose {name} names legal basis {purpose.basis}, which does not exist."
        if purpose.basis == "consent" and purpose.reads is None:
            yield f"Purpose {name} rests on consent but does not say which classes alone it reads."
        for each in purpose.reads or ():
            if each not in inventory.classes:
                yield f"Purpose {name} reads class {each}, which does not exist."
            elif each in SENSITIVE:
                yield f"Purpose {name} rests on consent and may never read class {each}."


def _entity(entity: Entity, policy: "Policy") -> Iterator[str]:
    columns = {column.name for column in entity.columns}
    if entity.person is not None and entity.person not in columns:
        yield f"Entity {entity.table} finds its person by {entity.person}, which is no column of it."
    if entity.person is None and entity.section is not None:
        yield f"Entity {entity.table} has section {entity.section} but nothing that links it to a person."
    if entity.sealed and "sealed" not in columns:
        yield f"Entity {entity.table} has sealed fields but no column 'sealed'."
    if entity.store not in policy.company.stores:
        yield f"Entity {entity.table} stands in store {entity.store}, which is not declared."
    yield from _clock(f"Entity {entity.table}", entity.rule, entity.start, columns, policy)
    for field in entity.fields:
        yield from _field(f"Field {entity.table}.{field.name}", field, policy)
        if field.rule != entity.rule:
            yield from _clock(f"Field {entity.table}.{field.name}", field.rule, field.start, columns, policy)


def _clock(who: str, name: str, start: tuple[str, ...], columns: set[str], policy: "Policy") -> Iterator[str]:
    yield from (f"{who} starts its clock at {each}, which is no column of it." for each in start if each not in columns)
    rule = policy.newest.rules.get(name)
    if rule is None:
        return  # said for each version that lacks it
    if rule.has_clock and not start:
        yield f"{who} follows rule {name}, which has a clock, but names no column that starts it."
    if start and not rule.has_clock:
        yield f"{who} starts a clock at {', '.join(start)}, but its rule {name} has none."
    if rule.keeps is None:
        yield f"{who} follows rule {name}, which does not say in words how long it keeps."


def _field(who: str, field: Field, policy: "Policy") -> Iterator[str]:
    inventory = policy.inventory
    protection = inventory.classes[field.class_name]
    if not field.purposes:
        yield f"{who} has no purpose."
    for name in field.purposes:
        purpose = inventory.purposes.get(name)
        if purpose is None:
            yield f"{who} names purpose {name}, which does not exist."
        elif purpose.reads is not None and field.class_name not in purpose.reads:
            yield f"{who} is of class {field.class_name}, which purpose {name} may not read."
    readers = looser(field.read, protection.read)
    if readers:
        yield f"{who} lets {', '.join(readers)} see more than its class {protection.name} does."
    if field.exported.rank > protection.exported.rank:
        yield f"{who} is exported for {field.exported}; its class {protection.name} allows {protection.exported}."
    if field.erased is Erased.KEEP and field.class_name not in WITHOUT_PERSON:
        yield f"{who} stays after an erasure although its class {field.class_name} is personal."
    if field.clause not in policy.newest.clauses("EN"):
        yield f"{who} names clause {field.clause}, which the text does not have."


def _sections(inventory: "Inventory") -> Iterator[str]:
    seen: dict[str, str] = {}
    for entity in inventory.entities:
        if entity.section is not None and entity.section in seen:
            yield f"Entities {seen[entity.section]} and {entity.table} have the same section {entity.section}."
        if entity.section is not None:
            seen[entity.section] = entity.table
    for whose in Whose:
        after = [each.table for each in inventory.erased_with_anybody if each.whose is whose]
        if whose in after and after[-1] != whose:
            yield f"Entity {after[-1]} is erased after the {whose} it belongs to."


# ---- stores (clause 2) and promises -----------------------------------------------------------------------------
def _stores(policy: "Policy") -> Iterator[str]:
    for name, store in policy.company.stores.items():
        if store.location != HOME:
            yield f"Store {name} is in {store.location}; clause 2 keeps data on servers in {HOME}."


def _promises(policy: "Policy") -> Iterator[str]:
    clauses = policy.newest.clauses("EN")
    for promise in policy.promises:
        who = f"Promise {promise.name}"
        for key in ("clause", "evidence", "test", "start"):
            if getattr(promise, key) == "":
                yield f"{who} has an empty {key}."
        if promise.clause not in clauses:
            yield f"{who} keeps clause {promise.clause}, which the text does not have."
        try:
            span = promise.span
        except ValueError as fault:
            yield f"{who}: {fault}."
            continue
        if (span is None) != (promise.start is None):
            yield f"{who} must name both a limit and the event that starts it, or neither."
        for version in (*policy.drafts, *policy.versions):
            rule = version.rules.get(promise.rule or "")
            kept = {rule.ceiling, longest(rule), *(stage.ceiling for stage in rule.stages)} if rule else {span}
            if span not in kept:
                yield f"{who} promises {promise.limit}, which rule {promise.rule} does not keep in version {version.name}."

"""THE POLICY AS DATA: the texts, the numbers, the promises, the inventory. Every number has its home here.

Reads its own files and nothing else, knows no clock, and refuses to load when it contradicts itself.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from models.policy.check import contradictions
from models.policy.classes import Class, Erased, Exported, Purpose, Reading, Role, Source, Whose
from models.policy.contradiction import PolicyContradiction
from models.policy.entities import Entity, Field
from models.policy.inventory import Inventory, read_inventory
from models.policy.limits import read_limits
from models.policy.promises import Promise, read_promises
from models.policy.register import (
    Authority,
    Company,
    Office,
    Store,
    StoredItem,
    StoredItemKind,
    read_company,
    read_cookies,
)
from models.policy.rules import Rule, Stage
from models.policy.versions import Change, Version, newest_first, read_versions
from models.policy.words import Words

HERE = Path(__file__).parent
T = TypeVar("T")


@dataclass(slots=True)
class Policy:
    """Everything the policy says. Published ``versions`` stand newest first, ``drafts`` wait for their publication; inventory
    and promises are of the newest. Only ``publish`` changes it; ``looked_at`` is when publications were looked up last."""

    versions: tuple[Version, ...]
    inventory: Inventory
    promises: tuple[Promise, ...]
    cookies: Mapping[str, StoredItem]
    company: Company
    drafts: tuple[Version, ...] = ()
    looked_at: datetime | None = None

    @property
    def newest(self) -> Version:
        return self.versions[0]

    def publish(self, draft: Version, published_at: datetime, valid_from: datetime) -> None:
        """A draft was made public, here or by another process."""
        self.versions = newest_first([*self.versions, draft.dated(published_at, valid_from)])
        self.drafts = tuple(one for one in self.drafts if one.name != draft.name)

    def version(self, name: str) -> Version:
        """Raises KeyError for a version that does not exist."""
        for version in self.versions:
            if version.name == name:
                return version
        raise KeyError(f"there is no policy version {name}")

    def draft(self, name: str) -> Version | None:
        """A version that came with the release and was not published yet."""
        return next((draft for draft in self.drafts if draft.name == name), None)

    def current(self, now: datetime) -> Version:
        """The version in force at ``now``: the newest valid by then; the oldest before any was."""
        return next((version for version in self.versions if version.valid_from <= now), self.versions[-1])

    def rule(self, name: str, version: str | None = None) -> Rule:
        """A rule as ``version`` has it (the one that governs the customer), or the newest published. Raises KeyError.

        Whoever has a clock asks the world instead: without a version it means the one in force (models/world.py).
        """
        return (self.newest if version is None else self.version(version)).rule(name)

    def title(self, rule: str, version: str) -> Words:
        """What a rule of a version says happens; its name where this release has no such version or rule any more."""
        try:
            return self.rule(rule, version).title
        except KeyError:
            return Words(rule, rule)


@lru_cache(maxsize=8)
def load(directory: Path = HERE) -> Policy:
    """The policy from its files, read once; a world keeps a copy of its own. Raises PolicyContradiction, with every trouble."""
    troubles: list[str] = []
    versions = _told(read_versions, directory / "versions", troubles)
    inventory = _told(read_inventory, directory / "inventory.yaml", troubles)
    promises = _told(read_promises, directory / "promises.yaml", troubles)
    cookies = _told(read_cookies, directory / "cookies.yaml", troubles)
    company = _told(read_company, directory / "company.yaml", troubles)
    _told(read_limits, directory / "limits.yaml", troubles)
    if versions is None or inventory is None or promises is None or cookies is None or company is None:
        raise PolicyContradiction(troubles)
    drafts = tuple(version for version in versions if version.is_draft)
    published = tuple(version for version in versions if not version.is_draft)
    if not published:
        raise PolicyContradiction(["The policy has no version that was published."])
    policy = Policy(published, inventory, promises, cookies, company, drafts)
    troubles = contradictions(policy)
    if troubles:
        raise PolicyContradiction(troubles)
    return policy


def _told(read: Callable[[Path], T], path: Path, troubles: list[str]) -> T | None:
    try:
        return read(path)
    except PolicyContradiction as trouble:
        troubles += trouble.sentences
        return None


__all__ = [
    "Authority", "Change", "Class", "Company", "Entity", "Erased", "Exported", "Field", "Inventory", "Office", "Policy",
    "PolicyContradiction", "Promise", "Purpose", "Reading", "Role", "Rule", "Source", "Stage", "Store", "StoredItem",
    "StoredItemKind", "Version", "Whose", "Words", "contradictions", "load",
]  # fmt: skip

"""Published versions of the policy: immutable texts and the numbers that came with them (clause 9)."""

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from models.policy.contradiction import PolicyContradiction
from models.policy.files import read_yaml, shaped
from models.policy.rules import Rule, read_rules
from models.policy.words import Words

HASHED = ("en.md", "lv.md", "rules.yaml")
NEVER = datetime.max.replace(tzinfo=UTC)
"""The dates of a draft: nobody has published it yet."""
HEADING = re.compile(r"^#{2,6} (\d+(?:\.\d+)*) \S", re.MULTILINE)


class Change(StrEnum):
    """What a version changed: clause 9 treats what reduces rights unlike the rest."""

    EDITORIAL = "EDITORIAL"
    NEUTRAL = "NEUTRAL"
    EXTENDS_RIGHTS = "EXTENDS_RIGHTS"
    REDUCES_RIGHTS = "REDUCES_RIGHTS"

    @property
    def matters(self) -> bool:
        """It is announced before it takes effect."""
        return self is not Change.EDITORIAL


class Meta(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a version's meta.yaml says; times are UTC. A draft has none: publishing dates it (models/actions/publish_policy.py)."""

    version: str
    published_at: datetime = NEVER
    valid_from: datetime = NEVER
    change: Change
    summary: Words
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """One version. ``sha256`` is of en.md, lv.md and rules.yaml, one after the other: ``cat`` them and see."""

    name: str
    published_at: datetime
    valid_from: datetime
    change: Change
    summary: Words
    services: tuple[str, ...]
    rules: Mapping[str, Rule]
    texts: Words
    sha256: str

    @property
    def is_draft(self) -> bool:
        """It came with a release and was not published yet."""
        return self.published_at == NEVER

    def dated(self, published_at: datetime, valid_from: datetime) -> "Version":
        """The same version, made public."""
        return replace(self, published_at=published_at, valid_from=valid_from)

    def text(self, locale: str) -> str:
        """The whole text, Markdown, in ``EN`` or ``LV``."""
        return self.texts.said(locale)

    def clauses(self, locale: str) -> tuple[str, ...]:
        """The clause numbers that the text's headings carry, in order."""
        return tuple(HEADING.findall(self.text(locale)))

    def rule(self, name: str) -> Rule:
        """Raises KeyError for a rule this version does not have."""
        try:
            return self.rules[name]
        except KeyError:
            raise KeyError(f"policy version {self.name} has no rule {name}") from None


def read_version(directory: Path) -> Version:
    """A version from its directory, which is named after it. Raises PolicyContradiction."""
    meta = shaped(read_yaml(directory / "meta.yaml"), Meta, f"{directory.name}/meta.yaml")
    if meta.version != directory.name:
        raise PolicyContradiction([f"versions/{directory.name}/meta.yaml calls itself version {meta.version}."])
    try:
        contents = [(directory / file).read_bytes() for file in HASHED]
    except OSError as fault:
        raise PolicyContradiction([f"Version {directory.name} is not whole: {fault.strerror}."]) from fault
    return Version(
        name=meta.version,
        published_at=meta.published_at,
        valid_from=meta.valid_from,
        change=meta.change,
        summary=meta.summary,
        services=meta.services,
        rules=read_rules(directory / "rules.yaml"),
        texts=Words(contents[0].decode(), contents[1].decode()),
        sha256=hashlib.sha256(b"".join(contents)).hexdigest(),
    )


def read_versions(directory: Path) -> tuple[Version, ...]:
    """Every version, newest first, drafts before all others. Raises PolicyContradiction."""
    found: list[Version] = []
    troubles: list[str] = []
    for each in sorted(path for path in directory.glob("*") if path.is_dir()):
        try:
            found.append(read_version(each))
        except PolicyContradiction as trouble:
            troubles += trouble.sentences
    if not found and not troubles:
        troubles.append("The policy has no version.")
    if troubles:
        raise PolicyContradiction(troubles)
    return newest_first(found)


def newest_first(versions: Iterable[Version]) -> tuple[Version, ...]:
    """By the day they take effect, then by name."""
    return tuple(sorted(versions, key=lambda version: (version.valid_from, version.name), reverse=True))

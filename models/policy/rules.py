"""Retention rules and time limits: start event, due, ceiling, stages. Every number of the policy is one of these."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

import msgspec

from models.policy.durations import plain, working_days_after
from models.policy.files import lines, read_yaml
from models.policy.words import Words


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What happens on the way to ``due``, such as an IP cut to its network; both times count from the start."""

    at: timedelta
    ceiling: timedelta
    do: str


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One rule of a version. Without ``due`` it has no clock; without ``ceiling`` it is a window that promises nothing.

    ``start`` names the event that starts the clock; ``ours`` marks a number that the policy leaves open.
    """

    name: str
    start: str
    clause: str
    title: Words
    due: timedelta | None = None
    ceiling: timedelta | None = None
    working_days: int | None = None
    stages: tuple[Stage, ...] = ()
    overrides: Literal["all"] | None = None
    ours: bool = False
    keeps: Words | None = None

    @property
    def has_clock(self) -> bool:
        return self.due is not None or self.working_days is not None

    @property
    def span(self) -> timedelta:
        """``due`` as a plain span: how long a link, a session or a cool-off lasts. Raises ValueError without one."""
        if self.due is None:
            raise ValueError(f"rule {self.name} has no due time")
        return self.due

    def due_at(self, start: datetime) -> datetime:
        """When the worker acts. Raises ValueError for a rule without a clock."""
        if self.working_days is not None:
            return working_days_after(start, self.working_days)
        return start + self.span

    def ceiling_at(self, start: datetime) -> datetime | None:
        """The promise: never later than this; None when nothing is promised."""
        return None if self.ceiling is None else start + self.ceiling

    def promised_at(self, start: datetime) -> datetime:
        """The promise of a rule that makes one. Raises ValueError for a rule without a ceiling."""
        if self.ceiling is None:
            raise ValueError(f"rule {self.name} has no ceiling")
        return start + self.ceiling

    def expired_before(self, now: datetime) -> datetime:
        """What started at this moment or earlier is due at ``now``. Raises ValueError for a rule without a clock."""
        return now - self.span

    def stage(self, do: str) -> Stage:
        """The stage that does this. Raises KeyError."""
        for stage in self.stages:
            if stage.do == do:
                return stage
        raise KeyError(f"rule {self.name} has no stage {do}")

    def kept(self, locale: str) -> str:
        """How long, in words, as the profile report says it; the title where there is nothing more to say."""
        text = (self.keeps or self.title).said(locale)
        spans = {"due": self.due, "ceiling": self.ceiling, "stage": self.stages[0].ceiling if self.stages else None}
        for name, span in spans.items():
            if span is not None:
                text = text.replace("{" + name + "}", plain(span, locale))
        return text


def read_rules(file: Path) -> Mapping[str, Rule]:
    """The rules of one version by name, in the file's order. Raises PolicyContradiction."""
    return lines(read_yaml(file), Rule, f"{file.parent.name}/{file.name}")

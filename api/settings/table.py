"""The table of settings: what each is for, its default, and what it is now."""

from dataclasses import MISSING, Field, fields
from datetime import timedelta
from typing import Any, NamedTuple

from api.settings import Settings
from api.settings.names import variable


class Described(NamedTuple):
    """One row of the table of settings. ``value`` is None unless asked for, and dots for a secret that is set."""

    name: str
    default: str
    about: str
    value: str | None = None


def describe(settings: Settings | None = None) -> list[Described]:
    """The table of settings for the README and ``octopus settings``."""
    return [
        Described(variable(one.name), _default(one), one.metadata["about"], _value(one, settings) if settings else None)
        for one in fields(Settings)
    ]


def _default(one: "Field[Any]") -> str:
    default = None if one.default is MISSING else one.default
    return one.metadata["shown"] or _shown(default)


def _value(one: "Field[Any]", settings: Settings) -> str:
    value = getattr(settings, one.name)
    if one.metadata["secret"] and value and not str(value).startswith("sqlite"):
        return "•••"
    return _shown(value)


def _shown(value: Any) -> str:
    match value:
        case None | ():
            return ""
        case bool():
            return str(value).lower()
        case tuple():
            return ", ".join(map(str, value))
        case timedelta():
            return f"PT{int(value.total_seconds())}S"
        case _:
            return str(value)

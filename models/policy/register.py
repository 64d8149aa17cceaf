"""The declared registers: what may be kept in a browser (1.5, 1.6), who we are (4.2.1), where data stands (2)."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import Literal

import msgspec

from models.policy.files import lines, read_yaml, shaped
from models.policy.words import Words


class StoredItemKind(StrEnum):
    """Where in the browser."""

    COOKIE = "COOKIE"
    LOCAL_STORAGE = "LOCAL_STORAGE"
    SESSION_STORAGE = "SESSION_STORAGE"


class StoredItem(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One thing we may keep in a browser. ``choice`` is what it waits for; ``lasts`` is null without a fixed end."""

    name: str
    kind: StoredItemKind
    choice: Literal["preferences", "statistics", "advertising"] | None
    lasts: timedelta | None
    life: Words
    purpose: Words

    @property
    def optional(self) -> bool:
        return self.choice is not None


class OfficeAddress(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """As a customer's; country is ISO 3166-1 alpha-2."""

    street_address: str
    locality: str
    country: str
    region: str | None = None
    postal_code: str | None = None


class Office(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Where an owner can identify themselves."""

    id: str
    name: Words
    address: OfficeAddress
    opening_hours: Words


class Authority(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A supervisory authority and how to complain to it."""

    name: str
    country: str
    website: str
    how_to_complain: Words


class Store(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A place where data stands; ``location`` is a country, ISO 3166-1 alpha-2."""

    title: Words
    location: str


class Company(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The company that is responsible."""

    name: str
    registration_number: str
    country: str
    email: str
    phone_number: str
    offices: tuple[Office, ...]
    authorities: tuple[Authority, ...]
    stores: dict[str, Store]

    def authorities_in(self, locale: str) -> list[dict[str, str]]:
        """Who supervises us and how to complain there, as letters name them (clause 4.2.1)."""
        return [
            {"name": one.name, "website": one.website, "how": one.how_to_complain.said(locale)}
            for one in self.authorities
        ]


def read_company(file: Path) -> Company:
    """Raises PolicyContradiction."""
    return shaped(read_yaml(file), Company, file.name)


def read_cookies(file: Path) -> Mapping[str, StoredItem]:
    """By name. Raises PolicyContradiction."""
    return lines(read_yaml(file), StoredItem, file.name)

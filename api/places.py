"""Where an IP address is, estimated from a table on our own disk (clause 1.3): never a call out, never a guess."""

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Any, Final

import maxminddb

from models.world import Place

_PLACE_TABLES: Final = ("city", "country", "enterprise", "insights", "location")


class PlacesUnusable(Exception):
    """The place table cannot be used; the operator reads why at start."""


class Unknown:
    """No table: every place is unknown. ``locate``, as of a table, is the World's port."""

    def locate(self, ip: str) -> Place | None:
        """None, always."""
        return None

    def close(self) -> None:
        """Nothing is open."""


class MmdbPlaces:
    """A city or country table in MaxMind's format, mapped into memory: microseconds a look-up, shared by processes."""

    def __init__(self, path: Path) -> None:
        """Open the table. Raises PlacesUnusable if it is missing, corrupted or about something else."""
        try:
            self._table = maxminddb.open_database(str(path))
            about = self._table.metadata()
            self._table.get("1.1.1.1")
        except (OSError, ValueError, maxminddb.InvalidDatabaseError) as problem:
            raise PlacesUnusable(f"the place table {path} cannot be read: {problem}") from problem
        if not any(kind in about.database_type.lower() for kind in _PLACE_TABLES):
            raise PlacesUnusable(f"{path} is a table of {about.database_type!r}, not of cities or countries")
        self._source = about.database_type

    def locate(self, ip: str) -> Place | None:
        """The place with its English names, or None for an address that is private, malformed or not in the table."""
        address = _public(ip)
        if address is None:
            return None
        try:
            found = self._table.get(address)
        except (ValueError, maxminddb.InvalidDatabaseError):  # an IPv6 address in an IPv4 table, a damaged record
            return None
        return _place(found, self._source) if isinstance(found, Mapping) else None

    def close(self) -> None:
        """Unmap the table."""
        self._table.close()


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a record, tolerant of what other makers leave out."""

    value: Any

    def __getitem__(self, key: str | int) -> "_Part":
        if isinstance(self.value, Mapping):
            return _Part(self.value.get(key))
        return _Part(self.value[key] if isinstance(self.value, list) and isinstance(key, int) and self.value else None)

    def text(self) -> str | None:
        return self.value if isinstance(self.value, str) and self.value else None

    def degrees(self) -> float | None:
        return round(float(self.value), 1) if isinstance(self.value, int | float) else None


def _place(record: Mapping[str, Any], source: str) -> Place | None:
    whole = _Part(record)
    country, region, city = whole["country"], whole["subdivisions"][0], whole["city"]
    place = Place(
        country=country["names"]["en"].text() or country["iso_code"].text(),
        region=region["names"]["en"].text() or region["iso_code"].text(),
        city=city["names"]["en"].text(),
        latitude=whole["location"]["latitude"].degrees(),
        longitude=whole["location"]["longitude"].degrees(),
        source=source,
    )
    return place if place != Place(source=source) else None


def _public(ip: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(ip.strip())
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return address if address.is_global and not address.is_multicast else None

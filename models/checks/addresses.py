"""Postal addresses (clause 1.1.4), their parts named as in OpenID Connect Core 5.1.1."""

import re
from dataclasses import dataclass
from typing import Protocol

from models.checks.limits import LIMITS
from models.checks.texts import one_line
from models.checks.wrong import Wrong
from models.refused import ProblemCode


class AddressGiven(Protocol):
    """An address as a client sent it; anything with these attributes will do."""

    @property
    def street_address(self) -> str: ...
    @property
    def locality(self) -> str: ...
    @property
    def region(self) -> str | None: ...
    @property
    def postal_code(self) -> str | None: ...
    @property
    def country(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Address:
    """An address, every part canonical."""

    street_address: str
    locality: str
    region: str | None
    postal_code: str | None
    country: str


_LATVIAN = re.compile(r"(?:LV ?-? ?)?([0-9]{4})")
# Universal Postal Union, and gov.uk's bulk data standard: area, district, sector, unit; GIR 0AA is the one exception.
_BRITISH = re.compile(r"(GIR|[A-Z]{1,2}[0-9][A-Z0-9]?) ?([0-9][ABD-HJLNP-UW-Z]{2})")
_GENERIC = re.compile(r"[A-Z0-9](?:[A-Z0-9 -]*[A-Z0-9])?")


def postal_code(value: str | None, country: str) -> str:
    """The canonical code: 'LV-1050' in Latvia, 'SW1A 1AA' in Britain, capitals elsewhere.

    Raises Wrong: as one_line, and MALFORMED for what the country's codes cannot be.
    """
    code = one_line(value, "postal_code").upper().replace("–", "-")
    if len(code) > LIMITS["postal_code"]:  # some letters grow in capitals
        raise Wrong(ProblemCode.MALFORMED)
    pattern = {"LV": _LATVIAN, "GB": _BRITISH}.get(country, _GENERIC)
    found = pattern.fullmatch(code)
    if found is None:
        raise Wrong(ProblemCode.MALFORMED)
    if country == "LV":
        return f"LV-{found[1]}"
    return f"{found[1]} {found[2]}" if country == "GB" else code

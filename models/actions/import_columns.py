"""The files that customers are imported from: CSV with a header, or JSON Lines; our columns or a billing panel's."""

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from models.refused import ProblemCode

COLUMNS: Final[Mapping[str, str]] = {
    "reference": "required: the customer's number where they come from; one that is here already is left alone",
    "number": "the customer number here, 4-16 of A-Z, 0-9 and -; one is made if there is none",
    "given_name": "required",
    "family_name": "required",
    "birthdate": "YYYY-MM-DD; exactly one of birthdate and personal_code",
    "personal_code": "a Latvian personal identity code",
    "personal_code_country": "LV, which is also what is meant when it is left out",
    "street_address": "required; address2 is added after a comma",
    "locality": "required: town or village",
    "region": "",
    "postal_code": "",
    "country": "required: two letters, ISO 3166-1",
    "phone_number": "required, with + and the country's code",
    "email": "required; must not be another customer's",
    "email_verified": "true or false (the default)",
    "locale": "EN (the default) or LV",
    "created_at": "date or time (UTC where it has no offset) since when they are a customer; now if left out",
    "news_by_email": "true: they agreed to news by e-mail",
    "password_hash": "argon2id as an encoded string; without one the first sign-in begins with a reset",
    "services": "JSON Lines: a list of {reference, kind, name, started_at}",
    "service_reference": "CSV: one service; its number, unique",
    "service_kind": "HOSTING, DOMAIN, EMAIL or INFORMATION_REQUEST",
    "service_name": "a domain or a package's name",
    "service_started_at": "date or time",
}
REQUIRED: Final = tuple(name for name, what in COLUMNS.items() if what.startswith("required"))
ALIASES: Final[Mapping[str, str]] = {
    "id": "reference", "clientid": "reference", "userid": "reference", "customerid": "reference",
    "externalreference": "reference",
    "firstname": "given_name", "lastname": "family_name", "surname": "family_name",
    "dateofbirth": "birthdate", "dob": "birthdate", "birthday": "birthdate", "personalcodenumber": "personal_code",
    "address": "street_address", "address1": "street_address", "street": "street_address", "address2": "address2",
    "city": "locality", "town": "locality", "state": "region", "fullstate": "region", "county": "region",
    "postcode": "postal_code", "zip": "postal_code", "zipcode": "postal_code", "countrycode": "country",
    "phone": "phone_number", "phonenumberformatted": "phone_number", "telephone": "phone_number",
    "mail": "email", "emailaddress": "email", "emailverified": "email_verified", "isemailverified": "email_verified",
    "language": "locale", "datecreated": "created_at", "created": "created_at", "signupdate": "created_at",
    "marketingemailsoptin": "news_by_email", "newsletter": "news_by_email", "passwordhash": "password_hash",
    "domain": "service_name", "regdate": "service_started_at",
}  # fmt: skip
KNOWN: Final = {name.replace("_", ""): name for name in COLUMNS} | dict(ALIASES)
NOT_PLAIN = re.compile(r"[^a-z0-9]")
DELIMITERS = ",;\t"
LONGEST_LINE = 100_000  # characters of JSON


class Line(NamedTuple):
    """One customer as the file has it, by our columns; blanks are left out."""

    number: int
    values: Mapping[str, Any]


class Bad(NamedTuple):
    """Why a line is not taken: its number, the column ('': the whole line) and what is wrong; never the value."""

    number: int
    column: str
    reason: ProblemCode


class WrongFile(Exception):
    """The file cannot be imported at all; the text is one sentence."""


@dataclass(slots=True)
class Lines:
    """The lines of a file, read as they are asked for. ``ignored`` names the columns that mean nothing to us."""

    text: Iterable[str]
    json_lines: bool = False
    ignored: set[str] = field(default_factory=set)
    _known: dict[tuple[str, ...], list[str | None]] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Line | Bad]:
        """Raises WrongFile."""
        return self._json() if self.json_lines else self._csv()

    def _csv(self) -> Iterator[Line | Bad]:
        text = iter(self.text)
        first = next(text, "").removeprefix("\ufeff")
        delimiter = max(DELIMITERS, key=first.count)
        names = self._columns(tuple(next(csv.reader([first], delimiter=delimiter), [])))
        if missing := [name for name in REQUIRED if name not in names]:
            raise WrongFile(f"the first line must name the columns; these are missing: {', '.join(missing)}")
        rows = csv.reader(text, delimiter=delimiter)
        while True:
            number = rows.line_num + 2  # where it begins; the header was the first
            try:
                row = next(rows, None)
            except csv.Error:
                yield Bad(number, "", ProblemCode.MALFORMED)
                continue
            if row is None:
                return
            if len(row) == len(names):
                pairs = zip(names, row, strict=True)
                yield Line(number, {name: value for name, value in pairs if name is not None and value.strip()})
            elif any(cell.strip() for cell in row):
                yield Bad(number, "", ProblemCode.MALFORMED)

    def _json(self) -> Iterator[Line | Bad]:
        for number, text in enumerate(self.text, 1):
            if not text.strip():
                continue
            try:
                if len(text) > LONGEST_LINE:
                    raise ValueError
                found = json.loads(text.removeprefix("\ufeff"))
                named = zip(self._columns(tuple(found)), found.values(), strict=True)
            except (ValueError, AttributeError, TypeError, RecursionError):
                yield Bad(number, "", ProblemCode.MALFORMED)
                continue
            yield Line(number, {name: value for name, value in named if name is not None and value not in (None, "")})

    def _columns(self, written: tuple[str, ...]) -> list[str | None]:
        """Our columns for theirs, None for what means nothing to us. Our own name goes before another for the same, the
        first of several others before the rest."""
        if written not in self._known:
            plain = [NOT_PLAIN.sub("", name.lower()) for name in written]
            wanted = [KNOWN.get(name) for name in plain]
            own = {name.replace("_", "") for name in COLUMNS}
            taken = {KNOWN[name] for name in plain if name in own}
            columns: list[str | None] = []
            for name, column in zip(plain, wanted, strict=True):
                if column in columns or (column in taken and name not in own):
                    column = None
                columns.append(column)
            self.ignored |= {name.strip()[:40] for name, column in zip(written, columns, strict=True) if column is None}
            self._known[written] = columns
        return self._known[written]

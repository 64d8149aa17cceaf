"""What may be written into each input field, and its canonical form (clauses 1.1 and 1.4).

Pure functions, one idea per file; each raises Wrong. Checks collects what is wrong with all of an input, refuses once.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Concatenate, ParamSpec, TypeVar

from models.checks import (
    addresses,
    birthdates,
    countries,
    emails,
    ibans,
    identifiers,
    names,
    passwords,
    personal_codes,
    phones,
    texts,
    time_zones,
)
from models.checks.addresses import Address, AddressGiven
from models.checks.ibans import Iban
from models.checks.limits import Limit
from models.checks.personal_codes import PersonalCode
from models.checks.wrong import Wrong
from models.refused import Problem, ProblemCode, Reason, Refused

Path = str | tuple[str, ...]
P = ParamSpec("P")
T = TypeVar("T")


class Checks:
    """Checks one input. Every method takes the field's path as the client wrote it and the raw value, and returns the
    canonical value; for a wrong one it notes the Problem and returns a placeholder, so that checking goes on.

        checks = Checks(today=world.now().date())
        given_name = checks.name("givenName", raw.given_name)
        checks.done()
    """

    def __init__(self, *, today: date) -> None:
        self.today = today
        self.problems: list[Problem] = []

    def done(self) -> None:
        """Raises Refused(INVALID_INPUT) with every problem there was."""
        if self.problems:
            raise Refused(Reason.INVALID_INPUT, problems=self.problems)

    def problem(self, path: Path, code: ProblemCode, limit: int | None = None) -> None:
        """Notes a problem that the action itself found, such as a DUPLICATE."""
        self.problems.append(Problem(_parts(path), code, limit))

    def optional(
        self, check: Callable[Concatenate[Path, str, P], T], path: Path, value: str | None, *a: P.args, **k: P.kwargs
    ) -> T | None:
        """None for what was left out or is blank, else the method: ``checks.optional(checks.email, "email", raw)``."""
        return check(path, value, *a, **k) if value and value.strip() else None

    def name(self, path: Path, value: str | None) -> str:
        """A given name, family name, contact or account holder."""
        return self._ask(path, "", names.personal_name, value)

    def line(self, path: Path, value: str | None, limit: Limit) -> str:
        """One line of text."""
        return self._ask(path, "", texts.one_line, value, limit)

    def text(self, path: Path, value: str | None, limit: Limit) -> str:
        """Several lines of text."""
        return self._ask(path, "", texts.many_lines, value, limit)

    def reference(self, path: Path, value: str | None) -> str:
        """Somebody else's number for a thing: a service's, a regulator's."""
        return self.line(path, value, "reference")

    def email(self, path: Path, value: str | None) -> str:
        """The canonical address; look-ups use ``emails.email_key`` of it."""
        return self._ask(path, "", emails.email_address, value)

    def paypal(self, path: Path, value: str | None) -> str:
        """The address a PayPal account is known by."""
        return self.email(path, value)

    def domain(self, path: Path, value: str | None) -> str:
        """A domain's name in lower case and IDNA's ASCII."""
        return self._ask(path, "", emails.domain_name, value)

    def service_name(self, path: Path, value: str | None) -> str:
        """What a service is called; a domain's name in its canonical form."""
        return self._ask(path, "", emails.service_name, value)

    def phone(self, path: Path, value: str | None) -> str:
        """A phone number in E.164."""
        return self._ask(path, "", phones.phone_number, value)

    def country(self, path: Path, value: str | None) -> str:
        """An ISO 3166-1 alpha-2 code in capitals."""
        return self._ask(path, "", countries.country_code, value)

    def address(self, path: Path, given: AddressGiven) -> Address:
        """Problems are at the parts' names in the contract: ("address", "postalCode")."""
        at = _parts(path)
        country = self.country((*at, "country"), given.country)
        return Address(
            self.line((*at, "streetAddress"), given.street_address, "street_address"),
            self.line((*at, "locality"), given.locality, "locality"),
            self.optional(self.line, (*at, "region"), given.region, "region"),
            self.optional(self.postal_code, (*at, "postalCode"), given.postal_code, country),
            country,
        )

    def postal_code(self, path: Path, value: str | None, country: str) -> str:
        """A postal code as the country writes it."""
        return self._ask(path, "", addresses.postal_code, value, country)

    def birthdate(self, path: Path, value: date | None) -> date:
        """An adult's date of birth; today for a wrong one."""
        return self._ask(path, self.today, birthdates.birthdate, value, self.today)

    def personal_code(self, path: Path, country: str | None, code: str | None) -> PersonalCode:
        """Only Latvia's are taken. Problems are at the parts: ("identity", "personalCode", "code")."""
        at = _parts(path)
        given = self.country((*at, "country"), country)
        if given not in ("", "LV"):
            self.problem((*at, "country"), ProblemCode.NOT_ALLOWED)
        held = self._ask((*at, "code"), "", personal_codes.latvian_personal_code, code, self.today)
        return PersonalCode(given, held)

    def iban(self, path: Path, value: str | None) -> Iban:
        """A bank account's country and compact number."""
        return self._ask(path, Iban("", ""), ibans.iban, value)

    def time_zone(self, path: Path, value: str | None) -> str:
        """A name from the IANA database; UTC for a wrong one."""
        return self._ask(path, "UTC", time_zones.time_zone, value)

    def password(self, path: Path, value: str | None, own_words: Iterable[str], *, second_factor: bool) -> str:
        """A password to be set; one to be verified is never checked here, only by its hash. Up to 0.2 s of CPU."""
        return self._ask(path, "", passwords.new_password, value, own_words, second_factor=second_factor)

    def idempotency_key(self, path: Path, value: str | None) -> str:
        """The client's own key for doing a thing once."""
        return self._ask(path, "", identifiers.idempotency_key, value)

    def ticket(self, path: Path, value: str | None) -> str:
        """A support ticket's number."""
        return self._ask(path, "", identifiers.ticket, value)

    def last_four(self, path: Path, value: str | None) -> str:
        """The last four characters of an identity document."""
        return self._ask(path, "", identifiers.last_four, value)

    def _ask(self, path: Path, placeholder: T, check: Callable[P, T], *a: P.args, **k: P.kwargs) -> T:
        try:
            return check(*a, **k)
        except Wrong as wrong:
            self.problem(path, wrong.code, wrong.limit)
            return placeholder


def _parts(path: Path) -> tuple[str, ...]:
    return (path,) if isinstance(path, str) else path

"""What may be written into each field (clauses 1.1 and 1.4): the canonical value, or the problem at its path."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import pytest
from babel import Locale
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st

from models.checks import Checks, emails
from models.checks.addresses import Address
from models.checks.countries import COUNTRIES
from models.checks.emails import email_address, email_key
from models.checks.ibans import Iban
from models.checks.personal_codes import PersonalCode
from models.checks.wrong import Wrong
from models.refused import Problem, ProblemCode, Reason, Refused

TODAY = date(2026, 11, 22)
R, M, F, N, C = (
    ProblemCode.REQUIRED,
    ProblemCode.MALFORMED,
    ProblemCode.IN_THE_FUTURE,
    ProblemCode.NOT_ALLOWED,
    ProblemCode.CARD_NUMBER,
)
CARD = "4111 1111 1111 1111"


@dataclass(frozen=True)
class Given:
    street_address: str = "Brīvības iela 1"
    locality: str = "Rīga"
    region: str | None = None
    postal_code: str | None = "1050"
    country: str = "LV"


CHECKS: dict[str, Callable[[Checks, str], object]] = {
    "name": lambda c, v: c.name("f", v),
    "line": lambda c, v: c.line("f", v, "label"),
    "text": lambda c, v: c.text("f", v, "message"),
    "email": lambda c, v: c.email("f", v),
    "paypal": lambda c, v: c.paypal("f", v),
    "domain": lambda c, v: c.domain("f", v),
    "service": lambda c, v: c.service_name("f", v),
    "phone": lambda c, v: c.phone("f", v),
    "country": lambda c, v: c.country("f", v),
    "code": lambda c, v: c.personal_code("f", "LV", v).code,
    "iban": lambda c, v: c.iban("f", v).number,
    "zone": lambda c, v: c.time_zone("f", v),
    "key": lambda c, v: c.idempotency_key("f", v),
    "ticket": lambda c, v: c.ticket("f", v),
    "last_four": lambda c, v: c.last_four("f", v),
    "reference": lambda c, v: c.reference("f", v),
    "LV": lambda c, v: c.postal_code("f", v, "LV"),
    "GB": lambda c, v: c.postal_code("f", v, "GB"),
    "FR": lambda c, v: c.postal_code("f", v, "FR"),
}

TAKEN = [
    ("name", "  Jānis ", "Jānis"),
    ("name", "Ja\u0304nis", "Jānis"),
    ("name", "Mary  Ann\u00a0Lee", "Mary Ann Lee"),
    ("name", "O’Brien-Smith Jr.", "O’Brien-Smith Jr."),
    ("name", "李", "李"),
    ("name", "J.R.R.", "J.R.R."),
    ("name", "Jā\u200bnis", "Jānis"),
    ("line", "My bank\n", "My bank"),
    ("line", "نام\u200cها", "نام\u200cها"),
    ("text", " a \r\nb\u2028c\td  ", "a\nb\nc\td"),
    ("text", "one\n\ntwo", "one\n\ntwo"),
    ("email", " Ann.Lee@EXAMPLE.com ", "Ann.Lee@example.com"),
    ("email", "a@bücher.example.com", "a@xn--bcher-kva.example.com"),
    ("email", "a+tag@example.com", "a+tag@example.com"),
    ("paypal", "A@Example.lv", "A@example.lv"),
    ("domain", "Octopus.LV.", "octopus.lv"),
    ("domain", "ķirbis.lv", "xn--irbis-n5a.lv"),
    ("service", "Octopus.LV", "octopus.lv"),
    ("service", "Hosting XL", "Hosting XL"),
    ("service", "v1.2", "v1.2"),
    ("phone", "+371 2123-4567", "+37121234567"),
    ("phone", "+44 (0)20 7946 0958", "+442079460958"),
    ("phone", "＋37121234567", "+37121234567"),
    ("country", " lv ", "LV"),
    ("country", "GB", "GB"),
    ("code", "161175-19997", "161175-19997"),
    ("code", "16117519997", "161175-19997"),
    ("code", "161175–19997", "161175-19997"),
    ("code", "328673-00679", "328673-00679"),
    ("iban", "gb29 nwbk 6016 1331 9268 19", "GB29NWBK60161331926819"),
    ("iban", "LV80-BANK-0000-4351-9500-1", "LV80BANK0000435195001"),
    ("zone", "Europe/Riga", "Europe/Riga"),
    ("zone", "UTC", "UTC"),
    ("key", "0190a6f0-7b1c-7f3e-9d2a-5c1b2e3f4a5b", "0190a6f0-7b1c-7f3e-9d2a-5c1b2e3f4a5b"),
    ("ticket", "SUP-1234", "SUP-1234"),
    ("last_four", " ab12 ", "AB12"),
    ("reference", "DVI-2026/17", "DVI-2026/17"),
    ("LV", "lv1050", "LV-1050"),
    ("LV", "LV-1050", "LV-1050"),
    ("LV", "LV – 1050", "LV-1050"),
    ("LV", "1050", "LV-1050"),
    ("GB", "sw1a1aa", "SW1A 1AA"),
    ("GB", "M1 1AE", "M1 1AE"),
    ("GB", "gir 0aa", "GIR 0AA"),
    ("FR", "75008", "75008"),
]
REFUSED = [
    ("name", "", R),
    ("name", " \u200b ", R),
    ("name", "a\nb", M),
    ("name", "\u202eevil", M),
    ("name", "a\u2066b", M),
    ("name", "\ud800", M),
    ("name", "a\x00b", M),
    ("name", "123", M),
    ("name", "Win at http://evil.example", M),
    ("name", "<b>Ann</b>", M),
    ("name", "ann@example.com", M),
    ("name", "WWW.evil.example", M),
    ("name", f"Ann {CARD}", C),
    ("line", "a\tb", M),
    ("line", "a\u2028b", M),
    ("line", "a\x85b", M),
    ("line", CARD, C),
    ("line", "\ufffe", M),
    ("text", "a\x0bb", M),
    ("text", "a\u202eb", M),
    ("text", "\n \n", R),
    ("text", f"pay\n{CARD}", C),
    ("text", "4111\n1111\n1111\n1111", C),
    ("email", "", R),
    ("email", "ann", M),
    ("email", "ann@localhost", M),
    ("email", "Ann <ann@example.com>", M),
    ("email", "ann@mail.test", M),
    ("email", "jānis@example.com", M),
    ("email", "a@[127.0.0.1]", M),
    ("email", '"a b"@example.com', M),
    ("email", "4111111111111111@example.com", C),
    ("email", "a\r\nBcc: b@example.com", M),
    ("domain", "-a.lv", M),
    ("domain", "a@b.lv", M),
    ("domain", "lv", M),
    ("service", f"Card {CARD}", C),
    ("phone", "", R),
    ("phone", "21234567", M),
    ("phone", "0037121234567", M),
    ("phone", "+371 2123", M),
    ("phone", "+37121234567 ext 5", M),
    ("phone", "+1 800 FLOWERS", M),
    ("phone", f"+{CARD}", M),
    ("phone", "tel:+37121234567", M),
    ("country", "", R),
    ("country", "UK", M),
    ("country", "LVA", M),
    ("country", "XK", M),
    ("country", "ſt", M),
    ("code", "", R),
    ("code", "161175-19998", M),
    ("code", "161375-19997", M),
    ("code", "40003521600", M),
    ("code", "LV16117519997", M),
    ("code", "161175-1999", M),
    ("code", "328673-00677", M),
    ("code", "１61175-19997", M),
    ("iban", "", R),
    ("iban", "GB28NWBK60161331926819", M),
    ("iban", "4111111111111111", M),
    ("iban", "LV٨٠BANK0000435195001", M),
    ("iban", "XX80BANK0000435195001", M),
    ("iban", "LV80BANK000043519500", M),
    ("zone", "", R),
    ("zone", "Europe/riga", M),
    ("zone", "localtime", M),
    ("zone", "../etc/passwd", M),
    ("key", "", R),
    ("key", "a b c d e f g h i j", M),
    ("key", "4111111111111111", C),
    ("ticket", "", R),
    ("ticket", "sup-1", M),
    ("ticket", "SUP-1234567890", M),
    ("ticket", "S-1", M),
    ("ticket", "SUP-١", M),
    ("last_four", "", R),
    ("last_four", "a-12", M),
    ("last_four", "āb12", M),
    ("reference", CARD, C),
    ("LV", "105", M),
    ("LV", "EE-1050", M),
    ("GB", "SW1A", M),
    ("GB", "12345", M),
    ("GB", "M1 1CV", M),
    ("FR", "75_008", M),
    ("FR", "-", M),
]


@pytest.mark.parametrize(("check", "raw", "canonical"), TAKEN)
def test_a_right_value_is_made_canonical(check: str, raw: str, canonical: str) -> None:
    """And once canonical it stays as it is."""
    for value in (raw, canonical):
        checks = Checks(today=TODAY)
        assert CHECKS[check](checks, value) == canonical
        assert checks.done() is None


@pytest.mark.parametrize(("check", "raw", "code"), REFUSED)
def test_a_wrong_value_is_refused(check: str, raw: str, code: ProblemCode) -> None:
    """With its problem, and a placeholder for the checks that follow."""
    checks = Checks(today=TODAY)
    assert CHECKS[check](checks, raw) in ("", "UTC")
    path = ("f", "code") if check == "code" else ("f",)
    assert checks.problems == [Problem(path, code)]


@pytest.mark.parametrize("check", CHECKS)
def test_a_card_number_is_taken_nowhere(check: str) -> None:
    """Clause 1.4: neither spaced nor in other scripts, in any field."""
    for card in (
        CARD,
        "４１１１-1111-1111-1111",
        "4.1.1.1.1.1.1.1.1.1.1.1.1.1.1.1",
        "5105105105105100",
        "378282246310005",
    ):
        checks = Checks(today=TODAY)
        CHECKS[check](checks, card)
        with pytest.raises(Refused):
            checks.done()


def test_all_problems_are_told_at_once() -> None:
    """One refusal, each problem with its path as the client wrote it."""
    checks = Checks(today=TODAY)
    checks.name("givenName", "")
    checks.address("address", Given(street_address="", postal_code="x", country="LV"))
    checks.personal_code(("identity", "personalCode"), "EE", "x")
    checks.problem("label", ProblemCode.DUPLICATE)
    with pytest.raises(Refused) as refused:
        checks.done()
    assert refused.value.reason is Reason.INVALID_INPUT
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [
        (("givenName",), R),
        (("address", "streetAddress"), R),
        (("address", "postalCode"), M),
        (("identity", "personalCode", "country"), N),
        (("identity", "personalCode", "code"), M),
        (("label",), ProblemCode.DUPLICATE),
    ]


def test_an_address_is_made_canonical() -> None:
    """Every part of it; blank ones are none."""
    checks = Checks(today=TODAY)
    given_address = Given(street_address=" Brīvības  iela 1 ", region=" ", country="lv")
    assert checks.address("address", given_address) == Address("Brīvības iela 1", "Rīga", None, "LV-1050", "LV")
    assert checks.address("address", Given(postal_code=None, region="Vidzeme")).postal_code is None
    checks.done()


def test_optional_values_may_be_left_out() -> None:
    """None and blank are none; what is there is checked."""
    checks = Checks(today=TODAY)
    assert checks.optional(checks.email, "email", None) is None
    assert checks.optional(checks.line, "label", "  ", "label") is None
    assert checks.optional(checks.line, "label", " x ", "label") == "x"
    checks.done()
    checks.optional(checks.email, "email", "x")
    assert checks.problems == [Problem(("email",), M)]


@pytest.mark.parametrize(
    ("born", "code"),
    [(None, R), (date(2026, 11, 23), F), (date(2026, 11, 22), N), (date(2008, 11, 23), N), (date(1899, 12, 31), M)],
)
def test_a_birthdate_nobody_of_age_has_is_refused(born: date | None, code: ProblemCode) -> None:
    """In the future, too young, too long ago."""
    checks = Checks(today=TODAY)
    assert checks.birthdate("b", born) == TODAY
    assert checks.problems == [Problem(("b",), code)]


@pytest.mark.parametrize(("today", "of_age"), [(date(2026, 2, 28), False), (date(2026, 3, 1), True)])
def test_who_was_born_on_a_leap_day_comes_of_age_on_the_first_of_march(today: date, of_age: bool) -> None:
    """2026 has no 29 February."""
    checks = Checks(today=today)
    checks.birthdate("b", date(2008, 2, 29))
    assert (checks.problems == []) is of_age


@pytest.mark.asvs("2.2.3")
@pytest.mark.parametrize(("today", "code"), [(date(1975, 11, 15), F), (date(1990, 1, 1), N)])
def test_the_birthdate_in_a_personal_code_is_held_to_the_same_rules(today: date, code: ProblemCode) -> None:
    """A personal code is no way around them."""
    checks = Checks(today=today)
    checks.personal_code("p", "LV", "161175-19997")
    assert checks.problems == [Problem(("p", "code"), code)]


def test_a_personal_code_and_an_iban_come_with_their_country() -> None:
    """As pairs."""
    checks = Checks(today=TODAY)
    assert checks.personal_code("p", "lv", "161175-19997") == PersonalCode("LV", "161175-19997")
    assert checks.iban("i", "lv80 bank 0000 4351 9500 1") == Iban("LV", "LV80BANK0000435195001")


def test_the_countries_are_iso_3166s() -> None:
    """249, all known to Unicode's CLDR."""
    assert len(COUNTRIES) == 249
    assert set(Locale("en").territories) >= COUNTRIES


@pytest.mark.parametrize(
    ("one", "other"),
    [("Ann@Example.com", " ann@EXAMPLE.COM "), ("a@BÜCHER.de", "a@xn--bcher-kva.de"), ("STRASSE", "straße")],
)
def test_an_address_has_one_key_however_it_is_written(one: str, other: str) -> None:
    """Sign-in finds the account."""
    assert email_key(one) == email_key(other)


@given(st.text(st.characters()))
def test_a_key_is_made_of_anything(value: str) -> None:
    """It never raises and can always be hashed."""
    email_key(value).encode()


@pytest.mark.asvs("1.1.1", "2.2.1")
@given(st.text(st.characters(), max_size=200), st.sampled_from(sorted(CHECKS)))
def test_a_check_takes_or_refuses_and_never_fails(value: str, check: str) -> None:
    """Whatever is written; and what is taken is taken again unchanged."""
    checks = Checks(today=TODAY)
    taken = CHECKS[check](checks, value)
    if not checks.problems:
        assert CHECKS[check](checks, str(taken)) == taken
        assert checks.problems == []


@pytest.mark.parametrize("check", CHECKS)
@pytest.mark.parametrize(
    "unit", ["a", " ", "a ", "1", "-", "a.", "a@", "@", "\n", " \n", "\u0304", "+1", "A-1", "\u200b", "ﷺ"]
)
def test_every_check_is_linear(check: str, unit: str) -> None:
    """50 kB of anything are checked, refused or not, in a blink."""
    value = (unit * 50_000)[:50_000]
    began = time.process_time()
    CHECKS[check](Checks(today=TODAY), value)
    assert time.process_time() - began < 0.5


@given(
    st.from_regex(
        r"[a-zA-Z0-9_.+-]{1,40}@([a-z0-9-]{1,12}\.){0,4}(com|lv|co\.uk|local|onion|example|arpa|c0|c)", fullmatch=True
    )
)
def test_an_address_is_taken_as_the_library_takes_it(address: str) -> None:
    """Plain ones are not shown to it; the answer is the same."""
    try:
        known = validate_email(address, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        with pytest.raises(Wrong):
            email_address(address)
    else:
        assert email_address(address) == f"{known.local_part}@{known.ascii_domain.lower()}"


@pytest.mark.parametrize("address", ["anna@gmail.com", "a.b-c+d@mail.in-box.lv", "x_1@example.co.uk"])
def test_a_plain_address_is_taken_at_sight(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By every Python: in an import, the library would take most of the time."""
    monkeypatch.delattr(emails, "validate_email")
    assert email_address(address) == address

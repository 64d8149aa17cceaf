"""Each entry of LIMITS is held at its boundary."""

from collections.abc import Callable
from datetime import date

import pytest

from models.checks import Checks
from models.checks.limits import LIMITS, Limit
from models.refused import Problem, ProblemCode

TODAY = date(2026, 11, 22)


def _said(use: Callable[[Checks], object]) -> list[tuple[ProblemCode, int | None]]:
    checks = Checks(today=TODAY)
    use(checks)
    return [(problem.code, problem.limit) for problem in checks.problems]


def _password(length: int, second_factor: bool) -> Callable[[Checks], object]:
    strange = "vQ7#kZ2!mWx9pLt4"
    return lambda c: c.password("p", (strange * 9)[:length], [], second_factor=second_factor)


def _domain(length: int) -> str:
    return ".".join(["b" * 60] * 5)[: length - 3] + ".lv"


ONE_LINE: list[Limit] = [
    "label",
    "street_address",
    "locality",
    "region",
    "subject",
    "headline",
    "service_name",
    "reference",
    "terms_clause",
    "name",
    "postal_code",
]
SEVERAL: list[Limit] = ["message", "news", "complaint", "note", "request", "explanation", "reason"]
OTHERS: dict[Limit, tuple[Callable[[Checks], object], Callable[[Checks], object], ProblemCode, bool]] = {
    # the value at the limit, the value beyond it, the problem, whether it tells the limit
    "email": (
        lambda c: c.email("e", "a" * 64 + "@" + _domain(189)),
        lambda c: c.email("e", "a" * 64 + "@" + _domain(190)),
        ProblemCode.TOO_LONG,
        True,
    ),
    "domain": (
        lambda c: c.domain("d", _domain(252)),
        lambda c: c.domain("d", _domain(253)),
        ProblemCode.TOO_LONG,
        True,
    ),
    "phone": (
        lambda c: c.phone("p", "+371" + " " * 28 + "21234567"),
        lambda c: c.phone("p", "+371" + " " * 29 + "21234567"),
        ProblemCode.TOO_LONG,
        True,
    ),
    "iban": (
        lambda c: c.iban("i", "LV80" + " " * 29 + "BANK0000435195001"),
        lambda c: c.iban("i", "LV80" + " " * 30 + "BANK0000435195001"),
        ProblemCode.TOO_LONG,
        True,
    ),
    "personal_code": (
        lambda c: c.personal_code("p", "LV", "161175-19997"),
        lambda c: c.personal_code("p", "LV", "161175-19997" + "0" * 9),
        ProblemCode.TOO_LONG,
        True,
    ),
    "password": (_password(128, False), _password(129, False), ProblemCode.TOO_LONG, True),
    "password_alone": (_password(15, False), _password(14, False), ProblemCode.TOO_SHORT, True),
    "password_with_factor": (_password(8, True), _password(7, True), ProblemCode.TOO_SHORT, True),
    "idempotency_key": (
        lambda c: c.idempotency_key("k", "k" * 64),
        lambda c: c.idempotency_key("k", "k" * 65),
        ProblemCode.TOO_LONG,
        True,
    ),
    "idempotency_key_min": (
        lambda c: c.idempotency_key("k", "k" * 16),
        lambda c: c.idempotency_key("k", "k" * 15),
        ProblemCode.TOO_SHORT,
        True,
    ),
    "last_four": (
        lambda c: c.last_four("l", "a" * 4),
        lambda c: c.last_four("l", "a" * 5),
        ProblemCode.MALFORMED,
        False,
    ),
    "time_zone": (
        lambda c: c.time_zone("t", "America/Argentina/ComodRivadavia"),
        lambda c: c.time_zone("t", "E" * 65),
        ProblemCode.TOO_LONG,
        True,
    ),
    "oldest_birth_year": (
        lambda c: c.birthdate("b", date(1900, 1, 1)),
        lambda c: c.birthdate("b", date(1899, 12, 31)),
        ProblemCode.MALFORMED,
        False,
    ),
    "adult_years": (
        lambda c: c.birthdate("b", date(2008, 11, 22)),
        lambda c: c.birthdate("b", date(2008, 11, 23)),
        ProblemCode.NOT_ALLOWED,
        False,
    ),
}


def test_every_limit_has_a_boundary_test() -> None:
    """A limit that nobody tests does not merge."""
    assert {*ONE_LINE, *SEVERAL, *OTHERS} == set(LIMITS)


@pytest.mark.parametrize("limit", ONE_LINE)
def test_a_line_may_be_as_long_as_its_limit_and_no_longer(limit: Limit) -> None:
    """Counted in code points, after trimming."""
    longest = LIMITS[limit]
    ask = {
        "name": lambda c, v: c.name("f", v),
        "postal_code": lambda c, v: c.postal_code("f", v, "FR"),
        "reference": lambda c, v: c.reference("f", v),
        "service_name": lambda c, v: c.service_name("f", v),
    }.get(limit, lambda c, v: c.line("f", v, limit))
    letter = "A" if limit == "postal_code" else "ā"
    assert _said(lambda c: ask(c, f"  {letter * longest} ")) == []
    assert _said(lambda c: ask(c, letter * (longest + 1))) == [(ProblemCode.TOO_LONG, longest)]


@pytest.mark.parametrize("limit", SEVERAL)
def test_a_text_may_be_as_long_as_its_limit_and_no_longer(limit: Limit) -> None:
    """A line end counts as one."""
    longest = LIMITS[limit]
    assert _said(lambda c: c.text("f", "ā\r\n" * (longest // 2 - 1) + "āā", limit)) == []
    assert _said(lambda c: c.text("f", "ā" * (longest + 1), limit)) == [(ProblemCode.TOO_LONG, longest)]


@pytest.mark.parametrize("limit", OTHERS)
def test_other_limits_hold_at_their_boundary(limit: Limit) -> None:
    """At the limit all is well, one beyond it is refused."""
    good, bad, code, tells = OTHERS[limit]
    assert _said(good) == []
    assert _said(bad) == [(code, LIMITS[limit] if tells else None)]


def test_a_problem_tells_its_path_and_limit() -> None:
    """As the client wrote it."""
    checks = Checks(today=TODAY)
    checks.line(("input", "label"), "x" * 61, "label")
    assert checks.problems == [Problem(("input", "label"), ProblemCode.TOO_LONG, 60)]

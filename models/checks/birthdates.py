"""Dates of birth (clause 1.1.3)."""

from datetime import date

from models.checks.limits import LIMITS
from models.checks.wrong import Wrong
from models.refused import ProblemCode


def birthdate(value: date | None, today: date) -> date:
    """The date, when an adult of today can have been born on it.

    Customers make contracts with the company, and those are made with adults: somebody younger than eighteen is
    refused (NOT_ALLOWED). Who was born on 29 February comes of age on 1 March. Raises Wrong: REQUIRED, IN_THE_FUTURE,
    NOT_ALLOWED, and MALFORMED for a year before 1900.
    """
    if value is None:
        raise Wrong(ProblemCode.REQUIRED)
    if value > today:
        raise Wrong(ProblemCode.IN_THE_FUTURE)
    if value.year < LIMITS["oldest_birth_year"]:
        raise Wrong(ProblemCode.MALFORMED)
    if (value.year + LIMITS["adult_years"], value.month, value.day) > (today.year, today.month, today.day):
        raise Wrong(ProblemCode.NOT_ALLOWED)
    return value

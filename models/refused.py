"""Expected 'no's as data: raised once by an action, turned into a Refusal by the schema. Faults are not refusals."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Reason(StrEnum):
    """Why an action was refused; the contract's RefusalCode."""

    INVALID_INPUT = "INVALID_INPUT"
    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    NOT_FOUND = "NOT_FOUND"
    WRONG_CREDENTIALS = "WRONG_CREDENTIALS"
    STEP_UP_REQUIRED = "STEP_UP_REQUIRED"
    STALE_REVISION = "STALE_REVISION"
    TOO_MANY_ATTEMPTS = "TOO_MANY_ATTEMPTS"
    COOLING_OFF = "COOLING_OFF"
    ON_HOLD = "ON_HOLD"
    EXPIRED_TOKEN = "EXPIRED_TOKEN"
    IN_USE = "IN_USE"
    RESTRICTED = "RESTRICTED"
    EMAIL_UNCONFIRMED = "EMAIL_UNCONFIRMED"
    RESET_REQUIRED = "RESET_REQUIRED"
    LIMIT_REACHED = "LIMIT_REACHED"
    BUSY = "BUSY"
    NOT_PERMITTED = "NOT_PERMITTED"
    GRANT_REQUIRED = "GRANT_REQUIRED"
    SECOND_PERSON_REQUIRED = "SECOND_PERSON_REQUIRED"
    NOT_READY = "NOT_READY"
    LOCKED = "LOCKED"


class ProblemCode(StrEnum):
    """What is wrong with one input field; the contract's ProblemCode."""

    REQUIRED = "REQUIRED"
    TOO_LONG = "TOO_LONG"
    TOO_SHORT = "TOO_SHORT"
    MALFORMED = "MALFORMED"
    NOT_ALLOWED = "NOT_ALLOWED"
    CARD_NUMBER = "CARD_NUMBER"
    BREACHED_PASSWORD = "BREACHED_PASSWORD"
    DUPLICATE = "DUPLICATE"
    IN_THE_FUTURE = "IN_THE_FUTURE"


@dataclass(frozen=True, slots=True)
class Problem:
    """One wrong input field: its path as the client wrote it (``("address", "country")``) and, for lengths, the limit."""

    field: tuple[str, ...]
    code: ProblemCode
    limit: int | None = None


class Refused(Exception):
    """Raised after what must be remembered is committed; the transaction it leaves is rolled back."""

    def __init__(self, reason: Reason, *, retry_at: datetime | None = None, problems: Sequence[Problem] = ()) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.retry_at = retry_at
        self.problems = tuple(problems)

"""Refused → Refusal: an expected 'no' is data, in the reader's language, never a GraphQL error."""

from datetime import datetime
from typing import Any

import strawberry
from strawberry.schema import ExceptionHandler
from strawberry.types import Info
from strawberry.types.field import StrawberryField

from models.refused import ProblemCode, Reason, Refused
from schema.access import context
from schema.words import PROBLEMS, REASONS


@strawberry.type(description="What is wrong with which input field.")
class Problem:
    """The contract's Problem."""

    field: list[str] = strawberry.field(description="The path of the input field.")
    code: ProblemCode
    message: str = strawberry.field(description="One sentence for a person.")


@strawberry.type(description="An expected 'no'.")
class Refusal:
    """The contract's Refusal."""

    code: Reason
    message: str = strawberry.field(description="One sentence for a person, in the request's language.")
    retry_at: datetime | None = strawberry.field(default=None, description="When trying again can succeed.")
    problems: list[Problem] = strawberry.field(
        default_factory=list, description="What is wrong with which input field."
    )


def result(name: str) -> Any:
    """A mutation's union: its success types and Refusal, in an ``Annotated``."""
    return strawberry.union(name, description="What was done, or why it was refused.")


def message(reason: Reason, locale: str) -> str:
    """One sentence for a person."""
    return REASONS[reason][locale]


def refusal(refused: Refused, locale: str) -> Refusal:
    """The Refusal that a client sees."""
    problems = [
        Problem(field=list(one.field), code=one.code, message=PROBLEMS[one.code][locale].format(limit=one.limit or ""))
        for one in refused.problems
    ]
    return Refusal(
        code=refused.reason, message=message(refused.reason, locale), retry_at=refused.retry_at, problems=problems
    )


class RefusedHandler(ExceptionHandler[Refused, Refusal]):
    """The one place where a Refused becomes a Refusal."""

    def handle(self, exception: Refused, *, field: StrawberryField, info: Info[Any, Any]) -> Refusal:
        found = context(info)
        found.refused = exception.reason
        return refusal(exception, found.locale)

"""A statement whose values a request's variables tell: worked out when the request comes, or with its session."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, NamedTuple

from models.refused import Refused
from models.rows import Brings, Carried, times_of
from models.selections import NOW, Selection, counting, page_start, parameter, text, values
from schema.plan.arguments import NO_VARIABLES
from schema.sources import Related


class Asked(NamedTuple):
    """One request's statement: its values after the owner, how many rows of a page, after which; and the one that counts."""

    text: str
    values: list[Any]
    first: int
    after: Any
    counting: str
    wanted: list[Any]


def chosen(source: Related, context: Any, given: dict[str, Any]) -> tuple[Selection, int, Any]:
    """The rows for these arguments, how many of a page, after which. Raises Refused(INVALID_INPUT)."""
    if source.shape != "page":
        return source.selection(context, **given), 0, None
    first = given.pop("first", 20)
    after = page_start(first, given.pop("after", None) or None)
    return replace(source.selection(context, **given), at_most=first + 1), first, after


def asker(source: Related, read: Callable[[Any], dict[str, Any]], columns: dict[str, int], database: Any) -> Any:
    """Context, variables, now → what is asked."""

    def ask(context: Any, variables: Any, now: datetime) -> Asked:
        selection, first, after = chosen(source, context, read(variables or NO_VARIABLES))
        wanted = values(selection, now, database)
        given = [*wanted, *(parameter(one, database) for one in after or ())]
        if selection.at_most:
            given.append(selection.at_most)
        statement = text(selection, tuple(columns), database, after=after is not None)
        return Asked(statement, given, first, after, counting(selection, database), wanted)

    return ask


def carrier(source: Related, read: Callable[[Any], dict[str, Any]], columns: dict[str, int]) -> Any:
    """Variables → the statement as the session's can carry it; None for one that asks what time it is, or is refused."""

    def carried(variables: Any) -> Carried | None:
        try:
            selection, _, after = chosen(source, None, read(variables or NO_VARIABLES))
        except Refused:
            return None
        wanted = [value for one in selection.conditions for value in one.values()]
        if any(value is NOW for value in wanted):
            return None
        given = [*wanted, *(after or ()), *([selection.at_most] if selection.at_most else [])]
        asked = tuple(columns)
        said = text(selection, asked, "postgres", after=after is not None)
        return Carried(Brings(said, times_of(selection.table, asked)), tuple(given))

    return carried

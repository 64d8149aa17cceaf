"""How mutations come to be refused: mutation → reason → a way there. Filled by the modules that test_refusals_given imports."""

from collections.abc import Awaitable, Callable
from typing import Any

from models.refused import Reason as R
from tests.factories import House

Case = Callable[[House], Awaitable[dict[str, Any]]]
CASES: dict[str, dict[R, Case]] = {}
these = str.split


def case(reason: R, *names: str) -> Callable[[Callable[[House, str], Awaitable[dict[str, Any]]]], Any]:
    """This is how these mutations come to be refused for this reason."""

    def keep(way: Callable[[House, str], Awaitable[dict[str, Any]]]) -> Any:
        for name in names:
            CASES.setdefault(name, {})[reason] = lambda house, name=name: way(house, name)
        return way

    return keep

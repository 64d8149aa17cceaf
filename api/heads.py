"""The head of a request, and what follows from it for all requests that say the same.

A client's requests say the same of where they come from, in which language, and why they may come in. What follows from that is
worked out for the first of them and kept for those that follow. Credentials, and whatever else a request says, are not kept, and
whoever works it out does not see them.
"""

from collections.abc import Callable, Hashable, MutableMapping
from typing import Any, TypeVar

Scope = MutableMapping[str, Any]
T = TypeVar("T")

DEVICE = b"x-octopus-device"
OWN = frozenset({b"cookie", b"authorization", b"content-length", DEVICE})
"""Headers of one request: secrets, and its length."""
COMMON = frozenset(
    b"host origin sec-fetch-site x-forwarded-for x-forwarded-proto user-agent x-octopus-client "
    b"accept accept-language content-type content-encoding".split()
)
"""Headers that ``Head.once`` is asked about. Proxies and browsers add others, some of them different each time."""
KEPT = 1_000
LONGEST = 2_000  # bytes of a head that is kept


class Head:
    """``own``: the request's own headers, by lower-case name; ``cookies``: those that hold a token, once they were read."""

    __slots__ = ("_common", "cookies", "own")

    def __init__(self, own: dict[bytes, bytes], common: "_Common") -> None:
        self.own, self._common = own, common
        self.cookies: dict[str, str] | None = None

    def once(self, ask: Callable[..., T], *given: Any) -> T:
        """What ``ask`` makes of such a head: of a scope with its method, path, peer, scheme and the headers of COMMON.

        ``given``: what else it is told, the same at each request.
        """
        answers = self._common.answers
        if ask not in answers:
            answers[ask] = ask(self._common.scope, *given)
        found: T = answers[ask]
        return found


class _Common:
    """What such requests have in common."""

    __slots__ = ("answers", "scope")

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.answers: dict[Callable[..., Any], Any] = {}


class Heads:
    """The heads that were seen lately."""

    def __init__(self) -> None:
        self._kept: dict[Hashable, _Common] = {}

    def of(self, scope: Scope) -> Head:
        """A request's head, from now on in its scope as ``octopus.head``."""
        own: dict[bytes, bytes] = {}
        rest = []
        for one in scope["headers"]:
            name, value = one
            if name in COMMON:
                rest.append(one)
            elif name in OWN:
                own[name] = joined(name, own[name], value) if name in own else value
        client, get = scope.get("client"), scope.get
        peer = client[0] if client else None
        key = (peer, get("scheme"), get("method"), get("path"), *rest)
        common = self._kept.get(key)
        if common is None:
            said = {name: scope[name] for name in ("scheme", "method", "path") if name in scope}
            common = _Common({"type": "http", "client": (peer, 0) if client else None, "headers": rest, **said})
            if len(scope.get("path", "")) + sum(len(name) + len(value) for name, value in rest) <= LONGEST:
                if len(self._kept) >= KEPT:
                    self._kept.clear()
                self._kept[key] = common
        head = scope["octopus.head"] = Head(own, common)
        return head


def head_of(scope: Scope) -> Head:
    """The request's head; where no door stands before, one of its own."""
    found: Head | None = scope.get("octopus.head")
    return Heads().of(scope) if found is None else found


def headers(scope: Scope) -> dict[bytes, bytes]:
    """The request's headers by lower-case name, repeated ones joined."""
    found: dict[bytes, bytes] | None = scope.get("octopus.headers")
    if found is None:
        found = {}
        for name, value in scope["headers"]:
            found[name] = joined(name, found[name], value) if name in found else value
        scope["octopus.headers"] = found
    return found


def joined(name: bytes, first: bytes, second: bytes) -> bytes:
    """A header that was sent twice (RFC 9110, 5.3)."""
    return first + (b"; " if name == b"cookie" else b", ") + second

"""Who is calling, from where, in which language: request -> viewer or colleague, origin, locale.

A customer's session comes as a cookie (browsers) or as a bearer token (apps), never as both; a member of staff's as a
cookie of another name, looked up in another store. What proxies say is believed only of proxies that the operator named.
"""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from api import cookies
from api.graphql_answer import HttpRefusal
from api.heads import DEVICE, Head, Scope, head_of, headers
from api.settings import Settings
from models.actions.member import open_staff_session
from models.actions.origin import Colleague, Origin, Viewer
from models.actions.sessions import open_session
from models.rows import Reading
from models.tables.credentials import SessionKind
from models.world import World

Caller = Callable[..., Awaitable[tuple[Viewer | Colleague | None, Origin]]]
"""Of scope, World, settings and perhaps what will be read of the customer's."""

NOWHERE = "0.0.0.0"  # noqa: S104  an address for callers that have none, which no network contains
AGENT = 400  # characters kept of a user agent
BEARER = re.compile(rb"bearer +([A-Za-z0-9._~+/=-]{1,512})", re.IGNORECASE)


class TwoCredentials(HttpRefusal):
    """A cookie's session and an Authorization header on one request: which one counts would be a guess."""

    def __init__(self) -> None:
        super().__init__(400, "TWO_CREDENTIALS", "Send a session cookie or a bearer token, not both.")


def _cookies(head: Head) -> dict[str, str]:
    """The tokens in the request's cookies."""
    if head.cookies is None:
        head.cookies = cookies.read(head.own.get(b"cookie", b""))
    return head.cookies


# ---- from where ------------------------------------------------------------------------------------------------------
def client_ip(scope: Scope, trusted_proxies: tuple[str, ...]) -> str:
    """The caller's address: the socket's peer, or, behind trusted proxies, the right-most one that is not theirs."""
    client = scope.get("client")
    peer = client[0] if client else "127.0.0.1"  # a Unix socket is reached from here only
    return _caller(peer, headers(scope).get(b"x-forwarded-for", b""), trusted_proxies)


def _caller(peer: str, forwarded: bytes, trusted_proxies: tuple[str, ...]) -> str:
    address, hops = _address(peer), forwarded.decode("latin-1").split(",")
    while address is not None and hops and within(str(address), trusted_proxies):
        before = _address(hops.pop().strip())
        if before is None:
            break
        address = before
    return str(address) if address is not None else NOWHERE


def scheme(scope: Scope, trusted_proxies: tuple[str, ...]) -> str:
    """http or https, as the client spoke it; a trusted proxy is asked."""
    said = headers(scope).get(b"x-forwarded-proto")
    if said is not None:
        client = scope.get("client")
        if within(client[0] if client else "127.0.0.1", trusted_proxies):
            return said.rpartition(b",")[2].strip().lower().decode("latin-1")
    return str(scope.get("scheme", "http"))


def within(address: str, networks: tuple[str, ...]) -> bool:
    """Whether an IP address lies in one of these networks."""
    found = _address(address)
    return found is not None and any(found in network for network in _networks(networks))


@lru_cache(maxsize=16)
def _networks(networks: tuple[str, ...]) -> list[IPv4Network | IPv6Network]:
    return [ip_network(network) for network in networks]


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address with or without port, brackets and zone; an IPv4 address in IPv6's clothes is IPv4."""
    text = text.strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return found.ipv4_mapped or found if isinstance(found, IPv6Address) else found


def origin(scope: Scope, settings: Settings) -> Origin:
    """Where the request comes from, whoever sent it. The device's token comes as a cookie, from an app in a header."""
    return _origin(head_of(scope), settings)


def _origin(head: Head, settings: Settings) -> Origin:
    device = _cookies(head).get(cookies.names(settings).device)
    if device is None and DEVICE in head.own:
        device = cookies.token(head.own[DEVICE])
    whence = head.once(_whence, settings)
    return whence if device is None else replace(whence, device=device)


def _whence(scope: Scope, settings: Settings) -> Origin:
    """The caller's address, and what can be shown of the user agent."""
    agent = headers(scope).get(b"user-agent", b"").decode("utf-8", "replace")[: 2 * AGENT]
    if not agent.isprintable():
        agent = "".join(each for each in agent if each.isprintable())
    return Origin(client_ip(scope, settings.trusted_proxies), agent[:AGENT].strip() or None)


# ---- who -------------------------------------------------------------------------------------------------------------
def credential(scope: Scope, settings: Settings) -> str | None:
    """The session's token. Raises TwoCredentials."""
    return _credential(head_of(scope), cookies.names(settings))


def _credential(head: Head, names: cookies.Names) -> str | None:
    token, authorization = _sent(head, names)
    if authorization is None:
        return token
    bearer = BEARER.fullmatch(authorization.strip())
    return bearer[1].decode() if bearer else None


def staff_credential(scope: Scope, settings: Settings) -> str | None:
    """A staff session's token: its cookie and nothing else. Raises TwoCredentials."""
    return _sent(head_of(scope), cookies.staff_names(settings))[0]


def _sent(head: Head, names: cookies.Names) -> tuple[str | None, bytes | None]:
    """The session's cookie and the Authorization header, of which one at most may be there."""
    token, authorization = _cookies(head).get(names.session), head.own.get(b"authorization")
    if token is not None and authorization is not None:
        raise TwoCredentials
    return token, authorization


async def customer(
    scope: Scope, world: World, settings: Settings, db: Reading | None = None
) -> tuple[Viewer | None, Origin]:
    """A customer's session: a browser's by its cookie, an app's by its bearer token, neither the other way round.

    Raises TwoCredentials and what a database raises.
    """
    head = head_of(scope)
    token = _credential(head, cookies.names(settings))
    kind = SessionKind.NATIVE if b"authorization" in head.own else SessionKind.BROWSER
    return (await open_session(world, token, kind, db) if token else None), _origin(head, settings)


async def staff(
    scope: Scope, world: World, settings: Settings, db: Reading | None = None
) -> tuple[Colleague | None, Origin]:
    """A member of staff's session, by their cookie. Raises TwoCredentials and what a database raises."""
    token = staff_credential(scope, settings)
    return (await open_staff_session(world, token, db) if token else None), origin(scope, settings)


def locale(accept_language: bytes | None) -> str:
    """EN or LV, whichever the client likes better (RFC 9110, 12.5.4)."""
    best = {"lv": 0.0, "en": 0.0}
    for part in (accept_language or b"").decode("latin-1").lower().split(",")[:20]:
        tag, _, weight = part.strip().partition(";")
        language = tag.partition("-")[0]
        if language in best:
            best[language] = max(best[language], _weight(weight))
    return "LV" if best["lv"] > best["en"] else "EN"


def _weight(text: str) -> float:
    """The q of a header's item, 1 without one, 0 for nonsense."""
    name, _, value = text.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    found = re.fullmatch(r"[01](?:\.\d{0,3})?", value.strip())
    return min(1.0, float(found[0])) if found else 0.0

"""What a user agent says about browser, system and device; and what an address says about the place."""

from functools import lru_cache
from typing import NamedTuple

from models.actions.origin import Origin
from models.tables.events import EventContents
from models.world import Place, World


class Agent(NamedTuple):
    """A parsed user agent; None where it does not say."""

    browser: str | None
    os: str | None
    device: str | None


@lru_cache(maxsize=2048)
def parsed(raw: str | None) -> Agent:
    """Family names only, with the browser's major version."""
    if not raw:
        return Agent(None, None, None)
    from ua_parser import parse  # its patterns are loaded when somebody signs in

    found = parse(raw).with_defaults()
    version = f" {found.user_agent.major}" if found.user_agent.major else ""
    browser = None if found.user_agent.family == "Other" else found.user_agent.family + version
    system = None if found.os.family == "Other" else found.os.family
    return Agent(browser, system, None if found.device.family == "Other" else found.device.family)


def describe(agent: Agent) -> str:
    """A session's first name, until the customer gives another."""
    return " · ".join(part for part in (agent.browser, agent.os) if part) or "?"


def place_of(world: World, origin: Origin) -> Place:
    """The place as estimated now; everything unknown when there is no table or no entry (clause 1.3: never a guess)."""
    return world.locate(origin.ip) or Place()


def seen_from(world: World, origin: Origin) -> EventContents:
    """From where something was done, for its event."""
    place = place_of(world, origin)
    return EventContents(ip=origin.ip, country=place.country, region=place.region, city=place.city)

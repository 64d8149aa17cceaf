"""Devices that signed in before, of customers and staff: told apart from unknown ones, so that guessing locks no owner out."""

from datetime import datetime
from uuid import UUID

from models.actions import throttle
from models.actions.finding import DEVICE, entry
from models.actions.origin import Origin
from models.tables import IndexEntry
from models.world import World


async def knows(world: World, person: UUID, device: str | None) -> bool:
    """Whether this device signed in to this account before."""
    if device is None:
        return False
    digest = world.vault.index(DEVICE, _value(person, device))
    return await IndexEntry.filter(digest=digest, field=DEVICE, person_id=person).exists()


async def remember(world: World, person: UUID, origin: Origin, *, known: bool, until: datetime) -> str:
    """The device's token; one that was unknown gets a token of its own, and is known ``until`` then."""
    if known and origin.device:
        return origin.device
    device = world.new_secret()
    seen = entry(world, person, DEVICE, _value(person, device))
    seen.until = until
    await IndexEntry.bulk_create([seen])
    return device


def bucket(person: UUID, origin: Origin, *, known: bool, second: bool) -> tuple[throttle.Limit, str]:
    """Where a try at this account is counted: a known device apart, all unknown ones together; the second step apart."""
    step = "|second step" if second else ""
    if known:
        return throttle.KNOWN_DEVICE, f"{person}|{origin.device}{step}"
    return (throttle.SECOND_STEP if second else throttle.UNKNOWN_DEVICE), f"{person}{step}"


def _value(person: UUID, device: str) -> str:
    return f"{person}|{device}"

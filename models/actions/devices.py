"""Devices that signed in before: told apart from unknown ones, so that guessing never locks their owner out."""

from uuid import UUID

from models.actions import throttle
from models.actions.account import Account
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


async def remember(account: Account, origin: Origin, *, known: bool) -> str:
    """The device's token; a device that was unknown gets one of its own, and is known from now on."""
    if known and origin.device:
        return origin.device
    device = account.world.new_secret()
    seen = entry(account.world, account.id, DEVICE, _value(account.id, device))
    seen.until = account.until("SIGN_IN")
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

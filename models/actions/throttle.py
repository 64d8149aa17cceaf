"""Guessing is slowed down, never a victim locked out. Buckets live in the database, so that every process sees them.

A bucket fills by one with each try and drains steadily. Networks are /24 (IPv4) and /48 (IPv6). An account has one bucket for
all unknown devices together, whose delay grows, and another for each device that signed in before; the codes of the second
step are counted apart, for they are short.
"""

import ipaddress
from datetime import datetime

from tortoise.exceptions import IntegrityError

from models.database import dialect, transaction
from models.policy.limits import Throttle, throttle
from models.refused import Reason, Refused
from models.tables import Bucket
from models.world import World

Limit = Throttle
NETWORK, CODES, LETTERS, PROOF = throttle("network"), throttle("codes"), throttle("letters"), throttle("proof")
UNKNOWN_DEVICE, KNOWN_DEVICE, SECOND_STEP = (
    throttle("unknown device"),
    throttle("known device"),
    throttle("second step"),
)


def network_of(ip: str) -> str:
    """The /24 or /48 that an address belongs to; 'unknown' for what is no address."""
    try:
        address = ipaddress.ip_address(ip)
    except ValueError:
        return "unknown"
    prefix = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network(f"{address}/{prefix}", strict=False))


async def check(world: World, limit: Limit, whom: str) -> None:
    """Look, without counting. Raises Refused(TOO_MANY_ATTEMPTS)."""
    found = await Bucket.filter(key=_key(world, limit, whom)).first()
    if found is not None:
        _refuse_early(limit, _level(limit, found, world.now()), found.at, world.now())


async def count(world: World, limit: Limit, whom: str) -> None:
    """Count one try, refused or not, in a transaction of its own. Raises Refused(TOO_MANY_ATTEMPTS)."""
    now, key = world.now(), _key(world, limit, whom)
    try:
        level, last = await _fill(key, limit, now)
    except IntegrityError:  # another process made the same bucket a moment ago
        level, last = await _fill(key, limit, now)
    _refuse_early(limit, level, last, now)


async def forget(world: World, limit: Limit, whom: str) -> None:
    """A right answer empties the bucket."""
    await Bucket.filter(key=_key(world, limit, whom)).delete()


async def _fill(key: bytes, limit: Limit, now: datetime) -> tuple[float, datetime]:
    async with transaction() as tx:
        wanted = Bucket.filter(key=key).using_db(tx)
        bucket = await (wanted.select_for_update() if dialect() == "postgres" else wanted).first()
        if bucket is None:
            await Bucket.create(key=key, level=1, at=now, using_db=tx)
            return 0, now
        level, last = _level(limit, bucket, now), bucket.at
        if now >= last + limit.wait(level):  # a refused try does not push the end further away
            await Bucket.filter(key=key).using_db(tx).update(level=level + 1, at=now)
        return level, last


def _level(limit: Limit, bucket: Bucket, now: datetime) -> float:
    return max(0.0, bucket.level - (now - bucket.at) / limit.drain)


def _refuse_early(limit: Limit, level: float, last: datetime, now: datetime) -> None:
    again = last + limit.wait(level)
    if now < again:
        raise Refused(Reason.TOO_MANY_ATTEMPTS, retry_at=again)


def _key(world: World, limit: Limit, whom: str) -> bytes:
    return world.vault.index("bucket", f"{limit.name}|{whom}")

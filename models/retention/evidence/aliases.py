"""The aliases that events name customers by; they stand sealed in the profiles, so that nobody erased has one."""

from collections.abc import Iterable
from uuid import UUID

from models.actions.searches import hits_of
from models.world import World


async def aliases_of(world: World, customers: Iterable[UUID]) -> dict[UUID, bytes]:
    """Customer → alias, of those whose profile still opens."""
    hits = await hits_of(world, list(set(customers)))
    return {person: bytes(hit.alias) for person, hit in hits.items() if hit.alias is not None}

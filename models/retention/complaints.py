"""Complaints of people who are no customers go a year after they closed, and the key they were sealed under with them."""

from models.database import transaction
from models.tables import Complaint, Letter
from models.world import World


async def expire_complaints(world: World, limit: int) -> int:
    """Rows first, then the keys: killed in between, the key sweeper finds a key without anybody (clause 8)."""
    before = world.rule("CASE").expired_before(world.now())
    due = await Complaint.filter(customer_id=None, closed_at__lte=before).order_by("closed_at").limit(limit)
    if not due:
        return 0
    people = [row.person_id for row in due]
    async with transaction() as tx:
        await Letter.filter(person_id__in=people).using_db(tx).delete()
        await Complaint.filter(id__in=[row.id for row in due]).using_db(tx).delete()
    await world.vault.destroy(people)
    return len(due)

"""The services a customer has (clause 7): recorded by import and by staff, read here."""

from uuid import UUID

from models.database import reader
from models.tables import Service


async def services_of(customer_id: UUID) -> list[Service]:
    """A customer's services, running ones first, then the newest. One statement."""
    found = await Service.filter(customer_id=customer_id).using_db(reader()).order_by("-started_at", "-id")
    return sorted(found, key=lambda service: service.ended_at is not None)

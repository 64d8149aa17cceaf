"""Who answers customers, and to whom of them work is given."""

from uuid import UUID

from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.policy import Role
from models.refused import Reason, Refused
from models.tables import Staff

ANSWERERS = (Role.SUPPORT, Role.SENIOR_SUPPORT, Role.OFFICE, Role.PRIVACY_OFFICER)
"""Who writes to customers, and into their records: the roles that read what customers write."""


async def assignee(colleague: Colleague, staff_id: UUID | None) -> Staff | None:
    """To whom a conversation may be given: somebody active. Raises Refused(NOT_PERMITTED, NOT_FOUND)."""
    permitted(colleague, ANSWERERS)
    if staff_id is None:
        return None
    found = await Staff.filter(id=staff_id, deactivated_at=None).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found

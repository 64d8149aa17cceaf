"""Who of the staff somebody was: names for events, notes, messages and assignments, read in one go."""

from collections.abc import Iterable
from uuid import UUID

from models.actions.desk import permitted
from models.actions.origin import Colleague
from models.database import reader
from models.policy import Role
from models.refused import Reason, Refused
from models.tables import Staff
from models.tables.staff import StaffContents
from models.world import World

Opened = tuple[Staff, StaffContents]
ANSWERERS = (Role.SUPPORT, Role.SENIOR_SUPPORT, Role.OFFICE, Role.PRIVACY_OFFICER)
"""Who writes to customers, and into their records: the roles that read what customers write."""


async def members(world: World, ids: Iterable[UUID | None]) -> dict[UUID, Opened]:
    """Members of staff by id, former ones too; who is erased is absent. One statement and one read of the keys."""
    wanted = {one for one in ids if one is not None}
    if not wanted:
        return {}
    rows = await Staff.filter(id__in=list(wanted)).using_db(reader())
    keys = await world.vault.keys([row.id for row in rows])
    return {row.id: (row, row.opened(keys)) for row in rows if row.id in keys}


async def assignee(colleague: Colleague, staff_id: UUID | None) -> Staff | None:
    """To whom work may be given: somebody active. Raises Refused(NOT_PERMITTED, NOT_FOUND)."""
    permitted(colleague, ANSWERERS)
    if staff_id is None:
        return None
    found = await Staff.filter(id=staff_id, deactivated_at=None).first()
    if found is None:
        raise Refused(Reason.NOT_FOUND)
    return found

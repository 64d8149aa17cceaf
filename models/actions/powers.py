"""What a member of staff may do, by their roles: said once, asked by whoever reads or acts, and told to their pages."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from models.actions.audit import AUDITORS
from models.actions.closing import CLOSERS
from models.actions.colleagues import ANSWERERS
from models.actions.complaints import HANDLERS
from models.actions.desk import DESK
from models.actions.holds import KEEPERS
from models.actions.office import ASSIGNERS
from models.actions.open_record import OPENERS
from models.actions.publish_policy import PUBLISHERS
from models.actions.searches import SEARCHERS
from models.actions.services import RECORDERS
from models.policy import Reading, Role
from models.world import World


class Power(StrEnum):
    """Something that some roles may do."""

    SEARCH = "SEARCH"
    OPEN_RECORDS = "OPEN_RECORDS"
    READ_PREFERENCES = "READ_PREFERENCES"
    READ_CONVERSATION = "READ_CONVERSATION"
    READ_SIGN_INS = "READ_SIGN_INS"
    READ_REQUESTS = "READ_REQUESTS"
    SERVE_REQUESTS = "SERVE_REQUESTS"
    ASSIGN = "ASSIGN"
    READ_COMPLAINTS = "READ_COMPLAINTS"
    HANDLE_COMPLAINTS = "HANDLE_COMPLAINTS"
    ANSWER = "ANSWER"
    RECORD_SERVICES = "RECORD_SERVICES"
    READ_APPROVALS = "READ_APPROVALS"
    READ_HOLDS = "READ_HOLDS"
    KEEP_HOLDS = "KEEP_HOLDS"
    CLOSE_FOR_TERMS = "CLOSE_FOR_TERMS"
    READ_REVIEWS = "READ_REVIEWS"
    READ_COMPLIANCE = "READ_COMPLIANCE"
    AUDIT = "AUDIT"
    PUBLISH_POLICY = "PUBLISH_POLICY"
    MANAGE_STAFF = "MANAGE_STAFF"


MAY: Final[dict[Power, tuple[Role, ...]]] = {
    Power.SEARCH: SEARCHERS,
    Power.OPEN_RECORDS: OPENERS,
    Power.READ_REQUESTS: (*ANSWERERS, Role.AUDITOR),
    Power.SERVE_REQUESTS: DESK,
    Power.ASSIGN: ASSIGNERS,
    Power.READ_COMPLAINTS: (*HANDLERS, Role.AUDITOR),
    Power.HANDLE_COMPLAINTS: HANDLERS,
    Power.ANSWER: ANSWERERS,
    Power.RECORD_SERVICES: RECORDERS,
    Power.READ_APPROVALS: (Role.OFFICE, Role.PRIVACY_OFFICER, Role.ADMIN, Role.AUDITOR),
    Power.READ_HOLDS: (Role.PRIVACY_OFFICER, Role.OFFICE, Role.AUDITOR),
    Power.KEEP_HOLDS: KEEPERS,
    Power.CLOSE_FOR_TERMS: CLOSERS,
    Power.READ_REVIEWS: (Role.PRIVACY_OFFICER, Role.AUDITOR, Role.ADMIN),
    Power.READ_COMPLIANCE: (Role.PRIVACY_OFFICER, Role.AUDITOR, Role.OFFICE, Role.SENIOR_SUPPORT),
    Power.AUDIT: AUDITORS,
    Power.PUBLISH_POLICY: PUBLISHERS,
    Power.MANAGE_STAFF: (Role.ADMIN,),
}
IN_RECORDS: Final = {
    Power.READ_PREFERENCES: ("preferences", "locale", Reading.FULL),
    Power.READ_CONVERSATION: ("message", "text", Reading.FULL),
    Power.READ_SIGN_INS: ("sign_in", "ip", Reading.PRESENT),
}
"""Sections of an open record: whoever may see at least so much of a field, by the inventory."""


def powers_of(world: World, roles: Collection[Role]) -> list[Power]:
    """What somebody of these roles may do."""
    inventory = world.policy.inventory
    seen = {
        power
        for power, (table, field, least) in IN_RECORDS.items()
        if inventory.entity(table).field(field).for_roles(frozenset(roles)).rank >= least.rank
    }
    return [power for power in Power if power in seen or not set(MAY.get(power, ())).isdisjoint(roles)]

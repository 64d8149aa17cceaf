"""The services a customer has (clause 7): recorded by import and by staff, read here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from models.actions.desk import DESK, permitted, serving
from models.actions.finding import SERVICE, entry
from models.actions.origin import Colleague
from models.actions.restrictions import refuse_restricted
from models.checks import Checks
from models.policy import Role
from models.refused import Problem, ProblemCode, Reason, Refused
from models.tables import IndexEntry, Service
from models.tables.events import EventKind
from models.tables.services import ServiceContents, ServiceKind
from models.world import World

RECORDERS = (*DESK, Role.SUPPORT, Role.SENIOR_SUPPORT)
Opened = tuple[Service, ServiceContents]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewService:
    """A contract as the billing panel knows it; ``reference`` is the panel's own, unique."""

    reference: str
    kind: ServiceKind
    name: str
    started_at: datetime
    ended_at: datetime | None = None


async def record_service(world: World, colleague: Colleague, customer_id: UUID, new: NewService) -> Opened:
    """Record a contract, or record it again as it is now: the same reference is the same contract.

    Raises Refused(NOT_PERMITTED, INVALID_INPUT, NOT_FOUND, RESTRICTED).
    """
    permitted(colleague, RECORDERS)
    reference, contents = _checked(world, new)
    async with serving(world, customer_id, by=colleague, closed_too=False) as account:
        refuse_restricted(account.customer)
        known = await Service.filter(reference=reference).first()
        if known is not None and known.customer_id != account.id:
            raise Refused(Reason.INVALID_INPUT, problems=[Problem(("reference",), ProblemCode.DUPLICATE)])
        service = known or Service(id=world.new_id(), customer_id=account.id, reference=reference)
        if known is not None:
            old = world.vault.index(SERVICE, known.opened(account.keys).name.casefold())
            await IndexEntry.filter(person_id=account.id, field=SERVICE, digest=old).delete()
        service.kind, service.started_at, service.ended_at = new.kind, new.started_at, new.ended_at
        service.seal(account.keys, contents)
        await service.save(force_create=known is None)
        await IndexEntry.bulk_create([entry(world, account.id, SERVICE, contents.name.casefold())])
        if service.ended_at is None:
            await account.fulfil("DORMANT")  # an account in use is not closed (clause 4.1.3)
        kind = EventKind.CREATE if known is None else EventKind.MODIFY
        await account.event(kind, "service.recorded", fields=["services"])
    return service, contents


def _checked(world: World, new: NewService) -> tuple[str, ServiceContents]:
    """The reference and the struct to seal. Raises Refused(INVALID_INPUT)."""
    checks = Checks(today=world.today())
    reference = checks.reference("reference", new.reference)
    name = checks.service_name("name", new.name)
    if new.started_at > world.now():
        checks.problem("startedAt", ProblemCode.IN_THE_FUTURE)
    if new.ended_at is not None and new.ended_at < new.started_at:
        checks.problem("endedAt", ProblemCode.NOT_ALLOWED)
    checks.done()
    return reference, ServiceContents(name=name)

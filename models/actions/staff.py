"""The company's people: invited by a colleague, the first one at the command line; nobody sees another's secret."""

from collections.abc import Iterable
from uuid import UUID

from models.actions.finding import entry
from models.checks import Checks
from models.checks.emails import email_key
from models.database import transaction
from models.policy import Role
from models.refused import ProblemCode
from models.tables import Event, IndexEntry, Staff
from models.tables.events import ActorKind, EventKind
from models.tables.staff import StaffContents
from models.world import World

STAFF_EMAIL = "staff_email"


async def staff_by_email(world: World, email: str) -> Staff | None:
    """The member of staff with this address, deactivated ones too."""
    digest = world.vault.index(STAFF_EMAIL, email_key(email))
    found = await IndexEntry.filter(field=STAFF_EMAIL, digest=digest).first()
    return await Staff.filter(id=found.person_id).first() if found else None


async def invite_staff(
    world: World, *, name: str, email: str, roles: Iterable[Role], by: UUID | None = None
) -> tuple[Staff, str]:
    """Invite somebody, or again somebody known, to set a new password and factor; the member, the invitation's secret.

    ``by`` is the member of staff who invites; None at the command line. Raises Refused(INVALID_INPUT).
    """
    checks = Checks(today=world.today())
    name, address = checks.name("name", name), checks.email("email", email)
    chosen = sorted({role.value for role in roles})
    if not chosen:
        checks.problem("roles", ProblemCode.REQUIRED)
    checks.done()
    known = await staff_by_email(world, address)
    person = known.id if known else world.new_id()
    keys = await world.vault.keys([person]) if known else await world.vault.create([person])
    secret, now = world.new_secret(), world.now()
    async with transaction():
        member = known or Staff(id=person)
        member.roles, member.invited_at, member.deactivated_at = chosen, now, None
        member.invitation_digest = world.vault.digest(secret)
        member.invitation_until = world.policy.rule("INVITATION").due_at(now)
        member.seal(keys, StaffContents(name=name, email=address))
        await member.save(force_create=known is None)
        if known is None:
            await IndexEntry.bulk_create([entry(world, person, STAFF_EMAIL, email_key(address))])
        await Event(
            id=world.new_id(), at=now, kind=EventKind.CREATE, action="staff.invited", actor_id=by,
            actor_kind=ActorKind.STAFF if by else ActorKind.SYSTEM, fields_named=chosen,
        ).save(force_create=True)  # fmt: skip
    return member, secret

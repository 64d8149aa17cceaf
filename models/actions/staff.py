"""The company's people: invited by a colleague, the first one at the command line; nobody sees another's secret."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from models.actions import staff_challenges as challenges
from models.actions.account import SYSTEM, Actor
from models.actions.finding import entry
from models.actions.member import Member
from models.actions.origin import Colleague
from models.checks import Checks
from models.checks.emails import email_key
from models.database import dialect, transaction
from models.keys import Keys
from models.policy import Role
from models.refused import ProblemCode, Reason, Refused
from models.tables import AccessGrant, IndexEntry, Staff, StaffSession, Tombstone
from models.tables.events import ActorKind, EventKind
from models.tables.staff import StaffContents
from models.world import World

STAFF_EMAIL = "staff_email"
PATH = "support/invitation"


async def staff_by_email(world: World, email: str) -> Staff | None:
    """The member of staff with this address, deactivated ones too."""
    digest = world.vault.index(STAFF_EMAIL, email_key(email))
    found = await IndexEntry.filter(field=STAFF_EMAIL, digest=digest).first()
    return await Staff.filter(id=found.person_id).first() if found else None


async def everybody(world: World) -> list[tuple[Staff, StaffContents]]:
    """All members of staff, opened, former ones too; by name."""
    rows = await Staff.all()
    keys = await world.vault.keys([row.id for row in rows])
    return sorted(((row, row.opened(keys)) for row in rows if row.id in keys), key=lambda one: one[1].name.casefold())


async def invite_staff(
    world: World,
    *,
    name: str,
    email: str,
    roles: Iterable[Role],
    by: Colleague | None = None,
    locale: str = "EN",
) -> tuple[Staff, StaffContents, str]:
    """Invite somebody, or again somebody known, to set a new password and factor; the member, and the invitation's secret.

    Somebody known is signed out at once, and no proof of theirs counts any more; a lock is lifted. ``by`` is the ADMIN who
    invites: then a letter in ``locale`` brings the link. None at the command line, which prints it.
    Raises Refused(INVALID_INPUT, NOT_PERMITTED, STEP_UP_REQUIRED, SECOND_PERSON_REQUIRED to invite oneself anew, NOT_READY
    while somebody is being erased).
    """
    if by is not None:
        _may(world, by)
    checks = Checks(today=world.today())
    name, address, chosen = checks.name("name", name), checks.email("email", email), _roles(checks, roles)
    checks.done()
    known = await staff_by_email(world, address)
    if by is not None and known is not None and known.id == by.staff.id:
        raise Refused(Reason.SECOND_PERSON_REQUIRED)
    person = known.id if known else world.new_id()
    created = None if known else await world.vault.create([person])
    secret = world.new_secret()
    async with _deciding(world, by) as everyone:
        member = everyone.member(person) if created is None else _newcomer(world, person, created, by)
        staff = member.staff
        if created is None and await Tombstone.filter(id=person).exists():
            # By now they are being erased: asked again, they are somebody new.
            raise Refused(Reason.NOT_READY)
        staff.roles, staff.invited_at, staff.deactivated_at, staff.locked_at = chosen, member.now, None, None
        staff.invitation_digest = world.vault.digest(secret)
        staff.invitation_until = world.rule("INVITATION").due_at(member.now)
        member.contents = StaffContents(name=name, email=address)
        await member.save(new=created is not None)
        if created is not None:
            await entry(world, person, STAFF_EMAIL, email_key(address)).save(force_create=True)
        await _signed_out(member, "staff.invited", EventKind.CREATE)
        if by is not None:
            link = f"{world.support_url or world.base_url}/{PATH}?token={secret}"
            await member.letter("staff-invitation", locale, expires_at=staff.invitation_until, link=link)
    return staff, member.contents, secret


async def set_staff_roles(
    world: World, staff_id: UUID, roles: Iterable[Role], *, by: Colleague
) -> tuple[Staff, StaffContents]:
    """What somebody may do from now on; they are signed out at once. Nobody changes their own roles.

    Raises Refused(INVALID_INPUT, NOT_FOUND, NOT_PERMITTED, STEP_UP_REQUIRED, SECOND_PERSON_REQUIRED).
    """
    _may(world, by)
    checks = Checks(today=world.today())
    chosen = _roles(checks, roles)
    checks.done()
    if staff_id == by.staff.id:
        raise Refused(Reason.SECOND_PERSON_REQUIRED)
    async with _deciding(world, by) as everyone:
        member = everyone.member(staff_id)
        member.staff.roles = chosen
        await member.save()
        await _signed_out(member, "staff.roles-changed", EventKind.MODIFY)
    return member.staff, member.contents


async def deactivate_staff(world: World, staff_id: UUID, *, by: Colleague) -> tuple[Staff, StaffContents]:
    """Somebody leaves, oneself too: signed out at once, no proof of theirs counts any more.

    Only so could the last ADMIN go: whoever changes somebody else is one and stays one.
    Raises Refused(NOT_FOUND, NOT_PERMITTED, STEP_UP_REQUIRED, IN_USE for the last ADMIN).
    """
    _may(world, by)
    async with _deciding(world, by) as everyone:
        member = everyone.member(staff_id)
        member.staff.deactivated_at = member.staff.deactivated_at or member.now
        member.staff.invitation_digest = member.staff.invitation_until = None
        member.contents = StaffContents(name=member.contents.name, email=member.contents.email)
        await member.save()
        await _signed_out(member, "staff.deactivated", EventKind.REMOVE)
        everyone.keep_an_admin()
    return member.staff, member.contents


@dataclass(slots=True)
class _Everyone:
    """All members of staff, locked and opened, while one of them is changed: two changes at once are decided in turn."""

    members: dict[UUID, Member]

    def member(self, staff_id: UUID) -> Member:
        """Raises Refused(NOT_FOUND)."""
        if staff_id not in self.members:
            raise Refused(Reason.NOT_FOUND)
        return self.members[staff_id]

    def keep_an_admin(self) -> None:
        """Raises Refused(IN_USE) when nobody would be left who can let others in; the change is undone."""
        if not any(
            one.staff.active and Role.ADMIN in one.staff.roles and one.contents.enrolled
            for one in self.members.values()
        ):
            raise Refused(Reason.IN_USE)


@asynccontextmanager
async def _deciding(world: World, by: Colleague | None) -> AsyncIterator[_Everyone]:
    """One transaction on all of the staff. Raises Refused(NOT_SIGNED_IN) when ``by`` was signed out meanwhile."""
    keys = await world.vault.keys([row.id for row in await Staff.all().only("id")])
    async with transaction() as tx:
        wanted, now = Staff.all().order_by("id").using_db(tx), world.now()
        rows = await (wanted.select_for_update() if dialect() == "postgres" else wanted)
        if by is not None and not await StaffSession.filter(id=by.session.id, ended_at=None).exists():
            raise Refused(Reason.NOT_SIGNED_IN)
        actor = _actor(by)
        yield _Everyone(
            {row.id: Member(world, row, keys, row.opened(keys), actor, now) for row in rows if row.id in keys}
        )


async def _signed_out(member: Member, action: str, kind: EventKind) -> None:
    """Sessions end at once, open challenges and records with them; who did it is written down."""
    await member.end_sessions()
    open_ones = AccessGrant.filter(staff_id=member.id, closed_at=None, expires_at__gt=member.now)
    await open_ones.update(closed_at=member.now)
    await challenges.drop(member.id, member.now)
    await member.event(action, kind=kind, fields=member.staff.roles)


def _newcomer(world: World, person: UUID, keys: Keys, by: Colleague | None) -> Member:
    return Member(world, Staff(id=person), keys, StaffContents(name="", email=""), _actor(by), world.now())


def _may(world: World, by: Colleague) -> None:
    """Raises Refused(NOT_PERMITTED, STEP_UP_REQUIRED)."""
    if not by.has_any(Role.ADMIN):
        raise Refused(Reason.NOT_PERMITTED)
    if not by.session.has_stepped_up(world.now()):
        raise Refused(Reason.STEP_UP_REQUIRED)


def _roles(checks: Checks, roles: Iterable[Role]) -> list[str]:
    chosen = sorted({role.value for role in roles})
    if not chosen:
        checks.problem("roles", ProblemCode.REQUIRED)
    return chosen


def _actor(by: Colleague | None) -> Actor:
    return SYSTEM if by is None else Actor(ActorKind.STAFF, by.staff.id)

"""Made-up colleagues for development, one per role, who set their password and authenticator app through the real actions."""

from dataclasses import replace
from datetime import timedelta

import pyotp

from models.actions.approvals import approve
from models.actions.member import open_staff_session, sign_out
from models.actions.origin import Colleague, Origin
from models.actions.publish_policy import earliest, know_publications, publish_policy, recognise
from models.actions.staff import invite_staff, staff_by_email
from models.actions.staff_enrolment import accept_invitation, confirm_totp
from models.policy import Role
from models.tables import Approval, StaffSession
from models.tables.staff import ApprovalKind
from models.world import World

PASSWORD = "copper-lantern-meadow-58"  # the same for all of them: nobody is behind it
STAFF = {
    "priya.shah@staff.example.com": ("Priya Shah", Role.SUPPORT),
    "tomass.vitols@staff.example.com": ("Tomass Vītols", Role.SENIOR_SUPPORT),
    "andris.krumins@staff.example.com": ("Andris Krūmiņš", Role.OFFICE),
    "helen.marsh@staff.example.com": ("Helen Marsh", Role.PRIVACY_OFFICER),
    "george.ellis@staff.example.com": ("George Ellis", Role.FINANCE),
    "ilze.kalve@staff.example.com": ("Ilze Kalve", Role.AUDITOR),
    "zane.berzina@staff.example.com": ("Zane Bērziņa", Role.ADMIN),
}
PUBLISHES, AGREES = "helen.marsh@staff.example.com", "zane.berzina@staff.example.com"
OFFICE = Origin("198.18.200.10", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")


async def employ(world: World) -> None:
    """Those who are not there yet, or never finished, begin to work. Safe to run again."""
    yesterday = replace(world, now=lambda: world.now() - timedelta(days=1))  # today's codes are still to be used
    for email, (name, role) in STAFF.items():
        known = await staff_by_email(world, email)
        if known is None or not known.opened(await world.vault.keys([known.id])).enrolled:
            await _begin_work(yesterday, name, email, role)


async def _begin_work(world: World, name: str, email: str, role: Role) -> None:
    _, _, token = await invite_staff(world, name=name, email=email, roles=[role])
    accepted = await accept_invitation(world, token, PASSWORD, origin=OFFICE)
    newcomer = await open_staff_session(world, accepted.secret)
    assert newcomer is not None
    code = pyotp.TOTP(accepted.seed).at(world.now())
    await sign_out(world, (await confirm_totp(world, newcomer, code, origin=OFFICE)).colleague)


async def publish_next_policy(world: World) -> None:
    """The privacy officer proposes the version that came as a draft, an administrator agrees. Safe to repeat."""
    await recognise(world)
    if not world.policy.drafts or await Approval.filter(kind=ApprovalKind.POLICY_PUBLICATION).exists():
        return
    draft, officer, admin = world.policy.drafts[0], await _at_work(world, PUBLISHES), await _at_work(world, AGREES)
    proposal, _ = await publish_policy(world, officer, draft.name, earliest(world, draft) + timedelta(days=9))
    await approve(world, admin, proposal.id)
    await know_publications(world)


async def _at_work(world: World, email: str) -> Colleague:
    """A colleague as an action sees them."""
    member = await staff_by_email(world, email)
    assert member is not None
    session = StaffSession(id=world.new_id(), staff_id=member.id)  # in no table: nobody is signed in by it
    return Colleague(member, session, member.opened(await world.vault.keys([member.id])))


async def staff_sign_ins(world: World) -> list[str]:
    """How to sign in as each at /support/graphql: address, password, the authenticator app's secret and its present code."""
    found = []
    for email in STAFF:
        member = await staff_by_email(world, email)
        contents = member.opened(await world.vault.keys([member.id])) if member and member.active else None
        if member is not None and contents is not None and contents.totp_confirmed:
            code = pyotp.TOTP(contents.totp_seed).at(world.now())
            roles = ", ".join(member.roles)
            found.append(f"{email} / {PASSWORD} / TOTP secret {contents.totp_seed}, now {code} (staff: {roles})")
    return found

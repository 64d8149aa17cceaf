"""Who works here is an ADMIN's business: invited, given other roles, deactivated; at once, written down, never the last one."""

from typing import Any

import pytest

from models.actions.staff import invite_staff
from models.policy import Role
from models.tables import Event, Letter, Staff
from tests.factories import PASSWORD, House, StaffClient
from tests.schema.test_staff_coming_in import ACCEPT, SIGN_IN, VIEWER, R, asked, browser, code_of

STAFF = "{staff {id name email roles active factors invitedAt lockedAt lastSignInAt}}"
INVITE = """mutation($e: String!, $n: String!, $r: [Role!]!) {inviteStaff(email: $e, name: $n, roles: $r) {
  __typename ... on StaffUpdated {staff {id name email roles active factors}} ...R}}"""
ROLES = """mutation($id: ID!, $r: [Role!]!) {setStaffRoles(id: $id, roles: $r) {
  __typename ... on StaffUpdated {staff {roles active}} ...R}}"""
DEACTIVATE = """mutation($id: ID!) {deactivateStaff(id: $id) {
  __typename ... on StaffUpdated {staff {active factors}} ...R}}"""


async def proven_admin(house: House) -> StaffClient:
    """An ADMIN with a fresh proof."""
    admin = await house.colleague(Role.ADMIN, name="Zane Bērziņa")
    await admin.step_up()
    return admin


async def id_of(admin: StaffClient, member: StaffClient) -> str:
    """A colleague's id as the admin sees it."""
    return str(next(one["id"] for one in await admin.ok(STAFF) if one["email"] == member.email))


@pytest.mark.asvs("6.4.6")
@pytest.mark.asvs("6.4.3")
async def test_an_invitation_is_a_letter_and_shows_the_admin_no_secret(house: House) -> None:
    """The colleague's own mailbox brings the link, in the language of who invites; it is erased a week after posting."""
    admin = await proven_admin(house)
    admin.http.headers["Accept-Language"] = "lv"

    invited = await admin.ok(INVITE + R, e="Jana@Example.com", n="Jana Kļava", r=["OFFICE", "SUPPORT"])

    assert invited["staff"] | {"id": None} == {
        "id": None, "name": "Jana Kļava", "email": "Jana@example.com", "roles": ["OFFICE", "SUPPORT"], "active": True,
        "factors": [],
    }  # fmt: skip
    await house.work(only="post-letters")
    letter = house.letters[-1]
    assert (letter.template, letter.to, letter.locale) == ("staff-invitation", "Jana@example.com", "LV")
    assert letter.params["link"].startswith("http://localhost:8000/support/invitation?token=")
    jana = browser(house)
    jana.email = "jana@example.com"
    await jana.accept(house.token("staff-invitation"))
    assert (await jana.ok(VIEWER))["name"] == "Jana Kļava"
    assert await Letter.all().count() == 1
    house.clock.advance(days=8)
    await house.work(only="age-rows")
    assert await Letter.all().count() == 0


async def test_inviting_a_known_address_again_ends_sessions_and_every_proof(house: House) -> None:
    """Whoever lost their factors comes back by their mailbox alone; until then nothing of theirs works; a lock is lifted."""
    admin, ieva = await proven_admin(house), await house.colleague(Role.SUPPORT)
    question = await asked(browser(house), ieva)
    await Staff.filter(id=ieva.id).update(locked_at=house.clock.now)
    before = await id_of(admin, ieva)

    again = await admin.ok(INVITE + R, e=ieva.email.upper(), n="Ieva Liepa", r=["OFFICE"])

    assert again["staff"]["id"] == before
    assert (again["staff"]["roles"], again["staff"]["factors"]) == (["OFFICE"], [])
    assert await ieva.ok(VIEWER) is None
    complete = "mutation($s: String!, $p: FactorProof!) {completeSignIn(challenge: $s, proof: $p) {__typename ...R}}"
    for proof in ({"totp": ieva.code()}, {"recoveryCode": ieva.codes[0]}):
        assert await code_of(browser(house), complete, s=question["challenge"], p=proof) == "EXPIRED_TOKEN"
    assert await code_of(browser(house), SIGN_IN, e=ieva.email, p=PASSWORD) == "WRONG_CREDENTIALS"
    await house.work(only="post-letters")
    await ieva.accept(house.token("staff-invitation"))
    assert (await ieva.ok("{viewer {name roles lockedAt}}")) == {
        "name": "Ieva Liepa",
        "roles": ["OFFICE"],
        "lockedAt": None,
    }


@pytest.mark.asvs("8.3.2")
async def test_roles_take_effect_at_once(house: House) -> None:
    """Open sessions end; after signing in again the new roles count."""
    admin, ieva = await proven_admin(house), await house.colleague(Role.SUPPORT)

    changed = await admin.ok(ROLES + R, id=await id_of(admin, ieva), r=["OFFICE", "AUDITOR", "OFFICE"])

    assert changed["staff"] == {"roles": ["AUDITOR", "OFFICE"], "active": True}
    assert await ieva.ok(VIEWER) is None
    await ieva.sign_in()
    assert (await ieva.ok(VIEWER))["roles"] == ["AUDITOR", "OFFICE"]


@pytest.mark.asvs("7.4.5")
@pytest.mark.asvs("7.4.2")
async def test_a_deactivated_colleague_is_out_at_once(house: House) -> None:
    """Sessions, open challenges, password and invitation; they stay in the list as somebody who left."""
    admin, ieva = await proven_admin(house), await house.colleague(Role.SUPPORT)
    _, _, token = await invite_staff(house.world, name="Jana Kļava", email="jana@example.com", roles=[Role.OFFICE])
    jana = browser(house)
    jana.email = "jana@example.com"

    for member in (ieva, jana):
        gone = await admin.ok(DEACTIVATE + R, id=await id_of(admin, member))
        assert gone["staff"] == {"active": False, "factors": []}

    assert await ieva.ok(VIEWER) is None
    assert await code_of(browser(house), SIGN_IN, e=ieva.email, p=PASSWORD) == "WRONG_CREDENTIALS"
    assert await code_of(browser(house), ACCEPT, t=token, p=PASSWORD) == "EXPIRED_TOKEN"
    assert [one["active"] for one in await admin.ok(STAFF)] == [False, False, True]
    assert await admin.ok(INVITE + R, e=ieva.email, n="Ieva Lapiņa", r=["OFFICE"]), "and may come back"


async def test_the_last_admin_stays(house: House) -> None:
    """Neither one nor the other of two leaves nobody who can let people in; invited ones do not count yet."""
    admin, other = await proven_admin(house), await house.colleague(Role.ADMIN)
    await invite_staff(house.world, name="Jana Kļava", email="jana@example.com", roles=[Role.ADMIN])
    await admin.ok(ROLES + R, id=await id_of(admin, other), r=["SUPPORT"])

    assert await code_of(admin, DEACTIVATE, id=await id_of(admin, admin)) == "IN_USE"

    assert (await admin.ok("{viewer {active roles}}")) == {"active": True, "roles": ["ADMIN"]}
    another = await house.colleague(Role.ADMIN)
    assert (await admin.ok(DEACTIVATE + R, id=await id_of(admin, admin)))["staff"]["active"] is False
    assert await admin.ok(VIEWER) is None
    assert await another.ok(VIEWER) is not None


async def test_nobody_gives_themselves_roles(house: House) -> None:
    """An ADMIN, who sees no customer's data, does not change that alone; neither by a new invitation."""
    admin = await proven_admin(house)
    await house.colleague(Role.ADMIN)

    assert await code_of(admin, ROLES, id=await id_of(admin, admin), r=["ADMIN", "OFFICE"]) == "SECOND_PERSON_REQUIRED"
    assert await code_of(admin, INVITE, e=admin.email, n="Me", r=["OFFICE"]) == "SECOND_PERSON_REQUIRED"
    assert (await admin.ok(VIEWER))["roles"] == ["ADMIN"]


ATTEMPTS: list[tuple[str, dict[str, Any]]] = [
    (INVITE, {"e": "jana@example.com", "n": "Jana Kļava", "r": ["ADMIN"]}),
    (ROLES, {"r": ["ADMIN"]}),
    (DEACTIVATE, {}),
]


@pytest.mark.asvs("8.2.1")
@pytest.mark.parametrize(("query", "variables"), ATTEMPTS)
async def test_only_an_admin_with_a_fresh_proof(query: str, variables: dict[str, Any], house: House) -> None:
    """Every other role is refused, proven or not; nobody signed in as well; an ADMIN is asked for a proof."""
    everybody_else = await house.colleague(*(role for role in Role if role is not Role.ADMIN))
    await everybody_else.step_up()
    admin = await house.colleague(Role.ADMIN)
    for client, code in (
        (everybody_else, "NOT_PERMITTED"),
        (admin, "STEP_UP_REQUIRED"),
        (browser(house), "NOT_SIGNED_IN"),
    ):
        given = dict(variables)
        if "$id" in query:
            given["id"] = "made up" if code == "NOT_SIGNED_IN" else await id_of(client, everybody_else)
        assert await code_of(client, query, **given) == code
    assert await Staff.all().count() == 2


async def test_what_is_wrong_with_an_invitation_is_said(house: House) -> None:
    """Every problem at once; ids that are nobody's, or seen by another colleague, are not found."""
    admin, ieva = await proven_admin(house), await house.colleague(Role.SUPPORT)
    refused = await admin.refused(INVITE, e="no address", n=" ", r=[])

    assert [(one["field"], one["code"]) for one in refused["problems"]] == [
        (["name"], "REQUIRED"), (["email"], "MALFORMED"), (["roles"], "REQUIRED"),
    ]  # fmt: skip
    assert (await admin.refused(ROLES, id=await id_of(admin, ieva), r=[]))["problems"][0]["field"] == ["roles"]
    for wrong in ("made up", await id_of(ieva, ieva)):
        assert await code_of(admin, ROLES, id=wrong, r=["OFFICE"]) == "NOT_FOUND"
        assert await code_of(admin, DEACTIVATE, id=wrong) == "NOT_FOUND"


async def test_who_did_it_to_whom_is_written_down(house: House) -> None:
    """The admin by id, the colleague as whom it is about, the roles by name."""
    admin, ieva = await proven_admin(house), await house.colleague(Role.SUPPORT)
    await admin.ok(ROLES + R, id=await id_of(admin, ieva), r=["OFFICE"])
    await admin.ok(DEACTIVATE + R, id=await id_of(admin, ieva))

    changed, gone = await Event.filter(alias=ieva.id.bytes, actor_id=admin.id).order_by("id")

    assert (changed.action, changed.fields_named) == ("staff.roles-changed", ["OFFICE"])
    assert gone.action == "staff.deactivated"

"""The mission end to end, through GraphQL over HTTP, on both databases: somebody comes, edits, takes a copy, leaves and is gone."""

import io
from pathlib import Path
from typing import Any

import pytest

from models.archive.verify import verify
from models.tables import Customer, Event, IndexEntry, Letter, SignIn, Tombstone
from tests.factories import ADDRESS, Client, House

ACCOUNT_PAGE = """{ viewer { id number state
  profile { givenName familyName birthdate personalCode { masked } address { streetAddress locality postalCode country }
            phoneNumber email emailVerifiedAt pendingEmail { email } revision updatedAt }
  signIns(first: 10) { edges { cursor node { id at outcome method ip ipPrecision isNewDevice place { country source }
                                             userAgent { browser os } session { id isCurrent } } } pageInfo { hasNextPage } }
  paymentMethods { id label masked isDefault ... on BankAccount { country } }
  preferences { locale timeZone theme newsByEmail cookies { decidedAt } } } }"""
EXPORT = "mutation {requestExport {__typename ... on ExportRequested {export {id status}} ... on Refusal {code}}}"
EXPORTS = "{viewer {exports {status bytes sha256 downloadUrl}}}"
DELETE = """mutation {deleteProfile {__typename ... on Refusal {code}
  ... on ProfileDeleted {certificateCode closure {eraseAt eraseBy remains {title basis until} howToRestore}}}}"""
EDIT = """mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename ... on ProfileEdited {profile {revision familyName}}
  ... on Refusal {code problems {field code}}}}"""


@pytest.mark.asvs("14.2.7")
async def test_somebody_comes_edits_takes_a_copy_leaves_and_is_gone(house: House) -> None:
    """Sign up, confirm, sign in, read, edit, export, download once, verify, delete; when due, nothing of them is found."""
    anna = await house.customer(givenName="Annija", familyName="Zvirbule")
    page = await anna.ok(ACCOUNT_PAGE)
    assert page["profile"]["email"] == anna.email
    assert page["signIns"]["edges"][0]["node"]["outcome"] == "SUCCEEDED"

    edited = await anna.ok(
        EDIT, i={"revision": 1, "familyName": "Kalniņa", "address": ADDRESS | {"locality": "Liepāja"}}
    )
    assert edited["profile"] == {"revision": 2, "familyName": "Kalniņa"}

    assert (await anna.answer(EXPORT))["data"]["requestExport"]["code"] == "STEP_UP_REQUIRED"
    await anna.step_up()
    await anna.ok(EXPORT)
    await house.work()
    [export] = (await anna.ok(EXPORTS))["exports"]
    assert export["status"] == "READY"
    archive = await anna.http.get(export["downloadUrl"])
    assert archive.status_code == 200, archive.text
    assert len(archive.content) == export["bytes"]
    verdict = verify(io.BytesIO(archive.content))
    assert verdict.ok, verdict.problems
    assert (await anna.http.get(export["downloadUrl"])).status_code == 410

    gone = await anna.ok(DELETE)
    assert (await anna.ok("{viewer {id}}")) is None
    closed = await anna.answer(
        CLOSED_SIGN_IN,
        e=anna.email, p=anna.password,
    )  # fmt: skip
    assert closed["data"]["signIn"]["closure"]["eraseAt"] == gone["closure"]["eraseAt"]

    await house.work()
    assert await Customer.filter(number=page["number"]).exists(), "nothing is erased early"
    house.clock.advance(days=91)
    await house.work()
    assert not await Customer.filter(number=page["number"]).exists()
    stone = await Tombstone.all().first()
    assert stone is not None
    assert stone.stage == "CERTIFIED"
    certificate = await house.client().ok(
        "query($c: String!) {erasureCertificate(code: $c) {number erasedAt verifiedAt lastCopyGoneBy document signature}}",
        c=gone["certificateCode"],
    )
    assert certificate["verifiedAt"] >= certificate["erasedAt"]
    await nothing_left(house, anna.email, "Annija", "Kalniņa", "Zvirbule", "Liepāja")


async def nothing_left(house: House, *values: str) -> None:
    """No table, index or file of ours holds any of these."""
    for table in (SignIn, Letter, IndexEntry):
        assert await table.all().count() == 0, table
    assert not await Event.exclude(sealed=None).exists()
    for path in Path(house.folder).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [value for value in values if value.encode() in content], path


async def test_signing_up_again_gets_the_same_answer_and_a_letter_that_explains(house: House) -> None:
    """A known address is answered as an unknown one; its owner is told (no enumeration)."""
    known = await house.customer()
    stranger = house.client()
    await stranger.sign_up(email=known.email)
    await house.work(only="post-letters")
    assert [one.template for one in house.letters if one.to == known.email][-1] == "already-registered"


CLOSED_SIGN_IN = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {
  __typename ... on AccountClosed {closure {eraseAt}} ... on Refusal {code}}}"""
RESET = """mutation($t: String!, $p: String!) {resetPassword(token: $t, newPassword: $p) {
  __typename ... on Refusal {code problems {code}}}}"""
RESTORE = """mutation($c: ID!) {restoreValue(changeId: $c) {
  __typename ... on ValueRestored {profile {familyName revision}} ... on Refusal {code}}}"""
CHANGE_EMAIL = """mutation($e: String!) {changeEmail(newEmail: $e) {__typename ... on EmailChangeStarted {pending {email expiresAt}}
  ... on Refusal {code}}}"""
CONFIRM = "mutation($t: String!) {confirmEmail(token: $t) {__typename ... on Refusal {code}}}"
REVERT = "mutation($t: String!) {revertEmailChange(token: $t) {__typename ... on Refusal {code}}}"


async def move(house: House, person: Client, new: str) -> None:
    await person.step_up()
    await person.ok(CHANGE_EMAIL, e=new)
    await house.work(only="post-letters")
    await house.client().ok(CONFIRM, t=house.token("confirm-email-change", new))
    await house.work(only="post-letters")
    person.email = new
    await person.sign_in()


@pytest.mark.asvs("15.4.2")
async def test_an_edit_of_an_older_revision_is_refused(house: House) -> None:
    """STALE_REVISION, and nothing changed."""
    person = await house.customer()
    answer: dict[str, Any] = await person.answer(EDIT, i={"revision": 7, "givenName": "Cita"})
    assert answer["data"]["editProfile"]["code"] == "STALE_REVISION"


async def test_ending_a_session_works_at_once(house: House) -> None:
    """A stolen cookie is worth nothing after the owner ended its session."""
    person = await house.customer()
    other = house.client()
    other.email = person.email
    await other.sign_in()
    await person.step_up()
    await person.ok("mutation {endOtherSessions {__typename ... on SessionsEnded {endedIds}}}")
    assert await other.ok("{viewer {id}}") is None
    assert await person.ok("{viewer {id}}") is not None


async def test_only_the_present_address_signs_in(house: House) -> None:
    """Neither an old address that is held nor a new one that has not answered yet opens the account."""
    person = await house.customer()
    old = person.email
    await person.step_up()
    await person.ok(CHANGE_EMAIL, e="waiting@example.com")
    waiting = await house.client().answer(CLOSED_SIGN_IN, e="waiting@example.com", p=person.password)
    assert waiting["data"]["signIn"]["code"] == "WRONG_CREDENTIALS"
    await move(house, person, "new-home@example.com")
    held = await house.client().answer(CLOSED_SIGN_IN, e=old, p=person.password)
    assert held["data"]["signIn"]["code"] == "WRONG_CREDENTIALS"

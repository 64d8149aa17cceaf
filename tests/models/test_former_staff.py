"""Former members of staff are data subjects too: erased three years after they left, keys included (clause 6.1.3)."""

from models.keystore import ErasureProbe, PersonKey
from models.policy import Role
from models.retention.chain import verify_chain
from models.retention.probe import is_beside
from models.tables import Approval, Certificate, Event, IndexEntry, Letter, Staff, StaffSession, Tombstone
from models.tables.staff import ApprovalKind
from tests.factories import START, House
from tests.promises.test_9_versions import PUBLISH, VALID
from tests.schema.test_policy import PLAIN

DEACTIVATE = "mutation($i: ID!) {deactivateStaff(id: $i) {__typename}}"


async def test_a_former_colleague_is_erased_completely_and_the_chain_still_verifies(house: House) -> None:
    """Rows, key, letters and open proposals go; a certificate says so."""
    admin = await house.colleague(Role.ADMIN, name="Zane Bērziņa")
    leaving = await house.colleague(Role.PRIVACY_OFFICER, name="Helena Mārša")
    await leaving.ok(PUBLISH + PLAIN, v=house.world.policy.drafts[0].name, f=VALID.isoformat())
    members = await admin.ok("{staff {id email}}")
    await admin.step_up()
    await admin.ok(DEACTIVATE, i=next(one["id"] for one in members if one["email"] == leaving.email))
    assert await Approval.filter(kind=ApprovalKind.POLICY_PUBLICATION).count() == 1

    house.clock.advance(days=1_090)
    await house.work()
    assert await Staff.filter(id=leaving.id).exists()
    house.clock.advance(days=4.5)
    for _ in range(3):
        await house.work()
        house.clock.advance(hours=2)

    assert not await Staff.filter(id=leaving.id).exists()
    assert not await PersonKey.filter(person_id=leaving.id).exists()
    assert not await IndexEntry.filter(person_id=leaving.id).exists()
    assert not await StaffSession.filter(staff_id=leaving.id).exists()
    assert not await Letter.filter(person_id=leaving.id).exists()
    assert not await Approval.all().exists()
    assert not await ErasureProbe.all().exists()
    stone = await Tombstone.get(id=leaving.id)
    certificate = await Certificate.get()
    assert (stone.stage.value, certificate.clause) == ("CERTIFIED", "6.1.3")
    assert certificate.erased_at <= certificate.erase_by
    assert not await Event.filter(actor_id=leaving.id).exists()  # what they did is three years ago as well
    assert (await verify_chain(house.world)).problems == []
    await admin.sign_in()
    assert "Helena Mārša" not in str(await admin.ok("{staff {name}}"))


async def test_whoever_is_invited_again_in_time_stays_and_later_is_somebody_new(house: House) -> None:
    """Being invited ends the waiting; once the erasure has begun, the address belongs to nobody."""
    admin = await house.colleague(Role.ADMIN, name="Zane Bērziņa")
    leaving = await house.colleague(Role.SUPPORT, name="Priya Shah")
    await Staff.filter(id=leaving.id).update(deactivated_at=START)
    house.clock.advance(days=1_095)
    await house.work(only="begin-former-staff")
    await admin.sign_in()
    await admin.step_up()
    invite = """mutation($e: String!) {inviteStaff(email: $e, name: "Priya Shah", roles: [SUPPORT]) {
        __typename ...R ... on StaffUpdated {staff {email}}}} fragment R on Refusal {code}"""

    await admin.ok(invite, e=leaving.email)
    await house.work()

    assert await Staff.all().count() == 2
    assert not await Staff.filter(id=leaving.id).exists()


async def test_a_probe_that_outlives_its_row_in_a_log_opens_nothing(house: House) -> None:
    """Its key was wrapped by a key that served for nothing else and is gone before the certificate is signed (clause 4)."""
    person = await house.customer()
    await person.step_up()
    await person.ok("mutation {deleteProfile {__typename}}")
    house.clock.advance(days=91)
    await house.work(only="begin-erasures")
    await house.work(only="destroy-keys")
    copy = await ErasureProbe.get()
    assert is_beside(copy.kek_id)
    assert copy.kek_id in house.world.vault.ring.ids()

    for _ in range(3):
        await house.work()
        house.clock.advance(hours=2)

    assert await Certificate.all().count() == 1
    assert not [kek for kek in house.world.vault.ring.ids() if is_beside(kek)]
    assert not await ErasureProbe.all().exists()

"""Every refusal that a mutation can give is given at least once, through GraphQL. tests/house/test_refusals.py holds CASES
against what the actions' docstrings and code say, so that a new reason without a case fails there."""

from typing import Any

import pytest

from models.actions.payment_methods import AT_MOST as METHODS
from models.actions.related_persons import AT_MOST as PERSONS
from models.actions.requests import AT_MOST as REQUESTS
from models.refused import Reason as R
from models.tables import Bucket, Customer, Export, Hold, Service
from models.tables.cases import HoldContents
from models.tables.exports import ExportStatus
from models.tables.services import ServiceContents
from schema.words import REASONS
from tests.factories import PASSWORD, START, House
from tests.schema import factor_cases  # noqa: F401  fills CASES
from tests.schema.cases import CASES, case, these
from tests.schema.test_inputs import busy, proven, reset_token
from tests.schema.test_subjects import EXAMPLES, IBAN, KEY, PERSON, asking, no, yes

# ---- the same way for many ------------------------------------------------------------------------------------------
VIEWED = """signOut endSession endOtherSessions changePassword beginStepUp stepUp reportSignIn editProfile revealPersonalCode
    changeEmail cancelEmailChange restoreValue addPaymentMethod setDefaultPaymentMethod removePaymentMethod setPreferences
    addRelatedPerson editRelatedPerson removeRelatedPerson rename sendMessage markMessagesRead answerPolicy requestExport
    deleteProfile fileRequest withdrawRequest"""


@case(R.NOT_SIGNED_IN, *VIEWED.split())
async def _nobody(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name)


@case(R.INVALID_INPUT, "fileComplaint")
async def _from_nobody(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name)


@case(R.NOT_FOUND, "fileComplaint")
async def _about_nothing(house: House, name: str) -> dict[str, Any]:
    return await no(await house.customer(), name, input={"text": "Please answer.", "about": "made up"})


@case(
    R.EXPIRED_TOKEN,
    *these("""confirmEmail completeSignIn refreshTokens resetPassword revertEmailChange unsubscribe
    collectCopy"""),
)
async def _made_up_token(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name)


@case(R.EXPIRED_TOKEN, "reportSignIn", "removeRelatedPerson")
async def _made_up_link(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name, by={"token": "made up"})


@case(
    R.NOT_FOUND,
    *these("""endSession restoreValue setDefaultPaymentMethod removePaymentMethod editRelatedPerson reportSignIn
    removeRelatedPerson rename sendMessage markMessagesRead answerPolicy cancelEmailChange revealPersonalCode withdrawRequest"""),
)
async def _made_up_id(house: House, name: str) -> dict[str, Any]:
    return await no(await proven(house), name)


@case(
    R.STEP_UP_REQUIRED,
    *these("""endOtherSessions editProfile revealPersonalCode changeEmail addPaymentMethod
    requestExport deleteProfile"""),
)
async def _unproven(house: House, name: str) -> dict[str, Any]:
    return await no(await house.customer(), name)


@case(R.STEP_UP_REQUIRED, "setDefaultPaymentMethod", "removePaymentMethod", "restoreValue", "endSession")
async def _unproven_any_more(house: House, name: str) -> dict[str, Any]:
    person = await proven(house, familyName="Krūmiņa")
    added = await yes(person, "addPaymentMethod", "... on PaymentMethodAdded {paymentMethod {id}}")
    await yes(person, "editProfile", input={"revision": 1, "givenName": "Ilze"})
    other = house.client()
    other.email = person.email
    await other.sign_in()
    sessions = (await person.ok("{viewer {sessions {id isCurrent}}}"))["sessions"]
    changes = (await person.ok("{viewer {changes {nodes {id}}}}"))["changes"]["nodes"]
    house.clock.advance(minutes=6)
    if name == "endSession":
        return await no(person, name, id=next(one["id"] for one in sessions if not one["isCurrent"]))
    if name == "restoreValue":
        return await no(person, name, changeId=changes[0]["id"])
    return await no(person, name, id=added["paymentMethod"]["id"])


@case(R.INVALID_INPUT, *these("""resendConfirmation signIn requestPasswordReset"""))
async def _wrong_address(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name, email="anna")


WRONG: dict[str, dict[str, Any]] = {
    "editProfile": {"input": {"revision": 1, "givenName": ""}}, "changeEmail": {"newEmail": "anna"},
    "changePassword": {}, "rename": {"label": "4111 1111 1111 1111"}, "setPreferences": {"input": {"timeZone": "Riga"}},
    "addRelatedPerson": {"input": PERSON | {"givenName": ""}}, "sendMessage": {"text": " ", "about": None},
    "addPaymentMethod": {"input": {"idempotencyKey": "short", "method": IBAN}}, "signUp": {}, "fileRequest": {"kind": "COPY"},
}  # fmt: skip


@case(R.INVALID_INPUT, *WRONG)
async def _wrong_value(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    if name == "rename":
        WRONG[name]["id"] = (await person.ok("{viewer {sessions {id}}}"))["sessions"][0]["id"]
    return await no(person, name, **WRONG[name])


@case(R.INVALID_INPUT, "editRelatedPerson")
async def _wrong_person(house: House, name: str) -> dict[str, Any]:
    person = await house.customer()
    added = await yes(person, "addRelatedPerson", "... on RelatedPersonAdded {relatedPerson {id}}")
    return await no(person, name, id=added["relatedPerson"]["id"], input=PERSON | {"email": "anna"})


@case(R.INVALID_INPUT, "removePaymentMethod")
async def _replaces_itself(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    added = await yes(person, "addPaymentMethod", "... on PaymentMethodAdded {paymentMethod {id}}")
    return await no(person, name, id=added["paymentMethod"]["id"], replacementId=added["paymentMethod"]["id"])


@case(R.INVALID_INPUT, "resetPassword")
async def _weak(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name, token=await reset_token(house), newPassword="short")


@case(R.BUSY, "signUp", "signIn", "resetPassword", "changePassword", "stepUp")
async def _no_thread_left(house: House, name: str) -> dict[str, Any]:
    arguments: dict[str, Any] = {}
    if name == "signUp":
        arguments = {"input": house.client().sign_up_input()}
    if name == "resetPassword":
        arguments = {"token": await reset_token(house), "newPassword": PASSWORD + " too"}
    return await no(await busy(house, await house.customer()), name, **arguments)


@case(
    R.TOO_MANY_ATTEMPTS,
    *these("""signUp resendConfirmation signIn requestPasswordReset changePassword stepUp changeEmail
    addRelatedPerson
    editRelatedPerson sendMessage fileRequest collectCopy fileComplaint"""),
)
async def _again_and_again(house: House, name: str) -> dict[str, Any]:
    person, another = await proven(house), {"input": PERSON | {"email": "anna@example.com"}}
    added = await yes(person, "addRelatedPerson", "... on RelatedPersonAdded {relatedPerson {id}}")
    arguments: dict[str, dict[str, Any]] = {
        "signUp": {"input": person.sign_up_input(email="x@example.com")}, "addRelatedPerson": another,
        "editRelatedPerson": another | {"id": added["relatedPerson"]["id"]}, "sendMessage": {"about": None},
        "changePassword": {"currentPassword": "wrong"},
    }  # fmt: skip
    given = {**EXAMPLES[name], **arguments.get(name, {})}
    await person.answer(asking(name, given, ""), **given)
    await Bucket.all().update(level=1000)  # as many more were tried
    return await no(person, name, **given | ({"idempotencyKey": KEY + "-2"} if name == "sendMessage" else {}))


@case(R.TOO_MANY_ATTEMPTS, "requestExport")
async def _a_fourth_copy(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    for _ in range(3):
        await yes(person, name)
        await Export.all().update(status=ExportStatus.EXPIRED)  # one that is under way is answered again
    return await no(person, name)


# ---- each in its own way --------------------------------------------------------------------------------------------
@case(R.WRONG_CREDENTIALS, "signIn", "changePassword", "stepUp")
async def _wrong_password(house: House, name: str) -> dict[str, Any]:
    return await no(await house.customer(), name, **({"currentPassword": "wrong"} if name == "changePassword" else {}))


@case(R.EMAIL_UNCONFIRMED, "signIn")
async def _unconfirmed(house: House, name: str) -> dict[str, Any]:
    person = house.client()
    await person.sign_up()
    return await no(person, name, email=person.email, password=person.password)


@case(R.RESET_REQUIRED, "signIn")
async def _secured(house: House, name: str) -> dict[str, Any]:
    person = await house.customer()
    attempt = (await person.ok("{viewer {signIns {nodes {id}}}}"))["signIns"]["nodes"][0]
    await yes(person, "reportSignIn", by={"id": attempt["id"]})
    return await no(person, name, email=person.email, password=person.password)


@case(R.STALE_REVISION, "editProfile")
async def _stale(house: House, name: str) -> dict[str, Any]:
    return await no(await house.customer(), name, input={"revision": 2, "givenName": "Ilze"})


@case(R.LIMIT_REACHED, "fileRequest")
async def _ten_open_requests(house: House, name: str) -> dict[str, Any]:
    person = await house.customer()
    for _ in range(REQUESTS):
        await yes(person, name, kind="UPDATE")
    return await no(person, name)


@case(R.ON_HOLD, "removePaymentMethod", "removeRelatedPerson")
async def _held(house: House, name: str) -> dict[str, Any]:
    person, customer = await proven(house), await Customer.get()
    method = await yes(person, "addPaymentMethod", "... on PaymentMethodAdded {paymentMethod {id}}")
    named = await yes(person, "addRelatedPerson", "... on RelatedPersonAdded {relatedPerson {id}}")
    hold = Hold(
        id=house.world.new_id(),
        customer_id=customer.id,
        scope=["all"],
        placed_at=START,
        placed_by=customer.id,
        review_by=START,
    )
    hold.seal(await house.world.vault.keys([customer.id]), HoldContents(basis="A dispute"))
    await hold.save(force_create=True)
    if name == "removePaymentMethod":
        return await no(person, name, id=method["paymentMethod"]["id"])
    return await no(person, name, by={"id": named["relatedPerson"]["id"]})


@case(R.LIMIT_REACHED, "addPaymentMethod", "addRelatedPerson")
async def _as_many_as_there_may_be(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    for number in range(PERSONS if name == "addRelatedPerson" else METHODS):
        method = {
            "idempotencyKey": f"another-key-{number:04}",
            "method": {"payPal": {"email": f"a{number}@example.com"}},
        }
        await yes(person, name, input=PERSON if name == "addRelatedPerson" else method)
    return await no(person, name)


@case(R.IN_USE, "removePaymentMethod")
async def _pays(house: House, name: str) -> dict[str, Any]:
    person, customer = await proven(house), await Customer.get()
    added = await yes(person, "addPaymentMethod", "... on PaymentMethodAdded {paymentMethod {id}}")
    row = Service(id=house.world.new_id(), customer_id=customer.id, reference="S-1", kind="HOSTING", started_at=START)
    row.seal(await house.world.vault.keys([customer.id]), ServiceContents(name="ozolina.example"))
    await row.save(force_create=True)
    return await no(person, name, id=added["paymentMethod"]["id"])


@case(R.EXPIRED_TOKEN, "restoreValue")
async def _restored_before(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    await yes(person, "editProfile", input={"revision": 1, "givenName": "Ilze"})
    change = (await person.ok("{viewer {changes {nodes {id}}}}"))["changes"]["nodes"][0]
    await yes(person, name, changeId=change["id"])
    return await no(person, name, changeId=change["id"])


@case(R.COOLING_OFF, "requestExport")
async def _cooling_off(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    await yes(person, "editProfile")
    return await no(person, name)


@case(R.NOT_PERMITTED, "answerPolicy")
async def _binds_already(house: House, name: str) -> dict[str, Any]:
    return await no(await house.customer(), name, version=house.world.policy.newest.name, answer="DECLINED")


# ---- the tests ------------------------------------------------------------------------------------------------------
ALL = [(name, reason) for name, ways in sorted(CASES.items()) for reason in ways]
SAMPLE = [("addPaymentMethod", R.LIMIT_REACHED), ("requestExport", R.COOLING_OFF), ("stepUp", R.TOO_MANY_ATTEMPTS),
          ("editProfile", R.STALE_REVISION), ("removePaymentMethod", R.IN_USE), ("signIn", R.EMAIL_UNCONFIRMED),
          ("restoreValue", R.EXPIRED_TOKEN), ("markMessagesRead", R.NOT_FOUND), ("endSession", R.STEP_UP_REQUIRED)]  # fmt: skip
LATE = {R.TOO_MANY_ATTEMPTS, R.COOLING_OFF, R.BUSY}


async def given(house: House, name: str, reason: R) -> None:
    """Drive one case, and look at the whole refusal."""
    refused = await CASES[name][reason](house)
    assert refused["code"] == reason
    assert refused["message"] == REASONS[reason]["EN"]
    assert (refused["retryAt"] is not None) == (reason in LATE)
    assert bool(refused["problems"]) == (reason is R.INVALID_INPUT)


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("name", "reason"), ALL)
async def test_it_is_refused(house: House, name: str, reason: R) -> None:
    """As data, in the reader's words; when to try again and what is wrong only where that is the reason."""
    await given(house, name, reason)


@pytest.mark.postgres
@pytest.mark.parametrize("urls", ["postgres"], indirect=True)
@pytest.mark.parametrize(("name", "reason"), SAMPLE)
async def test_it_is_refused_on_postgresql_too(house: House, name: str, reason: R) -> None:
    """A sample that looks at rows, times and locks."""
    await given(house, name, reason)

"""The refusals of factors, of the second step, and of proofs."""

from typing import Any

from models.actions.factors import PASSKEYS_AT_MOST
from models.refused import Reason as R
from models.tables import Bucket
from tests.authenticator import Authenticator
from tests.enrolled import (
    ASK_PASSKEY,
    BEGIN_PASSKEY,
    add_passkey,
    add_totp,
    same_person,
    sign_in,
    with_passkey,
    with_totp,
    wrong,
)
from tests.factories import Client, House
from tests.schema.cases import case, these
from tests.schema.test_inputs import proven
from tests.schema.test_subjects import EXAMPLES, asking, no, yes

CHANGING = "beginTotp confirmTotp disableTotp beginPasskey addPasskey removePasskey makeRecoveryCodes"
SHORT = "vk7#Qp2!xz"


async def _asked(person: Client) -> tuple[Client, str]:
    """Another browser, half-way in."""
    other = same_person(person)
    return other, str((await sign_in(other))["challenge"])


@case(R.NOT_SIGNED_IN, *these(CHANGING))
async def _nobody(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name)


@case(R.STEP_UP_REQUIRED, *these(CHANGING))
async def _unproven_any_more(house: House, name: str) -> dict[str, Any]:
    person, _ = await with_passkey(house)
    [key] = (await person.ok("{viewer {security {passkeys {id}}}}"))["security"]["passkeys"]
    house.clock.advance(minutes=6)
    return await no(person, name, **({"id": key["id"]} if name == "removePasskey" else {}))


@case(R.STEP_UP_REQUIRED, "stepUp", "changePassword")
async def _something_stronger_is_enrolled(house: House, name: str) -> dict[str, Any]:
    person, _ = await with_totp(house)
    house.clock.advance(minutes=6)
    return await no(person, name)


@case(R.EXPIRED_TOKEN, "signInWithPasskey", "requestFactorRecovery", "removeLostFactors")
async def _made_up(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name)


@case(R.EXPIRED_TOKEN, "addPasskey")
async def _made_up_for_a_session(house: House, name: str) -> dict[str, Any]:
    return await no(await proven(house), name)


@case(R.EXPIRED_TOKEN, "stepUp")
async def _old_challenge(house: House, name: str) -> dict[str, Any]:
    person, _ = await with_passkey(house)
    return await no(person, name, proof={"passkey": {"challenge": "old", "credential": {}}})


@case(R.NOT_FOUND, "confirmTotp", "disableTotp", "removePasskey")
async def _none_there(house: House, name: str) -> dict[str, Any]:
    return await no(await proven(house), name)


@case(R.NOT_READY, "makeRecoveryCodes")
async def _nothing_to_recover(house: House, name: str) -> dict[str, Any]:
    return await no(await proven(house), name)


@case(R.NOT_PERMITTED, "disableTotp", "removePasskey")
async def _a_short_password_would_stand_alone(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    await (add_totp(person) if name == "disableTotp" else add_passkey(person))
    await yes(person, "changePassword", newPassword=SHORT)
    keys = (await person.ok("{viewer {security {passkeys {id}}}}"))["security"]["passkeys"]
    return await no(person, name, **({"id": keys[0]["id"]} if keys else {}))


@case(R.NOT_PERMITTED, "requestFactorRecovery")
async def _closed(house: House, name: str) -> dict[str, Any]:
    person, _ = await with_totp(house)
    await yes(person, "deleteProfile")
    other, challenge = await _asked(person)
    return await no(other, name, challenge=challenge)


@case(R.LIMIT_REACHED, "beginTotp")
async def _one_app(house: House, name: str) -> dict[str, Any]:
    person, _ = await with_totp(house)
    return await no(person, name)


@case(R.LIMIT_REACHED, "beginPasskey", "addPasskey")
async def _as_many_passkeys_as_there_may_be(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    begun, late = await person.ok(BEGIN_PASSKEY), Authenticator()
    for number in range(PASSKEYS_AT_MOST):
        await add_passkey(person, str(number))
    if name == "beginPasskey":
        return await no(person, name)
    return await no(person, name, challenge=begun["challenge"], credential=late.create(begun["options"]))


@case(R.INVALID_INPUT, "addPasskey")
async def _wrong_credential(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    begun = await person.ok(BEGIN_PASSKEY)
    return await no(person, name, challenge=begun["challenge"])


@case(R.INVALID_INPUT, "completeSignIn")
async def _the_password_again(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name, proof={"password": "again"})


@case(R.INVALID_INPUT, "signInWithPasskey")
async def _wrong_label(house: House, name: str) -> dict[str, Any]:
    return await no(house.client(), name, label="4111 1111 1111 1111")


@case(R.WRONG_CREDENTIALS, "confirmTotp")
async def _wrong_first_code(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    await yes(person, "beginTotp")
    return await no(person, name)


@case(R.WRONG_CREDENTIALS, "completeSignIn")
async def _wrong_code(house: House, name: str) -> dict[str, Any]:
    person, app = await with_totp(house)
    other, challenge = await _asked(person)
    return await no(other, name, challenge=challenge, proof={"totp": wrong(app)})


@case(R.WRONG_CREDENTIALS, "signInWithPasskey")
async def _unknown_passkey(house: House, name: str) -> dict[str, Any]:
    asked = await house.client().ok(ASK_PASSKEY)
    return await no(
        house.client(), name, challenge=asked["challenge"], credential=Authenticator().get(asked["options"])
    )


@case(R.RESET_REQUIRED, "completeSignIn", "signInWithPasskey", "requestFactorRecovery")
async def _secured(house: House, name: str) -> dict[str, Any]:
    person, device = await with_passkey(house)
    attempt = (await person.ok("{viewer {signIns {nodes {id}}}}"))["signIns"]["nodes"][0]
    await yes(person, "reportSignIn", by={"id": attempt["id"]})
    other = same_person(person)
    if name == "signInWithPasskey":
        asked = await other.ok(ASK_PASSKEY)
        return await no(other, name, challenge=asked["challenge"], credential=device.get(asked["options"]))
    asked = await sign_in(other)
    if name == "requestFactorRecovery":
        return await no(other, name, challenge=asked["challenge"])
    proof = {"passkey": {"challenge": asked["challenge"], "credential": device.get(asked["passkeyOptions"])}}
    return await no(other, name, challenge=asked["challenge"], proof=proof)


@case(
    R.TOO_MANY_ATTEMPTS, *these("beginPasskeySignIn signInWithPasskey confirmTotp completeSignIn requestFactorRecovery")
)
async def _again_and_again(house: House, name: str) -> dict[str, Any]:
    person = await proven(house)
    given: dict[str, Any] = {}
    if name == "confirmTotp":
        await yes(person, "beginTotp")
    elif name in ("completeSignIn", "requestFactorRecovery"):
        await add_totp(person)
        person, given["challenge"] = await _asked(person)
    whole = {**EXAMPLES[name], **given}
    await person.answer(asking(name, whole, ""), **whole)
    await Bucket.all().update(level=1000)  # as many more were tried
    return await no(person, name, **given)

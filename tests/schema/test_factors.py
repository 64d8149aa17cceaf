"""The customer's factors: added and removed after a fresh proof with the strongest enrolled, told by letter, undone by its link."""

from typing import Any

import pytest

from models.actions import edit_profile
from models.actions.factors import PASSKEYS_AT_MOST
from models.actions.origin import Viewer
from models.refused import Reason, Refused
from models.tables import Customer, Passkey, RecoveryCode, Session, Totp
from tests.authenticator import PRESENT, Authenticator
from tests.enrolled import (
    ADD_PASSKEY,
    BEGIN_PASSKEY,
    BEGIN_STEP_UP,
    BEGIN_TOTP,
    CONFIRM_TOTP,
    SECURITY,
    add_passkey,
    add_totp,
    complete,
    prove,
    prove_by_passkey,
    same_person,
    sign_in,
    sign_in_by_passkey,
    with_passkey,
    with_totp,
    wrong,
)
from tests.factories import Client, House

DISABLE = "mutation {disableTotp {__typename ... on Refusal {code}}}"
REMOVE = (
    "mutation($i: ID!) {removePasskey(id: $i) {__typename ... on PasskeyRemoved {removedId} ... on Refusal {code}}}"
)
CODES = "mutation {makeRecoveryCodes {__typename ... on RecoveryCodesMade {codes} ... on Refusal {code}}}"
CHANGE = """mutation($c: String!, $n: String!) {changePassword(currentPassword: $c, newPassword: $n)
  {__typename ... on Refusal {code problems {field code}}}}"""
REPORT = "mutation($t: String!) {reportSignIn(by: {token: $t}) {__typename ... on Refusal {code}}}"
RESET = """mutation($t: String!, $n: String!) {resetPassword(token: $t, newPassword: $n)
  {__typename ... on Refusal {code problems {field code}}}}"""
SHORT = "vk7#Qp2!xz"  # long enough beside a second factor only


async def said(person: Client, query: str, **variables: Any) -> Any:
    """The single root field's value, refusals included."""
    answer = await person.answer(query, **variables)
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values()))


async def passkey_ids(person: Client) -> list[str]:
    return [one["id"] for one in (await person.ok(SECURITY))["security"]["passkeys"]]


# ---- adding ---------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.3.7", "7.5.1")
async def test_an_authenticator_app_counts_from_its_first_code(house: House) -> None:
    """Seed and address of a QR code, ten recovery codes, an event, a letter, 72 hours of cooling off."""
    person = await house.customer()
    assert (await said(person, BEGIN_TOTP))["code"] == "STEP_UP_REQUIRED"
    await person.step_up()

    begun = await person.ok(BEGIN_TOTP)
    assert begun["uri"].startswith("otpauth://totp/")
    assert not (await person.ok(SECURITY))["security"]["totpEnabled"], "not before its first code"
    app = await add_totp(person)

    assert len(set(app.recovery_codes)) == 10
    security = (await person.ok(SECURITY))["security"]
    assert security["totpEnabled"] is True
    assert security["recoveryCodesLeft"] == 10
    assert security["coolingOffUntil"] is not None
    await house.work(only="post-letters")
    assert [one.params["what"] for one in house.letters if one.template == "factor-changed"] == ["totp_added"]
    events = (await person.ok("{viewer {events(first: 1) {nodes {action title fields}}}}"))["events"]["nodes"]
    assert events == [{"action": "totp.added", "title": "Authenticator app added", "fields": ["totp"]}]


async def test_a_wrong_first_code_counts_nothing(house: House) -> None:
    """Nor does a code without a secret begun; guessing is slowed down."""
    person = await house.customer()
    await person.step_up()
    assert (await said(person, CONFIRM_TOTP, c="123456"))["code"] == "NOT_FOUND"
    await person.ok(BEGIN_TOTP)
    for _ in range(7):
        assert (await said(person, CONFIRM_TOTP, c="12345"))["code"] == "WRONG_CREDENTIALS"

    assert (await said(person, CONFIRM_TOTP, c="12345"))["code"] == "TOO_MANY_ATTEMPTS"
    assert not (await person.ok(SECURITY))["security"]["totpEnabled"]


async def test_one_authenticator_app_and_no_second(house: House) -> None:
    """Another secret is refused while one counts."""
    person, _ = await with_totp(house)

    assert (await said(person, BEGIN_TOTP))["code"] == "LIMIT_REACHED"


async def test_a_passkey_is_kept_under_a_name_of_the_customer_s_own(house: House) -> None:
    """Added, shown, renamed, found by its id; not by somebody else."""
    person, _ = await with_passkey(house)
    [held] = (await person.ok(SECURITY))["security"]["passkeys"]
    assert held["label"] == "Laptop"

    rename = (
        'mutation($i: ID!) {rename(id: $i, label: "Zaļais dators") {... on Renamed {node {id ... on Passkey {label}}}}}'
    )
    renamed = await person.ok(rename, i=held["id"])
    assert renamed["node"] == {"id": held["id"], "label": "Zaļais dators"}
    node = "query($i: ID!) {node(id: $i) {... on Passkey {label createdAt}}}"
    assert (await person.ok(node, i=held["id"]))["label"] == "Zaļais dators"
    other = await house.customer()
    await other.step_up()
    assert await other.ok(node, i=held["id"]) is None
    assert (await said(other, REMOVE, i=held["id"]))["code"] == "NOT_FOUND"


@pytest.mark.asvs("6.5.7")
async def test_a_passkey_that_is_not_right_is_not_kept(house: House) -> None:
    """Another origin, another host, another challenge, no user verification, and the same one twice."""
    person = await house.customer()
    await person.step_up()
    for lies in ({"origin": "https://evil.example"}, {"host": "evil.example"}, {"flags": PRESENT}):
        begun = await person.ok(BEGIN_PASSKEY)
        made = Authenticator(**lies).create(begun["options"])
        refused = await said(person, ADD_PASSKEY, c=begun["challenge"], d=made, l="x")
        assert refused["problems"] == [{"field": ["credential"], "code": "MALFORMED"}], lies
    first, second = await person.ok(BEGIN_PASSKEY), await person.ok(BEGIN_PASSKEY)
    made = Authenticator().create(first["options"])
    assert (await said(person, ADD_PASSKEY, c=second["challenge"], d=made, l="x"))["code"] == "INVALID_INPUT"
    await person.ok(ADD_PASSKEY, c=first["challenge"], d=made, l="x")
    assert (await said(person, ADD_PASSKEY, c=first["challenge"], d=made, l="x"))["code"] == "EXPIRED_TOKEN"
    other = await house.customer()
    await other.step_up()
    begun = await other.ok(BEGIN_PASSKEY)
    stolen = Authenticator(credential_id=(await _credential(house)))
    refused = await said(other, ADD_PASSKEY, c=begun["challenge"], d=stolen.create(begun["options"]), l="x")
    assert refused["problems"] == [{"field": ["credential"], "code": "DUPLICATE"}]


async def _credential(house: House) -> bytes:
    row = await Passkey.all().first()
    assert row is not None
    return bytes(row.opened(await house.world.vault.keys([row.customer_id])).credential_id)


async def test_a_challenge_to_add_a_passkey_is_one_session_s_for_five_minutes(house: House) -> None:
    """Neither another session nor a later answer."""
    person = await house.customer()
    await person.step_up()
    other = same_person(person)
    await other.sign_in()
    await other.step_up()
    begun = await person.ok(BEGIN_PASSKEY)
    made = Authenticator().create(begun["options"])

    assert (await said(other, ADD_PASSKEY, c=begun["challenge"], d=made, l="x"))["code"] == "EXPIRED_TOKEN"
    house.clock.advance(minutes=5, seconds=1)
    await person.step_up()
    assert (await said(person, ADD_PASSKEY, c=begun["challenge"], d=made, l="x"))["code"] == "EXPIRED_TOKEN"


async def test_ten_passkeys_and_no_more(house: House) -> None:
    """LIMIT_REACHED, at the beginning and at the end."""
    person, _ = await with_passkey(house)
    early = await person.ok(BEGIN_PASSKEY)
    for number in range(1, PASSKEYS_AT_MOST):
        await add_passkey(person, f"Key {number}")

    assert (await said(person, BEGIN_PASSKEY))["code"] == "LIMIT_REACHED"
    made = Authenticator().create(early["options"])
    assert (await said(person, ADD_PASSKEY, c=early["challenge"], d=made, l="x"))["code"] == "LIMIT_REACHED"


# ---- removing -------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.5.6")
async def test_every_factor_can_be_removed_again(house: House) -> None:
    """The last one takes its recovery codes with it; then a password alone signs in."""
    person, app = await with_totp(house)
    device = await add_passkey(person)
    assert (await said(person, REMOVE, i="bm9uZQ=="))["code"] == "NOT_FOUND"

    [key] = await passkey_ids(person)
    await person.ok(REMOVE, i=key)
    assert await RecoveryCode.all().count() == 10
    assert (await sign_in_by_passkey(same_person(person), device))["code"] == "WRONG_CREDENTIALS"
    house.clock.advance(minutes=6)
    assert (await said(person, DISABLE))["code"] == "STEP_UP_REQUIRED"
    assert (await prove(person, totp=app.code()))["__typename"] == "SteppedUp"
    await person.ok(DISABLE)

    assert (await said(person, DISABLE))["code"] == "NOT_FOUND"
    assert await RecoveryCode.all().count() == await Totp.all().count() == await Passkey.all().count() == 0
    assert (await sign_in(same_person(person)))["__typename"] == "SignedIn"


@pytest.mark.asvs("6.2.1")
async def test_a_short_password_stands_beside_a_factor_and_never_alone(house: House) -> None:
    """Eight characters do with a second factor; then the last one cannot go before the password is long again."""
    person = await house.customer()
    await person.step_up()
    refused = await said(person, CHANGE, c=person.password, n=SHORT)
    assert refused["problems"] == [{"field": ["newPassword"], "code": "TOO_SHORT"}]
    await add_totp(person)

    assert (await said(person, CHANGE, c=person.password, n=SHORT))["__typename"] == "PasswordChanged"
    assert (await said(person, DISABLE))["code"] == "NOT_PERMITTED"
    await add_passkey(person)
    assert (await said(person, DISABLE))["__typename"] == "TotpDisabled", "a passkey is left"
    [key] = await passkey_ids(person)
    assert (await said(person, REMOVE, i=key))["code"] == "NOT_PERMITTED"
    assert (await said(person, CHANGE, c=SHORT, n=person.password + "!"))["__typename"] == "PasswordChanged"
    assert (await said(person, REMOVE, i=key))["__typename"] == "PasskeyRemoved"


async def test_recovery_codes_are_made_anew_and_only_beside_a_factor(house: House) -> None:
    """Ten new ones, the old ones void; without a second factor there is nothing to recover."""
    person = await house.customer()
    await person.step_up()
    assert (await said(person, CODES))["code"] == "NOT_READY"
    app = await add_totp(person)

    new = (await person.ok(CODES))["codes"]
    assert len({*new, *app.recovery_codes}) == 20
    other = same_person(person)
    challenge = (await sign_in(other))["challenge"]
    assert (await complete(other, challenge, recoveryCode=app.recovery_codes[0]))["code"] == "WRONG_CREDENTIALS"
    assert (await complete(other, challenge, recoveryCode=new[0].upper()))["__typename"] == "SignedIn"


@pytest.mark.asvs("6.5.2", "6.5.4")
async def test_what_is_stored_of_codes_and_seeds_cannot_be_read(house: House) -> None:
    """Keyed hashes of 120 bits, and a seed sealed under the person's key."""
    _, app = await with_totp(house)
    stored = b"".join([bytes(one.digest) for one in await RecoveryCode.all()])
    row = await Totp.all().first()

    assert row is not None
    assert all(code.replace("-", "").encode() not in stored for code in app.recovery_codes)
    assert app.seed.encode() not in bytes(row.sealed or b"")


# ---- the strongest proof --------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.3.4", "7.5.3", "10.3.4")
async def test_a_step_up_takes_the_strongest_factor_only(house: House) -> None:
    """Password, then authenticator app, then passkey: what is weaker is refused, and beginStepUp tells what will do."""
    person = await house.customer()
    assert (await person.ok(BEGIN_STEP_UP))["methods"] == ["PASSWORD"]
    assert (await prove(person, totp="123456"))["code"] == "STEP_UP_REQUIRED"
    assert (await prove(person, password="wrong"))["code"] == "WRONG_CREDENTIALS"
    await person.step_up()
    app = await add_totp(person)

    assert (await person.ok(BEGIN_STEP_UP))["methods"] == ["TOTP"]
    assert (await prove(person, password=person.password))["code"] == "STEP_UP_REQUIRED"
    assert (await prove(person, recoveryCode=app.recovery_codes[0]))["code"] == "STEP_UP_REQUIRED"
    assert (await prove(person, totp=wrong(app)))["code"] == "WRONG_CREDENTIALS"
    assert (await prove(person, totp=app.code()))["__typename"] == "SteppedUp"
    device = await add_passkey(person)

    asked = await person.ok(BEGIN_STEP_UP)
    assert asked["methods"] == ["PASSKEY"]
    assert (await prove(person, totp=app.code()))["code"] == "STEP_UP_REQUIRED"
    assert (await prove_by_passkey(person, device))["__typename"] == "SteppedUp"
    assert (await prove_by_passkey(person, Authenticator(user=device.user)))["code"] == "WRONG_CREDENTIALS"


@pytest.mark.asvs("6.5.1", "7.2.4")
async def test_a_proof_works_once_and_gives_a_new_cookie(house: House) -> None:
    """A code, or a passkey's answer, that somebody saw is worth nothing; nor is the cookie of before."""
    person, app = await with_totp(house)
    before, code = person.http.cookies["session"], app.code()
    assert (await prove(person, totp=code))["__typename"] == "SteppedUp"
    assert person.http.cookies["session"] != before
    assert (await prove(person, totp=code))["code"] == "WRONG_CREDENTIALS"
    old = house.client()
    old.http.cookies["session"] = before
    assert await old.ok("{viewer {id}}") is None

    device = await add_passkey(person)
    asked = await person.ok(BEGIN_STEP_UP)
    proof = {"challenge": asked["challenge"], "credential": device.get(asked["passkeyOptions"])}
    assert (await prove(person, passkey=proof))["__typename"] == "SteppedUp"
    assert (await prove(person, passkey=proof))["code"] == "EXPIRED_TOKEN"


async def test_a_challenge_of_another_session_proves_nothing(house: House) -> None:
    """A step-up is this session's own."""
    person, device = await with_passkey(house)
    other = same_person(person)
    assert (await sign_in_by_passkey(other, device))["__typename"] == "SignedIn"
    asked = await other.ok(BEGIN_STEP_UP)
    proof = {"challenge": asked["challenge"], "credential": device.get(asked["passkeyOptions"])}

    assert (await prove(person, passkey=proof))["code"] == "EXPIRED_TOKEN"


@pytest.mark.asvs("6.2.2")
@pytest.mark.asvs("6.2.3", "7.5.1")
async def test_the_password_is_changed_with_the_strongest_factor_where_there_is_one(house: House) -> None:
    """The current password alone does not do any more."""
    person, app = await with_totp(house)
    house.clock.advance(minutes=6)

    assert (await said(person, CHANGE, c=person.password, n=SHORT))["code"] == "STEP_UP_REQUIRED"
    assert (await prove(person, totp=app.code()))["__typename"] == "SteppedUp"
    assert (await said(person, CHANGE, c="wrong", n=SHORT))["code"] == "WRONG_CREDENTIALS"
    assert (await said(person, CHANGE, c=person.password, n=SHORT))["__typename"] == "PasswordChanged"


# ---- undoing --------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.3.7")
async def test_the_letter_about_a_factor_undoes_it(house: House) -> None:
    """It, and what came after it, is removed; sessions end; what was there before stays."""
    person, app = await with_totp(house)
    await house.work(only="post-letters")
    house.clock.advance(days=20)
    assert (await prove(person, totp=app.code()))["code"] == "NOT_SIGNED_IN"
    person = same_person(person)
    challenge = (await sign_in(person))["challenge"]
    await complete(person, challenge, totp=app.code())
    await prove(person, totp=app.code())
    stranger = await add_passkey(person, "Not mine")
    await house.work(only="post-letters")
    undo = house.token("factor-changed", person.email)
    house.clock.advance(minutes=1)
    await add_passkey(person, "Not mine either")

    assert (await said(house.client(), REPORT, t=undo))["__typename"] == "AccountSecured"
    assert await person.ok("{viewer {id}}") is None
    assert await Passkey.all().count() == 0
    assert await Totp.all().count() == 1, "enrolled before"
    assert (await sign_in_by_passkey(house.client(), stranger))["code"] == "WRONG_CREDENTIALS"
    await house.work(only="post-letters")
    token = house.token("account-secured", person.email)
    assert (await said(house.client(), RESET, t=token, n="another " + person.password))[
        "__typename"
    ] == "PasswordChanged"
    person.password = "another " + person.password
    challenge = (await sign_in(person))["challenge"]
    assert (await complete(person, challenge, totp=app.code()))["__typename"] == "SignedIn"
    assert (await said(house.client(), REPORT, t=undo))["code"] == "EXPIRED_TOKEN"


async def test_undoing_the_last_factor_asks_for_a_long_password(house: House) -> None:
    """What stood beside a factor only is set anew, at full length."""
    person, _ = await with_totp(house)
    await house.work(only="post-letters")
    undo = house.token("factor-changed", person.email)
    await person.ok(CHANGE, c=person.password, n=SHORT)
    assert (await said(house.client(), REPORT, t=undo))["__typename"] == "AccountSecured"
    await house.work(only="post-letters")
    token = house.token("account-secured", person.email)

    refused = await said(house.client(), RESET, t=token, n=SHORT + "x")
    assert refused["problems"] == [{"field": ["newPassword"], "code": "TOO_SHORT"}]
    assert (await said(house.client(), RESET, t=token, n="plum tart under glass"))["__typename"] == "PasswordChanged"


async def test_a_secured_account_is_changed_by_nobody_who_was_signed_in(house: House) -> None:
    """Even a request that found its session open a moment before."""
    person = await house.customer()
    customer, session = await Customer.get(), await Session.get()
    attempt = (await person.ok("{viewer {signIns {nodes {id}}}}"))["signIns"]["nodes"][0]["id"]
    await person.ok("mutation($i: ID!) {reportSignIn(by: {id: $i}) {__typename}}", i=attempt)

    changes = edit_profile.ProfileChanges(revision=1, given_name="Ilze")
    with pytest.raises(Refused) as refused:
        await edit_profile.edit_profile(house.world, Viewer(customer, session), changes)
    assert refused.value.reason is Reason.NOT_SIGNED_IN

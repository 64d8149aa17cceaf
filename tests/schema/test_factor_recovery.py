"""Every second factor lost: the right password, letters to all addresses, 72 hours, and many ways to stop it."""

from typing import Any

import pytest

from models.tables import FactorRecovery, Passkey, RecoveryCode, Totp
from tests.enrolled import add_passkey, complete, same_person, sign_in, sign_in_by_passkey, with_totp
from tests.factories import Client, House

ASK = """mutation($c: String!) {requestFactorRecovery(challenge: $c)
  {__typename ... on FactorRecoveryStarted {availableAt} ... on Refusal {code}}}"""
REMOVE = (
    "mutation($t: String!) {removeLostFactors(token: $t) {__typename ... on FactorsRemoved {at} ... on Refusal {code}}}"
)
REPORT = "mutation($t: String!) {reportSignIn(by: {token: $t}) {__typename ... on Refusal {code}}}"
RESET = (
    "mutation($t: String!, $n: String!) {resetPassword(token: $t, newPassword: $n) {__typename ... on Refusal {code}}}"
)
CHANGE = "mutation($c: String!, $n: String!) {changePassword(currentPassword: $c, newPassword: $n) {__typename}}"
CHANGE_EMAIL = "mutation($e: String!) {changeEmail(newEmail: $e) {__typename ... on Refusal {code}}}"
CONFIRM = "mutation($t: String!) {confirmEmail(token: $t) {__typename ... on Refusal {code}}}"


async def said(client: Client, query: str, **variables: Any) -> Any:
    """The single root field's value, refusals included."""
    answer = await client.answer(query, **variables)
    assert "errors" not in answer, answer
    return next(iter(answer["data"].values()))


async def begun(house: House, person: Client) -> str:
    """A recovery asked for; the token that removes, out of the letter."""
    other = same_person(person)
    started = await said(other, ASK, c=(await sign_in(other))["challenge"])
    assert started["__typename"] == "FactorRecoveryStarted", started
    await house.work(only="post-letters")
    letter = [one for one in house.letters if one.template == "factor-recovery-started"][-1]
    return str(letter.params["remove_link"]).split("token=")[1]


@pytest.mark.asvs("6.4.4")
async def test_lost_factors_go_after_three_days(house: House) -> None:
    """Not a moment before; then everything is gone, sessions too, and the password signs in; once."""
    person, _ = await with_totp(house)
    await add_passkey(person)
    token = await begun(house, person)

    house.clock.advance(hours=71, minutes=59)
    assert (await said(house.client(), REMOVE, t=token))["code"] == "EXPIRED_TOKEN"
    house.clock.advance(minutes=2)
    assert (await said(house.client(), REMOVE, t=token))["__typename"] == "FactorsRemoved"

    assert await Totp.all().count() == await Passkey.all().count() == await RecoveryCode.all().count() == 0
    assert await person.ok("{viewer {id}}") is None
    assert (await sign_in(same_person(person)))["__typename"] == "SignedIn"
    assert (await said(house.client(), REMOVE, t=token))["code"] == "EXPIRED_TOKEN"
    await house.work(only="post-letters")
    assert house.letters[-1].template in ("factor-changed", "new-device")
    assert any(one.params.get("what") == "factors_removed" for one in house.letters)


async def test_the_link_ends_too(house: House) -> None:
    """Two weeks after it was asked for."""
    person, _ = await with_totp(house)
    token = await begun(house, person)
    house.clock.advance(days=14)

    assert (await said(house.client(), REMOVE, t=token))["code"] == "EXPIRED_TOKEN"
    assert await Totp.all().count() == 1


async def test_asking_again_is_the_same_date_and_no_further_letter(house: House) -> None:
    """Nobody is flooded, and nobody starts the clock anew."""
    person, _ = await with_totp(house)
    other = same_person(person)
    first = await said(other, ASK, c=(await sign_in(other))["challenge"])
    house.clock.advance(hours=5)
    second = await said(other, ASK, c=(await sign_in(other))["challenge"])

    assert first == second
    assert await FactorRecovery.all().count() == 1
    await house.work(only="post-letters")
    assert len([one for one in house.letters if one.template == "factor-recovery-started"]) == 1


@pytest.mark.parametrize("how", ["totp", "recovery code", "passkey", "step-up", "not me"])
async def test_whoever_has_a_factor_stops_it(house: House, how: str) -> None:
    """Signing in with any of them, proving it anew, or 'this was not me', which removes nothing but ends and freezes."""
    person, app = await with_totp(house)
    device = await add_passkey(person) if how == "passkey" else None
    token = await begun(house, person)
    other = same_person(person)
    if how == "totp":
        await complete(other, (await sign_in(other))["challenge"], totp=app.code())
    elif how == "recovery code":
        await complete(other, (await sign_in(other))["challenge"], recoveryCode=app.recovery_codes[0])
    elif device is not None:
        await sign_in_by_passkey(other, device)
    elif how == "step-up":
        await person.ok("mutation($c: String!) {stepUp(proof: {totp: $c}) {__typename}}", c=app.code())
    else:
        stop = house.token("factor-recovery-started", person.email)
        assert (await said(house.client(), REPORT, t=stop))["__typename"] == "AccountSecured"
        assert await person.ok("{viewer {id}}") is None
        assert (await said(other, ASK, c=(await sign_in(other))["challenge"]))["code"] == "RESET_REQUIRED"
    house.clock.advance(hours=73)

    assert (await said(house.client(), REMOVE, t=token))["code"] == "EXPIRED_TOKEN"
    assert await Totp.all().count() == 1
    assert await RecoveryCode.all().count() == 10
    recovery = await FactorRecovery.get()
    assert recovery.cancelled_at is not None


async def test_a_password_alone_stops_nothing(house: House) -> None:
    """A right password is what whoever asked has as well."""
    person, _ = await with_totp(house)
    token = await begun(house, person)
    await sign_in(same_person(person))
    house.clock.advance(hours=73)

    assert (await said(house.client(), REMOVE, t=token))["__typename"] == "FactorsRemoved"


async def test_every_address_of_the_last_days_is_told(house: House) -> None:
    """Each with a link of its own."""
    person, app = await with_totp(house)
    old, new = person.email, "moved." + person.email
    await said(person, CHANGE_EMAIL, e=new)
    await house.work(only="post-letters")
    await said(person, CONFIRM, t=house.token("confirm-email-change", new))
    person.email = new
    await begun(house, person)

    told = [one for one in house.letters if one.template == "factor-recovery-started"]
    assert {one.to for one in told} == {old, new}
    assert len({one.params["link"] for one in told}) == len({one.params["remove_link"] for one in told}) == 2
    assert app.seed not in str([one.params for one in told])


async def test_a_short_password_is_set_anew_when_nothing_stands_beside_it(house: House) -> None:
    """Removing the factors leaves no account that eight characters open."""
    person, _ = await with_totp(house)
    await person.ok(CHANGE, c=person.password, n="vk7#Qp2!xz")
    person.password = "vk7#Qp2!xz"
    token = await begun(house, person)
    house.clock.advance(hours=73)
    assert (await said(house.client(), REMOVE, t=token))["__typename"] == "FactorsRemoved"

    assert (await sign_in(same_person(person)))["code"] == "RESET_REQUIRED"
    await house.work(only="post-letters")
    anew = house.token("account-secured", person.email)
    assert (await said(house.client(), RESET, t=anew, n="vk7#Qp2!xz"))["code"] == "INVALID_INPUT"
    assert (await said(house.client(), RESET, t=anew, n="plum tart under glass"))["__typename"] == "PasswordChanged"


async def test_it_needs_a_sign_in_s_challenge_of_an_open_account(house: House) -> None:
    """Made up or spent ones, and a closed account's, do not begin it."""
    person, app = await with_totp(house)
    assert (await said(house.client(), ASK, c="made up"))["code"] == "EXPIRED_TOKEN"
    other = same_person(person)
    challenge = (await sign_in(other))["challenge"]
    await complete(other, challenge, totp=app.code())
    assert (await said(other, ASK, c=challenge))["code"] == "EXPIRED_TOKEN"
    await person.ok("mutation($c: String!) {stepUp(proof: {totp: $c}) {__typename}}", c=app.code())
    await person.ok("mutation {deleteProfile {__typename}}")
    assert (await said(other, ASK, c=(await sign_in(other))["challenge"]))["code"] == "NOT_PERMITTED"
    assert await FactorRecovery.all().count() == 0


@pytest.mark.asvs("6.4.3")
async def test_a_reset_password_does_not_replace_the_second_step(house: House) -> None:
    """The mailbox alone does not sign in."""
    person, app = await with_totp(house)
    await person.ok("mutation($e: String!) {requestPasswordReset(email: $e) {__typename}}", e=person.email)
    await house.work(only="post-letters")
    await said(house.client(), RESET, t=house.token("reset-password", person.email), n="plum tart under glass")
    other = same_person(person)
    other.password = "plum tart under glass"

    asked = await sign_in(other)
    assert asked["__typename"] == "SecondFactorRequired"
    assert (await complete(other, asked["challenge"], totp=app.code()))["__typename"] == "SignedIn"

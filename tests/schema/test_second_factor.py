"""Signing in with more than a password, and with a passkey alone; each attempt leaves its record when it ends (clause 1.2)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from api.passwords import ArgonPasswords
from models.tables import Challenge, Password, Session, SignIn
from tests.authenticator import PRESENT, Authenticator
from tests.enrolled import (
    ASK_PASSKEY,
    HISTORY,
    SECURITY,
    WITH_PASSKEY,
    add_passkey,
    complete,
    same_person,
    sign_in,
    sign_in_by_passkey,
    with_passkey,
    with_totp,
    wrong,
)
from tests.factories import PASSWORD, Client, House

DELETE = "mutation {deleteProfile {__typename ... on Refusal {code}}}"


async def records(person: Client) -> list[tuple[str, str]]:
    """Outcome and method of every attempt, newest first."""
    nodes = (await person.ok(HISTORY))["signIns"]["nodes"]
    return [(one["outcome"], one["method"]) for one in nodes]


@pytest.mark.asvs("6.3.3")
async def test_a_right_password_is_half_the_way(house: House) -> None:
    """A challenge and what will do; no session, no record until the attempt ends, but an event."""
    person, app = await with_totp(house)
    other = same_person(person)

    asked = await sign_in(other)
    assert asked["__typename"] == "SecondFactorRequired"
    assert asked["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert asked["passkeyOptions"] is None
    assert await other.ok("{viewer {id}}") is None
    assert await records(person) == [("SUCCEEDED", "PASSWORD")]
    actions = (await person.ok("{viewer {events(first: 1) {nodes {action}}}}"))["events"]["nodes"]
    assert actions == [{"action": "sign-in.second-factor-asked"}]

    assert (await complete(other, asked["challenge"], totp=app.code()))["__typename"] == "SignedIn"
    assert (await other.ok("{viewer {id}}")) is not None
    assert await records(person) == [("SUCCEEDED", "TOTP"), ("SUCCEEDED", "PASSWORD")]


async def test_a_wrong_password_tells_nothing_of_factors(house: House) -> None:
    """The same refusal as for anybody."""
    person, _ = await with_totp(house)
    other = same_person(person)
    other.password = "wrong"

    assert (await sign_in(other))["code"] == "WRONG_CREDENTIALS"
    assert (await records(person))[0] == ("WRONG_CREDENTIALS", "PASSWORD")


@pytest.mark.asvs("6.3.5")
async def test_five_tries_a_challenge(house: House) -> None:
    """Each wrong one is a record; the fifth ends the challenge, and a letter tells that somebody knows the password."""
    person, app = await with_totp(house)
    other = same_person(person)
    challenge = (await sign_in(other))["challenge"]
    for proof in ({"totp": wrong(app)}, {"recoveryCode": "aaaaa-aaaaa"}, {"totp": ""}, {"totp": "x" * 999}):
        assert (await complete(other, challenge, **proof))["code"] == "WRONG_CREDENTIALS"
    assert (await complete(other, challenge, password=person.password))["code"] == "INVALID_INPUT", "no try"
    assert (await complete(other, challenge, totp=wrong(app)))["code"] == "WRONG_CREDENTIALS"

    assert (await complete(other, challenge, totp=app.code()))["code"] == "EXPIRED_TOKEN"
    assert [one for one, _ in await records(person)].count("SECOND_FACTOR_FAILED") == 5
    assert ("SECOND_FACTOR_FAILED", "RECOVERY_CODE") in await records(person)
    await house.work(only="post-letters")
    assert [one.to for one in house.letters if one.template == "second-factor-failed"] == [person.email]


@pytest.mark.asvs("6.5.1")
async def test_a_challenge_and_a_code_work_once_and_for_five_minutes(house: House) -> None:
    """Not again, not later, and made up not at all."""
    person, app = await with_totp(house)
    first, second = same_person(person), same_person(person)
    challenge, code = (await sign_in(first))["challenge"], app.code()
    assert (await complete(first, challenge, totp=code))["__typename"] == "SignedIn"
    assert (await complete(second, challenge, totp=app.code()))["code"] == "EXPIRED_TOKEN"
    late = (await sign_in(second))["challenge"]
    assert (await complete(second, late, totp=code))["code"] == "WRONG_CREDENTIALS", "a code of another step"
    house.clock.advance(minutes=5)
    assert (await complete(second, late, totp=app.code()))["code"] == "EXPIRED_TOKEN"
    assert (await complete(second, "made up", totp=app.code()))["code"] == "EXPIRED_TOKEN"


async def test_a_recovery_code_signs_in_once_and_is_told(house: House) -> None:
    """One of ten, however it is typed."""
    person, app = await with_totp(house)
    other = same_person(person)
    code = app.recovery_codes[3].upper().replace("-", " ")
    assert (await complete(other, (await sign_in(other))["challenge"], recoveryCode=code))["__typename"] == "SignedIn"

    again = same_person(person)
    refused = await complete(again, (await sign_in(again))["challenge"], recoveryCode=code)
    assert refused["code"] == "WRONG_CREDENTIALS"
    assert (await person.ok(SECURITY))["security"]["recoveryCodesLeft"] == 9
    await house.work(only="post-letters")
    assert house.letters[-1].params["what"] == "recovery_code_used"


@pytest.mark.asvs("6.6.2")
async def test_a_passkey_is_the_second_step_too(house: House) -> None:
    """It signs this challenge and no other."""
    person, device = await with_passkey(house)
    other, third = same_person(person), same_person(person)
    asked, elsewhere = await sign_in(other), await sign_in(third)
    assert asked["methods"] == ["PASSKEY"]
    answer = {"challenge": asked["challenge"], "credential": device.get(asked["passkeyOptions"])}

    assert (await complete(third, elsewhere["challenge"], passkey=answer))["code"] == "EXPIRED_TOKEN"
    moved = answer | {"challenge": elsewhere["challenge"]}
    assert (await complete(third, elsewhere["challenge"], passkey=moved))["code"] == "WRONG_CREDENTIALS"
    assert (await complete(other, asked["challenge"], passkey=answer))["__typename"] == "SignedIn"
    assert (await records(person))[0] == ("SUCCEEDED", "PASSKEY")


@pytest.mark.asvs("6.3.3", "6.7.2")
async def test_a_passkey_signs_in_by_itself(house: House) -> None:
    """No address, no password; the record says how; what an app asks for, an app gets."""
    person, device = await with_passkey(house)
    other = house.client()

    assert (await sign_in_by_passkey(other, device))["__typename"] == "SignedIn"
    assert (await other.ok("{viewer {profile {email}}}"))["profile"]["email"] == person.email
    assert (await records(person))[0] == ("SUCCEEDED", "PASSKEY")
    assert (await person.ok(SECURITY))["security"]["passkeys"][0]["lastUsedAt"] is not None
    tokens = (await sign_in_by_passkey(house.client(), device, k="NATIVE"))["tokens"]
    assert tokens["accessToken"]


async def test_a_passkey_that_is_not_right_signs_nobody_in(house: House) -> None:
    """Another's key, another origin or host, nobody verified, a copied one's counter, an answer given before."""
    person, device = await with_passkey(house)
    known = {"credential_id": device.credential_id, "user": device.user, "count": device.count}
    for lies in ({}, {"key": device.key, "origin": "https://evil.example"}, {"key": device.key, "host": "evil.example"},
                 {"key": device.key, "flags": PRESENT}):  # fmt: skip
        found = await sign_in_by_passkey(house.client(), Authenticator(**(known | lies)))
        assert found["code"] == "WRONG_CREDENTIALS", lies
    assert (await records(person))[:4] == [("WRONG_CREDENTIALS", "PASSKEY")] * 4
    assert (await sign_in_by_passkey(house.client(), Authenticator()))["code"] == "WRONG_CREDENTIALS"

    asked = await house.client().ok(ASK_PASSKEY)
    answer = device.get(asked["options"])
    given = {"c": asked["challenge"], "d": answer}
    assert (await house.client().answer(WITH_PASSKEY, **given))["data"]["signInWithPasskey"]["__typename"] == "SignedIn"
    assert (await house.client().answer(WITH_PASSKEY, **given))["data"]["signInWithPasskey"]["code"] == "EXPIRED_TOKEN"
    device.count -= 1
    assert (await sign_in_by_passkey(house.client(), device))["code"] == "WRONG_CREDENTIALS", "it may be a copy"
    for nonsense in ({}, [], "x", 1, None, {"id": "x"}):
        asked = await house.client().ok(ASK_PASSKEY)
        found = await house.client().answer(WITH_PASSKEY, c=asked["challenge"], d=nonsense)
        if nonsense is not None:
            assert found["data"]["signInWithPasskey"]["code"] == "WRONG_CREDENTIALS", nonsense


@pytest.mark.asvs("6.6.2")
async def test_a_challenge_serves_for_one_use_alone(house: House) -> None:
    """What was asked for signing in by a passkey completes no password's sign-in, and the other way round."""
    person, device = await with_passkey(house)
    other = same_person(person)
    alone, second = await other.ok(ASK_PASSKEY), await sign_in(other)
    answer = {"challenge": alone["challenge"], "credential": device.get(alone["options"])}

    assert (await complete(other, alone["challenge"], passkey=answer))["code"] == "EXPIRED_TOKEN"
    found = await other.answer(WITH_PASSKEY, c=second["challenge"], d=device.get(second["passkeyOptions"]))
    assert found["data"]["signInWithPasskey"]["code"] == "EXPIRED_TOKEN"


@pytest.mark.asvs("7.4.2")
async def test_a_closed_account_shows_its_closure_only_after_every_factor(house: House) -> None:
    """Clause 5.1: the password alone shows nothing."""
    person, app = await with_totp(house)
    device = await add_passkey(person)
    await person.ok(DELETE)
    asked = await sign_in(person)

    assert asked["__typename"] == "SecondFactorRequired"
    assert (await complete(person, asked["challenge"], totp=app.code()))["closure"]["eraseAt"]
    assert (await sign_in_by_passkey(house.client(), device))["closure"]["eraseAt"]
    assert await Session.filter(ended_at=None).count() == 0
    assert await SignIn.filter(outcome="CLOSED").count() == 2


async def test_a_secured_account_opens_to_no_factor(house: House) -> None:
    """A reset is needed; the letter with the link is brought once, not once for every try."""
    person, app = await with_totp(house)
    device = await add_passkey(person)
    attempt = (await person.ok("{viewer {signIns {nodes {id}}}}"))["signIns"]["nodes"][0]["id"]
    await person.ok("mutation($i: ID!) {reportSignIn(by: {id: $i}) {__typename}}", i=attempt)

    assert (await sign_in_by_passkey(house.client(), device))["code"] == "RESET_REQUIRED"
    challenge = (await sign_in(person))["challenge"]
    assert (await complete(person, challenge, totp=app.code()))["code"] == "RESET_REQUIRED"
    await house.work(only="post-letters")
    assert len([one for one in house.letters if one.template == "account-secured"]) == 1
    house.clock.advance(hours=2)
    assert (await sign_in_by_passkey(house.client(), device))["code"] == "RESET_REQUIRED"
    await house.work(only="post-letters")
    assert len([one for one in house.letters if one.template == "account-secured"]) == 2


async def test_what_was_begun_before_the_password_changed_is_not_finished_after_it(house: House) -> None:
    """A challenge of the old password is worth nothing; nor is one of a session that has ended."""
    person, app = await with_totp(house)
    other = same_person(person)
    challenge = (await sign_in(other))["challenge"]
    change = "mutation($c: String!, $n: String!) {changePassword(currentPassword: $c, newPassword: $n) {__typename}}"
    await person.ok(change, c=person.password, n="a quite different one")

    assert (await complete(other, challenge, totp=app.code()))["code"] == "EXPIRED_TOKEN"
    assert await Challenge.all().count() == 0


async def test_a_session_s_name_and_kind_are_those_asked_for_at_the_first_step(house: House) -> None:
    """The name waits sealed beside the challenge."""
    person, app = await with_totp(house)
    other = same_person(person)
    asked = await sign_in(other, k="NATIVE", l="Annas telefons")
    row = await Challenge.filter(use="SECOND_FACTOR").first()
    assert row is not None
    assert b"Annas" not in bytes(row.label or b"")

    done = await complete(other, asked["challenge"], totp=app.code())
    assert done["tokens"]["accessToken"]
    sessions = (await person.ok("{viewer {sessions {label kind}}}"))["sessions"]
    assert {"label": "Annas telefons", "kind": "NATIVE"} in sessions


@pytest.mark.asvs("11.2.2")
async def test_a_password_is_hashed_anew_when_the_parameters_were_raised(house: House) -> None:
    """At the next right sign-in, which changes nothing else."""
    person = await house.customer()
    before = await Password.get()
    stronger = ArgonPasswords(house.clock, threads=1, queue=8, memory_kib=16, time=2)
    later = House(replace(house.world, passwords=stronger), house.clock, house.folder)
    other = later.client()
    house.clients.append(other)
    other.email = person.email

    assert (await sign_in(other))["__typename"] == "SignedIn"
    after = await Password.get()
    keys = await house.world.vault.keys([after.customer_id])
    assert "m=16,t=2" in after.opened(keys).encoded
    assert after.changed_at == before.changed_at
    assert await stronger.verify(after.opened(keys).encoded, PASSWORD)
    assert (await sign_in(other))["__typename"] == "SignedIn"


async def test_a_password_that_was_reset_while_it_was_verified_signs_nobody_in(house: House) -> None:
    """The hash takes time; what was committed meanwhile counts."""
    person = await house.customer()

    class Slow:
        """Somebody resets the password while this one is being verified."""

        def __getattr__(self, name: str) -> Any:
            return getattr(house.world.passwords, name)

        async def verify(self, encoded: str, password: str) -> bool:
            right = await house.world.passwords.verify(encoded, password)
            await Password.all().update(changed_at=house.clock.now + timedelta(seconds=1))
            return right

    slow = House(replace(house.world, passwords=Slow()), house.clock, house.folder)
    other = slow.client()
    house.clients.append(other)
    other.email = person.email

    assert (await sign_in(other))["code"] == "WRONG_CREDENTIALS"
    assert await Session.all().count() == 1

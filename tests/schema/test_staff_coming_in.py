"""Staff come in through their own door: an invitation, a password and a second factor always, sessions of their own."""

from datetime import timedelta
from typing import Any

import pytest

from models.actions.staff import invite_staff
from models.policy import Role
from models.tables import Challenge, Event, Staff, StaffSession
from tests.authenticator import Authenticator
from tests.factories import PASSWORD, Client, House, StaffClient

VIEWER = "{viewer {name email roles factors active lastSignInAt}}"
ACCEPT = """mutation($t: String!, $p: String!) {acceptInvitation(token: $t, newPassword: $p) {
  __typename ... on TotpBegun {secret uri} ...R}}"""
CONFIRM = (
    "mutation($c: String!) {confirmTotp(code: $c) {__typename ... on FactorAdded {staff {factors} recoveryCodes} ...R}}"
)
SIGN_IN = """mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {
  __typename ... on SecondFactorRequired {challenge methods passkeyOptions} ...R}}"""
COMPLETE = """mutation($s: String!, $p: FactorProof!) {completeSignIn(challenge: $s, proof: $p) {
  __typename ... on StaffSignedIn {staff {name lastSignInAt}} ...R}}"""
SIGN_OUT = "mutation {signOut {__typename ... on SignedOut {at} ...R}}"
BEGIN_STEP_UP = """mutation {beginStepUp {__typename ... on StepUpBegun {challenge methods passkeyOptions} ...R}}"""
STEP_UP = "mutation($p: FactorProof!) {stepUp(proof: $p) {__typename ... on SteppedUp {until} ...R}}"
BEGIN_PASSKEY = "mutation {beginPasskey {__typename ... on PasskeyChallenge {challenge options} ...R}}"
ADD_PASSKEY = """mutation($s: String!, $c: JSON!, $l: String!) {addPasskey(challenge: $s, credential: $c, label: $l) {
  __typename ... on FactorAdded {staff {factors} recoveryCodes} ...R}}"""
BEGIN_PASSKEY_SIGN_IN = "mutation {beginPasskeySignIn {__typename ... on PasskeyChallenge {challenge options} ...R}}"
PASSKEY_SIGN_IN = """mutation($s: String!, $c: JSON!) {signInWithPasskey(challenge: $s, credential: $c) {
  __typename ... on StaffSignedIn {staff {name}} ...R}}"""
PASSWORD_CHANGE = """mutation($c: String!, $n: String!) {changePassword(currentPassword: $c, newPassword: $n) {
  __typename ... on PasswordChanged {sessionsEnded} ...R}}"""
R = " fragment R on Refusal {code message retryAt problems {field code}}"
ANOTHER = "tangerine meadow lantern orchestra"


def browser(house: House, of: StaffClient | None = None) -> StaffClient:
    """Another browser, of the same person or of nobody."""
    made = StaffClient(house, {})
    house.clients.append(made)
    if of is not None:
        made.id, made.email, made.seed, made._last_step = of.id, of.email, of.seed, of._last_step
    return made


async def asked(client: Client, person: StaffClient) -> dict[str, Any]:
    """The first step done."""
    return await client.ok(SIGN_IN + R, e=person.email, p=person.password)  # type: ignore[no-any-return]


async def code_of(client: Client, query: str, **variables: Any) -> str:
    """The code of the refusal."""
    return str((await client.refused(query, **variables))["code"])


async def with_passkey(house: House, *roles: Role) -> tuple[StaffClient, Authenticator]:
    """A colleague who added a passkey to their app."""
    person, device = await house.colleague(*roles), Authenticator()
    await person.step_up()
    begun = await person.ok(BEGIN_PASSKEY + R)
    added = await person.ok(ADD_PASSKEY + R, s=begun["challenge"], c=device.create(begun["options"]), l="Key ring")
    assert added == {
        "__typename": "FactorAdded", "staff": {"factors": ["PASSKEY", "TOTP", "RECOVERY_CODE", "PASSWORD"]},
        "recoveryCodes": None,
    }  # fmt: skip
    return person, device


# ---- the invitation --------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.3.2")
@pytest.mark.asvs("6.4.1")
async def test_an_invitation_leads_to_a_password_a_factor_and_a_session(house: House) -> None:
    """Nothing is open before the factor is confirmed; then ten recovery codes are shown, and the link is spent."""
    _, _, token = await invite_staff(house.world, name="Ieva Lapiņa", email="ieva@example.com", roles=[Role.OFFICE])
    ieva = browser(house)

    begun = await ieva.ok(ACCEPT + R, t=token, p=PASSWORD)
    ieva.seed = begun["secret"]
    assert begun["uri"].startswith("otpauth://totp/Octopus%20Telecom:ieva%40example.com?secret=" + ieva.seed)
    assert await ieva.ok(VIEWER) is None
    assert (await ieva.answer("{staff {id}}"))["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    assert await code_of(ieva, CONFIRM, c="000000") == "WRONG_CREDENTIALS"
    before = ieva.http.cookies["staff"]

    added = await ieva.ok(CONFIRM + R, c=ieva.code())

    assert added["staff"]["factors"] == ["TOTP", "RECOVERY_CODE", "PASSWORD"]
    assert len(set(added["recoveryCodes"])) == 10
    assert ieva.http.cookies["staff"] != before
    seen = await ieva.ok(VIEWER)
    assert (seen["name"], seen["email"], seen["roles"]) == ("Ieva Lapiņa", "ieva@example.com", ["OFFICE"])
    assert await code_of(browser(house), ACCEPT, t=token, p=PASSWORD) == "EXPIRED_TOKEN"


async def test_an_invitation_can_be_taken_up_again_until_a_factor_is_confirmed(house: House) -> None:
    """A closed browser locks nobody out; the earlier attempt's session and secret are void."""
    _, _, token = await invite_staff(house.world, name="Ieva Lapiņa", email="ieva@example.com", roles=[Role.OFFICE])
    first, second = browser(house), browser(house)
    first.seed = (await first.ok(ACCEPT + R, t=token, p=PASSWORD))["secret"]
    second.seed = (await second.ok(ACCEPT + R, t=token, p=ANOTHER))["secret"]

    assert await code_of(first, CONFIRM, c=first.code()) == "NOT_SIGNED_IN"
    assert await code_of(second, CONFIRM, c=first.code()) == "WRONG_CREDENTIALS"
    await second.ok(CONFIRM + R, c=second.code())
    assert await code_of(first, SIGN_IN, e="ieva@example.com", p=PASSWORD) == "WRONG_CREDENTIALS"


async def test_a_password_without_a_factor_signs_nobody_in(house: House) -> None:
    """Somebody who left before confirming goes back to the invitation; the invitation ends after a week."""
    _, _, token = await invite_staff(house.world, name="Ieva Lapiņa", email="ieva@example.com", roles=[Role.OFFICE])
    await browser(house).ok(ACCEPT + R, t=token, p=PASSWORD)

    assert await code_of(browser(house), SIGN_IN, e="ieva@example.com", p=PASSWORD) == "NOT_READY"
    assert await code_of(browser(house), SIGN_IN, e="ieva@example.com", p=ANOTHER) == "WRONG_CREDENTIALS"
    house.clock.advance(days=8)
    assert await code_of(browser(house), ACCEPT, t=token, p=PASSWORD) == "EXPIRED_TOKEN"


async def test_an_invitation_asks_for_a_good_password(house: House) -> None:
    """Eight characters at least, beside a second factor; not one's own name, not a common one."""
    _, _, token = await invite_staff(house.world, name="Ieva Lapiņa", email="ieva@example.com", roles=[Role.OFFICE])
    for weak, problem in (
        ("short", "TOO_SHORT"),
        ("ievalapiņa1", "BREACHED_PASSWORD"),
        ("password1", "BREACHED_PASSWORD"),
    ):
        refused = await browser(house).refused(ACCEPT, t=token, p=weak)
        assert refused["problems"] == [{"field": ["newPassword"], "code": problem}], weak
    assert await code_of(browser(house), ACCEPT, t="made up", p="short") == "EXPIRED_TOKEN", "refused before any work"


async def test_a_passkey_can_be_the_first_factor(house: House) -> None:
    """The app begun beside it is forgotten; signing in by password asks for the passkey."""
    _, _, token = await invite_staff(house.world, name="Ieva Lapiņa", email="ieva@example.com", roles=[Role.OFFICE])
    ieva, device = browser(house), Authenticator()
    ieva.email = "ieva@example.com"
    await ieva.ok(ACCEPT + R, t=token, p=PASSWORD)
    begun = await ieva.ok(BEGIN_PASSKEY + R)
    added = await ieva.ok(ADD_PASSKEY + R, s=begun["challenge"], c=device.create(begun["options"]), l="Laptop")

    assert added["staff"]["factors"] == ["PASSKEY", "RECOVERY_CODE", "PASSWORD"]
    assert len(added["recoveryCodes"]) == 10
    assert await code_of(ieva, CONFIRM, c="123456") == "NOT_READY"
    question = await asked(browser(house), ieva)
    assert question["methods"] == ["PASSKEY", "RECOVERY_CODE"]
    answer = {"passkey": {"challenge": question["challenge"], "credential": device.get(question["passkeyOptions"])}}
    assert (await browser(house).ok(COMPLETE + R, s=question["challenge"], p=answer))["staff"]["name"] == "Ieva Lapiņa"


# ---- signing in ------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("6.3.3", "8.4.2")
@pytest.mark.asvs("7.2.4")
async def test_a_second_factor_is_always_asked_for(house: House) -> None:
    """The password alone opens nothing; the code does, once; the session is a new one."""
    ieva, there = await house.colleague(Role.SUPPORT), browser(house)

    question = await asked(there, ieva)
    assert question["methods"] == ["TOTP", "RECOVERY_CODE"]
    assert question["passkeyOptions"] is None
    assert "staff" not in there.http.cookies
    code = ieva.code()
    assert (await there.ok(COMPLETE + R, s=question["challenge"], p={"totp": code}))["staff"]["name"] == "Ieva Lapiņa"

    assert (await there.ok(VIEWER))["email"] == ieva.email
    assert await code_of(there, COMPLETE, s=question["challenge"], p={"totp": ieva.code()}) == "EXPIRED_TOKEN"
    again = await asked(there, ieva)
    assert await code_of(there, COMPLETE, s=again["challenge"], p={"totp": code}) == "WRONG_CREDENTIALS"


@pytest.mark.asvs("6.5.1")
async def test_a_recovery_code_signs_in_once(house: House) -> None:
    """However it is typed; another person's does nothing."""
    ieva, other = await house.colleague(Role.SUPPORT), await house.colleague(Role.SUPPORT)
    for code, right in (
        (other.codes[0], False),
        (ieva.codes[0].upper().replace("-", " "), True),
        (ieva.codes[0], False),
    ):
        question = await asked(browser(house), ieva)
        answer = await browser(house).answer(COMPLETE + R, s=question["challenge"], p={"recoveryCode": code})
        assert (answer["data"]["completeSignIn"]["__typename"] == "StaffSignedIn") is right


@pytest.mark.asvs("6.6.3")
async def test_a_challenge_takes_five_tries_and_five_minutes(house: House) -> None:
    """Then the right answer is no answer either; a proof of another kind does not count as a try."""
    ieva, there = await house.colleague(Role.SUPPORT), browser(house)
    question = await asked(there, ieva)
    refused = await there.refused(COMPLETE, s=question["challenge"], p={"password": PASSWORD})
    assert refused["problems"] == [{"field": ["proof", "password"], "code": "NOT_ALLOWED"}]
    for _ in range(5):
        assert await code_of(there, COMPLETE, s=question["challenge"], p={"totp": "000000"}) == "WRONG_CREDENTIALS"
    assert await code_of(there, COMPLETE, s=question["challenge"], p={"totp": ieva.code()}) == "EXPIRED_TOKEN"

    late = await asked(there, ieva)
    house.clock.advance(minutes=5)
    assert await code_of(there, COMPLETE, s=late["challenge"], p={"totp": ieva.code()}) == "EXPIRED_TOKEN"


@pytest.mark.asvs("6.3.1")
async def test_guessing_is_slowed_down(house: House) -> None:
    """Passwords by account, second factors by person; a browser that signed in before is not held up by strangers."""
    ieva, stranger = await house.colleague(Role.SUPPORT), browser(house)
    tries = [await code_of(stranger, SIGN_IN, e=ieva.email, p="wrong") for _ in range(12)]
    assert set(tries[:8]) == {"WRONG_CREDENTIALS"}
    refused = await stranger.refused(SIGN_IN, e=ieva.email, p=ieva.password)
    assert refused["code"] == "TOO_MANY_ATTEMPTS"
    assert refused["retryAt"] is not None
    await ieva.sign_in()

    house.clock.advance(hours=2)
    codes = []
    for _ in range(12):
        answer = await stranger.answer(SIGN_IN + R, e=ieva.email, p=ieva.password)
        secret = answer["data"]["signIn"].get("challenge", "")
        codes.append(await code_of(stranger, COMPLETE, s=secret, p={"totp": "000000"}))
    assert codes[-1] == "TOO_MANY_ATTEMPTS"


@pytest.mark.asvs("6.3.8")
async def test_an_unknown_address_is_answered_like_a_wrong_password(house: House) -> None:
    """So are a former colleague's and a customer's; a password is hashed each time."""
    ieva, customer = await house.colleague(Role.SUPPORT), await house.customer()
    await Staff.filter(id=ieva.id).update(deactivated_at=house.clock.now)
    for email, password in ((ieva.email, PASSWORD), ("nobody@example.com", "x"), (customer.email, PASSWORD)):
        refused = await browser(house).refused(SIGN_IN, e=email, p=password)
        assert refused == {
            "__typename": "Refusal", "code": "WRONG_CREDENTIALS", "retryAt": None, "problems": [],
            "message": "That does not match what we know.",
        }  # fmt: skip
    refused = await browser(house).refused(SIGN_IN, e="no address", p="x")
    assert refused["problems"] == [{"field": ["email"], "code": "MALFORMED"}]


async def test_a_locked_colleague_is_told_so_and_can_do_nothing(house: House) -> None:
    """After the right password only; the open session sees that it is locked, and may be signed out of."""
    ieva = await house.colleague(Role.ADMIN)
    await ieva.step_up()
    await Staff.filter(id=ieva.id).update(locked_at=house.clock.now)

    assert await code_of(browser(house), SIGN_IN, e=ieva.email, p="wrong") == "WRONG_CREDENTIALS"
    assert await code_of(browser(house), SIGN_IN, e=ieva.email, p=ieva.password) == "LOCKED"
    assert (await ieva.answer("{staff {id}}"))["errors"][0]["extensions"]["code"] == "LOCKED"
    assert await code_of(ieva, BEGIN_STEP_UP) == "LOCKED"
    assert (await ieva.ok("{viewer {lockedAt}}"))["lockedAt"] is not None
    await ieva.ok(SIGN_OUT + R)


async def test_a_passkey_alone_signs_in(house: House) -> None:
    """It is both factors; a wrong origin, another's passkey and a challenge used before are refused."""
    ieva, device = await with_passkey(house, Role.SUPPORT)
    there = browser(house)
    begun = await there.ok(BEGIN_PASSKEY_SIGN_IN + R)
    assert begun["options"]["allowCredentials"] == []
    assert begun["options"]["userVerification"] == "required"
    answer = device.get(begun["options"])

    assert (await there.ok(PASSKEY_SIGN_IN + R, s=begun["challenge"], c=answer))["staff"]["name"] == "Ieva Lapiņa"
    assert (await there.ok(VIEWER))["email"] == ieva.email
    assert await code_of(there, PASSKEY_SIGN_IN, s=begun["challenge"], c=answer) == "EXPIRED_TOKEN"
    stranger = Authenticator(user=device.user)
    for wrong in (lambda o: device.get(o, origin="https://evil.example.com"), stranger.get, lambda o: {"id": "x"}):
        fresh = await there.ok(BEGIN_PASSKEY_SIGN_IN + R)
        made = wrong(fresh["options"])
        assert await code_of(there, PASSKEY_SIGN_IN, s=fresh["challenge"], c=made) == "WRONG_CREDENTIALS"
        assert (
            await code_of(there, PASSKEY_SIGN_IN, s=fresh["challenge"], c=device.get(fresh["options"]))
            == "EXPIRED_TOKEN"
        )


# ---- sessions --------------------------------------------------------------------------------------------------------
@pytest.mark.asvs("9.2.3", "8.4.2")
async def test_a_customers_session_opens_nothing_here_nor_ours_there(house: House) -> None:
    """Cookies, even renamed, and bearer tokens belong to one store each."""
    ieva, customer = await house.colleague(Role.ADMIN), await house.customer()
    cookie, session = ieva.http.cookies["staff"], customer.http.cookies["session"]

    for name, value in (("staff", session), ("session", session), ("session", cookie)):
        there = browser(house)
        there.http.cookies.set(name, value)
        assert await there.ok(VIEWER) is None, name
    for name, value in (("session", cookie), ("staff", cookie), ("staff", session)):
        portal = house.client()
        portal.http.cookies.set(name, value)
        assert await portal.ok("{viewer {id}}") is None, name
    for token, client in ((cookie, house.client()), (cookie, browser(house)), (session, browser(house))):
        client.http.headers["Authorization"] = f"Bearer {token}"
        assert await client.ok("{viewer {__typename}}") is None


async def test_a_staff_cookie_and_a_bearer_token_at_once_are_refused(house: House) -> None:
    """Which one counts would be a guess."""
    ieva = await house.colleague(Role.SUPPORT)
    ieva.http.headers["Authorization"] = "Bearer abc"

    assert (await ieva.answer(VIEWER))["errors"][0]["extensions"]["code"] == "TWO_CREDENTIALS"


@pytest.mark.asvs("7.3.1")
@pytest.mark.asvs("7.3.2")
async def test_a_session_ends_unused_after_half_an_hour_and_after_twelve_hours_anyway(house: House) -> None:
    """Use is noted at most once a minute."""
    ieva = await house.colleague(Role.SUPPORT)
    seen = (await StaffSession.get(staff_id=ieva.id, ended_at=None)).last_seen_at
    house.clock.advance(seconds=40)
    await ieva.ok(VIEWER)
    assert (await StaffSession.get(staff_id=ieva.id, ended_at=None)).last_seen_at == seen
    for _ in range(24):
        assert await ieva.ok(VIEWER) is not None
        house.clock.advance(minutes=29)
    assert await ieva.ok(VIEWER) is not None
    house.clock.advance(minutes=29)
    assert await ieva.ok(VIEWER) is None, "twelve hours are over"

    await ieva.sign_in()
    house.clock.advance(minutes=30)
    assert await ieva.ok(VIEWER) is None, "half an hour unused"


@pytest.mark.asvs("7.4.1")
async def test_signing_out_ends_the_session(house: House) -> None:
    """The old cookie opens nothing; others of the same person stay."""
    ieva = await house.colleague(Role.SUPPORT)
    there, cookie = browser(house, ieva), ieva.http.cookies["staff"]
    await there.sign_in()
    await ieva.ok(SIGN_OUT + R)
    assert "staff" not in ieva.http.cookies
    ieva.http.cookies.set("staff", cookie)

    assert await ieva.ok(VIEWER) is None
    assert await code_of(ieva, SIGN_OUT) == "NOT_SIGNED_IN"
    assert await there.ok(VIEWER) is not None


# ---- the fresh proof and their own secrets ---------------------------------------------------------------------------
@pytest.mark.asvs("7.2.4")
async def test_a_fresh_proof_is_given_with_the_strongest_factor(house: House) -> None:
    """With a passkey a code will not do; the session gets a new secret, and the proof holds five minutes."""
    ieva = await house.colleague(Role.SUPPORT)
    assert (await ieva.ok(BEGIN_STEP_UP + R))["methods"] == ["TOTP"]
    assert await code_of(ieva, STEP_UP, p={"password": PASSWORD}) == "STEP_UP_REQUIRED"
    assert await code_of(ieva, STEP_UP, p={"totp": "000000"}) == "WRONG_CREDENTIALS"
    old = ieva.http.cookies["staff"]
    await ieva.ok(STEP_UP + R, p={"totp": ieva.code()})
    thief = browser(house)
    thief.http.cookies.set("staff", old)
    assert await thief.ok(VIEWER) is None

    begun, device = await ieva.ok(BEGIN_PASSKEY + R), Authenticator()
    await ieva.ok(ADD_PASSKEY + R, s=begun["challenge"], c=device.create(begun["options"]), l="Key ring")
    question = await ieva.ok(BEGIN_STEP_UP + R)
    assert question["methods"] == ["PASSKEY"]
    assert await code_of(ieva, STEP_UP, p={"totp": ieva.code()}) == "STEP_UP_REQUIRED"
    proof = {"passkey": {"challenge": question["challenge"], "credential": device.get(question["passkeyOptions"])}}
    until = (await ieva.ok(STEP_UP + R, p=proof))["until"]
    assert until.startswith((house.clock.now + timedelta(minutes=5)).isoformat()[:19])
    assert await code_of(ieva, STEP_UP, p=proof) == "EXPIRED_TOKEN"


async def test_a_factor_beside_another_needs_a_fresh_proof(house: House) -> None:
    """A stolen open session adds no passkey of its own; other sessions end when one is added."""
    ieva = await house.colleague(Role.SUPPORT)
    there = browser(house, ieva)
    await there.sign_in()
    assert await code_of(ieva, BEGIN_PASSKEY) == "STEP_UP_REQUIRED"
    await there.step_up()
    begun, device = await there.ok(BEGIN_PASSKEY + R), Authenticator()
    made = device.create(begun["options"])
    assert await code_of(ieva, ADD_PASSKEY, s=begun["challenge"], c=made, l="Mine") == "STEP_UP_REQUIRED"
    refused = await there.refused(ADD_PASSKEY, s=begun["challenge"], c=made, l="x" * 61)
    assert refused["problems"] == [{"field": ["label"], "code": "TOO_LONG"}]
    forged = Authenticator(origin="https://evil.example.com").create(begun["options"])
    assert await code_of(there, ADD_PASSKEY, s=begun["challenge"], c=forged, l="Mine") == "WRONG_CREDENTIALS"

    await there.ok(ADD_PASSKEY + R, s=begun["challenge"], c=made, l="Mine")

    assert await code_of(there, ADD_PASSKEY, s=begun["challenge"], c=made, l="Mine") == "EXPIRED_TOKEN"
    assert await ieva.ok(VIEWER) is None
    assert await there.ok(VIEWER) is not None


async def test_a_challenge_of_another_session_is_not_answered(house: House) -> None:
    """A passkey made in one person's session cannot be planted into another's."""
    ieva, other = await house.colleague(Role.SUPPORT), await house.colleague(Role.SUPPORT)
    await ieva.step_up()
    await other.step_up()
    begun, device = await other.ok(BEGIN_PASSKEY + R), Authenticator()

    made = device.create(begun["options"])
    assert await code_of(ieva, ADD_PASSKEY, s=begun["challenge"], c=made, l="Mine") == "EXPIRED_TOKEN"


async def test_changing_the_password_ends_other_sessions(house: House) -> None:
    """The current one is the proof; the old one signs nobody in."""
    ieva = await house.colleague(Role.SUPPORT)
    there = browser(house, ieva)
    await there.sign_in()
    assert await code_of(ieva, PASSWORD_CHANGE, c="wrong", n=ANOTHER) == "WRONG_CREDENTIALS"
    assert await code_of(ieva, PASSWORD_CHANGE, c=PASSWORD, n="short") == "INVALID_INPUT"

    assert (await ieva.ok(PASSWORD_CHANGE + R, c=PASSWORD, n=ANOTHER))["sessionsEnded"] == 1

    assert await there.ok(VIEWER) is None
    assert await ieva.ok(VIEWER) is not None
    assert await code_of(browser(house), SIGN_IN, e=ieva.email, p=PASSWORD) == "WRONG_CREDENTIALS"
    assert (await browser(house).ok(SIGN_IN + R, e=ieva.email, p=ANOTHER))["__typename"] == "SecondFactorRequired"


async def test_whoever_is_not_signed_in_is_told_so(house: House) -> None:
    """Every mutation that acts on oneself."""
    nobody = browser(house)
    for query, variables in (
        (SIGN_OUT, {}), (BEGIN_STEP_UP, {}), (STEP_UP, {"p": {"totp": "1"}}), (BEGIN_PASSKEY, {}), (CONFIRM, {"c": "1"}),
        (ADD_PASSKEY, {"s": "s", "c": {}, "l": "l"}), (PASSWORD_CHANGE, {"c": "c", "n": "n"}),
    ):  # fmt: skip
        assert await code_of(nobody, query, **variables) == "NOT_SIGNED_IN", query
    assert await code_of(nobody, COMPLETE, s="made up", p={"totp": "1"}) == "EXPIRED_TOKEN"
    assert await code_of(nobody, PASSKEY_SIGN_IN, s="made up", c={}) == "EXPIRED_TOKEN"


@pytest.mark.asvs("16.3.1")
async def test_everything_is_written_down(house: House) -> None:
    """Who, when, from where; no password, code or token is in any row."""
    ieva = await house.colleague(Role.SUPPORT)
    await code_of(browser(house), SIGN_IN, e=ieva.email, p="wrong guess here")
    question = await asked(browser(house), ieva)
    await code_of(browser(house), COMPLETE, s=question["challenge"], p={"totp": "000000"})
    await ieva.step_up()
    await ieva.ok(SIGN_OUT + R)

    found = await Event.filter(alias=ieva.id.bytes).order_by("id")
    assert [one.action for one in found] == [
        "staff.invited", "staff.invitation-accepted", "staff.factor-added", "staff.signed-in", "staff.wrong-password",
        "staff.second-factor-failed", "staff.stepped-up", "staff.signed-out",
    ]  # fmt: skip
    assert {str(one.actor_kind.value) for one in found[1:]} == {"STAFF"}
    assert {one.actor_id for one in found[1:]} == {ieva.id}
    assert not await Challenge.filter(digest=question["challenge"].encode()).exists()

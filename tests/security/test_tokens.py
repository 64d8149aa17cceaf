"""A token does one thing, for one audience, for its time (ASVS chapters 9 and 10)."""

from datetime import timedelta

import pytest

from models.actions.account import SYSTEM, changing
from models.actions.tokens import make_link
from models.policy import Role
from models.tables import Customer, Event, Session
from models.tables.credentials import ActionTokenContents, Purpose
from tests.enrolled import sign_in
from tests.factories import Client, House, StaffClient
from tests.schema.test_tokens import VIEWER, Phone, phone

P = Purpose
OPENS: dict[str, tuple[str, set[Purpose]]] = {
    "confirmEmail": ("token: $t", {P.CONFIRM_EMAIL, P.CONFIRM_EMAIL_CHANGE}),
    "revertEmailChange": ("token: $t", {P.REVERT_EMAIL_CHANGE}),
    "resetPassword": ('token: $t, newPassword: "plum tart under glass"', {P.RESET_PASSWORD}),
    "reportSignIn": ("by: {token: $t}", {P.REPORT_SIGN_IN, P.UNDO_FACTORS}),
    "removeLostFactors": ("token: $t", {P.REMOVE_LOST_FACTORS}),
    "removeRelatedPerson": ("by: {token: $t}", {P.REMOVE_RELATED_PERSON}),
    "unsubscribe": ("token: $t", {P.UNSUBSCRIBE}),
    "refreshTokens": ("refreshToken: $t", set()),
    "collectCopy": ("code: $t", {P.COLLECT_COPY}),
}


async def made(house: House, purpose: Purpose) -> str:
    """A link of this purpose for the customer, an hour long."""
    [customer] = await Customer.all()
    async with changing(house.world, customer.id, by=SYSTEM) as account:
        contents = ActionTokenContents(email="old@example.com")
        make = P.UNSUBSCRIBE if purpose in (P.COLLECT_COPY, P.DOWNLOAD_COPY) else purpose
        link = await make_link(account, make, account.now + timedelta(hours=1), contents=contents)
        if make is not purpose:  # these two are no links of letters
            from models.tables import ActionToken

            await ActionToken.filter(digest=house.world.vault.digest(link.split("token=")[1])).update(purpose=purpose)
    return link.split("token=")[1]


async def said(client: Client, name: str, token: str) -> str:
    """The refusal's code, or OK."""
    query = f"mutation($t: String!) {{{name}({OPENS[name][0]}) {{__typename ... on Refusal {{code}}}}}}"
    answer = await client.answer(query, t=token)
    assert "errors" not in answer, answer
    return str(answer["data"][name].get("code", "OK"))


@pytest.mark.asvs("9.2.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_token_of_one_purpose_opens_nothing_else(house: House) -> None:
    """Every purpose at every mutation that takes a token, and every token of a session there: only its own takes it."""
    person, stranger = await house.customer(), house.client()
    app = await phone(house, person)
    others = [app.access, app.refresh, *(one.value or "" for one in person.http.cookies.jar)]
    assert len(others) == 4
    for name, (_, own) in OPENS.items():
        for purpose in P:
            if purpose not in own:
                assert await said(stranger, name, await made(house, purpose)) == "EXPIRED_TOKEN", (name, purpose)
        for token in others:
            if (name, token) != ("refreshTokens", app.refresh):
                assert await said(stranger, name, token) == "EXPIRED_TOKEN", name
    answer = await stranger.http.get(f"/exports/x?token={await made(house, P.COLLECT_COPY)}")
    assert answer.status_code in (404, 410)


@pytest.mark.asvs("9.2.1")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_token_is_good_for_its_time_and_once(house: House) -> None:
    """A second after its end each is as unknown as a made-up one; before, its own mutation takes it."""
    await house.customer()
    stranger = house.client()
    late = {(name, purpose): await made(house, purpose) for name, (_, own) in OPENS.items() for purpose in own}
    assert await said(stranger, "unsubscribe", await made(house, P.UNSUBSCRIBE)) == "OK"
    spent = await made(house, P.RESET_PASSWORD)
    house.clock.advance(minutes=59, seconds=59)
    assert await said(stranger, "resetPassword", spent) == "OK"
    assert await said(stranger, "resetPassword", spent) == "EXPIRED_TOKEN"
    house.clock.advance(seconds=1)

    for (name, purpose), token in late.items():
        assert await said(stranger, name, token) == "EXPIRED_TOKEN", (name, purpose)


@pytest.mark.asvs("9.2.3", "10.3.1", "10.1.1", "10.3.2", "10.4.11")
async def test_a_session_s_token_serves_its_own_kind_of_client_only(house: House) -> None:
    """A browser's cookie is no bearer token, an app's token no cookie, a colleague's neither; what they open the server decides."""
    person, member = await house.customer(), await house.colleague(Role.SUPPORT)
    app = await phone(house, person)
    begun = await sign_in(person)
    assert begun["tokens"] is None, "a browser gets no token that a script could read"
    cookie, access = person.http.cookies["session"], app.access
    staff = member.http.cookies["staff"]

    async def is_in(as_cookie: str | None = None, as_bearer: str | None = None, name: str = "session") -> bool:
        client = house.client()
        if as_cookie:
            client.http.cookies.set(name, as_cookie)
        if as_bearer:
            client.http.headers["Authorization"] = f"Bearer {as_bearer}"
        return (await client.ok("{viewer {id}}")) is not None

    assert await is_in(as_cookie=cookie)
    assert await is_in(as_bearer=access)
    for wrong in (cookie, staff, app.refresh):
        assert not await is_in(as_bearer=wrong)
    for wrong in (access, staff, app.refresh):
        assert not await is_in(as_cookie=wrong)
    for name, wrong in (("staff", cookie), ("staff", access), ("session", staff)):
        other = StaffClient(house, {})
        house.clients.append(other)
        other.http.cookies.set(name, wrong)
        assert await other.ok("{viewer {name}}") is None
        other.http.headers["Authorization"] = f"Bearer {wrong}"
        other.http.cookies.clear()
        assert await other.ok("{viewer {name}}") is None


@pytest.mark.asvs("10.4.11", "10.3.2")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_an_app_asks_for_no_scope_and_gets_none_beyond_its_account(house: House) -> None:
    """There is nothing to ask for; a half-enrolled colleague's session opens enrolling and nothing else."""
    app = await phone(house)
    for asked in (
        'signIn(email: "a@example.com", password: "p", scope: "admin")',
        'refreshTokens(refreshToken: "t", scope: "*")',
    ):
        answer = await app.client.answer(f"mutation {{{asked} {{__typename}}}}")
        assert answer["errors"][0]["extensions"]["code"] == "VALIDATION_FAILED"
    from models.actions.staff import invite_staff

    _, _, token = await invite_staff(house.world, name="Jana Kļava", email="jana@example.com", roles=list(Role))
    half = StaffClient(house, {})
    house.clients.append(half)
    accept = "mutation($t: String!, $p: String!) {acceptInvitation(token: $t, newPassword: $p) {__typename}}"
    await half.ok(accept, t=token, p=half.password)
    assert half.http.cookies["staff"]
    assert await half.ok("{viewer {name}}") is None
    refused = await half.answer('{findCustomers(by: {email: "a@example.com"}) {id}}')
    assert refused["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


@pytest.mark.asvs("10.3.3")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_an_address_that_goes_to_somebody_else_takes_nothing_along(house: House) -> None:
    """Sessions, tokens and ids belong to an account that is never given again, not to its address."""
    before = await house.customer()
    app = await phone(house, before)
    [old] = await Customer.all()
    await before.step_up()
    await before.ok("mutation {deleteProfile {__typename}}")
    house.clock.advance(days=91)
    await house.work()
    assert await Customer.all().count() == 0

    after = await house.customer(email=before.email)

    [new] = await Customer.all()
    assert (new.id, new.number) != (old.id, old.number)
    assert (await after.ok("{viewer {signIns {nodes {outcome}}}}"))["signIns"]["nodes"] == [{"outcome": "SUCCEEDED"}]
    for gone in (before, app.client):
        assert await gone.ok("{viewer {id}}") is None
    assert await Session.filter(customer_id=old.id).count() == 0


@pytest.mark.asvs("10.3.4")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_how_and_when_somebody_proved_themselves_decides(house: House) -> None:
    """Signing in is no proof; one of five minutes ago is none any more; an app's and a browser's are each their own."""
    person = await house.customer()
    app = await phone(house, person)
    sensitive = "mutation {requestExport {__typename ... on Refusal {code}}}"

    async def code(client: Client) -> str:
        return str((await client.answer(sensitive))["data"]["requestExport"].get("code", "OK"))

    assert [await code(person), await code(app.client)] == ["STEP_UP_REQUIRED"] * 2
    await person.step_up()
    assert await code(app.client) == "STEP_UP_REQUIRED"
    house.clock.advance(minutes=5, seconds=1)
    assert await code(person) == "STEP_UP_REQUIRED"
    await person.step_up()
    assert await code(person) == "OK"
    stepped = await Event.filter(action="session.stepped-up").count()
    assert stepped == 2


@pytest.mark.asvs("10.4.9")
@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_a_customer_sees_their_devices_and_ends_one(house: House) -> None:
    """Each by the name that the device gave, and gone at once."""
    person = await house.customer()
    phones = [await Phone(house, person).sign_in(name) for name in ("Phone", "Tablet")]
    await person.step_up()
    seen = {one["label"]: one["id"] for one in (await person.ok(VIEWER))["sessions"] if one["kind"] == "NATIVE"}
    assert set(seen) == {"Phone", "Tablet"}

    await person.ok("mutation($i: ID!) {endSession(id: $i) {__typename}}", i=seen["Tablet"])

    assert [await one.is_in() for one in phones] == [True, False]

"""Clauses 1.1.1 to 1.1.6: a name, exactly one of birthdate and personal code, an address, a phone number, a confirmed e-mail."""

from typing import Any

import pytest

from models.tables import Customer
from models.tables.accounts import Address, PersonalCode
from tests.factories import ADDRESS, House
from tests.promises.kept import coming_in, kept, report

EDIT = """mutation($i: EditProfileInput!) {editProfile(input: $i) {__typename ... on Refusal {code problems {field code}}}}"""
SIGN_UP = "mutation($i: SignUpInput!) {signUp(input: $i) {__typename ...R}}"
CONFIRM = "mutation($t: String!) {confirmEmail(token: $t) {__typename ... on Refusal {code}}}"
PROFILE = "{viewer {profile {givenName birthdate personalCode {masked} phoneNumber emailVerifiedAt}}}"
CODE = {"personalCode": {"country": "LV", "code": "120487-11118"}}
EVIDENCE = [
    "profiles_with_given_name", "profiles_with_family_name", "profiles_with_one_identity", "profiles_with_valid_address",
    "profiles_with_valid_phone_number", "profiles_with_confirmed_email",
]  # fmt: skip


@pytest.mark.parametrize("urls", ["sqlite"], indirect=True)
async def test_nobody_is_held_without_these(house: House) -> None:
    """Each is required and looked at: an empty name, a false code, no street, no phone number, no e-mail address."""
    stranger = house.client()
    wrong: list[tuple[dict[str, Any], list[str]]] = [
        ({"givenName": " "}, ["givenName"]),
        ({"familyName": ""}, ["familyName"]),
        ({"identity": {"birthdate": "2020-01-01"}}, ["identity", "birthdate"]),
        (
            {"identity": {"personalCode": {"country": "LV", "code": "120487-11119"}}},
            ["identity", "personalCode", "code"],
        ),
        ({"address": ADDRESS | {"streetAddress": ""}}, ["address", "streetAddress"]),
        ({"address": ADDRESS | {"postalCode": "39"}}, ["address", "postalCode"]),
        ({"phoneNumber": "+371 1"}, ["phoneNumber"]),
        ({"email": "liga@"}, ["email"]),
    ]
    for given, field in wrong:
        refused = await stranger.refused(SIGN_UP, i=stranger.sign_up_input(**given))
        assert [one["field"] for one in refused["problems"]] == [field]
    both = {"birthdate": "1987-04-12", **CODE}
    assert "errors" in await stranger.answer(SIGN_UP, i=stranger.sign_up_input(identity=both)), (
        "one of the two, not both"
    )
    assert "errors" in await stranger.answer(SIGN_UP, i=stranger.sign_up_input(identity={}))
    assert await Customer.all().count() == 0


async def test_exactly_one_of_birthdate_and_personal_code_is_held(house: House) -> None:
    """The one takes the other's place, in both directions; the code is shown masked even to its owner."""
    person = await house.customer()
    await person.step_up()

    await person.ok(EDIT, i={"revision": 1, "identity": CODE})
    coded = (await person.ok(PROFILE))["profile"]
    await person.ok(EDIT, i={"revision": 2, "identity": {"birthdate": "1987-04-12"}})
    dated = (await person.ok(PROFILE))["profile"]

    assert (coded["birthdate"], coded["personalCode"]["masked"]) == (None, "••••••-•••18")
    assert (dated["birthdate"], dated["personalCode"]) == ("1987-04-12", None)
    assert (await kept(house, "profiles_with_one_identity")).broken == 0


async def test_an_address_counts_once_it_is_confirmed(house: House) -> None:
    """The link works for a day, to its last second; until then nobody signs in with it; unused, the profile goes."""
    person = house.client()
    await person.sign_up()
    await house.work(only="post-letters")
    token = house.token("confirm-email", person.email)

    assert (await coming_in(person))["code"] == "EMAIL_UNCONFIRMED"
    house.clock.advance(hours=24)
    assert (await person.answer(CONFIRM, t=token))["data"]["confirmEmail"]["code"] == "EXPIRED_TOKEN"
    house.clock.advance(seconds=-1)
    await person.ok(CONFIRM, t=token)
    assert (await coming_in(person))["__typename"] == "SignedIn"
    assert (await person.ok(PROFILE))["profile"]["emailVerifiedAt"] is not None

    other = house.client()
    await other.sign_up()
    signed_up = house.clock.now
    house.clock.advance(days=7, seconds=-1)
    await house.work(only="begin-unconfirmed")
    assert await Customer.filter(state="UNCONFIRMED").count() == 1
    house.clock.advance(seconds=1)
    await house.work()
    assert [one.created_at < signed_up for one in await Customer.all()] == [True], "who confirmed stays"


async def test_what_does_not_hold_is_counted(house: House) -> None:
    """Whole, all six are kept; spoilt behind the software's back, each is found broken."""
    await house.customer()
    customer = await Customer.get()
    before = await report(house)
    await spoil(house, customer)
    after = await report(house)

    assert {name: before[name].kept for name in EVIDENCE} == dict.fromkeys(EVIDENCE, 1)
    assert {name: after[name].broken for name in EVIDENCE} == dict.fromkeys(EVIDENCE, 1)


async def spoil(house: House, customer: Customer) -> None:
    """No name, two identities, no street, half a phone number, an address nobody confirmed."""
    keys = await house.world.vault.keys([customer.id])
    profile = customer.opened(keys)
    profile.given_name, profile.family_name, profile.phone_number = "", " ", "+371"
    profile.personal_code = PersonalCode(country="LV", code="120487-11118")
    profile.address = Address(street_address="", locality="Rīga", country="LV", postal_code="LV-1039")
    customer.seal(keys, profile)
    customer.email_verified_at = None
    await customer.save()

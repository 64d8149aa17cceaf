"""Clause 4.1.4: a link mailed to every address of the last 90 days takes a change of e-mail address back, for 14 days."""

from datetime import timedelta

from models.tables import ActionToken, IndexEntry
from tests.factories import House
from tests.promises.kept import RESET, coming_in, kept
from tests.schema.test_journeys import REVERT, move

SIGN_UP = "mutation($i: SignUpInput!) {signUp(input: $i) {__typename}}"


def reverting(house: House) -> list[str]:
    """To whom the newest letters with a link back went."""
    return sorted(one.to for one in house.letters if one.template == "revert-email-change")


async def test_two_quick_changes_do_not_shake_the_owner_off(house: House) -> None:
    """A link back goes to every address of the last 90 days; the thief's own link stops working with it."""
    owner = await house.customer()
    first = owner.email
    await move(house, owner, "thief1@example.com")
    await move(house, owner, "thief2@example.com")
    back = house.token("revert-email-change", first)
    thiefs = house.token("revert-email-change", "thief1@example.com")
    await house.client().ok(REVERT, t=back)
    refused = await house.client().answer(REVERT, t=thiefs)
    assert refused["data"]["revertEmailChange"]["code"] == "EXPIRED_TOKEN"
    assert await owner.ok("{viewer {id}}") is None
    owner.email = first
    await house.work(only="post-letters")
    answer = await owner.answer(
        "mutation($e: String!, $p: String!) {signIn(email: $e, password: $p) {__typename ...on Refusal {code}}}",
        e=first,
        p=owner.password,
    )
    assert answer["data"]["signIn"]["code"] == "RESET_REQUIRED"
    await house.work(only="post-letters")
    owner.password = "another long enough sentence"
    await owner.ok(RESET, t=house.token("account-secured", first), p=owner.password)
    await owner.sign_in()
    assert (await owner.ok("{viewer {profile {email}}}"))["profile"]["email"] == first


async def test_the_link_works_for_fourteen_days(house: House) -> None:
    """To their last second; then the change stands, and the office is the way."""
    for seconds, outcome in ((0, "Refusal"), (-1, "EmailReverted")):
        owner = await house.customer()
        first, begun = owner.email, house.clock.now
        await move(house, owner, f"thief{seconds}@example.com")
        house.clock.now = begun + timedelta(days=14, seconds=seconds)

        answer = await house.client().answer(REVERT, t=house.token("revert-email-change", first))

        assert answer["data"]["revertEmailChange"]["__typename"] == outcome
        owner.email = first
        assert (await coming_in(owner))["code"] == ("WRONG_CREDENTIALS" if seconds == 0 else "RESET_REQUIRED")


async def test_every_address_of_ninety_days_gets_one_and_an_older_one_does_not(house: House) -> None:
    """An address left 90 days ago is nobody's any more: no letter, no claim on it; a second earlier it still is held."""
    owner = await house.customer()
    first, begun = owner.email, house.clock.now
    await move(house, owner, "second@example.com")
    house.clock.now = begun + timedelta(days=90, seconds=-1)
    await house.work(only="free-index-entries")
    await owner.sign_in()
    await move(house, owner, "third@example.com")
    assert reverting(house) == sorted([first, first, "second@example.com"])
    assert await IndexEntry.filter(use="HELD").count() == 2

    house.clock.now = begun + timedelta(days=90)
    await house.work(only="free-index-entries")
    await owner.sign_in()
    await move(house, owner, "fourth@example.com")

    assert reverting(house).count(first) == 2
    assert reverting(house).count("second@example.com") == 2
    newcomer = house.client()
    await newcomer.sign_up(email=first)
    await house.work(only="post-letters")
    assert [one.template for one in house.letters if one.to == first][-1] == "confirm-email", "it is free again"


async def test_a_change_without_a_link_back_is_found(house: House) -> None:
    """Each change of address by its owner is looked at; one that nobody can take back breaks the promise."""
    owner = await house.customer()
    await move(house, owner, "second@example.com")
    line = await kept(house, "revert_links_sent")
    assert (line.measured, line.broken) == (1, 0)

    await ActionToken.filter(purpose="REVERT_EMAIL_CHANGE").delete()

    assert (await kept(house, "revert_links_sent")).broken == 1

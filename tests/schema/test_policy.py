"""The policy, its versions and where a customer stands with them (clauses 9 and 10)."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from models.actions.account import SYSTEM, changing
from models.policy import Change, Rule, Version
from models.tables import Customer
from tests.factories import START, Client, House

ANSWER = """mutation($v: String!, $a: PolicyAnswer!) {answerPolicy(version: $v, answer: $a) {__typename ...R
    ... on PolicyAnswered {acceptance {version event} standing {governing {version} pending {version} mayDecline}}}}"""
STANDING = "{viewer {policyStanding {governing {version} pending {version} mayDecline} acceptances {version event}}}"
PLAIN = " fragment R on Refusal {code}"
NEW = "2027-01-01.1"


def standing(governing: str, pending: str | None, *, may_decline: bool = False) -> dict[str, Any]:
    """Where a customer stands, as GraphQL says it."""
    waiting = {"version": pending} if pending else None
    return {"governing": {"version": governing}, "pending": waiting, "mayDecline": may_decline}


def later_version(old: Version, change: Change) -> Version:
    """A version in force now that keeps closed accounts ten days shorter."""
    closed = old.rules["CLOSED"]
    rules: dict[str, Rule] = {
        **old.rules,
        "CLOSED": Rule(**{**_fields(closed), "due": closed.span - timedelta(days=10)}),
    }
    return replace(old, name=NEW, change=change, published_at=START - timedelta(days=31), valid_from=START, rules=rules)


def _fields(rule: Rule) -> dict[str, Any]:
    return {name: getattr(rule, name) for name in rule.__struct_fields__}


async def published(house: House, change: Change) -> tuple[Client, str]:
    """A customer of the old version when a new one is published; the old one's name."""
    person = await house.customer()
    policy = house.world.policy
    world = replace(
        house.world, policy=replace(policy, versions=(later_version(policy.newest, change), *policy.versions))
    )
    again = House(world, house.clock, house.folder)
    client = again.client()
    client.email = person.email
    await client.sign_in()
    return client, policy.newest.name


async def test_the_policy_is_public(house: House) -> None:
    """Text, promises, company, authorities and storage, in both languages."""
    found = await house.client().ok(
        """{policy {version change services sha256 summary text(locale: LV) promises {clause title limit}}
        unknown: policy(version: "1") {version} policies {version}
        company {name offices {id address {country}} authorities {name howToComplain}}
        storage {name kind optional life}}"""
    )

    assert found["policy"]["version"] == house.world.policy.newest.name
    assert found["policy"]["text"] == house.world.policy.newest.text("LV")
    assert {"clause": "5.1", "title": "Deleting blocks access at once", "limit": "PT0S"} in found["policy"]["promises"]
    assert found["unknown"] is None
    assert len(found["policies"]) == 1
    assert [one["name"] for one in found["company"]["authorities"]] == [
        "Information Commission",
        "Datu valsts inspekcija",
    ]
    assert any(one["optional"] for one in found["storage"])


async def test_what_binds_cannot_be_declined_and_an_unknown_version_not_answered(house: House) -> None:
    """Clause 9: only what reduces rights."""
    person = await house.customer()

    assert (await person.refused(ANSWER, v=house.world.policy.newest.name, a="DECLINED"))["code"] == "NOT_PERMITTED"
    assert (await person.refused(ANSWER, v="1", a="VIEWED"))["code"] == "NOT_FOUND"


@pytest.mark.parametrize("change", [Change.NEUTRAL, Change.EXTENDS_RIGHTS])
async def test_what_takes_no_right_away_cannot_be_declined(house: House, change: Change) -> None:
    """It waits for an answer, but not for that one."""
    person, old = await published(house, change)

    assert (await person.ok(STANDING))["policyStanding"] == standing(old, NEW)
    assert (await person.refused(ANSWER, v=NEW, a="DECLINED"))["code"] == "NOT_PERMITTED"


async def test_a_declined_version_leaves_the_old_one_governing(house: House) -> None:
    """Clause 9 wins over clause 10; a later yes still counts."""
    person, old = await published(house, Change.REDUCES_RIGHTS)
    assert (await person.ok(STANDING))["policyStanding"] == standing(old, NEW, may_decline=True)

    declined = await person.ok(ANSWER + PLAIN, v=NEW, a="DECLINED")
    accepted = await person.ok(ANSWER + PLAIN, v=NEW, a="ACCEPTED")

    assert declined["standing"] == standing(old, None)
    assert accepted["standing"] == standing(NEW, None)
    assert (await person.ok(STANDING))["policyStanding"] == standing(NEW, None)


async def test_an_accepted_version_counts_open_dates_again(house: House) -> None:
    """From their start, by its rules, and says why (clause 9)."""
    person, _ = await published(house, Change.REDUCES_RIGHTS)
    async with changing(house.world, (await Customer.get()).id, by=SYSTEM) as account:
        await account.owe("CLOSED")

    await person.ok(ANSWER + PLAIN, v=NEW, a="ACCEPTED")
    owed = (await person.ok("{viewer {obligations {clause dueAt movedBecause}}}"))["obligations"]

    moved = [one for one in owed if one["clause"] == "5.1"]
    assert moved == [
        {"clause": "5.1", "dueAt": "2027-02-11T09:00:00Z", "movedBecause": f"You accepted policy version {NEW}."}
    ]
